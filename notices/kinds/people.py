"""What one person is told about getting in; these mails carry secrets."""

from dataclasses import dataclass
from typing import ClassVar

from notices.kinds.base import Notice


@dataclass(frozen=True, kw_only=True)
class Invitation(Notice):
    """Somebody is asked to join an account; the link lets its holder in, once."""

    kind: ClassVar[str] = "invitation"
    subject: ClassVar[str] = "{inviter} invites you to {account} at {provider}"
    secret: ClassVar[bool] = True

    account: str
    inviter: str
    role: str
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class SignIn(Notice):
    """A mail about signing in, such as the link to a new password, in words already written."""

    kind: ClassVar[str] = "sign_in"
    subject: ClassVar[str] = "{about}"
    secret: ClassVar[bool] = True

    about: str
    words: str
