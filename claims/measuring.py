"""How claims learn what was measured: config registers a provider, nobody is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from claims.events.finding import ExclusionUsed, Source
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The minutes of a month for all accounts that share them, and what excused them."""

    minutes: MonthMinutes
    exclusions: tuple[ExclusionUsed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """An exclusion that was proposed for the month and is neither approved nor rejected."""

    exclusion: UUID
    minutes: Ranges
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredMonth:
    """A month of an agreement as it stands measured; minutes after now may be unknown.

    `everybody` is what every account has that is not in `named`: those to which an outage, a
    correction, an exclusion or a mail is confined. `reference` names the measurement.
    """

    agreement: str
    month: Month
    reference: str
    everybody: Group
    named: Mapping[UUID, Group] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def group_for(self, account: UUID) -> Group:
        """Give the account's minutes; accounts that share everything get one object."""
        return self.named.get(account, self.everybody)

    def minutes_for(self, account: UUID) -> MonthMinutes:
        """Give the classes of the account's minutes."""
        return self.group_for(account).minutes

    @property
    def groups(self) -> Iterator[Group]:
        """Every group once."""
        found = {id(group): group for group in (self.everybody, *self.named.values())}
        yield from found.values()

    @property
    def open_outage(self) -> bool:
        """Whether an outage of the month is still open for somebody."""
        return any(one.is_open for group in self.groups for one in group.minutes.claimable_outages)


Provider = Callable[[str, Month, datetime], MeasuredMonth]
Standing = Callable[[str, Month], object]
Before = Callable[[datetime, str, Month, datetime], MeasuredMonth]


def _unknown(_agreement: str, _month: Month) -> object:
    """Give what equals nothing that was given before."""
    return object()


_PROVIDERS: list[tuple[Provider, Standing, Before]] = []


class NothingMeasures(LookupError):
    """No provider of measured months is registered: config.registration does that."""


def register(provider: Provider, standing: Standing = _unknown, before: Before | None = None) -> None:
    """Ask this provider, instead of any before, for (agreement, month, now).

    `standing` tells cheaply what a month is measured from, so that nobody has to measure it again
    only to see that it is as it was; without one it is measured again. `before` gives for (instant,
    agreement, month, now) what was measured without what was published since the instant; without
    one nothing was published.
    """
    _PROVIDERS[:] = [(provider, standing, before or (lambda _instant, *asked: provider(*asked)))]


def measured(agreement: str, month: Month, *, now: datetime) -> MeasuredMonth:
    """Tell what is measured of the month at this moment."""
    return _provider()[0](agreement, month, now)


def measured_before(instant: datetime, agreement: str, month: Month, *, now: datetime) -> MeasuredMonth:
    """Tell what is measured of the month without the corrections and revocations since the instant."""
    return _provider()[2](instant, agreement, month, now)


def standing(agreement: str, month: Month) -> object:
    """Name what the month is measured from by now: the same as before where nothing was recorded meanwhile."""
    return _provider()[1](agreement, month)


def _provider() -> tuple[Provider, Standing, Before]:
    if not _PROVIDERS:
        raise NothingMeasures
    return _PROVIDERS[0]
