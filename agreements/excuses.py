"""Which minutes of a period are excused: by category, fixed windows, allowances, quick repair.

Minutes are numbered from 1970 in UTC; everything is exact arithmetic of ranges. Each minute of the
period gets one class: it leaves the total, it is excused and up, or it is down or up (SEMANTICS 8, 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from agreements.allowances import admitted
from agreements.explaining import Step
from agreements.fixed_windows import windows_between
from agreements.terms import Terms, Treatment
from agreements.terms.excusing import MINUTE, Allowance, Excuse
from agreements.terms.limits import length_text
from agreements.terms.supporting import EVERY_TIER
from kernel import shown
from kernel.intervals import EMPTY, Ranges

_ORDER = (
    Treatment.WINDOW_LEAVES_TOTAL,
    Treatment.OUTAGE_LEAVES_TOTAL,
    Treatment.COUNTS_AS_UP,
    Treatment.COUNTS_AS_DOWN,
)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What happened, as minutes: the period from `first` to before `last`, and what lies around it.

    `down` are all down minutes, `declared` the minutes that belong to a category because somebody
    decided so (an announced window, an approved exclusion), `announced` those that were announced
    in time. All may reach before the period, and must where an allowance of a week or quarter that
    began before it is used up there. `outages` are the whole outages; by default the stretches of
    `down`.
    """

    first: int
    last: int
    down: Ranges
    declared: Mapping[str, Ranges] = field(default_factory=dict)
    announced: Ranges = EMPTY
    outages: Ranges | None = None

    @property
    def stretches(self) -> Ranges:
        """The whole outages."""
        return self.down if self.outages is None else self.outages


@dataclass(frozen=True, kw_only=True)
class Excused:
    """What a category does in the period: `minutes` are excused, `overrun` was over its allowance."""

    category: str
    treatment: Treatment
    minutes: Ranges
    overrun: Ranges
    step: Step


@dataclass(frozen=True, kw_only=True)
class Classes:
    """The minutes of a period by class, and the uptime that follows; None if nothing counts."""

    total: int
    leaving: Ranges
    excused_up: Ranges
    down: Ranges
    categories: tuple[Excused, ...]
    step: Step

    @property
    def counted(self) -> int:
        """How many minutes stay in the total."""
        return self.total - self.leaving.total

    @property
    def uptime(self) -> Fraction | None:
        """The share of the counted minutes that were up or excused."""
        return Fraction(self.counted - self.down.total, self.counted) if self.counted else None


def classes(terms: Terms, observed: Observed, *, tier: str | None = None) -> Classes:
    """Class the minutes of a period: the first treatment that reaches a minute decides it."""
    period = Ranges.of((observed.first, observed.last))
    down = observed.down & period
    found: list[Excused] = []
    taken: Ranges = EMPTY
    for name, excuse in _in_order(terms, tier):
        one = _excused(terms, name, excuse, observed, tier=tier, free=period - taken)
        taken |= one.minutes
        found.append(one)
    leaving = _of(found, Treatment.WINDOW_LEAVES_TOTAL, Treatment.OUTAGE_LEAVES_TOTAL)
    up = _of(found, Treatment.COUNTS_AS_UP)
    left = down - leaving - up
    return Classes(
        total=observed.last - observed.first,
        leaving=leaving,
        excused_up=up,
        down=left,
        categories=tuple(found),
        step=_told(terms, period.total, down, leaving, up, left, found),
    )


def _in_order(terms: Terms, tier: str | None) -> list[tuple[str, Excuse]]:
    """List the categories that excuse the tier: what takes a whole window first (SEMANTICS 8)."""
    applying = [(name, excuse) for name, excuse in terms.excuses.items() if not excuse.tiers or tier in excuse.tiers]
    return sorted(applying, key=lambda one: _ORDER.index(one[1].treatment))


def _of(found: Iterable[Excused], *treatments: Treatment) -> Ranges:
    return Ranges.union(one.minutes for one in found if one.treatment in treatments)


def _excused(terms: Terms, name: str, excuse: Excuse, observed: Observed, *, tier: str | None, free: Ranges) -> Excused:
    declared, fixed = observed.declared.get(name, EMPTY), _fixed(terms, excuse, observed)
    short = _by_length(excuse, observed.stretches)
    used = _used(terms, name, observed)
    within = used & _admitted(terms, name, observed, tier=tier)
    reached = ((declared | fixed | short) - (used - within)) & free
    if excuse.treatment is Treatment.COUNTS_AS_DOWN:
        reached = EMPTY
    elif excuse.treatment is not Treatment.WINDOW_LEAVES_TOTAL:
        reached &= observed.down
    overrun = (used - within) & observed.down & free
    return Excused(
        category=name,
        treatment=excuse.treatment,
        minutes=reached,
        overrun=overrun,
        step=_category_step(terms, name, excuse, reached, overrun, tier),
    )


def _used(terms: Terms, name: str, observed: Observed) -> Ranges:
    """Give the minutes that use an allowance up: what was down, and all that was declared where that counts."""
    excuse, declared = terms.excuses[name], observed.declared.get(name, EMPTY)
    reached = declared | _fixed(terms, excuse, observed) | _by_length(excuse, observed.stretches)
    used = reached & observed.down
    return used | declared if excuse.allowance_counts == "windows" else used


