"""Waiting for what another process or thread does: until it is so, never for a fixed time."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")
_never = Event()


def eventually(look: Callable[[], T], *, within: float = 20) -> T:
    """Look again and again until something true is seen, and give it; fail after `within` seconds."""
    ends = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > ends:
            raise AssertionError(f"not so after {within} seconds: {look}")
        _never.wait(0.02)
    return seen
