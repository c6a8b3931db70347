"""A version of terms and how it stands: of an agreement's, or of what was negotiated with one account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from agreements.standing import BOUND, Standing
from eventstore import Private


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

    @property
    def ends_at(self) -> datetime | None:
        """From when it applies no more without another in its place; an agreement's never ends so."""
        return None


@dataclass(frozen=True, slots=True)
class Consent:
    """That the customer agreed to a version: who of them, on which day, and where it is written."""

    who: Private
    agreed_on: date
    where: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class NegotiatedVersion(Version):
    """A version of what was negotiated with an account, with its text; its title is where that is written."""

    text: str = ""
    until: datetime | None = None
    consent: Consent | None = None

    @property
    def was_told(self) -> bool:
        """Whether the customer knows of it, also because they agreed to it."""
        return self.is_bound or self.announced_at is not None or self.consent is not None

    @property
    def ends_at(self) -> datetime | None:
        """From when the agreement's own terms apply again, where that was agreed."""
        return self.until

    def applies_at(self, instant: datetime) -> bool:
        """Tell whether the instant lies in its time; another may have taken its place by then."""
        return self.in_force_from <= instant and (self.until is None or instant < self.until)
