"""Nobody fills the temporary directory: a body that its page does not take is refused unread."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from config.whole_body import LONGEST_FORM, whole

FILES = 200_000_000


def taking(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"taken"]


def status_of(path: str, length: int) -> int:
    """Tell how a request is answered that announces so many bytes and sends none."""
    said: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]], *_: object) -> Any:
        said.append(status)

    environ = {"PATH_INFO": path, "CONTENT_LENGTH": str(length), "wsgi.input": BytesIO()}
    list(whole(taking, files=FILES)(environ, start))
    return int(said[0].split()[0])


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/accounts/login/", LONGEST_FORM, 200),
        ("/accounts/login/", LONGEST_FORM + 1, 413),
        ("/accounts/login/", 150_000_000, 413),
        ("/admin/login/", 150_000_000, 413),
        ("/invitation/token/", 150_000_000, 413),
        ("/", 150_000_000, 413),
        ("/a/0192/months/2026-10/claim/", 150_000_000, 200),
        ("/a/0192/months/2026-10/claim/", FILES + LONGEST_FORM + 1, 413),
        ("/admin/customers/usage/import/", 50_000_000, 200),
        ("/admin/customers/usage/import/", FILES + LONGEST_FORM + 1, 413),
        ("/api/v1/claims", 10 * FILES, 200),
    ],
)
def test_a_body_is_refused_unread_where_its_page_does_not_take_it(path: str, length: int, status: int) -> None:
    assert status_of(path, length) == status
