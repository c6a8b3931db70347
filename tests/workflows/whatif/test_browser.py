"""What if in a browser: asked for, watched, opened, at a desk's width and a phone's, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from agreements import queries
from customers.models import User
from tests.browsers import chromium
from tests.workflows.whatif.scenes import OCTOBER, SEPTEMBER, STRICT, account, draft, observed, uses
from workflows.tasks import run_what_if
from workflows.whatif import kept

pytestmark = pytest.mark.browser

WIDE: Final = 1280
PHONE: Final = 390


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Open Chromium on a desk with September and October measured."""
    queries.forget()
    cache.clear()
    observed(SEPTEMBER, OCTOBER, minutes=60)
    for number, tier in (("acme", "pro"), ("globex", "enterprise"), ("rival", "basic"), ("hooli", "pro")):
        found = account(number, tier)
        if number != "hooli":
            uses(found, "1234.50", SEPTEMBER, OCTOBER)
    User.objects.create_superuser("mira@provider.example", "a long pass phrase", name="Mira")
    with chromium() as opened:
        yield opened
    cache.clear()
    queries.forget()


def signed_in(browser: Browser, site: str, width: int, *, scheme: Literal["light", "dark"] = "light") -> Page:
    """Sign Mira in on a screen of this width."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill("mira@provider.example")
    page.locator("input[name=password]").fill("a long pass phrase")
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_load_state()
    return page


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_draft_is_asked_for_watched_and_opened(
    browser: Browser, site: str, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(draft(*STRICT), encoding="utf-8")
    page = signed_in(browser, site, width, scheme=scheme)
    page.goto(f"{site}/admin/what-if/")
    assert fits(page)
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_label("First month").fill("2026-09")
    page.get_by_label("Last month").fill("2026-10")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_url("**/admin/what-if/*/")
    assert page.get_by_text("It waits for a worker").is_visible()
    assert fits(page)
    (run,) = kept.newest()
    run_what_if(run.number)
    page.get_by_role("heading", name="It is done").wait_for()
    assert fits(page)
    page.goto(f"{site}/admin/what-if/{run.number}/report/")
    assert page.get_by_role("heading", name="Customers most concerned").is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert fits(page)
