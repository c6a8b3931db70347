"""The minutes of a month as steps: which of them count, which are good, and which stretches were down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from agreements.explaining import Inputs, Step
from agreements.judging import words
from agreements.terms import Terms
from claims.events.finding import ExclusionUsed
from kernel import shown
from kernel.intervals import Ranges, instant_of
from kernel.minutes import MonthMinutes
from kernel.months import Month

MONTH: Final = "The month"
PASSED: Final = "Passed"
COUNTED: Final = "Counted minutes"
GOOD: Final = "Share of good minutes"
DOWN: Final = "Down"
AS_UP: Final = "Excused, counts as up"
# A class of minutes that leaves the total: its rule, and the treatment of the exclusions that put them there.
LEAVING: Final[Mapping[str, tuple[str, str]]] = {
    "window": ("Planned windows", "window_leaves_total"),
    "unknown": ("Unknown", ""),
    "excused_leaving": ("Down and excused", "outage_leaves_total"),
}
COUNTS_AS_UP: Final = "counts_as_up"
UNMEASURED_AS: Final[Mapping[str, str]] = {
    "window": "lie in planned windows",
    "unknown": "leave the total",
    "excused_leaving": "are excused and leave the total",
    "excused_as_up": "are excused and count as up",
    "down": "count as down",
    "up": "count as up",
}
# So many stretches are told one by one; the rest in one step, so that all of them still add up.
MOST_STRETCHES: Final = 50


def good_minutes(minutes: MonthMinutes, terms: Terms, whole: Step, exclusions: Iterable[ExclusionUsed]) -> Step:
    """Tell the uptime from the minutes: those that were good, of those that count; `whole` tells all of them."""
    used, uptime = tuple(exclusions), minutes.uptime
    counted, good, down = minutes.counted, minutes.good, minutes.down.total
    if uptime is None:
        result, sentence = "not measurable", "No minute counts, so there is no uptime."
    else:
        as_up = f", {minutes.excused_as_up.total:,} excused of them" if minutes.excused_as_up else ""
        result = words.share(uptime)
        sentence = (
            f"{good:,} of {counted:,} were up or count as up{as_up}, {down:,} were down: {result}, "
            f"shown rounded down as {shown.uptime(uptime)} and compared exactly."
        )
    return Step(
        rule=GOOD,
        inputs=(("counted minutes", f"{counted:,}"), ("down", f"{down:,}"), ("good minutes", f"{good:,}")),
        clause=terms.clause("measurement"),
        result=result,
        sentence=sentence,
        steps=(
            _counted(minutes, terms, whole, used),
            *_as_up(minutes, terms, used),
            *_down(minutes, terms),
            *_unmeasured(minutes, terms),
        ),
    )


def _counted(minutes: MonthMinutes, terms: Terms, whole: Step, used: tuple[ExclusionUsed, ...]) -> Step:
    """Tell the total: the month's minutes without those that leave it."""
    classes = [(name, rule, getattr(minutes, name)) for name, (rule, _) in LEAVING.items()]
    there = [(name, rule, ranges) for name, rule, ranges in classes if ranges]
    told = {"Planned windows": "in planned windows", "Unknown": "unknown", "Down and excused": "down and excused"}
    gone = ", ".join(f"{ranges.total:,} {told[rule]}" for _, rule, ranges in there)
    left = f"{gone} leave the total: " if gone else ""
    return Step(
        rule=COUNTED,
        inputs=(
            ("minutes in all", f"{minutes.total:,}"),
            *((rule.lower(), f"{ranges.total:,}") for _, rule, ranges in there),
        ),
        clause=terms.clause("excused"),
        result=shown.minutes(minutes.counted),
        sentence=f"{left}{shown.minutes(minutes.counted)} count.",
        steps=(whole, *(_leaving(name, ranges, terms, used) for name, _, ranges in there)),
    )


def whole_month(minutes: MonthMinutes, terms: Terms, month: Month) -> Step:
    """Tell all minutes of a month."""
    zone = shown.zone_name(terms.zone)
    return Step(
        rule=MONTH,
        inputs=_from_to(minutes, terms),
        clause=terms.clause("measurement"),
        result=shown.minutes(minutes.total),
        sentence=f"{shown.month(month)} has {shown.minutes(minutes.total)} in {zone}.",
    )


