"""The desk in Chromium: an operator goes from the first page to a decision, by keyboard where that matters."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from claims.queries.desk import claims_on_desk
from kernel.ids import derived
from notices.commands import mail_id, queue_mail
from tests.browsers import chromium
from tests.claims import october
from tests.claims.desk.conftest import operator
from tests.claims.statements.scenes import month_of
from tests.notices.letters import FILED

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(database: object, at_the_desk: datetime) -> Iterator[None]:
    """October is closed and Acme claims it; Mira can sign in."""
    with october.measured_by(m2026_10=month_of(october.OUTAGE_MINUTES)):
        october.publish()
        october.open_accounts(acme="pro")
        october.use("200")
        october.close()
        october.filed()
        operator("Mira")
        yield


@pytest.fixture
def browser(scene: None) -> Iterator[Browser]:
    """Open Chromium."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def signed_in(browser: Browser, site: str) -> Callable[[int], Page]:
    """Give a function that opens the desk in a window of some width."""

    def opened(width: int) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{site}/admin/")
        page.get_by_label("Email").fill("mira@provider.example")
        page.get_by_label("Password").fill("a long pass phrase")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Claims by next deadline")).to_be_visible()
        return page

    return opened


def test_an_operator_takes_a_claim_up_and_approves_it(signed_in: Callable[[int], Page]) -> None:
    page = signed_in(1280)
    expect(page.get_by_text("14 days left")).to_be_visible()
    page.get_by_role("link", name="Acme").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Acme claims October 2026")).to_be_visible()
    page.get_by_role("button", name="Take up").click()
    expect(page.get_by_text("You took the claim up.")).to_be_visible()
    page.get_by_role("link", name="Approve 50.00 USD").click()
    expect(page.get_by_text("25 % of 200.00 USD")).to_be_visible()
    page.get_by_role("button", name="Approve 50.00 USD").dblclick()
    expect(page.get_by_text("50.00 USD is approved")).to_be_visible()
    [listed] = claims_on_desk()
    assert listed.state == "approved"


def test_the_keyboard_is_at_what_can_be_done_and_at_what_is_to_be_mended(signed_in: Callable[[int], Page]) -> None:
    page = signed_in(1280)
    page.get_by_role("link", name="Acme").click()
    expect(page.get_by_role("heading", name="Acme claims October 2026")).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    skip.click(trial=True)  # fails where something lies over it
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take up")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ask the customer").click()
    expect(page.get_by_label("Ask for")).to_be_focused()
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Question")).to_be_focused()


def test_sidebar_colours_and_the_way_out_are_reached_by_keyboard(signed_in: Callable[[int], Page]) -> None:
    page = signed_in(390)
    page.get_by_role("button", name="Sidebar").press("Enter")
    expect(page.get_by_role("link", name="Entitlements")).to_be_visible()
    menu = page.get_by_role("button", name="mira@provider.example")
    menu.press("Enter")
    expect(page.get_by_role("button", name="Light")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Light")).to_be_focused()
    page.get_by_role("button", name="Dark").press("Enter")
    assert page.evaluate("document.documentElement.classList.contains('dark')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Light")).to_be_hidden()
    expect(page.get_by_role("link", name="Entitlements")).to_be_hidden()
    page.get_by_role("button", name="Sidebar").press("Enter")
    menu.press("Enter")
    page.get_by_role("button", name="Log out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_the_desk_is_wider_than_its_window(signed_in: Callable[[int], Page], site: str, width: int) -> None:
    page = signed_in(width)
    addresses = [page.url]
    page.get_by_role("link", name="Acme").click()
    key = derived("a mail")
    queue_mail(key=key, to=["ada@acme.example"], notice=FILED, now=october.MONDAY_9TH)
    mail = reverse("admin:notices_mail_change", args=[mail_id(key, "ada@acme.example")])
    addresses += [page.url, f"{site}{mail}"]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
