"""A body that is cut off on the way is refused, and the same request may be sent again whole."""

from collections.abc import Iterable
from importlib import import_module
from io import BytesIO
from typing import Any, Final
from wsgiref.types import WSGIApplication

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.whole_body import WholeBody
from tests.api.programs import BASE, JSON, PROBLEM, Program

FORM: Final = encode_multipart(BOUNDARY, {"month": "2026-10", "words": "We were down for two days."})
USAGE: Final = b"account,month,amount\nacme,2026-10,300.00\n"


@pytest.fixture
def served_by(monkeypatch: pytest.MonkeyPatch) -> WSGIApplication:
    """Give the application that the server serves."""
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "set")
    found: WSGIApplication = import_module("config.wsgi").application
    return found


def served(
    application: WSGIApplication, program: Program, path: str, body: bytes, kind: str, *, arrived: int
) -> tuple[int, bytes, str]:
    """Let the server's application answer a body of which only so much arrived; the test's connection stays open."""
    factory = RequestFactory(headers={"Authorization": f"Bearer {program.key}", "Idempotency-Key": "once"})
    environ: dict[str, Any] = factory.generic("POST", BASE + path, body, content_type=kind).environ
    environ["wsgi.input"] = BytesIO(body[:arrived])
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
        started.append((status, headers))

    request_started.disconnect(close_old_connections)
    answer: Iterable[bytes] = application(environ, start)
    request_started.connect(close_old_connections)
    ((status, headers),) = started
    return int(status.split()[0]), b"".join(answer), dict(headers)["Content-Type"]


@pytest.mark.parametrize(
    ("path", "body", "kind", "arrived"),
    [
        ("claims", FORM, MULTIPART_CONTENT, len(FORM) - 60),
        ("claims", b'{"month": "2026-10"}  ', JSON, 20),
        ("claims", b'{"month": "2026-10"}', JSON, 0),
    ],
)
def test_a_filing_that_is_cut_off_is_not_filed_and_may_be_sent_again(
    served_by: WSGIApplication, acme: Program, path: str, body: bytes, kind: str, arrived: int
) -> None:
    status, answer, content_type = served(served_by, acme, path, body, kind, arrived=arrived)
    assert (status, content_type) == (400, PROBLEM)
    assert b'"code":"body_cut_off"' in answer
    assert acme.get("claims").json()["items"] == []
    assert served(served_by, acme, path, body, kind, arrived=len(body))[0] == 201


def test_a_file_of_usage_that_is_cut_off_sets_no_other_amount(
    served_by: WSGIApplication, billing: Program, acme: Program
) -> None:
    before = acme.get("usage").json()
    status, answer, _ = served(served_by, billing, "usage/import", USAGE, "text/csv", arrived=len(USAGE) - 5)
    assert (status, b'"code":"body_cut_off"' in answer) == (400, True)
    assert acme.get("usage").json() == before
    assert served(served_by, billing, "usage/import", USAGE, "text/csv", arrived=len(USAGE))[0] == 200
    assert acme.get("usage").json()["items"][0]["amount"]["amount"] == "300.00"


def test_a_body_is_read_in_pieces_and_lines_up_to_its_length() -> None:
    body = WholeBody(BytesIO(b"one\ntwo\nthree"), 13)
    assert [body.read(2), body.readline(), body.readline(100), body.read(3), body.read()] == [
        b"on",
        b"e\n",
        b"two\n",
        b"thr",
        b"ee",
    ]
    assert (body.read(), body.readline(), body.read(5)) == (b"", b"", b"")


@pytest.mark.parametrize("read", ["read", "readline"])
@pytest.mark.parametrize("size", [-1, 50])
def test_a_body_that_ends_early_is_told(read: str, size: int) -> None:
    body = WholeBody(BytesIO(b"on"), 13)
    with pytest.raises(ConnectionError, match="ended before its length"):
        getattr(body, read)(size)
