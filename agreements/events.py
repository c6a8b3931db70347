"""What can happen to terms: versions are drafted, announced or agreed, take effect, are withdrawn, or end."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from eventstore import Event, Private, event


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date that is no business day, and what it is called."""

    day: date
    name: str


@event("agreements.terms_published")
class TermsPublished(Event):
    """A version of the terms was published, with its exact text and the holidays it was published with.

    The holidays are kept because the rule that names them is a library's, and libraries change.
    """

    agreement: str
    number: int
    title: str
    text: str
    digest: str
    document_date: date
    in_force_from: datetime
    published_at: datetime
    holidays: tuple[Holiday, ...]


@event("agreements.version_drafted")
class VersionDrafted(Event):
    """A later version was written down, with its exact text and holidays; it binds nobody yet."""

    number: int
    title: str
    text: str
    digest: str
    document_date: date
    in_force_from: datetime
    drafted_at: datetime
    holidays: tuple[Holiday, ...]


@event("agreements.version_announced")
class VersionAnnounced(Event):
    """An operator announced a version; the announcement has to reach customers by `notice_until`."""

    number: int
    notice_until: datetime
    announced_at: datetime


@event("agreements.customers_mailed")
class CustomersMailed(Event):
    """What customers have to be told of a version lies in the outbox for every account that has people."""

    number: int
    accounts: int


@event("agreements.account_told")
class AccountTold(Event):
    """An operator told an account of the announced version by other means than our mail."""

    number: int
    account: UUID
    told_at: datetime
    how: str


@event("agreements.notice_given")
class NoticeGiven(Event):
    """The announcement went out to `accounts` in time: the version takes effect on its day."""

    number: int
    accounts: int
    settled_at: datetime


@event("agreements.notice_failed")
class NoticeFailed(Event):
    """The announcement did not reach these accounts in time: the version does not take effect."""

    number: int
    not_reached: tuple[UUID, ...]
    settled_at: datetime


@event("agreements.version_withdrawn")
class VersionWithdrawn(Event):
    """A draft, or a version that was announced, was taken back before it was in force."""

    number: int
    was_announced: bool
    reason: str
    withdrawn_at: datetime


@event("agreements.version_took_effect")
class VersionTookEffect(Event):
    """A version came into force, and superseded the one before it, if there was one."""

    number: int
    superseded: int | None


@event("agreements.override_drafted")
class OverrideDrafted(Event):
    """Terms that differ for one account were written down, with their exact text; they bind nobody yet.

    `clause` is where it is written what was negotiated. From `until` on, where it is given, the
    agreement's own terms apply again.
    """

    agreement: str
    account: UUID
    number: int
    clause: str
    text: str
    digest: str
    document_date: date
    in_force_from: datetime
    until: datetime | None
    drafted_at: datetime


@event("agreements.version_agreed")
class VersionAgreed(Event):
    """The one account that a version is about agreed to it: who, on which day, and where that is written."""

    number: int
    who: Private
    agreed_on: date
    where: str
    noted_at: datetime


@event("agreements.override_ended")
class OverrideEnded(Event):
    """The time that was named for negotiated terms is over: the agreement's own apply again."""

    number: int
