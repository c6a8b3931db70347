"""An agreement and the versions of its terms, from draft to superseded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django_fsm import FSMField

from agreements.events import (
    AccountTold,
    CustomersMailed,
    NoticeFailed,
    NoticeGiven,
    TermsPublished,
    VersionAnnounced,
    VersionDrafted,
    VersionTookEffect,
    VersionWithdrawn,
)
from agreements.standing import BOUND, Standing
from deadlines.timers import Timer, Timers
from eventstore import Aggregate
from eventstore.aggregate import evolves
from eventstore.fields import EventJSONField

MAIL = "agreements.mail"
NOTICE = "agreements.notice"
EFFECT = "agreements.effect"


@dataclass(frozen=True, slots=True)
class Told:
    """An account that an operator told of an announced version, when and how."""

    account: UUID
    told_at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version and how it stands; its text stands in the event that drafted or published it."""

    number: int
    title: str
    digest: str
    document_date: date
    in_force_from: datetime
    published_at: datetime | None
    standing: Standing = Standing.PUBLISHED
    announced_at: datetime | None = None
    notice_until: datetime | None = None
    to_mail_since: datetime | None = None
    mailed: int | None = None
    told: tuple[Told, ...] = ()
    not_reached: tuple[UUID, ...] = ()
    withdrawn_because: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether it is in force from its day on, or was."""
        return self.standing in BOUND

    @property
    def was_told(self) -> bool:
        """Whether customers know of it: a draft, also one that was taken back, they do not."""
        return self.is_bound or self.announced_at is not None


def _timers(agreement: Agreement) -> Iterator[Timer]:
    """Wake the agreement when a version has to be mailed, has to have been, and takes effect."""
    versions: tuple[Version, ...] = agreement.versions
    announced = [one for one in versions if one.standing == Standing.ANNOUNCED]
    unmailed = [one.to_mail_since for one in versions if one.to_mail_since]
    noticed = [one.notice_until for one in announced if one.notice_until]
    coming = [one.in_force_from for one in versions if one.standing in (Standing.PUBLISHED, Standing.NOTIFIED)]
    for kind, instants in ((MAIL, unmailed), (NOTICE, noticed), (EFFECT, coming)):
        if instants:
            yield Timer(kind=kind, due_at=min(instants), late_from=min(instants))


class AgreementState(models.TextChoices):
    """The states of an agreement."""

    NEW = "new", "new"
    PUBLISHED = "published", "published"


class Agreement(Aggregate):
    """An agreement by its name; a version's text never changes, it is only followed by another."""

    keeps = (Timers(_timers),)

    state = FSMField(default=AgreementState.NEW, choices=AgreementState.choices, protected=True, max_length=10)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    versions = EventJSONField(tuple[Version, ...], default=tuple)

    class Meta:
        verbose_name = "agreement"
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("name",), name="agreements_agreement_name"),)

    def __str__(self) -> str:
        return self.name

    def numbered(self, number: int) -> Version | None:
        """Give a version by its number."""
        return next((one for one in self.versions if one.number == number), None)

    def _alter(self, number: int, **changes: Any) -> None:
        self.versions = tuple(replace(one, **changes) if one.number == number else one for one in self.versions)

    @evolves(TermsPublished, source="*", target=AgreementState.PUBLISHED)
    def terms_published(self, event: TermsPublished) -> None:
        """The agreement has one version more, which needs no announcement."""
        self.name = event.agreement
        self.title = event.title
        published = Version(
            number=event.number,
            title=event.title,
            digest=event.digest,
            document_date=event.document_date,
            in_force_from=event.in_force_from,
            published_at=event.published_at,
        )
        self.versions = (*self.versions, published)

    @evolves(VersionDrafted, source=AgreementState.PUBLISHED, target=None)
    def version_drafted(self, event: VersionDrafted) -> None:
        """There is one draft more."""
        drafted = Version(
            number=event.number,
            title=event.title,
            digest=event.digest,
            document_date=event.document_date,
            in_force_from=event.in_force_from,
            published_at=None,
            standing=Standing.DRAFT,
        )
        self.versions = (*self.versions, drafted)

    @evolves(VersionAnnounced, source=AgreementState.PUBLISHED, target=None)
    def version_announced(self, event: VersionAnnounced) -> None:
        """Take until when the announcement has to have gone out."""
        self._alter(
            event.number,
            standing=Standing.ANNOUNCED,
            announced_at=event.announced_at,
            to_mail_since=event.announced_at,
            notice_until=event.notice_until,
        )

    @evolves(CustomersMailed, source=AgreementState.PUBLISHED, target=None)
    def customers_mailed(self, event: CustomersMailed) -> None:
        """Take to how many accounts it is on its way."""
        self._alter(event.number, mailed=event.accounts, to_mail_since=None)

    @evolves(AccountTold, source=AgreementState.PUBLISHED, target=None)
    def account_told(self, event: AccountTold) -> None:
        """Add the account to those that were told by other means."""
        version = self.numbered(event.number)
        told = Told(event.account, event.told_at, event.how)
        self._alter(event.number, told=(*(version.told if version else ()), told))

    @evolves(NoticeGiven, source=AgreementState.PUBLISHED, target=None)
    def notice_given(self, event: NoticeGiven) -> None:
        """The version is certain to take effect unless it is withdrawn."""
        self._alter(event.number, standing=Standing.NOTIFIED)

    @evolves(NoticeFailed, source=AgreementState.PUBLISHED, target=None)
    def notice_failed(self, event: NoticeFailed) -> None:
        """The version is over, and its customers are to be told."""
        self._alter(
            event.number,
            standing=Standing.LAPSED,
            not_reached=event.not_reached,
            to_mail_since=event.settled_at,
        )

    @evolves(VersionWithdrawn, source=AgreementState.PUBLISHED, target=None)
    def version_withdrawn(self, event: VersionWithdrawn) -> None:
        """The version is over; those who were told of it are to be told."""
        self._alter(
            event.number,
            standing=Standing.WITHDRAWN,
            withdrawn_because=event.reason,
            to_mail_since=event.withdrawn_at if event.was_announced else None,
        )

    @evolves(VersionTookEffect, source=AgreementState.PUBLISHED, target=None)
    def version_took_effect(self, event: VersionTookEffect) -> None:
        """One version is in force, the one before it no longer; the agreement bears its title."""
        self._alter(event.number, standing=Standing.IN_FORCE)
        if event.superseded is not None:
            self._alter(event.superseded, standing=Standing.SUPERSEDED)
        self.title = next((one.title for one in self.versions if one.number == event.number), self.title)
