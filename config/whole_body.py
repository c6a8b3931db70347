"""A body that is cut off is no shorter body: half a file would be evidence, half a line another amount."""

from collections.abc import Iterable
from math import inf
from typing import Any, Final, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Stream(Protocol):
    """What a server hands a body over as."""

    def read(self, size: int = -1, /) -> bytes:
        """Give so many bytes, or all."""
        ...

    def readline(self, size: int = -1, /) -> bytes:
        """Give a line, or so many bytes of it."""
        ...


class WholeBody:
    """A body that tells where it ends before the length that was announced."""

    def __init__(self, stream: Stream, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes, or all. Errors: ConnectionError."""
        return self._counted(self._stream.read(size), size)

    def readline(self, size: int = -1, /) -> bytes:
        """Read a line, or so many bytes of it. Errors: ConnectionError."""
        line = self._stream.readline(size)
        return self._counted(line, len(line) if line.endswith(b"\n") else size)

    def _counted(self, read: bytes, size: int) -> bytes:
        self._left -= len(read)
        wanted = self._left > 0 if size < 0 else len(read) < size
        if wanted and self._left > 0:
            raise ConnectionError("the body ended before its length")
        return read


# A form without files; Django takes no longer one either. Pages that take files lie below these.
LONGEST_FORM: Final = 2_621_440
TAKING_FILES: Final = ("/a/", "/admin/")
SIGN_IN: Final = "/admin/login/"
# The API has a bound for each of its addresses, and answers in its own words.
BOUNDED: Final = "/api/"


def whole(application: WSGIApplication, *, files: int) -> WSGIApplication:
    """Hand an application whole bodies only; to Django one that ends early is unreadable.

    One that is longer than its page takes, or than `files` bytes of files, is refused unread: Django
    would store it in a temporary file before it asks who sends it.
    """

    def handed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length: Any = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit():
            if int(length) > _most(environ["PATH_INFO"], files):
                start_response("413 Content Too Large", [("Content-Type", "text/plain; charset=utf-8")])
                return [b"This is larger than this address takes.\n"]
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return handed


def _most(path: str, files: int) -> float:
    if path.startswith(BOUNDED):
        return inf
    return LONGEST_FORM + (files if path.startswith(TAKING_FILES) and path != SIGN_IN else 0)
