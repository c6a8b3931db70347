"""Every page of the desk says where one is, and what of it is the content: for screen readers and the keyboard."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.claims.desk.conftest import Desk
from tests.personas import ACME

CRUMBS: Final = re.compile(r'<nav aria-label="Where you are">(.*?)</nav>', re.DOTALL)


class Landmarks(HTMLParser):
    """Collects the landmarks and headings of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Note a tag."""
        if tag in {"main", "h1"}:
            self.found.append(tag)


def crumbs(page: str) -> list[str]:
    """Read the way from the desk to a page."""
    [nav] = CRUMBS.findall(page)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<li>(.*?)</li>", nav, re.DOTALL)]


def lists() -> Iterator[str]:
    """Name every list of the desk, and its own pages beside them."""
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        yield name
    yield from ("index", "eventstore_log", "password_change")


@pytest.mark.parametrize("name", list(lists()))
def test_every_page_of_the_desk_has_one_main_part_one_heading_and_a_way_past_the_sidebar(
    desk: Desk, claim: UUID, name: str
) -> None:
    desk.user.is_superuser = True
    desk.user.save()
    page = desk.text(name)
    assert sorted(Landmarks(page).found) == ["h1", "main"]
    assert '<main id="content"' in page
    assert page.index('href="#content"') < page.index('id="nav-sidebar"')


def test_a_claims_page_and_the_forms_that_act_on_it_have_their_main_part(desk: Desk, claim: UUID) -> None:
    for name in ("change", "ask", "move_deadline"):
        assert sorted(Landmarks(desk.text(f"claims_claim_{name}", claim)).found) == ["h1", "main"], name


def test_no_step_of_the_way_to_a_page_is_named_twice(desk: Desk, claim: UUID) -> None:
    assert crumbs(desk.text("claims_claim_changelist")) == ["Desk", "Claims"]
    assert crumbs(desk.text("claims_claim_change", claim)) == ["Desk", "Claims"]
    assert crumbs(desk.text("claims_statement_changelist")) == ["Desk", "Statements"]
    assert crumbs(desk.text("index")) == ["Desk"]


def test_the_sign_in_of_the_desk_has_a_main_part(db: None) -> None:
    page = Client().get(reverse("admin:login"), follow=True).content.decode()
    assert "main" in Landmarks(page).found


def test_a_pages_title_names_what_is_on_it(desk: Desk, claim: UUID) -> None:
    def title(page: str) -> str:
        [found] = re.findall(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)
        return str(found)

    assert title(desk.text("claims_claim_changelist")) == "Claims | Makegood"
    assert title(desk.text("customers_account_change", ACME)) == "acme | Makegood"
