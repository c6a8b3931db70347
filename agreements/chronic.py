"""Chronic failure: which periods give the right to end the contract, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from agreements.cycles import first_day_of, months_after_end
from agreements.explaining import Step
from agreements.happening import Happened, Moment, NotTold
from agreements.terms import Terms
from agreements.terms.bands import percent_text
from agreements.terms.chronic import ChronicFailure, Count, Span
from agreements.terms.limits import length_text
from agreements.terms.problems import Path
from agreements.windows import Window, window_of
from kernel import shown
from kernel.dates import DAY

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One period as it was judged: its days, and what went wrong in it.

    `missed` is None where nothing could be missed or measured, which is no miss; `down_minutes`
    are after excuses. `capped` tells that its credits reached their cap.
    """

    first_day: date
    last_day: date
    missed: bool | None = None
    capped: bool = False
    uptime: Fraction | None = None
    down_minutes: int = 0
    longest_outage_minutes: int = 0
    outages: int = 0
    replies: int = 0
    missed_replies: int = 0


@dataclass(frozen=True, kw_only=True)
class Right:
    """A right to end the contract: since when, from which periods, and until when it can be used."""

    name: str
    arose_on: date
    periods: tuple[Judged, ...]
    window: Window | None
    step: Step


def rights(
    terms: Terms, periods: Sequence[Judged], *, tier: str | None = None, told: Mapping[str, Moment] | None = None
) -> tuple[Right, ...]:
    """Give every right that the periods give, in order of the periods; a period may give several.

    `periods` are of one customer and one commitment and hold every period of the span that is
    counted. `told` are further occasions that the time to use a right may be counted from; where
    one is not told, the right has no window.
    """
    ordered = sorted(periods, key=lambda period: period.last_day)
    return tuple(
        _right(terms, number, failure, Happened(terms, {**(told or {}), "period_end": at.last_day}), counted)
        for place, at in enumerate(ordered)
        for number, failure in enumerate(terms.chronic_failure)
        if not failure.tiers or tier in failure.tiers
        for counted in (_counted(failure, ordered[: place + 1]),)
        if counted
    )


def _counted(failure: ChronicFailure, periods: Sequence[Judged]) -> tuple[Judged, ...]:
    """Give the periods that make the right at the last of them; none where there is none."""
    if failure.added_up:
        return _summed(failure, periods)
    if not counts(failure, periods[-1]):
        return ()
    if failure.in_a_row:
        run = tuple(_run(failure, periods))
        return run if len(run) == failure.times else ()
    found = tuple(period for period in _inside(failure.within, periods) if counts(failure, period))
    return found if len(found) >= failure.times else ()


def counts(failure: ChronicFailure, period: Judged) -> bool:
    """Tell whether the period counts towards the right."""
    if isinstance(failure.counts, Count):
        return _beyond(failure.counts, (period,))
    return period.capped if failure.counts == "capped_credits" else period.missed is True


def _beyond(limit: Count, periods: Sequence[Judged]) -> bool:
    """Tell whether the periods together are beyond the threshold."""
    return _THRESHOLDS[limit.field](getattr(limit, limit.field), periods)


def _replies_below(least: Fraction, periods: Sequence[Judged]) -> bool:
    replies, missed = sum(one.replies for one in periods), sum(one.missed_replies for one in periods)
    return bool(replies) and Fraction(replies - missed, replies) < least


def _down(periods: Sequence[Judged]) -> timedelta:
    return sum(one.down_minutes for one in periods) * MINUTE


_THRESHOLDS: Mapping[str, Callable[[Any, Sequence[Judged]], bool]] = {
    "uptime_below": lambda least, found: any(one.uptime is not None and one.uptime < least for one in found),
    "uptime_at_most": lambda most, found: any(one.uptime is not None and one.uptime <= most for one in found),
    "down_more_than": lambda most, found: _down(found) > most,
    "down_at_least": lambda least, found: _down(found) >= least,
    "outage_longer_than": lambda most, found: any(one.longest_outage_minutes * MINUTE > most for one in found),
    "outages": lambda least, found: sum(one.outages for one in found) >= least,
    "missed_replies": lambda least, found: sum(one.missed_replies for one in found) >= least,
    "replies_in_time_below": _replies_below,
}


def _run(failure: ChronicFailure, periods: Sequence[Judged]) -> Iterator[Judged]:
    """Give the last periods that count and follow one another, at most as many as are needed."""
    following: Judged | None = None
    for period in reversed(periods[-failure.times :]):
        if not counts(failure, period) or (following and period.last_day + DAY != following.first_day):
            return
        yield period
        following = period


def _inside(span: Span | None, periods: Sequence[Judged]) -> Sequence[Judged]:
    """Give the periods of the span that ends with the last of them."""
    last = periods[-1].last_day
    if span is None:
        return periods[-1:]
    if span.periods:
        return periods[-span.periods :]
    if span.calendar:
        begins = first_day_of(span.calendar, last)
        return [period for period in periods if period.last_day >= begins]
    before = months_after_end(last, -span.months) if span.months else last - span.days * DAY
    return [period for period in periods if period.last_day > before]


def _summed(failure: ChronicFailure, periods: Sequence[Judged]) -> tuple[Judged, ...]:
    inside = tuple(_inside(failure.within, periods))
    return inside if isinstance(failure.counts, Count) and _beyond(failure.counts, inside) else ()


def _right(
    terms: Terms, number: int, failure: ChronicFailure, happened: Happened, counted: tuple[Judged, ...]
) -> Right:
    path: Path = ("chronic_failure", number)
    window = _used_until(terms, failure, happened, (*path, "end_within"))
    ordered = sorted(counted, key=lambda period: period.last_day)
    days = ", ".join(shown.day(period.last_day) for period in ordered)
    notice = f" with {failure.notice} days' notice" if failure.notice else ""
    step = Step(
        rule="Right to end the contract",
        result=failure.name,
        sentence=f"The customer may end the contract{notice}: {_told(failure)} in the periods that ended on {days}.",
        inputs=(("counts", _told(failure)), ("periods", str(len(ordered)))),
        clause=terms.clause(*path),
        steps=(window.step,) if window else (),
    )
    return Right(name=failure.name, arose_on=ordered[-1].last_day, periods=tuple(ordered), window=window, step=step)


def _used_until(terms: Terms, failure: ChronicFailure, happened: Happened, path: Path) -> Window | None:
    if failure.end_within is None:
        return None
    try:
        return window_of(terms, failure.end_within, happened, path=path, rule="Use of the right")
    except NotTold:
        return None


def _told(failure: ChronicFailure) -> str:
    """Write what is counted: target missed, 3 in a row."""
    if not isinstance(failure.counts, Count):
        what = "the credits reached their cap" if failure.counts == "capped_credits" else "the target was missed"
    else:
        field = failure.counts.field
        what = f"{field.replace('_', ' ')} {_value(getattr(failure.counts, field))}"
    often = f", {failure.times} in a row" if failure.in_a_row else ""
    within = f", {failure.times} within {failure.within}" if failure.within and not failure.added_up else ""
    return what + often + within + (f", added up over {failure.within}" if failure.added_up else "")


def _value(limit: object) -> str:
    if isinstance(limit, Fraction):
        return percent_text(limit)
    return length_text(limit) if isinstance(limit, timedelta) else str(limit)
