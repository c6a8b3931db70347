"""The examples of a new file: uptimes by their own arithmetic, times as the terms make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from agreements.drafting.draft import Draft
from agreements.examples import outcome
from agreements.terms import Terms, load
from agreements.terms.bands import percent_text
from agreements.terms.examples import Given
from kernel.dates import start_of
from kernel.money import Money, share, share_down

JUST_BELOW = Fraction(1, 10_000)
USAGE = 1000


@dataclass(frozen=True)
class Tried:
    """An example: its name, what is given and what is expected, each value as it is written."""

    name: str
    given: Mapping[str, str]
    expect: Mapping[str, str]


def examples(draft: Draft, text: str) -> Iterator[Tried]:
    """Give examples of what was answered, for the terms that the text is so far."""
    for name, target in draft.promised.items():
        yield from _of_target(draft, name, target)
    if draft.credits:
        yield _of_credit(draft)
    terms = load(text)
    if draft.file_within is not None:
        yield from _of_claim(terms, draft)
    for severity in draft.support:
        yield from _of_answer(terms, draft, severity)


def _of_target(draft: Draft, name: str, target: Fraction) -> Iterator[Tried]:
    title, promised = draft.tiers[name], percent_text(target)
    met = {"tier": name, "uptime": promised}
    yield Tried(f"{title}: exactly {promised} meets the target", met, {"missed": "false"})
    missed = target - JUST_BELOW
    expect = {"missed": "true"} | ({"pays": percent_text(_paid(draft, missed))} if draft.credits else {})
    given = {"tier": name, "uptime": percent_text(missed)}
    yield Tried(f"{title}: {percent_text(missed)} misses it", given, expect)


def _paid(draft: Draft, uptime: Fraction) -> Fraction:
    return max(step.pays for step in draft.credits if step.below is None or uptime < step.below)


def _of_credit(draft: Draft) -> Tried:
    """Try the deepest row on a round sum."""
    name = next(iter(draft.promised))
    lowest = draft.credits[-1].below or draft.promised[name]
    uptime = max(lowest - Fraction(1, 100), Fraction(0))
    usage = Money.of(USAGE, draft.currency)
    credit = share(usage, _paid(draft, uptime))
    if draft.cap is not None:
        credit = min(credit, share_down(usage, draft.cap))
    told = f"{draft.tiers[name]}: {percent_text(uptime)} and a usage of {usage}"
    return Tried(told, {"tier": name, "uptime": percent_text(uptime), "usage": str(usage)}, {"credit": str(credit)})


def _of_claim(terms: Terms, draft: Draft) -> Iterator[Tried]:
    ended = draft.in_force_from + timedelta(days=9)
    last = outcome(terms, _given({"incident_end": str(ended)})).get("claim_deadline")
    if isinstance(last, date):
        told = f"An outage that ended on {ended} is claimed by the end of {last}"
        yield Tried(told, {"incident_end": f'"{ended}"'}, {"claim_deadline": f'"{last}"'})


def _of_answer(terms: Terms, draft: Draft, severity: str) -> Iterator[Tried]:
    title = draft.support[severity][0]
    tier = next(iter(draft.tiers))
    opened = _monday_at_ten(draft)
    given = {"tier": tier, "severity": severity, "opened": f'"{_written(opened)}"'}
    found = outcome(terms, _given(given | {"opened": _written(opened)}))
    due, before = found.get("response_due"), found.get("response_before")
    name = f"{title}, opened on a Monday at 10:00"
    if isinstance(due, datetime):
        yield Tried(name, given, {"response_due": f'"{_written(due.astimezone(opened.tzinfo))}"'})
    elif isinstance(before, datetime):
        yield Tried(name, given, {"response_before": f'"{_written(before.astimezone(opened.tzinfo))}"'})
    elif found.get("best_effort") is True:
        yield Tried(name, given, {"best_effort": "true"})


def _given(fields: Mapping[str, str]) -> Given:
    return Given.model_validate(dict(fields))


def _monday_at_ten(draft: Draft) -> datetime:
    """Give the first Monday that lies in force, at 10:00 in the agreement's zone."""
    zone = ZoneInfo(draft.time_zone)
    monday = draft.in_force_from + timedelta(days=-draft.in_force_from.weekday() % 7)
    return (start_of(monday, zone)).astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0)


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
