"""Deadlines that can not be met: those that pass before the figure that they are about is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agreements.cycles import first_day_of, last_day_of
from agreements.happening import Happened, NotTold
from agreements.lint.finding import At, Finding, counted
from agreements.settlement import decision_due, payment_due, settlement_due
from agreements.terms import Commitment, Document, Terms
from agreements.terms.limits import Limit
from agreements.terms.office import Office
from agreements.terms.problems import Path
from agreements.windows import Window, filing_window, ticket_window, window_of
from kernel.business_time import BeyondCalendar, NeverOpen
from kernel.dates import DAY, end_of, start_of
from kernel.months import Month

# Four years hold every length of month and a leap year.
MONTHS_TRIED = 48
HOUR = timedelta(hours=1)
UNITS = {
    "calendar month": "month",
    "billing month": "month",
    "calendar quarter": "quarter",
    "calendar year": "year",
    "week": "week",
}
# What a deadline depends on that nobody can know ahead, or a calendar that never opens, which is told by itself.
UNTRIED = (NotTold, NeverOpen, BeyondCalendar)
Due = Callable[[Terms, Happened], Window | None]


@dataclass(frozen=True)
class Tried:
    """A period that a deadline is tried with, and when its figure is known."""

    name: str
    first_day: date
    last_day: date
    closes_at: datetime


@dataclass(frozen=True)
class TooSoon:
    """A period in which the deadline has passed when the figure is known."""

    period: Tried
    deadline: datetime


def periods_from(terms: Terms, commitment: Commitment | None = None) -> list[Tried]:
    """List the periods of four years that lie wholly in force; none where no calendar gives them.

    They are those of the commitment, or of the first one that pays.
    """
    paying = [each for each in terms.commitments if each.credits] or list(terms.commitments)
    asked = commitment or (paying[0] if paying else None)
    unit = UNITS.get(asked.period.name if asked else "calendar month")
    return list(_each_period(terms, unit)) if unit else []


def _each_period(terms: Terms, unit: str) -> Iterator[Tried]:
    begins = Month.of(terms.in_force_from, terms.zone)
    day = first_day_of(unit, begins.first_day)
    end = begins.plus(MONTHS_TRIED + 1).first_day
    while day < end:
        last = last_day_of(unit, day)
        if start_of(day, terms.zone) >= terms.in_force_from and last < end:
            name = str(Month.of_date(day)) if unit == "month" else f"the {unit} from {day}"
            yield Tried(name, day, last, end_of(last, terms.zone) + terms.close_grace)
        day = last + DAY


def _too_soon(
    terms: Terms, due: Due, told: Callable[[Tried], Happened], commitment: Commitment | None = None
) -> tuple[list[TooSoon], int]:
    """Try a deadline in every period; NotTold means that it depends on what nobody can know ahead."""
    periods, late = periods_from(terms, commitment)[:MONTHS_TRIED], []
    for period in periods:
        try:
            window = due(terms, told(period))
        except UNTRIED:
            return [], len(periods)
        if window is not None and window.late_from is not None and window.late_from <= period.closes_at:
            late.append(TooSoon(period, window.late_from))
    return late, len(periods)


def _at_the_start(terms: Terms) -> Callable[[Tried], Happened]:
    """Tell of an hour's outage as the period begins, noticed and reported at once."""

    def told(period: Tried) -> Happened:
        begun = start_of(period.first_day, terms.zone)
        noticed = dict.fromkeys(("incident_end", "aware", "reported", "ticket"), begun + HOUR)
        return Happened(terms, {"incident_start": begun, **noticed, "period_end": period.last_day})

    return told


def check_filing(document: Document) -> Iterator[Finding]:
    """Find whether a claim for an early outage must be filed before the figure is known."""
    terms, claims = document.terms, document.terms.claims
    if claims is None or claims.filing is None:
        return
    late, tried = _too_soon(terms, filing_window, _at_the_start(terms))
    if not late:
        return
    first, kind = late[0], _kind(terms)
    told = (
        f"A claim for an outage on the {kind[1]} must be filed before the {kind[0]} has closed in {len(late)} of "
        f"{tried} {kind[0]}s: for one on {first.period.first_day} before {_told(first.deadline)}, "
        f"while that {kind[0]} closes at {_told(first.period.closes_at)}."
    )
    values = (claims.filing, first.period.name, _told(first.deadline), _told(first.period.closes_at))
    at = At(document, ("claims", "file_within"))
    if claims.min_after_known:
        days = counted(claims.min_after_known, "day")
        kept = f" `min_after_known` keeps the window open for {days} after a miss is known."
        yield at.note("filing_before_close", told + kept, *values)
    else:
        yield at.warning("filing_before_close", told, *values)


def _kind(terms: Terms) -> tuple[str, str]:
    first = periods_from(terms)[0]
    unit = first.name.split()[1] if first.name.startswith("the ") else "month"
    return unit, "1st" if unit == "month" else "first day"


def check_opening(document: Document) -> Iterator[Finding]:
    """Find whether a claim window has closed when it opens."""
    terms, claims = document.terms, document.terms.claims
    if claims is None or claims.opens is None:
        return
    shut, told, tried = [], _at_the_start(terms), periods_from(terms)[:MONTHS_TRIED]
    for period in tried:
        try:
            window = filing_window(terms, told(period))
        except UNTRIED:
            return
        if window and window.opens_at and window.late_from and window.late_from <= window.opens_at:
            shut.append((period, window.opens_at, window.late_from))
    if shut:
        period, opens, closes = shut[0]
        kind = _kind(terms)
        sentence = (
            f"The claim window has closed before it opens in {len(shut)} of {len(tried)} {kind[0]}s: for an outage on "
            f"{period.first_day} it opens at {_told(opens)} and closes at {_told(closes)}."
        )
        at = At(document, ("claims", "opens"))
        yield at.warning("window_closes_before_it_opens", sentence, period.name, _told(opens), _told(closes))