def so_far(minutes: MonthMinutes, terms: Terms, month: Month) -> Step:
    """Tell the minutes of a month that have passed."""
    told = shown.minutes(minutes.total)
    return Step(
        rule=PASSED,
        inputs=_from_to(minutes, terms),
        clause=terms.clause("measurement"),
        result=told,
        sentence=f"{told} of {shown.month(month)} have passed.",
    )


def _from_to(minutes: MonthMinutes, terms: Terms) -> Inputs:
    first, last = (shown.instant(instant_of(one), terms.zone) for one in (minutes.first, minutes.last))
    return ("from", first), ("to", last)


def _leaving(name: str, ranges: Ranges, terms: Terms, used: tuple[ExclusionUsed, ...]) -> Step:
    rule, treatment = LEAVING[name]
    path = {"window": ("excused", "planned_maintenance"), "unknown": ("measurement", "no_data")}.get(name, ("excused",))
    return _class(rule, "leave the total", ranges, terms, path, _excusing(ranges, terms, used, treatment))


def _as_up(minutes: MonthMinutes, terms: Terms, used: tuple[ExclusionUsed, ...]) -> tuple[Step, ...]:
    ranges = minutes.excused_as_up
    if not ranges:
        return ()
    excusing = _excusing(ranges, terms, used, COUNTS_AS_UP)
    return (_class(AS_UP, "were down and count as up", ranges, terms, ("excused",), excusing),)


def _down(minutes: MonthMinutes, terms: Terms) -> tuple[Step, ...]:
    if not minutes.down:
        return ()
    return (_class(DOWN, "were down, and nothing excuses them", minutes.down, terms, ("measurement",), ()),)


def _unmeasured(minutes: MonthMinutes, terms: Terms) -> Iterator[Step]:
    """Tell what nobody measured, and as what the agreement counts it (SEMANTICS 5)."""
    counted = [(name, minutes.unmeasured & getattr(minutes, field)) for field, name in UNMEASURED_AS.items()]
    there = [(name, ranges.total) for name, ranges in counted if ranges]
    if there:
        total = shown.minutes(minutes.unmeasured.total)
        yield Step(
            rule="Not measured",
            inputs=tuple((name, f"{count:,}") for name, count in there),
            clause=terms.clause("measurement", "no_data"),
            result=total,
            sentence=f"{total} were not measured: {', '.join(f'{count:,} {name}' for name, count in there)}.",
            steps=tuple(_stretches(minutes.unmeasured, terms)),
        )


def _class(rule: str, what: str, ranges: Ranges, terms: Terms, path: tuple[str, ...], excusing: Iterable[Step]) -> Step:
    told = shown.minutes(ranges.total)
    return Step(
        rule=rule,
        clause=terms.clause(*path),
        result=told,
        sentence=f"{told} {what}.",
        steps=(*excusing, *_stretches(ranges, terms)),
    )


def _excusing(ranges: Ranges, terms: Terms, used: Iterable[ExclusionUsed], treatment: str) -> Iterator[Step]:
    """Tell which exclusions put minutes into the class; several may excuse the same minute."""
    for one in used:
        touched = (one.minutes & ranges).total
        if one.treatment == treatment and touched:
            told = shown.minutes(touched)
            yield Step(
                rule="Exclusion",
                inputs=(("category", one.category.replace("_", " ")),),
                clause=one.clause or terms.clause("excused", one.category),
                result=told,
                sentence=f"{told} of them are excused: {one.reason}",
            )


def _stretches(ranges: Ranges, terms: Terms) -> Iterator[Step]:
    """Tell when the minutes were, in order; after so many stretches the rest together."""
    told = list(ranges)
    for start, end in told[:MOST_STRETCHES]:
        first, last = (shown.instant(instant_of(minute), terms.zone) for minute in (start, end))
        yield Step(
            rule="Stretch",
            inputs=(("from", first), ("to", last)),
            result=shown.minutes(end - start),
            sentence=f"From {first} to {last}: {shown.minutes(end - start)}.",
        )
    rest = told[MOST_STRETCHES:]
    if rest:
        count = shown.minutes(sum(end - start for start, end in rest))
        yield Step(
            rule="Stretches after these",
            inputs=(("stretches", f"{len(rest):,}"),),
            result=count,
            sentence=f"{len(rest):,} more stretches, {count} in all.",
        )
