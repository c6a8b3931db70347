"""Chromium for tests, with Django's ORM usable beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections
from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
BESIDE_A_LOOP: Final = "DJANGO_ALLOW_ASYNC_UNSAFE"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Chromium.

    Playwright's loop runs in this thread, and while it does Django keeps connections of their own, which nobody sees
    afterwards: they are closed here, or they would outlive the test and be used by the next one with a browser.
    """
    os.environ[BESIDE_A_LOOP] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            try:
                yield browser
            finally:
                connections.close_all()
                browser.close()
    finally:
        del os.environ[BESIDE_A_LOOP]