def check_settlement(document: Document) -> Iterator[Finding]:
    """Find whether a claim must be decided or paid before its period has closed."""
    terms, claims = document.terms, document.terms.claims
    if claims is None:
        return
    limits: list[tuple[str, object, str, Due]] = []
    if claims.settling is not None:
        limits.append(("settle_within", claims.settling, "settled", settlement_due))
    if claims.decide is not None:
        limits.append(("decide", claims.decide.within, "decided", decision_due))
    if claims.pay is not None:
        limits.append(("pay", claims.pay.within, "paid", payment_due))
    for field, limit, verb, due in limits:
        late, tried = _too_soon(terms, due, _filed_at_once(terms))
        if late:
            first, kind = late[0], _kind(terms)[0]
            told = (
                f"A claim that is filed within its {kind} must be {verb} before the {kind} has closed in {len(late)} "
                f"of {tried} {kind}s: for {first.period.name} before {_told(first.deadline)}, while that {kind} "
                f"closes at {_told(first.period.closes_at)}."
            )
            values = (limit, first.period.name, _told(first.deadline), _told(first.period.closes_at))
            yield At(document, ("claims", field)).warning("settlement_before_close", told, *values)


def _filed_at_once(terms: Terms) -> Callable[[Tried], Happened]:
    """Tell of a claim that is filed as soon as its window allows, with everything that it needs."""
    opening = _at_the_start(terms)

    def told(period: Tried) -> Happened:
        window = filing_window(terms, opening(period)) if terms.claims and terms.claims.opens else None
        opens = window.opens_at if window else None
        filed = opens.astimezone(terms.zone).date() if opens else period.first_day
        return Happened(terms, {"filed": filed, "complete": filed, "period_end": period.last_day})

    return told


def check_ticket(document: Document) -> Iterator[Finding]:
    """Find whether the ticket before a claim may come after the last moment of the claim."""
    terms, claims = document.terms, document.terms.claims
    if claims is None or claims.ticket is None:
        return
    for period in periods_from(terms)[:MONTHS_TRIED]:
        happened = _at_the_start(terms)(period)
        try:
            ticket, claim = ticket_window(terms, happened), filing_window(terms, happened)
        except UNTRIED:
            return
        if ticket and claim and ticket.late_from and claim.late_from and ticket.late_from > claim.late_from:
            told = (
                f"The ticket that must come before the claim may be opened after the claim is too late: for an outage "
                f"on {period.first_day} before {_told(ticket.late_from)}, the claim before {_told(claim.late_from)}."
            )
            values = (claims.ticket.within, claims.filing, _told(ticket.late_from), _told(claim.late_from))
            yield At(document, ("claims", "ticket")).warning("ticket_after_claim", told, *values)
            return


def check_ending(document: Document) -> Iterator[Finding]:
    """Find rights to end the contract that lapse before the period that gives them has closed."""
    terms = document.terms
    for number, right in enumerate(terms.chronic_failure):
        limit, path = right.end_within, ("chronic_failure", number, "end_within")
        if limit is None:
            continue
        counted_by = next((one for one in terms.commitments if right.commitment in (None, one.name)), None)
        due = _ending(limit, path)
        late, _ = _too_soon(terms, due, lambda period: Happened(terms, {"period_end": period.last_day}), counted_by)
        if late:
            first = late[0]
            told = (
                f"The right {right.name} must be used before {_told(first.deadline)}, while {first.period.name} closes "
                f"at {_told(first.period.closes_at)}."
            )
            values = (limit.within, first.period.name, _told(first.deadline), _told(first.period.closes_at))
            yield At(document, path).warning("ending_before_close", told, *values)


def _ending(limit: Limit, path: Path) -> Due:
    def due(terms: Terms, happened: Happened) -> Window | None:
        return window_of(terms, limit, happened, path=path, rule="End")

    return due


def _offices(terms: Terms) -> Iterator[tuple[Path, Office]]:
    if terms.business_hours is not None:
        yield ("business_hours",), terms.business_hours
    for name, office in terms.calendars.items():
        yield ("calendars", name), office


def check_open(document: Document) -> Iterator[Finding]:
    """Find business calendars of which breaks and holidays leave nothing."""
    for path, office in _offices(document.terms):
        begins = document.terms.in_force_from.astimezone(office.time_zone).date()
        try:
            office.calendar().add_business_days(begins, 1)
        except NeverOpen:
            told = "The calendar is never open: its breaks and holidays take all of its hours."
            yield At(document, (*path, "hours")).error("never_open", told, path[-1])


def check_known_years(document: Document) -> Iterator[Finding]:
    """Find whether the holidays of the year that the terms begin in, and of the next, are known."""
    terms = document.terms
    begins = terms.in_force_from.astimezone(terms.zone).year
    for path, office in _offices(terms):
        if office.holidays is None:
            continue
        if missing := [year for year in (begins, begins + 1) if year not in office.holidays.years]:
            years = " and ".join(str(year) for year in missing)
            told = f"The terms are in force from {begins}, and the holidays of {years} are not known."
            yield At(document, (*path, "holidays", "years")).warning("holidays_unknown", told, *missing)


def _told(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
