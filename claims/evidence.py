"""Files of evidence: what they are is looked at, not believed, and nobody can guess their names.

They lie under MEDIA_ROOT (MAKEGOOD_FILES), outside anything that a web server serves. The
event keeps the hash of the content, so a file that was changed on disk is noticed.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, Protocol
from uuid import UUID

import filetype
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from claims.errors import (
    EvidenceDamaged,
    EvidenceEmpty,
    EvidenceLost,
    EvidenceTooLarge,
    EvidenceTypeRefused,
)

FILES_IN_A_CLAIM: Final = 20
NAME_LENGTH: Final = 200
PLAIN_TEXT: Final = "text/plain"
ACCEPTED: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
# By which endings each is called; the first is given to a name that has none of them.
ENDINGS: Final = {
    PLAIN_TEXT: (".txt", ".log", ".csv"),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
}
_CONTROLS: Final = frozenset(range(32)) - {9, 10, 12, 13, 27}


class Upload(Protocol):
    """A file as a form or a mail hands it over."""

    def chunks(self) -> Iterable[bytes]:
        """Give the content piece by piece."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was received, looked at and stored: what a filing says about it.

    The same content of the same account always gives the same value, so that a request that
    is repeated means the same.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


def keep(upload: Upload, *, name: str, account: UUID) -> KeptFile:
    """Store a file of evidence for an account.

    Errors, with the file's name: EvidenceEmpty, EvidenceTooLarge, EvidenceTypeRefused.
    """
    called = _plain_name(name)
    try:
        content = _read(upload)
        media_type = sniffed(content)
    except (EvidenceEmpty, EvidenceTooLarge, EvidenceTypeRefused) as error:
        raise type(error)(f"“{called}”: {error.sentence}") from error
    digest = sha256(content).hexdigest()
    stored_as = _secret_name(account, digest)
    _store(path_of(stored_as), content)
    return KeptFile(ended(called, media_type), media_type, len(content), digest, stored_as)


def examine(upload: Upload) -> None:
    """Look at a file as `keep` does, and store nothing. Errors: as `keep`, without the name."""
    sniffed(_read(upload))


def _read(upload: Upload) -> bytes:
    """Read no more than evidence may be large."""
    parts, size, most = [], 0, settings.MAKEGOOD_EVIDENCE_BYTES
    for part in upload.chunks():
        size += len(part)
        if size > most:
            raise EvidenceTooLarge(f"The file is larger than {filesizeformat(most)}.")
        parts.append(part)
    if not size:
        raise EvidenceEmpty
    return b"".join(parts)


def sniffed(content: bytes) -> str:
    """Tell what the content is, whatever it is called. Errors: EvidenceTypeRefused."""
    kind = filetype.guess_mime(content)
    if kind in ACCEPTED:
        return str(kind)
    if kind is None and _is_text(content):
        return PLAIN_TEXT
    raise EvidenceTypeRefused


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return _CONTROLS.isdisjoint(content)


def _plain_name(name: str) -> str:
    """Take the last part of a name, without control characters, for a person to read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable()).strip()[:NAME_LENGTH] or "evidence"


def ended(name: str, media_type: str) -> str:
    """Let a name end as its content does: text that is called `invoice.hta` would run where it is opened."""
    endings = ENDINGS[media_type]
    return name if name.lower().endswith(endings) else name[: NAME_LENGTH - len(endings[0])].rstrip() + endings[0]


def _secret_name(account: UUID, digest: str) -> str:
    """Make a name that only this installation can make."""
    told = f"evidence {account} {digest}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, sha256).hexdigest()


def path_of(stored_as: str) -> Path:
    """Tell where a stored file lies."""
    return Path(settings.MEDIA_ROOT) / "evidence" / stored_as[:2] / stored_as


def _store(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, readable by this program only; one that was damaged is written anew."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def content_of(stored_as: str, digest: str) -> bytes:
    """Read a stored file. Errors: EvidenceLost, EvidenceDamaged."""
    try:
        content = path_of(stored_as).read_bytes()
    except FileNotFoundError as error:
        raise EvidenceLost from error
    if sha256(content).hexdigest() != digest:
        raise EvidenceDamaged
    return content
