"""What happened, and when: the occasions that time limits are counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from agreements.cycles import Cycles, last_day_of
from agreements.terms import Terms
from agreements.terms.limits import CYCLE
from kernel.dates import date_at, date_of_end

Moment = date | datetime

OCCASION_WORDS: Mapping[str, str] = {
    "incident_start": "the start of the incident",
    "incident_end": "the end of the incident",
    "reported": "the report of the incident",
    "ticket": "the ticket",
    "ticket_closed": "the closing of the ticket",
    "period_end": "the end of the period",
    "billing_cycle_end": "the end of the billing cycle",
    "invoiced": "the invoice",
    "aware": "becoming aware",
    "eligible": "becoming eligible",
    "notified": "the notification",
    "published": "the publication of the figure",
    "opening": "the opening of the window",
    "filed": "the filing of the claim",
    "complete": "the receipt of all information",
    "decided": "the decision",
    "approved": "the approval",
    "term_end": "the end of the term",
}
PERIOD_UNITS: Mapping[str, str] = {
    "calendar month": "month",
    "calendar quarter": "quarter",
    "calendar year": "year",
    "week": "week",
    "billing month": CYCLE,
    **dict.fromkeys(("day", "outage", "case", "event"), "itself"),
}
SELF = "itself"


class NotTold(LookupError):
    """A time limit is counted from something of which nobody told when it was."""

    def __init__(self, occasion: str) -> None:
        self.occasion = occasion
        super().__init__(f"Nothing tells the instant of {OCCASION_WORDS.get(occasion, occasion)}.")


@dataclass(frozen=True)
class Happened:
    """The occasions that are known: instants, or dates where only the day is told.

    The ends of the period and of the billing cycle follow from the incident where they are not
    told; a billing cycle that is told shows on which day this account's cycles begin.
    """

    terms: Terms
    told: Mapping[str, Moment] = field(default_factory=dict)
    commitment: str = ""

    def moment(self, occasion: str) -> Moment:
        """Give when it happened. Errors: NotTold."""
        found = self.told.get(occasion) or self._following(occasion)
        if found is None:
            raise NotTold(occasion)
        return found

    def known(self, occasion: str) -> bool:
        """Tell whether it is known when it happened."""
        return (self.told.get(occasion) or self._following(occasion)) is not None

    def adding(self, **told: Moment) -> Happened:
        """Give the same with more that is known."""
        return Happened(self.terms, {**self.told, **told}, self.commitment)

    @cached_property
    def cycles(self) -> Cycles:
        """The account's billing cycles."""
        billing = self.terms.billing
        ended = self.told.get("billing_cycle_end")
        if ended is not None:
            return Cycles.ending(self._ended_on(ended), months=billing.months)
        if billing.begins_on is None:
            raise NotTold("billing_cycle_end")
        return Cycles(billing.begins_on, billing.months)

    def _following(self, occasion: str) -> date | None:
        day = self._incident_day()
        if day is None or occasion not in ("period_end", "billing_cycle_end"):
            return None
        if occasion == "billing_cycle_end" or self._unit == CYCLE:
            return self.cycles.last_day(day) if self.terms.billing.begins_on else None
        if self._unit == SELF:
            return day
        return last_day_of(self._unit, day) if self._unit else None

    @property
    def _unit(self) -> str:
        """The unit of the commitment's period, of the first without; "" where it is no period of the calendar."""
        named = (one for one in self.terms.commitments if one.name == self.commitment)
        commitment = next(named, self.terms.commitment)
        period = str(commitment.period) if commitment else "calendar month"
        return PERIOD_UNITS.get(period.replace("_", " "), "")

    def _incident_day(self) -> date | None:
        for occasion in ("incident_end", "incident_start"):
            moment = self.told.get(occasion)
            if moment is not None:
                return self._ended_on(moment) if occasion == "incident_end" else self._on(moment)
        return None

    def _ended_on(self, moment: Moment) -> date:
        return date_of_end(moment, self.terms.zone) if isinstance(moment, datetime) else moment

    def _on(self, moment: Moment) -> date:
        return date_at(moment, self.terms.zone) if isinstance(moment, datetime) else moment
