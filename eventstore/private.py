"""Personal text in events: encrypted under a key per subject, erased by erasing the key.

The hash of an event covers the ciphertext, so history stays provable after the
text is gone; a field whose key is gone reads as ERASED, in rows as in replay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from eventstore.raw import execute, one, written

ERASED: Final = "(erased)"

INSERT = "INSERT INTO subject_keys (subject, key, made_at) VALUES (%s, %s, clock_timestamp()) ON CONFLICT DO NOTHING"
SELECT = "SELECT key FROM subject_keys WHERE subject = %s"
SELECT_MANY = "SELECT subject, key FROM subject_keys WHERE subject = ANY(%s)"


class KeyErased(LookupError):
    """The subject's key was erased a moment ago: the text must not outlive that."""


@dataclass(frozen=True, slots=True)
class Private:
    """A text that must be erasable; `token` is what the log stores."""

    subject: UUID
    token: str

    @classmethod
    def seal(cls, text: str, *, subject: UUID) -> Self:
        """Encrypt a text under the subject's key, which is made where there is none."""
        return cls(subject, Fernet(_key(subject) or _new_key(subject)).encrypt(text.encode()).decode())

    def __str__(self) -> str:
        """Show nothing: whoever may read it calls `reveal`."""
        return "(private)"

    def reveal(self) -> str:
        """Return the text, or ERASED where the key that it was sealed under is gone."""
        return _opened(self.token, _key(self.subject))


def reveal_all(texts: Iterable[Private]) -> list[str]:
    """Return many texts by one query, in their order; ERASED as `reveal` does."""
    wanted = list(texts)
    keys: dict[UUID, str] = dict(execute(SELECT_MANY, (list({one.subject for one in wanted}),)))
    return [_opened(one.token, keys.get(one.subject)) for one in wanted]


def erase(subject: UUID) -> None:
    """Destroy the subject's key, and with it every private text about them, for ever."""
    written("DELETE FROM subject_keys WHERE subject = %s", (subject,))


def _opened(token: str, key: str | None) -> str:
    if key is None:
        return ERASED
    try:
        return Fernet(key).decrypt(token).decode()
    except InvalidToken:  # sealed under an earlier key, which was erased
        return ERASED


def _key(subject: UUID) -> str | None:
    row = one(SELECT, (subject,))
    return row[0] if row else None


def _new_key(subject: UUID) -> str:
    written(INSERT, (subject, Fernet.generate_key().decode()))
    key = _key(subject)
    if key is None:
        raise KeyErased(KeyErased.__doc__)
    return key