def _admitted(terms: Terms, name: str, observed: Observed, *, tier: str | None) -> Ranges:
    """Give the minutes that the allowance admits of a category and of all that share it."""
    holder = terms.excuses[name].allowance_with or name
    sharing = [other for other, excuse in terms.excuses.items() if holder in (other, excuse.allowance_with)]
    used = Ranges.union(_used(terms, other, observed) for other in sharing)
    allowance = terms.excuses[holder].allowance_of(tier)
    return admitted(used, allowance, zone=terms.zone) if allowance else used


def _fixed(terms: Terms, excuse: Excuse, observed: Observed) -> Ranges:
    """Give the minutes of the fixed windows around what happened, announced where that is needed."""
    first = min([observed.first, *(start for start, _ in observed.down)])
    fixed: Ranges = EMPTY
    for window in excuse.windows:
        held = windows_between(window, first, observed.last, zone=terms.zone)
        fixed |= held & observed.announced if window.announced else held
    return fixed


def _by_length(excuse: Excuse, outages: Ranges) -> Ranges:
    """Give the minutes of outages that were repaired soon, or the first ones of every outage."""
    if excuse.repaired_within is not None:
        most = excuse.repaired_within // MINUTE
        return Ranges((start, end) for start, end in outages if end - start <= most)
    if excuse.shorter_than is not None:
        most = excuse.shorter_than // MINUTE
        return Ranges((start, end) for start, end in outages if end - start < most)
    if excuse.first_of_each is not None:
        most = excuse.first_of_each // MINUTE
        return Ranges((start, min(end, start + most)) for start, end in outages)
    return EMPTY


_LENGTHS: Mapping[str, str] = {
    "repaired_within": "Outages of at most {} belong to it.",
    "shorter_than": "Outages of less than {} belong to it.",
    "first_of_each": "The first {} of every outage belong to it.",
}
_EFFECTS: Mapping[Treatment, str] = {
    Treatment.WINDOW_LEAVES_TOTAL: "leave the total",
    Treatment.OUTAGE_LEAVES_TOTAL: "leave the total",
    Treatment.COUNTS_AS_UP: "count as up",
    Treatment.COUNTS_AS_DOWN: "are excused",
}


def _category_step(terms: Terms, name: str, excuse: Excuse, reached: Ranges, overrun: Ranges, tier: str | None) -> Step:
    words = name.replace("_", " ")
    over = f" {shown.minutes(overrun.total)} are over its allowance and count as down." if overrun else ""
    return Step(
        rule=f"Excuse: {words}",
        result=shown.minutes(reached.total),
        sentence=f"{shown.minutes(reached.total)} of {words} {_EFFECTS[excuse.treatment]}.{over}",
        inputs=(("treatment", str(excuse.treatment)), ("overrun", shown.minutes(overrun.total))),
        clause=terms.clause("excused", name),
        steps=tuple(_rule_steps(terms, name, excuse, tier)),
    )


def _rule_steps(terms: Terms, name: str, excuse: Excuse, tier: str | None) -> Iterator[Step]:
    """Tell the fixed windows, the lengths and the allowance by which the minutes were found."""
    for number, window in enumerate(excuse.windows):
        told = ", ".join(f"{day} {' '.join('-'.join(hours) for hours in held)}" for day, held in window.hours.items())
        which = f", the {' and '.join(window.weeks)} of a month" if window.weeks else ""
        zone = shown.zone_name(window.time_zone or terms.zone)
        sentence = f"Fixed window: {told} ({zone}){which}{', where it was announced' if window.announced else ''}."
        clause = terms.clause("excused", name, "windows", number)
        yield Step(rule="Fixed window", result=told, sentence=sentence, clause=clause)
    for rule, words in _LENGTHS.items():
        length: timedelta | None = getattr(excuse, rule)
        if length is not None:
            told = length_text(length)
            clause = terms.clause("excused", name, rule)
            yield Step(rule="Length of outage", result=told, sentence=words.format(told), clause=clause)
    holder = excuse.allowance_with or name
    allowances = terms.excuses[holder].allowance
    if (allowance := terms.excuses[holder].allowance_of(tier)) is not None:
        yield _allowance_step(terms, holder, allowance, tier if tier in allowances else EVERY_TIER)


def _allowance_step(terms: Terms, name: str, allowance: Allowance, tier: str | None) -> Step:
    limits = [f"{length_text(time)} {field.replace('_', ' ')}" for field, time in allowance.limits()]
    times = [f"{most} times per {unit}" for unit, most in allowance.times()]
    most = ", ".join((*limits, *times))
    return Step(
        rule="Allowance",
        result=most,
        sentence=f"At most {most} are excused; what is over counts as down, and unused time is lost.",
        inputs=(("tier", tier or EVERY_TIER),),
        clause=terms.clause("excused", name, "allowance", tier or EVERY_TIER),
    )


def _told(
    terms: Terms, total: int, down: Ranges, leaving: Ranges, up: Ranges, left: Ranges, found: Iterable[Excused]
) -> Step:
    return Step(
        rule="Excused time",
        result=f"{shown.minutes(left.total)} down of {shown.minutes(total - leaving.total)}",
        sentence=(
            f"Of {shown.minutes(down.total)} down, {shown.minutes(left.total)} are not excused; "
            f"{shown.minutes(leaving.total)} leave the total of {shown.minutes(total)}."
        ),
        inputs=(
            ("down", shown.minutes(down.total)),
            ("leaving the total", shown.minutes(leaving.total)),
            ("counted as up", shown.minutes(up.total)),
        ),
        clause=terms.clause("excused"),
        steps=tuple(one.step for one in found if one.minutes or one.overrun),
    )
