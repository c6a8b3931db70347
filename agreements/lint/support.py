"""The promised answers: cells that are missing, and times that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from agreements.lint.finding import At, Finding
from agreements.terms import Document, Promise, Terms
from agreements.terms.supporting import ANSWERS, Answer, Clock, Support

NAMES: Mapping[Answer, str] = {
    "response": "response",
    "acknowledgement": "acknowledgement",
    "progress_every": "progress report",
    "resolution": "resolution",
}
# Each answer and the one that can not come before it, where both clocks start with the request.
IN_ORDER: tuple[tuple[Answer, Answer], ...] = (
    ("acknowledgement", "response"),
    ("acknowledgement", "resolution"),
    ("response", "resolution"),
)


def check_support(document: Document) -> Iterator[Finding]:
    """Check the tables of promised answers."""
    support = document.terms.support
    if support is None:
        return
    for answer in ANSWERS:
        if support.table(answer):
            yield from _missing_cells(document, support, answer)
            yield from _less_for_more_urgent(document, support, answer)
            yield from _less_for_higher_tier(document, support, answer)
    for first, then in IN_ORDER:
        yield from _out_of_order(document, support, first, then)
    yield from _unreached_severities(document, support)


def _missing_cells(document: Document, support: Support, answer: Answer) -> Iterator[Finding]:
    """Find the severities at which a tier is promised nothing; a tier that has no row at all is a note."""
    terms = document.terms
    for tier, named in terms.tiers.items():
        missing = [one for one in support.severities if support.promise(answer, tier, one) is None]
        told = f"{named.title} has no promised {NAMES[answer]}"
        at = At(document, ("support", answer, tier))
        if len(missing) == len(support.severities):
            if terms.covers(tier):
                yield at.note("tier_without_answers", f"{told} at any severity.", answer, tier)
        elif missing:
            listed = ", ".join(missing)
            yield at.warning("support_cell_missing", f"{told} at {listed}.", answer, tier, *missing)


def _slower(one: Promise | None, other: Promise | None) -> bool:
    """Tell whether one promise is surely later than the other: by the same clock, or no promise of a time."""
    if one is None or other is None or other.clock is Clock.NONE:
        return False
    if one.clock is Clock.NONE:
        return True
    if one.clock is not other.clock or one.calendar != other.calendar or one.outside or other.outside:
        return False
    return (one.months, one.days, one.time) > (other.months, other.days, other.time)


def _less_for_more_urgent(document: Document, support: Support, answer: Answer) -> Iterator[Finding]:
    for tier in _own_rows(document.terms, support, answer):
        for urgent, less in pairwise(support.severities):
            first, second = (support.promise(answer, tier, one) for one in (urgent, less))
            if first and second and _slower(first, second):
                told = (
                    f"The {NAMES[answer]} at {urgent} is promised in {first}, later than at the less urgent {less} "
                    f"in {second}."
                )
                at = At(document, ("support", answer, *support.place(answer, tier, urgent)))
                yield at.warning("urgent_is_slower", told, tier, urgent, first, less, second)


def _own_rows(terms: Terms, support: Support, answer: Answer) -> list[str]:
    """List the tiers with a row of their own; of those that share one, the first."""
    table = support.table(answer)
    shared = next((tier for tier in terms.tiers if tier not in table), None)
    return [tier for tier in terms.tiers if tier in table or tier == shared]


def _less_for_higher_tier(document: Document, support: Support, answer: Answer) -> Iterator[Finding]:
    terms = document.terms
    for low, high in pairwise(terms.tiers):
        for severity in support.severities:
            below, above = (support.promise(answer, tier, severity) for tier in (low, high))
            if below and above and _slower(above, below):
                told = (
                    f"The {terms.tiers[high].title} tier is promised its {NAMES[answer]} at {severity} in {above}, "
                    f"later than the {below} of the {terms.tiers[low].title} tier below it."
                )
                at = At(document, ("support", answer, *support.place(answer, high, severity)))
                yield at.warning("higher_tier_is_slower", told, high, severity, above, low, below)


def _out_of_order(document: Document, support: Support, first: Answer, then: Answer) -> Iterator[Finding]:
    """Find answers that are due before what comes before them."""
    begins = {"response": support.response_from, "resolution": support.resolution_from}
    if begins.get(then, "receipt") != "receipt" or begins.get(first, "receipt") != "receipt":
        return
    told_already = set()
    for tier in document.terms.tiers:
        for severity in support.severities:
            early, late = (support.promise(answer, tier, severity) for answer in (first, then))
            path = ("support", then, *support.place(then, tier, severity))
            timed = early is not None and early.clock is not Clock.NONE
            if timed and early and late and _slower(early, late) and path not in told_already:
                told_already.add(path)
                told = f"The {NAMES[then]} at {severity} is due in {late}, before the {NAMES[first]} in {early}."
                yield At(document, path).warning("answers_out_of_order", told, severity, late, early)


def _unreached_severities(document: Document, support: Support) -> Iterator[Finding]:
    """Find the severities that the matrix and the rules give to no request."""
    if support.priority is None or not support.priority.matrix:
        return
    given = {severity for _, severity in support.priority.severities()}
    for severity in support.severities:
        if severity not in given:
            told = (
                f"No impact, urgency or fact gives the severity {severity}; "
                "only a request that is stated as such has it."
            )
            yield At(document, ("support", "severities", severity)).warning("severity_unreached", told, severity)


def check_calendars(document: Document) -> Iterator[Finding]:
    """Find business calendars that are defined and used by nothing."""
    support = document.terms.support
    used = {name for row in support.calendar.values() for name in row.values()} if support else set()
    used |= {cell.calendar for _, cell in support.cells() if cell.calendar} if support else set()
    for name in document.terms.calendars:
        if name not in used:
            told = f"The calendar {name} is defined, and no promise is counted by it."
            yield At(document, ("calendars", name)).note("calendar_unused", told, name)
