"""The class of every minute of an account's month (SEMANTICS 4, 5, 8, 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agreements.terms.excusing import Treatment
from kernel.intervals import EMPTY, Ranges
from kernel.minutes import MonthMinutes
from uptime.rules.checks import Minutes
from uptime.rules.combining import Member, ServiceRule, combined
from uptime.rules.corrections import Change, corrected
from uptime.rules.excusing import Excuse
from uptime.rules.outages import outages_of
from uptime.rules.stretches import whole_minutes

NoData = Literal["up", "down", "leaves_total"]
LeftOut = Mapping[str, Ranges]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was measured of a service from minute `first` up to `last`, and how it is combined.

    The span is the month, longer where an outage crosses its start or end. `open_at` is the
    present minute where the span ends there: what is down until then is still open.
    """

    members: tuple[Member, ...]
    rule: ServiceRule
    no_data: NoData
    first: int
    last: int
    open_at: int | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """A service's minutes with missing data treated, and what was missing before."""

    down: Ranges
    unknown: Ranges
    unmeasured: Ranges


def month_of(
    measured: Measurement,
    *,
    changes: Sequence[Change] = (),
    excuses: Sequence[Excuse] = (),
    first: int,
    last: int,
) -> MonthMinutes:
    """Class the minutes from `first` up to `last` for an account with these changes and excuses."""
    measured = replace(measured, members=_corrected_members(measured.members, changes))
    state = _state(measured, changes)
    window = _windows(measured.members, excuses)
    leaving, as_up = _excused(measured, state, changes, excuses)
    unexcused = state.down - window - leaving - as_up
    return MonthMinutes(
        first=first,
        last=last,
        window=window.clip(first, last),
        unknown=(state.unknown - window).clip(first, last),
        excused_leaving=(leaving - window).clip(first, last),
        excused_as_up=(as_up - leaving - window).clip(first, last),
        down=unexcused.clip(first, last),
        unmeasured=state.unmeasured.clip(first, last),
        outages=outages_of(state.down, unexcused, first=first, last=last, open_at=measured.open_at),
    )


def _corrected_members(members: tuple[Member, ...], changes: Sequence[Change]) -> tuple[Member, ...]:
    return tuple(replace(member, minutes=corrected(member.minutes, changes, monitor=member.name)) for member in members)


def _state(measured: Measurement, changes: Sequence[Change]) -> _State:
    """Combine the monitors, apply what is corrected for the service, then treat missing data."""
    found = combined(measured.members, rule=measured.rule, first=measured.first, last=measured.last)
    minutes = Minutes(found.down, found.unknown | found.unwatched)
    return _treated(corrected(minutes, changes, monitor=None), measured.no_data)


def _treated(minutes: Minutes, no_data: NoData) -> _State:
    if no_data == "leaves_total":
        return _State(minutes.down, minutes.unknown, minutes.unknown)
    down = minutes.down | minutes.unknown if no_data == "down" else minutes.down
    return _State(down, EMPTY, minutes.unknown)


def _windows(members: tuple[Member, ...], excuses: Sequence[Excuse]) -> Ranges:
    """Collect the minutes that leave the total whatever was measured in them.

    A window of components takes a minute only while they are all of the service's monitors.
    """
    taken = [
        _while_all_monitors(minutes, monitors, members)
        for (treatment, monitors), minutes in _pooled(excuses).items()
        if treatment is Treatment.WINDOW_LEAVES_TOTAL
    ]
    return Ranges.union(taken)


def _while_all_monitors(minutes: Ranges, monitors: frozenset[str], members: tuple[Member, ...]) -> Ranges:
    if not monitors:
        return minutes
    inside = Ranges.union(member.present for member in members if member.name in monitors)
    outside = Ranges.union(member.present for member in members if member.name not in monitors)
    return (minutes & inside) - outside


def _excused(
    measured: Measurement, state: _State, changes: Sequence[Change], excuses: Sequence[Excuse]
) -> tuple[Ranges, Ranges]:
    """Tell which down minutes are excused: those that leave the total, those that count as up.

    A minute that only several exclusions of components together excuse takes the first class in
    the order of SEMANTICS 8 that one of them gives.
    """
    leaving, as_up = Treatment.OUTAGE_LEAVES_TOTAL, Treatment.COUNTS_AS_UP
    left = _of_service(excuses, leaving) & state.down
    up = _of_service(excuses, as_up) & state.down
    parts = [excuse for excuse in excuses if excuse.monitors]
    if not parts:
        return left, up
    by_leaving = _by_parts(measured, state, changes, [e for e in parts if e.treatment != as_up])
    by_up = _by_parts(measured, state, changes, [e for e in parts if e.treatment == as_up])
    together = _by_parts(measured, state, changes, parts) - by_leaving - by_up
    return left | by_leaving | together, up | by_up


def _of_service(excuses: Sequence[Excuse], treatment: Treatment) -> Ranges:
    return _pooled(excuses).get((treatment, frozenset()), EMPTY)


def _by_parts(measured: Measurement, state: _State, changes: Sequence[Change], excuses: Sequence[Excuse]) -> Ranges:
    """Find the down minutes that would not be down with the excluded monitors left out."""
    left_out = _left_out(measured.members, excuses)
    if not any(left_out.values()):
        return EMPTY
    others = tuple(replace(member, present=member.present - left_out[member.name]) for member in measured.members)
    found = combined(others, rule=measured.rule, first=measured.first, last=measured.last)
    rest = corrected(Minutes(found.down, found.unknown), changes, monitor=None)
    still_down = _treated(rest, measured.no_data).down
    return (state.down - still_down) & Ranges.union(left_out.values())


def _left_out(members: tuple[Member, ...], excuses: Sequence[Excuse]) -> LeftOut:
    """Tell for each monitor the whole minutes of its membership in which it is left out."""
    return {
        member.name: member.present
        & whole_minutes(Ranges.union(e.stretches for e in excuses if member.name in e.monitors))
        for member in members
    }


def _pooled(excuses: Iterable[Excuse]) -> dict[tuple[Treatment, frozenset[str]], Ranges]:
    """Unite the stretches of one treatment and scope, then keep the whole minutes inside."""
    stretches: dict[tuple[Treatment, frozenset[str]], Ranges] = {}
    for excuse in excuses:
        key = (excuse.treatment, excuse.monitors)
        stretches[key] = stretches.get(key, EMPTY) | excuse.stretches
    return {key: whole_minutes(united) for key, united in stretches.items()}
