"""Faults between the parts about claims, support, excuses and the right to end the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agreements.terms.examples import Given
from agreements.terms.fitting import Fault, unknown
from agreements.terms.limits import Limit
from agreements.terms.model import Terms
from agreements.terms.prioritizing import Priority
from agreements.terms.problems import Path
from agreements.terms.supporting import EVERY_SEVERITY, EVERY_TIER, Support


def service_faults(terms: Terms) -> Iterator[Fault]:
    """Give every fault of these parts as path, sentence, what was expected and how to mend it."""
    if terms.support is not None:
        yield from _support_faults(terms, terms.support)
        yield from _priority_faults(terms.support)
    yield from _calendar_faults(terms)
    yield from _excuse_faults(terms)
    yield from _report_faults(terms)
    yield from _right_faults(terms)
    for number, example in enumerate(terms.examples):
        yield from _example_faults(terms, example.given, ("examples", number, "given"))


def _report_faults(terms: Terms) -> Iterator[Fault]:
    severities = terms.support.severities if terms.support else ()
    for number, report in enumerate(terms.reports):
        yield from _tiers(terms, ("reports", number, "tiers"), report.tiers)
        for severity in report.severities:
            yield from unknown(("reports", number, "severities"), severity, "severity", severities)


def _excuse_faults(terms: Terms) -> Iterator[Fault]:
    having = [name for name, excuse in terms.excuses.items() if excuse.allowance]
    for name, excuse in terms.excuses.items():
        at: Path = ("excused", name)
        yield from _tiers(terms, (*at, "tiers"), excuse.tiers)
        yield from _tiers(terms, (*at, "allowance"), excuse.allowance)
        if excuse.allowance_with is not None:
            here: Path = (*at, "allowance_with")
            yield from unknown(here, excuse.allowance_with, "category with an allowance", having)


def _right_faults(terms: Terms) -> Iterator[Fault]:
    known = [commitment.name for commitment in terms.commitments]
    for number, right in enumerate(terms.chronic_failure):
        at: Path = ("chronic_failure", number)
        yield from _tiers(terms, (*at, "tiers"), right.tiers)
        if right.commitment is not None:
            yield from unknown((*at, "commitment"), right.commitment, "commitment", known)


def _tiers(terms: Terms, at: Path, tiers: Iterable[str]) -> Iterator[Fault]:
    for tier in tiers:
        if tier != EVERY_TIER:
            yield from unknown((*at, tier), tier, "tier", terms.tiers)


def _support_faults(terms: Terms, support: Support) -> Iterator[Fault]:
    for (*around, tier, severity), _ in support.cells():
        at: Path = (*around, tier)
        yield from _names(terms, support, at, str(tier), str(severity))
    for tier, row in support.calendar.items():
        for severity, calendar in row.items():
            here: Path = ("support", "calendar", tier)
            yield from _names(terms, support, here, tier, severity)
            yield from unknown((*here, severity), calendar, "calendar", terms.calendars)
    for path, cell in support.cells():
        if cell.calendar is not None:
            yield from unknown((*path, "calendar"), cell.calendar, "calendar", terms.calendars)


def _names(terms: Terms, support: Support, at: Path, tier: str, severity: str) -> Iterator[Fault]:
    yield from _tiers(terms, at[:-1], (tier,))
    if severity != EVERY_SEVERITY:
        yield from unknown((*at, severity), severity, "severity", support.severities)


def _priority_faults(support: Support) -> Iterator[Fault]:
    priority = support.priority
    if priority is None:
        return
    at: Path = ("support", "priority")
    for path, severity in priority.severities():
        yield from unknown((*at, *path), severity, "severity", support.severities)
    for number, rule in enumerate(priority.rules):
        for fact in (*rule.when, *rule.unless):
            yield from unknown((*at, "rules", number, "when"), fact, "fact", priority.facts)
    for impact, urgency in priority.missing():
        told = f"Impact `{impact}` at urgency `{urgency}` has no severity."
        yield (*at, "matrix", impact), told, "a cell for every impact and urgency", f"add `{urgency}: ...`"


def _example_faults(terms: Terms, given: Given, at: Path) -> Iterator[Fault]:
    """Find names in an example that the terms do not know: they would be left out without a word."""
    for field, name, kind, known in _named_in(terms, given):
        if name is not None:
            yield from unknown((*at, field), name, kind, known)


def _named_in(terms: Terms, given: Given) -> Iterator[tuple[str, str | None, str, Iterable[str]]]:
    """Give every name of an example by its field, its kind, and the names that there are."""
    support = terms.support
    severities = support.severities if support else {}
    priority = (support.priority if support else None) or Priority()
    yield "severity", given.severity, "severity", severities
    yield "priority", given.priority, "severity", severities
    yield "impact", given.impact, "impact", priority.matrix
    yield "urgency", given.urgency, "urgency", priority.urgencies
    yield "workaround", "workaround" if given.workaround else None, "fact", priority.facts
    yield "cause", given.cause, "fact", priority.facts
    yield from (("known", fact, "fact", priority.facts) for fact in given.known)
    yield from (("declared", category, "category", terms.excuses) for category in given.declared)
    yield "report", given.report, "report", [report.name for report in terms.reports]


def _calendar_faults(terms: Terms) -> Iterator[Fault]:
    if terms.business_hours is None:
        for path in _needing_calendar(terms):
            told = "This counts business time, and no business hours are named."
            yield path, told, "a part `business_hours`", "add `business_hours`"


def _needing_calendar(terms: Terms) -> Iterator[Path]:
    for path, limit in limits(terms):
        if limit.within.business or limit.roll:
            yield path
    ahead = terms.maintenance.planned.ahead
    if ahead is not None and ahead.business:
        yield ("maintenance", "planned", "notice")
    if terms.support is not None:
        for path, cell in terms.support.cells():
            tier, severity = str(path[2]), str(path[3])
            if cell.asks_hours and terms.support.calendar_of(cell, tier, severity) is None:
                yield path


def limits(terms: Terms) -> Iterator[tuple[Path, Limit]]:
    """Give every time limit of claims, settlement, reports and rights, with its path."""
    claims = terms.claims
    if claims is not None:
        named = (
            ("file_within", claims.filing_limit),
            ("settle_within", claims.settlement_limit),
            ("no_later_than", claims.no_later_than),
            ("at_least_until", claims.at_least_until),
            ("ticket", claims.ticket),
            ("decide", claims.decide),
            ("pay", claims.pay),
        )
        for field, limit in named:
            if limit is not None:
                yield ("claims", field), limit
    for number, report in enumerate(terms.reports):
        yield ("reports", number), report
    for number, right in enumerate(terms.chronic_failure):
        if right.end_within is not None:
            yield ("chronic_failure", number, "end_within"), right.end_within
