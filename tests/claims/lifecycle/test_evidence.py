"""Evidence: looked at and not believed, limited, stored under a name that nobody can guess, outside the web root."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims import evidence
from claims.commands.claims.evidence import add_evidence
from claims.errors import (
    EvidenceDamaged,
    EvidenceEmpty,
    EvidenceLost,
    EvidenceTooLarge,
    EvidenceTypeRefused,
    TooMuchEvidence,
)
from claims.evidence import KeptFile
from claims.queries import claims as queries
from eventstore import NotFound, history
from tests.claims.october import MONDAY_9TH, filed, sent
from tests.personas import ACME, ACMES_BUYER, RIVAL

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
LOG = "2026-10-20T10:00Z GET / 502 — timed out\n".encode()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def kept(content: bytes, name: str = "errors.log") -> KeptFile:
    return evidence.keep(SimpleUploadedFile(name, content), name=name, account=ACME)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 64, "image/jpeg"),
        (b"GIF89a" + b"\x00" * 64, "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 64, "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (LOG, "text/plain"),
        (json.dumps({"down": True}).encode(), "text/plain"),
        ("\ufeffZeit;Status\r\n".encode(), "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),  # served as plain text and as an attachment only
    ],
)
def test_the_type_is_what_the_content_is(content: bytes, media_type: str) -> None:
    assert kept(content, "whatever.exe").media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"\x00" * 100,  # a program
        b"PK\x03\x04" + b"\x00" * 100,  # an archive
        b"\x1f\x8b\x08" + b"\x00" * 100,
        b"text with a NUL\x00 in it",
        b"\xff\xfe\xfa not UTF-8",
    ],
)
def test_what_is_no_picture_pdf_or_text_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(EvidenceTypeRefused):
        kept(content, "screenshot.png")


def test_a_file_is_neither_empty_nor_larger_than_allowed(settings: Any) -> None:
    settings.MAKEGOOD_EVIDENCE_BYTES = 100
    assert kept(b"x" * 100).size == 100
    with pytest.raises(EvidenceTooLarge):
        kept(b"x" * 101)
    with pytest.raises(EvidenceEmpty):
        kept(b"")


class Endless:
    """An upload that says nothing about its size and never ends."""

    def chunks(self) -> Any:
        while True:
            yield b"x" * 65_536


def test_an_endless_upload_is_cut_off(settings: Any) -> None:
    settings.MAKEGOOD_EVIDENCE_BYTES = 1_000_000
    with pytest.raises(EvidenceTooLarge):
        evidence.keep(Endless(), name="endless.log", account=ACME)


def test_the_stored_name_says_nothing_and_is_another_for_each_account(files: Path) -> None:
    ours, theirs = kept(LOG), evidence.keep(SimpleUploadedFile("a", LOG), name="a", account=RIVAL)
    assert ours.stored_as != theirs.stored_as
    assert ours.sha256 not in ours.stored_as
    paths = [path for path in files.rglob("*") if path.is_file()]
    assert len(paths) == 2
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


def test_the_same_content_again_is_the_same_file(files: Path) -> None:
    assert kept(LOG) == kept(LOG)
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\logs\\errors.log", "errors.log"),
        ("../../etc/passwd", "passwd.txt"),
        ("a\r\nSet-Cookie: x.log", "aSet-Cookie: x.log"),
        ("", "evidence.txt"),
        ("x" * 500, "x" * 196 + ".txt"),
    ],
)
def test_a_name_is_only_for_people_to_read(given: str, shown: str) -> None:
    assert evidence.keep(_upload(LOG), name=given, account=ACME).name == shown


@pytest.mark.parametrize(
    ("content", "given", "shown"),
    [
        (LOG, "invoice.hta", "invoice.hta.txt"),
        (LOG, "log.bat", "log.bat.txt"),
        (LOG, "report.html", "report.html.txt"),
        (LOG, "ERRORS.LOG", "ERRORS.LOG"),
        (LOG, "checks.csv", "checks.csv"),
        (PNG, "x.png.js", "x.png.js.png"),
        (PNG, "screen.png", "screen.png"),
    ],
)
def test_a_name_ends_as_its_content_does(content: bytes, given: str, shown: str) -> None:
    assert kept(content, given).name == shown


def _upload(content: bytes) -> Any:
    return SimpleUploadedFile("x", io.BytesIO(content).getvalue())


def test_a_file_that_was_kept_under_any_name_is_handed_out_under_a_harmless_one(october_closed: None) -> None:
    claim = filed(sent(evidence=(replace(kept(LOG), name="invoice.hta"),)))
    (listed,) = queries.claim(claim).evidence
    assert queries.evidence_content(claim, listed.id).name == "invoice.hta.txt"


def test_a_claims_file_is_read_by_its_owner_and_operators_only(october_closed: None) -> None:
    claim = filed(sent(evidence=(kept(LOG),)))
    (listed,) = queries.claim(claim).evidence
    content = queries.evidence_content(claim, listed.id, account=ACME)
    assert (content.name, content.media_type, content.content) == ("errors.log", "text/plain", LOG)
    assert queries.evidence_content(claim, listed.id).content == LOG
    with pytest.raises(NotFound):
        queries.evidence_content(claim, listed.id, account=RIVAL)
    with pytest.raises(NotFound):
        queries.evidence_content(claim, claim, account=ACME)


def test_a_file_that_was_changed_or_removed_on_disk_is_noticed(october_closed: None) -> None:
    stored = kept(LOG)
    claim = filed(sent(evidence=(stored,)))
    (listed,) = queries.claim(claim).evidence
    path = evidence.path_of(stored.stored_as)
    path.write_bytes(LOG + b"more")
    with pytest.raises(EvidenceDamaged):
        queries.evidence_content(claim, listed.id)
    path.unlink()
    with pytest.raises(EvidenceLost):
        queries.evidence_content(claim, listed.id)


def test_a_damaged_file_that_is_sent_again_is_whole_again(files: Path) -> None:
    stored = kept(LOG)
    evidence.path_of(stored.stored_as).write_bytes(LOG[:-1])
    assert kept(LOG) == stored
    assert evidence.content_of(stored.stored_as, stored.sha256) == LOG


def test_names_are_sealed_and_hashes_are_in_the_event(october_closed: None) -> None:
    stored = kept(LOG, "Ada Lovelace.log")
    (recorded,) = history(filed(sent(evidence=(stored,))))
    assert "Lovelace" not in recorded.payload
    assert stored.sha256 in recorded.payload


def test_a_claim_holds_a_limited_number_of_files(october_closed: None) -> None:
    claim = filed()
    add_evidence(claim, files=[kept(f"{n}".encode()) for n in range(20)], by=ACMES_BUYER, now=MONDAY_9TH)
    with pytest.raises(TooMuchEvidence):
        add_evidence(claim, files=[kept(b"one more")], by=ACMES_BUYER, now=MONDAY_9TH)
