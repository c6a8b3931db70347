"""What customers are told about new terms, the agreement's or their own: they come, or do not come after all."""

from dataclasses import dataclass
from typing import ClassVar

from notices.kinds.base import CustomerNotice, OperatorNotice


@dataclass(frozen=True, kw_only=True)
class Change:
    """One rule that differs; `old` is empty where it is new, `new` where it is dropped."""

    clause: str
    what: str
    old: str
    new: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class VersionAnnounced(CustomerNotice):
    """The agreement changes at `begins_at`; `changes` are all that differs, clause by clause."""

    kind: ClassVar[str] = "version_announced"
    subject: ClassVar[str] = "Your agreement changes on {begins_on}"

    agreement: str
    version: str
    begins_on: str
    begins_at: str
    clause: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class VersionWithdrawn(CustomerNotice):
    """What was announced for `begins_on` does not come; the agreement stays as it is."""

    kind: ClassVar[str] = "version_withdrawn"
    subject: ClassVar[str] = "Your agreement does not change on {begins_on} after all"

    agreement: str
    version: str
    begins_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TermsNegotiated(CustomerNotice):
    """The account's own terms change at `begins_at`; `ends_at` and `agreed` are empty where nothing is said of them."""

    kind: ClassVar[str] = "terms_negotiated"
    subject: ClassVar[str] = "Your negotiated terms change on {begins_on}"

    agreement: str
    version: str
    where: str
    agreed: str
    begins_on: str
    begins_at: str
    ends_at: str
    clause: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class NegotiatedWithdrawn(CustomerNotice):
    """The account's own terms do not change on `begins_on`; they stay as they are."""

    kind: ClassVar[str] = "negotiated_withdrawn"
    subject: ClassVar[str] = "Your negotiated terms do not change on {begins_on} after all"

    agreement: str
    version: str
    begins_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OperatorNoticeFailed(OperatorNotice):
    """The announcement of a version did not reach `count` in time, the first of which are named."""

    kind: ClassVar[str] = "operator_notice_failed"
    subject: ClassVar[str] = "Version {version} was announced too late and does not take effect"

    version: str
    begins_on: str
    notice_until: str
    count: str
    accounts: tuple[str, ...]
