"""What the provider's operators are told: what is due, what was missed, what waits for them."""

from dataclasses import dataclass
from typing import ClassVar

from notices.kinds.base import OperatorNotice


@dataclass(frozen=True, kw_only=True)
class OperatorDeadlineWarning(OperatorNotice):
    """A deadline draws near: `what` is due ("claim C-7 of Acme"), `duty` is what meets it."""

    kind: ClassVar[str] = "operator_deadline_warning"
    subject: ClassVar[str] = "Due in {left}: {what}"

    what: str
    duty: str
    due: str
    left: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class OperatorDeadlineMissed(OperatorNotice):
    """A deadline was missed; `consequence` says what the agreement makes of that."""

    kind: ClassVar[str] = "operator_deadline_missed"
    subject: ClassVar[str] = "Missed: {what}"

    what: str
    duty: str
    due: str
    consequence: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class OperatorUsageMissing(OperatorNotice):
    """A month closed without the usage of `count` accounts, the first of which are named."""

    kind: ClassVar[str] = "operator_usage_missing"
    subject: ClassVar[str] = "Usage of {month} is missing for {count}"

    month: str
    count: str
    accounts: tuple[str, ...]
    nearest_deadline: str = ""


@dataclass(frozen=True, kw_only=True)
class OperatorMonthWaiting(OperatorNotice):
    """A month does not close by itself, for these reasons."""

    kind: ClassVar[str] = "operator_month_waiting"
    subject: ClassVar[str] = "{month} does not close by itself"

    month: str
    reasons: tuple[str, ...]
    nearest_deadline: str = ""
