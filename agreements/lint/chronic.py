"""Rights to end the contract that no history of periods, however bad, could ever give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from agreements.chronic import Judged, rights
from agreements.cycles import first_day_of, last_day_of
from agreements.lint.deadlines import UNITS
from agreements.lint.finding import At, Finding
from agreements.lint.paying import most_below
from agreements.terms import Commitment, Document, Terms
from agreements.terms.chronic import ChronicFailure, Count
from agreements.terms.commitments import SHARES_UP
from kernel.dates import DAY

# More than any sensible right asks for, in each unit.
TRIED = {"day": 400, "week": 120, "month": 60, "quarter": 24, "year": 12}
MANY = 10**6
MINUTES_IN_DAY = 24 * 60


def check_rights(document: Document) -> Iterator[Finding]:
    """Try each right with periods in which everything goes wrong."""
    terms = document.terms
    for number, right in enumerate(terms.chronic_failure):
        commitment = _counted(terms, right)
        told = _why_not(terms, right, commitment)
        if told:
            at = At(document, ("chronic_failure", number))
            yield at.warning("right_never_reached", f"Nothing can give the right {right.name}: {told}.", right.name)


def _counted(terms: Terms, right: ChronicFailure) -> Commitment | None:
    named = (one for one in terms.commitments if right.commitment in (None, one.name))
    return next(named, None)


def _why_not(terms: Terms, right: ChronicFailure, commitment: Commitment | None) -> str:
    """Tell why no periods can give the right; "" where some can, or it can not be told."""
    if commitment is None:
        return "no commitment is judged by periods"
    if right.counts == "misses" and not commitment.target:
        return f"{commitment.name} has no target that could be missed"
    if right.counts == "capped_credits" and (told := _never_capped(commitment)):
        return told
    if isinstance(right.counts, Count) and (told := _not_measured(terms, right.counts, commitment)):
        return told
    return _not_reached(terms, right, commitment)


def _never_capped(commitment: Commitment) -> str:
    caps = commitment.credits.caps if commitment.credits else ()
    if not caps:
        return f"the credits of {commitment.name} have no cap"
    if all(most_below(commitment, cap) is not None for cap in caps):
        return f"no row of {commitment.name} pays as much as its cap"
    return ""


def _not_measured(terms: Terms, counts: Count, commitment: Commitment) -> str:
    if counts.field in ("uptime_below", "uptime_at_most") and commitment.measure not in SHARES_UP:
        return f"{commitment.name} measures no uptime"
    if "replies" in counts.field and terms.support is None:
        return "no answers are promised"
    return ""


def _not_reached(terms: Terms, right: ChronicFailure, commitment: Commitment) -> str:
    """Tell that even the worst periods do not give the right."""
    unit = UNITS.get(commitment.period.name, "day" if commitment.period.name == "day" else "")
    if not unit or right.times > TRIED[unit]:
        return ""
    tier = right.tiers[0] if right.tiers else None
    alone = terms.model_copy(update={"chronic_failure": (right.model_copy(update={"end_within": None}),)})
    if rights(alone, _worst(terms, commitment, unit), tier=tier):
        return ""
    within = f" within {right.within}" if right.within else ""
    return f"even periods in which everything failed do not reach it{within}, by the {commitment.period}"


def _worst(terms: Terms, commitment: Commitment, unit: str) -> list[Judged]:
    """Give consecutive periods that were down from their first minute to their last."""
    return [_failed(terms, commitment, first, last) for first, last in _days(terms, unit)]


def _failed(terms: Terms, commitment: Commitment, first: date, last: date) -> Judged:
    minutes = ((last - first).days + 1) * MINUTES_IN_DAY + 60
    return Judged(
        first_day=first,
        last_day=last,
        missed=commitment.target is not None,
        capped=bool(commitment.credits and commitment.credits.caps),
        uptime=Fraction(0) if commitment.measure in SHARES_UP else None,
        down_minutes=minutes,
        longest_outage_minutes=minutes,
        outages=MANY,
        replies=MANY if terms.support else 0,
        missed_replies=MANY if terms.support else 0,
    )


def _days(terms: Terms, unit: str) -> Iterator[tuple[date, date]]:
    day = terms.in_force_from.astimezone(terms.zone).date()
    day = day if unit == "day" else first_day_of(unit, day)
    for _ in range(TRIED[unit]):
        last = day if unit == "day" else last_day_of(unit, day)
        yield day, last
        day = last + DAY
