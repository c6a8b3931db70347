"""The whole filing flow in Chromium on a phone: sign in, file with a mistake, mend it, follow, add, take back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from claims.models.claim import Claim
from customers.models import Role
from tests.browsers import chromium
from tests.personas import ACME
from tests.portal.conftest import visitor
from tests.portal.visitors import LOG, PASSWORD

PHONE = {"width": 390, "height": 844}
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def phone(site: str) -> Iterator[Page]:
    """Open Chromium as wide as a phone."""
    with chromium() as browser:
        page = browser.new_page(base_url=site, viewport=PHONE)  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        yield page


def fits(page: Page) -> Page:
    """Make sure that nothing is wider than the phone."""
    assert not page.evaluate(WIDER_THAN_THE_SCREEN), page.url
    return page


@pytest.mark.browser
def test_a_customer_files_follows_and_takes_back_a_claim_on_a_phone(
    phone: Page, october_closed_for_real: None, tmp_path: Path
) -> None:
    visitor("Ada", ACME, Role.OWNER)
    refusals: list[str] = []
    phone.on("console", lambda told: refusals.append(told.text) if "Content Security Policy" in told.text else None)
    log = tmp_path / "failed.log"
    log.write_bytes(LOG)

    phone.goto("/")
    phone.get_by_label("Email").fill("ada@example.com")
    phone.get_by_label("Password").fill(PASSWORD)
    fits(phone).get_by_role("button", name="Sign in").click()

    fits(phone).get_by_role("link", name="Claim October 2026").click()
    times = phone.get_by_label("When the service was down for you")
    expect(times).to_have_value("2026-10-20 10:00 to 2026-10-22 07:00")
    times.fill("the 20th and the 21st")
    phone.get_by_label("Anything else we should know").fill("Our checkout failed.")
    fits(phone).get_by_role("button", name="File the claim").click()

    problem = phone.get_by_role("alert")
    expect(problem).to_contain_text("“the 20th and the 21st”) is no stretch of time")
    expect(problem).to_be_focused()
    problem.get_by_role("link", name="When the service was down for you").click()
    expect(phone.get_by_label("Anything else we should know")).to_have_value("Our checkout failed.")
    fits(phone).get_by_label("When the service was down for you").fill("2026-10-20 10:00 to 2026-10-22 07:00")
    phone.get_by_label("Evidence").set_input_files(log)
    phone.get_by_role("button", name="File the claim").dblclick()

    expect(phone.get_by_text("Your claim has arrived").first).to_be_visible()
    assert Claim.objects.get().state == "filed"
    with phone.expect_download() as saved:
        fits(phone).get_by_role("link", name="failed.log").click()
    assert Path(saved.value.path()).read_bytes() == LOG

    phone.get_by_label("When the service was down for you").fill("2026-10-25 10:00 to 10:30")
    phone.get_by_role("button", name="Add to the claim").click()
    expect(phone.get_by_text("Times added")).to_be_visible()
    phone.get_by_text("Withdraw this claim").click()
    phone.get_by_label("Yes, take this claim back").check()
    fits(phone).get_by_role("button", name="Withdraw the claim").click()
    expect(phone.get_by_role("link", name="Claim October 2026 again")).to_be_visible()
    assert Claim.objects.get().state == "withdrawn"

    fits(phone).get_by_text("Ada", exact=True).click()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    assert refusals == []
