"""What can happen to an agreement: versions of its terms are drafted, announced, take effect, or are withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from eventstore import Event, event


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
