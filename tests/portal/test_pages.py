"""Every page: one heading, labels, captions, no script and no inline style; faults have a page of their own."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from config.faults import server_error
from tests.portal.visitors import Visitor, upload

ROOMS = (
    "",
    "promises/",
    "versions/",
    "months/2026-10/",
    "months/2026-11/",
    "months/2026-10/claim/",
    "claims/",
    "credit/",
    "people/",
)
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/", "/invitation/guessed/")
SIGNED_IN = ("/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/")


class Faults(HTMLParser):
    """Reads a page and notes what a person without eyes or mouse would stumble over."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.headings, self.ids, self.labelled, self.fields = 0, [""], set[str](), list[str]()
        self.tables, self.captioned, self.section_has_heading = 0, 0, False
        self.feed(page)
        self._judge(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        self.ids += [told["id"]] if "id" in told else []
        self.found += [f"inline style on {tag}"] if "style" in told else []
        self.found += [f"script: {tag}"] if tag == "script" or any(name.startswith("on") for name in told) else []
        if tag == "label":
            self.labelled.add(told.get("for", ""))
        if tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self.fields.append(told.get("id", ""))
        self._table(tag)

    def _table(self, tag: str) -> None:
        if tag in ("section", "main"):
            self.section_has_heading = False
        elif tag == "h2":
            self.section_has_heading = True
        elif tag == "table":
            self.tables += 1
            self.captioned += self.section_has_heading
        elif tag == "caption":
            self.captioned += not self.section_has_heading

    def _judge(self, page: str) -> None:
        if self.headings != 1:
            self.found.append(f"{self.headings} h1")
        self.found += [f"no label for {one!r}" for one in self.fields if one not in self.labelled]
        self.found += [f"id {one!r} twice" for one in sorted({one for one in self.ids if self.ids.count(one) > 1})]
        if self.captioned < self.tables:
            self.found.append("a table without heading or caption")
        if '<html lang="en">' not in page:
            self.found.append("no language")
        if not re.search(r"<title>[^<]*\w[^<]*</title>", page):
            self.found.append("no title")


@pytest.fixture
def busy(ada: Visitor, max_: Visitor) -> Visitor:
    """Ada, with a claim, a key and somebody in her account."""
    ada.filed(evidence=upload(), words="It was down.")
    ada.post("keys/create/", name="export")
    return ada


def pages(person: Visitor) -> Iterator[tuple[str, Client]]:
    claim = re.search(r"claims/[0-9a-f-]{36}/", person.get("claims/").content.decode())
    assert claim
    yield from ((person.address(room), person.client) for room in (*ROOMS, claim[0]))
    yield from ((page, person.client) for page in SIGNED_IN)
    yield from ((page, Client()) for page in OUTSIDE)


def test_every_page_can_be_read_by_anybody_and_runs_no_script(busy: Visitor) -> None:
    for page, client in pages(busy):
        response = client.get(page)
        assert Faults(response.content.decode()).found == [], page
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, page
        assert "unsafe" not in policy, page


def test_a_page_with_errors_is_as_readable(busy: Visitor) -> None:
    response = busy.file(times="never")

    assert Faults(response.content.decode()).found == []
    assert 'aria-invalid="true"' in response.content.decode()
    assert 'aria-describedby="id_times_helptext' in response.content.decode()


def refusals(person: Visitor) -> Iterator[tuple[str, str]]:
    """Send each form with something wrong in it; tell what is to be mended, and the page."""
    claim = re.search(r"claims/[0-9a-f-]{36}/", person.get("claims/").content.decode())
    assert claim
    key = uuid4()
    told = {
        "id_times": (person.address("months/2026-10/claim/"), {"key": key, "times": "never"}),
        "id_evidence": (person.address(f"{claim[0]}add/"), {"key": key, "evidence": upload(content=b"MZ" + bytes(9))}),
        "withdraw_sure": (person.address(f"{claim[0]}withdraw/"), {"key": key}),
        "id_email": (person.address("people/invite/"), {"email": "nobody", "role": "member"}),
        "id_name": (person.address("keys/create/"), {"name": ""}),
        "id_oldpassword": ("/accounts/password/change/", {"oldpassword": ""}),
    }
    yield from ((field, person.client.post(*sent).content.decode()) for field, sent in told.items())
    yield "id_login", Client().post("/accounts/login/", {"login": "", "password": "x"}).content.decode()


def test_what_is_to_be_mended_has_the_focus_and_leads_to_its_fields(busy: Visitor) -> None:
    for field, page in refusals(busy):
        assert Faults(page).found == [], field
        assert re.findall("<[^>]*autofocus[^>]*>", page) == re.findall(
            '<[^>]* role="alert" tabindex="-1" autofocus>', page
        ), field
        assert page.count("autofocus") == 1, field
        assert re.search(f'<li><a href="#{field}">[^<]+</a>: [^<]+</li>', page), field
        assert f'id="{field}"' in page, field


def test_the_checker_finds_faults() -> None:
    page = '<html><title></title><input name="a"><table></table><p style="x"><p id="i"><p id="i" onclick="x">'

    assert Faults(page).found == [
        "inline style on p",
        "script: p",
        "0 h1",
        "no label for ''",
        "id 'i' twice",
        "a table without heading or caption",
        "no language",
        "no title",
    ]


def test_what_is_not_there_is_told_in_the_portals_own_face(ada: Visitor) -> None:
    response = ada.client.get("/nowhere/")

    assert response.status_code == 404
    assert "portal/style.css" in response.content.decode()
    assert "There is no such page, or it is not open to you." in response.content.decode()


def test_a_fault_of_ours_says_what_to_do_and_needs_no_database() -> None:
    response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "What you sent may not have been saved." in response.content.decode()


def test_a_form_from_another_sign_in_is_refused_in_words(ada: Visitor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(ada.address("months/2026-10/claim/"), {"key": uuid4()})

    assert response.status_code == 403
    assert "nothing was saved" in response.content.decode()


def test_the_desk_has_a_policy_that_its_scripts_can_live_with(client: Client, db: None) -> None:
    assert "script-src 'self' 'unsafe-inline'" in client.get("/admin/login/")["Content-Security-Policy"]


def test_bills_leave_as_csv(ada: Visitor) -> None:
    response = ada.get("credit.csv")

    assert response["Content-Disposition"] == 'attachment; filename="credit-acme.csv"'
    assert response.content.decode().splitlines() == [
        "cycle,account,currency,gross,credit_applied,remainder",
        "2026-10,acme,USD,200.00,0.00,200.00",
    ]
