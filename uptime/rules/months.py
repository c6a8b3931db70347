"""A measured month: one measurement that serves every account, in groups that share all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from kernel.minutes import MonthMinutes
from kernel.months import Month
from uptime.events import MonitorMonth
from uptime.rules.classes import Measurement, month_of
from uptime.rules.corrections import Change, Correction, change_for
from uptime.rules.excusing import Excuse, Judged

Key = tuple[tuple[Change | None, ...], tuple[Excuse | None, ...]]


@dataclass(frozen=True, slots=True)
class AppliedExclusion:
    """An approved exclusion that touches the month, as the agreement judges it."""

    id: UUID
    judged: Judged


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction that touches the month; the measurement that it corrects is kept beside it."""

    id: UUID
    correction: Correction


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that share one month; without names it is everybody who is in no other group."""

    accounts: tuple[UUID, ...]
    minutes: MonthMinutes


@dataclass(slots=True, kw_only=True)
class MeasuredMonth:
    """A service's month as measured, corrected and excused, from minute `first` up to `last`.

    `last` is the month's end, or the present minute of a running month. `monitors` is the
    measurement as it was recorded, before corrections. `undecided` are the exclusions that are
    proposed for it and neither approved nor rejected.
    """

    agreement: str
    service: str
    month: Month
    first: int
    last: int
    is_over: bool
    measurement: Measurement
    monitors: tuple[MonitorMonth, ...]
    exclusions: tuple[AppliedExclusion, ...] = ()
    corrections: tuple[AppliedCorrection, ...] = ()
    undecided: tuple[UUID, ...] = ()
    _keys: dict[UUID, Key] | None = field(default=None, repr=False)
    _made: dict[Key, MonthMinutes] = field(default_factory=dict, repr=False)

    def minutes_for(self, account: UUID) -> MonthMinutes:
        """Class the month's minutes for one account; accounts that share all share the object."""
        key = self._named().get(account)
        return self.minutes_for_others() if key is None else self._minutes(key)

    def minutes_for_others(self) -> MonthMinutes:
        """Class the month's minutes for the accounts that nothing names."""
        return self._minutes(self._key(None))

    def groups(self) -> Iterator[Group]:
        """Give the accounts that something names, grouped, and everybody else at the end."""
        accounts: dict[Key, list[UUID]] = {}
        for account, key in self._named().items():
            accounts.setdefault(key, []).append(account)
        for key, named in accounts.items():
            yield Group(tuple(named), self._minutes(key))
        yield Group((), self.minutes_for_others())

    @property
    def open_outage(self) -> bool:
        """Whether an outage of the month has not ended yet, for anybody."""
        return any(outage.is_open for group in self.groups() for outage in group.minutes.outages)

    def _named(self) -> dict[UUID, Key]:
        if self._keys is None:
            names: set[UUID] = set()
            for applied in self.exclusions:
                names |= applied.judged.named_accounts
            for found in self.corrections:
                names |= found.correction.accounts
            self._keys = {account: self._key(account) for account in sorted(names)}
        return self._keys

    def _key(self, account: UUID | None) -> Key:
        changes = tuple(change_for(found.correction, account) for found in self.corrections)
        excuses = tuple(applied.judged.excuse_for(account) for applied in self.exclusions)
        return changes, excuses

    def _minutes(self, key: Key) -> MonthMinutes:
        if key not in self._made:
            changes, excuses = key
            self._made[key] = month_of(
                self.measurement,
                changes=[change for change in changes if change],
                excuses=[excuse for excuse in excuses if excuse],
                first=self.first,
                last=self.last,
            )
        return self._made[key]
