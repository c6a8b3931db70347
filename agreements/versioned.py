"""What has versions of terms on their way: an agreement, and what was negotiated with one account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from django.db import models
from django_fsm import FSMField

from agreements.events import (
    AccountTold,
    CustomersMailed,
    NoticeFailed,
    NoticeGiven,
    VersionAnnounced,
    VersionTookEffect,
    VersionWithdrawn,
)
from agreements.standing import CERTAIN, Standing
from agreements.version import Told, Version
from deadlines.timers import Timer, Timers
from eventstore import Aggregate
from eventstore.aggregate import evolves

MAIL = "agreements.mail"
NOTICE = "agreements.notice"
EFFECT = "agreements.effect"


class VersionsState(models.TextChoices):
    """The states of what has versions; how each of them stands is in its `standing`."""

    NEW = "new", "new"
    PUBLISHED = "published", "published"


def timers(row: Versioned) -> Iterator[Timer]:
    """Wake it when a version has to be mailed, has to have been, takes effect, and ends."""
    versions: tuple[Version, ...] = row.versions
    announced = [one for one in versions if one.standing == Standing.ANNOUNCED]
    unmailed = [one.to_mail_since for one in versions if one.to_mail_since]
    noticed = [one.notice_until for one in announced if one.notice_until]
    coming = [one.in_force_from for one in versions if one.standing in CERTAIN]
    ending = [one.ends_at for one in versions if one.standing == Standing.IN_FORCE and one.ends_at]
    for kind, instants in ((MAIL, unmailed), (NOTICE, noticed), (EFFECT, coming + ending)):
        if instants:
            yield Timer(kind=kind, due_at=min(instants), late_from=min(instants))


class Versioned(Aggregate):
    """Versions of terms by their numbers; a version's text never changes, it is only followed by another."""

    keeps = (Timers(timers),)

    state = FSMField(default=VersionsState.NEW, choices=VersionsState.choices, protected=True, max_length=10)
    versions: Any

    class Meta:
        abstract = True

    def _alter(self, number: int, **changes: Any) -> None:
        self.versions = tuple(replace(one, **changes) if one.number == number else one for one in self.versions)

    def _replace(self, number: int, superseded: int | None) -> None:
        self._alter(number, standing=Standing.IN_FORCE)
        if superseded is not None:
            self._alter(superseded, standing=Standing.SUPERSEDED)

    @evolves(VersionAnnounced, source=VersionsState.PUBLISHED, target=None)
    def version_announced(self, event: VersionAnnounced) -> None:
        """Take until when the announcement has to have gone out."""
        self._alter(
            event.number,
            standing=Standing.ANNOUNCED,
            announced_at=event.announced_at,
            to_mail_since=event.announced_at,
            notice_until=event.notice_until,
        )

    @evolves(CustomersMailed, source=VersionsState.PUBLISHED, target=None)
    def customers_mailed(self, event: CustomersMailed) -> None:
        """Take to how many accounts it is on its way."""
        self._alter(event.number, mailed=event.accounts, to_mail_since=None)

    @evolves(AccountTold, source=VersionsState.PUBLISHED, target=None)
    def account_told(self, event: AccountTold) -> None:
        """Add the account to those that were told by other means."""
        told = Told(event.account, event.told_at, event.how)
        before = [one.told for one in self.versions if one.number == event.number]
        self._alter(event.number, told=(*(before[0] if before else ()), told))

    @evolves(NoticeGiven, source=VersionsState.PUBLISHED, target=None)
    def notice_given(self, event: NoticeGiven) -> None:
        """The version is certain to take effect unless it is withdrawn."""
        self._alter(event.number, standing=Standing.NOTIFIED)

    @evolves(NoticeFailed, source=VersionsState.PUBLISHED, target=None)
    def notice_failed(self, event: NoticeFailed) -> None:
        """The version is over, and its customers are to be told."""
        self._alter(
            event.number,
            standing=Standing.LAPSED,
            not_reached=event.not_reached,
            to_mail_since=event.settled_at,
        )

    @evolves(VersionWithdrawn, source=VersionsState.PUBLISHED, target=None)
    def version_withdrawn(self, event: VersionWithdrawn) -> None:
        """The version is over; those who were told of it are to be told."""
        self._alter(
            event.number,
            standing=Standing.WITHDRAWN,
            withdrawn_because=event.reason,
            to_mail_since=event.withdrawn_at if event.was_announced else None,
        )

    @evolves(VersionTookEffect, source=VersionsState.PUBLISHED, target=None)
    def version_took_effect(self, event: VersionTookEffect) -> None:
        """One version is in force, the one before it no longer."""
        self._replace(event.number, event.superseded)


V = TypeVar("V", bound=Version)


def numbered(versions: tuple[V, ...], number: int) -> V | None:
    """Give a version by its number."""
    return next((one for one in versions if one.number == number), None)
