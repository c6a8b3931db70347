"""When a mail is tried again, and what a mail server's answer means: pure decisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kernel.ids import derived

# A claimed mail is nobody else's for this long; far more than one attempt can take.
LEASE: Final = timedelta(minutes=5)

# How long after the first, second, ... failed attempt the next one follows; then it is given up.
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=24),
)

MOST_ATTEMPTS: Final = len(PAUSES) + 1

_FINAL: Final = range(500, 600)
_ABOUT_US: Final = ("5.7.", "5.1.7", "5.1.8")


class Verdict(StrEnum):
    """What one attempt came to."""

    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to, and what the server said."""

    verdict: Verdict
    detail: str = ""


def recipient_outcome(code: int, answer: str) -> Outcome:
    """Judge a server's answer to RCPT: 5xx is final (RFC 5321 §4.2.1) where it is about the recipient.

    Many servers keep until then what they have against the client or the sender (RFC 3463 §3.8, §3.2: a
    policy, a login that is missing, a sender's address): that is ours to mend.
    """
    if answer.startswith(_ABOUT_US):
        return Outcome(Verdict.FAILED, f"{code} {answer}")
    return mail_outcome(code, answer)


def mail_outcome(code: int, answer: str) -> Outcome:
    """Judge a server's answer to a whole mail: 5xx is final (RFC 5321 §4.2.1)."""
    verdict = Verdict.REFUSED if code in _FINAL else Verdict.FAILED
    return Outcome(verdict, f"{code} {answer}")


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Say when a mail that failed for the nth time is tried again; None once it is given up."""
    return now + PAUSES[attempts - 1] if attempts < MOST_ATTEMPTS else None


def recipients(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Name each address once, however it is written, in the order given."""
    return tuple({address.strip().lower(): address.strip() for address in addresses}.values())


def message_id(mail: object, domain: str) -> str:
    """Make the Message-ID that a mail keeps for ever, so that a second copy is seen as one.

    It names the mail's id only by a derived one: an id of our tables is nobody's business.
    """
    return f"<{derived('message-id', mail)}@{domain}>"
