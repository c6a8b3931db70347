"""An explanation in Chromium: read on a phone, opened by keyboard without a script, in light and in dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from customers.models import Role
from tests.browsers import chromium
from tests.personas import ACME
from tests.portal.conftest import visitor
from tests.portal.test_on_a_phone import PHONE, fits
from tests.portal.visitors import PASSWORD

# How bright a colour is, of 255: what is written has to stand out from what it is written on.
BRIGHTNESS = """selector => {
  const seen = (element, name) => getComputedStyle(element)[name].match(/[\\d.]+/g).map(Number);
  const bright = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const element = document.querySelector(selector);
  return [bright(seen(element, "color")), bright(seen(element.closest(".card"), "backgroundColor"))];
}"""


@pytest.fixture(params=["light", "dark"])
def phone(site: str, october_closed_for_real: None, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Sign Ada in on a phone."""
    visitor("Ada", ACME, Role.OWNER)
    with chromium() as browser:
        page = browser.new_page(base_url=site, viewport=PHONE, color_scheme=request.param)  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        page.goto("/")
        page.get_by_label("Email").fill("ada@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("link", name="Months", exact=True)).to_be_visible()
        yield page


@pytest.mark.browser
def test_a_step_opens_by_keyboard_and_fits_a_phone(phone: Page) -> None:
    phone.goto(f"/a/{ACME}/months/2026-10/")
    down = phone.get_by_text("2,700 minutes were down, and nothing excuses them.")
    expect(phone.get_by_text("93.951612… % misses the target of at least 99.5 % for Pro.")).to_be_visible()
    expect(down).to_be_hidden()

    for step in ("Share of good minutes", "Down"):
        phone.locator("summary", has=phone.locator(".rule", has_text=step)).last.focus()
        phone.keyboard.press("Enter")
    expect(down).to_be_visible()
    fits(phone)

    phone.locator("#dates summary").first.focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Day 30 is Saturday, 21 November 2026.")).to_be_visible()
    fits(phone)


@pytest.mark.browser
def test_rule_and_result_stand_out_in_light_and_dark(phone: Page) -> None:
    phone.goto(f"/a/{ACME}/months/2026-10/")
    for part in (".rule", "strong", ".told p", ".clause", "dt"):
        ink, paper = phone.evaluate(BRIGHTNESS, f".explanation {part}")
        assert abs(ink - paper) > 110, (part, ink, paper)
