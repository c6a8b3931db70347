"""Personal text in events: encrypted under a key per subject, erased by erasing the key.

The hash of an event covers the ciphertext, so history stays provable after the
text is gone; a field whose key is gone reads as ERASED, in rows as in replay.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.fernet import Fernet
from django.db import connection

ERASED: Final = "(erased)"


@dataclass(frozen=True, slots=True)
class Private:
    """A text that must be erasable; `token` is what the log stores."""

    subject: UUID
    token: str

    @classmethod
    def seal(cls, text: str, *, subject: UUID) -> "Private":
        """Encrypt a text under the subject's key, which is made where there is none."""
        return cls(subject, Fernet(_key_or_new(subject)).encrypt(text.encode()).decode())

    def reveal(self) -> str:
        """Return the text, or ERASED where the subject's key is gone."""
        key = _key(self.subject)
        return Fernet(key).decrypt(self.token).decode() if key else ERASED


def erase(subject: UUID) -> None:
    """Destroy the subject's key, and with it every private text about them, for ever."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM subject_keys WHERE subject = %s", [subject])


def _key(subject: UUID) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM subject_keys WHERE subject = %s", [subject])
        row = cursor.fetchone()
    return row[0] if row else None


def _key_or_new(subject: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subject_keys (subject, key, made_at) VALUES (%s, %s, clock_timestamp())"
            " ON CONFLICT (subject) DO NOTHING",
            [subject, Fernet.generate_key().decode()],
        )
    key = _key(subject)
    if key is None:  # erased between the two statements: the text must not outlive that
        raise LookupError(f"the key of {subject} was erased just now")
    return key
