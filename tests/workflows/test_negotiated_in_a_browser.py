"""Negotiated terms in Chromium, from a phone to a wide screen: drafted with a mistake, mended, agreed; read by Ada."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, Page, expect

from agreements import overrides, queries
from agreements.standing import Standing
from customers.models import User
from kernel.ids import derived
from tests.browsers import chromium
from tests.personas import ACME
from tests.portal.visitors import PASSWORD
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA
from tests.workflows.test_announcing_negotiated import BEGINS, DRAFTED, TEXT, attend

MIRA = "mira@makegood.example"
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > window.innerWidth"
FAULTY = TEXT.replace("{pro: 99.9%}", "{prom: 99.9%}")


@pytest.fixture
def browser(october_told: None, follow: Follow) -> Iterator[Browser]:
    """Let Mira and Ada have passwords, and open Chromium on 10 November 2026."""
    for email in (MIRA, ADA):
        user = User.objects.get(email=email)
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    follow(DRAFTED)
    with chromium() as opened:
        yield opened
    queries.forget()


def fits(page: Page) -> Page:
    """Make sure that nothing is wider than the screen."""
    assert not page.evaluate(WIDER_THAN_THE_SCREEN), page.url
    return page


def at_the_desk(browser: Browser, site: str, width: int) -> Page:
    page = browser.new_page(base_url=site, viewport={"width": width, "height": 900})
    page.set_default_timeout(10_000)
    page.goto("/admin/")
    page.get_by_label("Email").fill(MIRA)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Claims by next deadline")).to_be_visible()
    return page


def at_the_portal(browser: Browser, site: str, width: int) -> Page:
    page = browser.new_page(base_url=site, viewport={"width": width, "height": 900})
    page.set_default_timeout(10_000)
    page.goto("/")
    page.get_by_label("Email").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_terms_are_drafted_mended_agreed_and_read(browser: Browser, site: str, follow: Follow, width: int) -> None:
    desk = at_the_desk(browser, site, width)
    desk.goto(f"/admin/customers/account/{ACME}/change/")
    desk.get_by_role("link", name="Draft negotiated terms").click()
    fits(desk).get_by_label("Or its text").fill(FAULTY)
    desk.get_by_role("button", name="Keep as a draft").click()
    expect(desk.get_by_text("did you mean `pro`?")).to_be_visible()
    expect(fits(desk).get_by_label("Or its text")).to_have_value(FAULTY)

    desk.get_by_label("Or its text").fill(TEXT)
    desk.get_by_role("button", name="Keep as a draft").click()
    expect(desk.get_by_text("The draft is kept; the customer does not see it.")).to_be_visible()
    fits(desk).get_by_role("link", name="Note that it is agreed").click()

    fits(desk).get_by_label("Who agreed").fill("Ada Acme, head of buying")
    desk.get_by_label("Agreed on").fill("2026-11-09")
    desk.get_by_label("Where it is written").fill("Order form 17, signed by both")
    desk.get_by_role("button", name="Note it").dblclick()
    expect(desk.get_by_text("Agreed with the customer")).to_be_visible()
    fits(desk)
    assert overrides.override("apicheap", ACME, 1).standing == Standing.AGREED

    portal = at_the_portal(browser, site, width)
    fits(portal).get_by_role("link", name="See what changes").click()
    expect(portal.get_by_text("Agreed for you on 9 November 2026 by Ada Acme, head of buying")).to_be_visible()
    fits(portal).get_by_role("link", name="All versions and what they changed").click()
    expect(portal.get_by_role("heading", name="Negotiated terms 1")).to_be_visible()
    fits(portal)

    attend(BEGINS)
    follow(BEGINS + timedelta(minutes=1))
    desk.reload()
    expect(desk.get_by_text("Version 1 applies")).to_be_visible()
    fits(desk).goto(f"/admin/agreements/agreement/{derived('agreement', 'apicheap')}/change/")
    fits(desk).goto("/admin/agreements/override/")
    expect(fits(desk).get_by_text("version 1 until 2028-01-01 00:00 UTC")).to_be_visible()
    portal.goto(f"/a/{ACME}/promises/")
    expect(portal.get_by_text("published: 99.5")).to_be_visible()
    fits(portal)
