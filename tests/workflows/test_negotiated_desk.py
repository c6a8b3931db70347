"""Negotiated terms at the desk: an operator drafts, announces, notes what was agreed, withdraws; nobody edits.

It is 10 November 2026. Acme (Pro, number acme) negotiates 99.9 % from 1 January 2027 for a year.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements import commands, overrides, overriding, queries
from agreements.standing import Standing
from customers.models import Member, User
from eventstore import history
from kernel.ids import derived, new_id
from notices.queries import PATIENCE
from notices.rules import Verdict
from tests.claims.statements.scenes import terms_text
from tests.personas import ACME, MIRA, RIVAL
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA
from tests.workflows.test_announcing_negotiated import BEGINS, DRAFTED, TEXT, UNTIL, attend, hand_over
from workflows.announcing import attend_negotiated

STREAM = overrides.override_stream("apicheap", ACME)
AGREED: Final[dict[str, Any]] = {
    "who": "Ada Acme, head of buying",
    "agreed_on": "2026-11-09",
    "where": "Order form 17, signed by both",
}

RENAMED: Final = terms_text(
    ("in_force_from: 2026-03-30 ", "in_force_from: 2027-01-01 "), ("- name: uptime\n", "- name: availability\n")
)


@pytest.fixture
def desk(october_told: None, follow: Follow) -> Iterator[Client]:
    """Sign an operator in on 10 November."""
    client = Client()
    client.force_login(User.objects.get(email="mira@makegood.example"), "django.contrib.auth.backends.ModelBackend")
    follow(DRAFTED)
    yield client
    queries.forget()


@pytest.fixture
def drafted(desk: Client) -> Client:
    """Let Acme's terms be drafted."""
    overriding.draft_override(TEXT, ACME, by=MIRA, now=DRAFTED)
    return desk


def page(name: str = "change", stream: object = STREAM) -> str:
    return reverse(f"admin:agreements_override_{name}", args=[stream])


def drafting(account: object = ACME) -> str:
    return reverse("admin:agreements_override_draft", args=[account])


def text_of(answer: Any) -> str:
    """Give what a person reads."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def sent(desk: Client, address: str, *, seen: int = 1, **fields: Any) -> Any:
    return desk.post(address, {"key": new_id(), "seen": seen, **fields}, follow=True)


def standing(number: int = 1) -> Standing:
    return overrides.override("apicheap", ACME, number).standing


# An account's page leads there


def test_an_accounts_page_says_that_nothing_is_negotiated_and_where_to_begin(desk: Client) -> None:
    answer = desk.get(reverse("admin:customers_account_change", args=[ACME]))
    assert "own terms apply. Draft negotiated terms" in text_of(answer)
    assert drafting() in answer.content.decode()


def test_an_accounts_page_lists_its_versions_and_leads_to_them(drafted: Client) -> None:
    answer = drafted.get(reverse("admin:customers_account_change", args=[ACME]))
    assert "Draft 2027-01-01 00:00 2028-01-01 00:00 Order form 17, §2" in text_of(answer)
    assert f"{page()}#version-1" in answer.content.decode()


def test_an_agreements_page_names_the_accounts_with_terms_of_their_own(drafted: Client) -> None:
    address = reverse("admin:agreements_agreement_change", args=[derived("agreement", "apicheap")])
    assert "Acme nothing version 1: draft" in text_of(drafted.get(address))
    sent(drafted, page("agree"), version=1, **AGREED)
    shown = text_of(drafted.get(address))
    assert "Acme nothing version 1: agreed with the customer" in shown
    assert "Rival" not in shown


def test_the_list_tells_what_applies_now_and_what_comes(drafted: Client) -> None:
    listing = reverse("admin:agreements_override_changelist")
    assert "Acme apicheap nothing version 1: draft" in text_of(drafted.get(listing))
    assert "Acme" in text_of(drafted.get(listing, {"q": "acme"}))
    assert "version 1: draft" not in text_of(drafted.get(listing, {"q": "rival"}))


# Drafting


def test_the_form_begins_with_a_text_that_names_the_account(desk: Client) -> None:
    shown = desk.get(drafting()).content.decode()
    assert "overrides: apicheap" in shown
    assert "account: &quot;acme&quot;" in shown
    assert "in_force_from: 2026-12-01" in shown
    assert "target: {pro: 99.95%}" in shown


def test_the_text_to_begin_with_fits_the_agreement(desk: Client) -> None:
    text = desk.get(drafting()).context["form"].initial["text"]
    answer = sent(desk, drafting(), seen=0, text=text)
    assert "The draft is kept" in text_of(answer)


def test_a_pasted_text_is_kept_as_a_draft_under_the_operators_name(desk: Client) -> None:
    answer = sent(desk, drafting(), seen=0, text=TEXT.replace("\n", "\r\n"))
    assert "The draft is kept; the customer does not see it." in text_of(answer)
    assert overrides.override("apicheap", ACME, 1).text == TEXT
    assert history(STREAM)[0].actor == f"operator {User.objects.get(email='mira@makegood.example').pk}"


def test_an_uploaded_file_takes_the_place_of_the_text(desk: Client) -> None:
    file = SimpleUploadedFile("acme.yaml", TEXT.encode())
    assert "The draft is kept" in text_of(sent(desk, drafting(), seen=0, text="what stood there", file=file))
    assert overrides.override("apicheap", ACME, 1).text == TEXT


def test_a_fault_is_shown_with_its_line_and_a_caret_and_the_text_can_be_mended(desk: Client) -> None:
    faulty = TEXT.replace("{pro: 99.9%}", "{prom: 99.9%}")
    answer = sent(desk, drafting(), seen=0, file=SimpleUploadedFile("acme.yaml", faulty.encode()))
    assert answer.status_code == 422
    shown = html.unescape(answer.content.decode())
    fault = shown[shown.index('<pre class="desk-fault"') : shown.index("</pre>")]
    assert "    8 |   commitments: [{name: uptime, target: {prom: 99.9%}}]" in fault
    assert "^^^^" in fault
    assert "did you mean `pro`?" in fault
    assert "{prom: 99.9%}" in shown[shown.index("<textarea") :]
    assert overrides.every_override("apicheap", ACME) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"acme"', '"rival"', "This page is about the account 'acme'."),
        ('"acme"', '"nobody"', "There is no account 'nobody'."),
        ("overrides: apicheap", "overrides: apisec", "The account 'acme' is under the agreement 'apicheap'."),
        ("2027-01-01", "2027-01-02", "takes effect at the start of a billing period"),
        ("2027-01-01", "2026-11-01", "before it is announced"),
    ],
)
def test_a_text_that_can_not_be_drafted_is_refused_with_the_reason(desk: Client, old: str, new: str, told: str) -> None:
    assert told in text_of(sent(desk, drafting(), seen=0, text=TEXT.replace(old, new)))
    assert overrides.every_override("apicheap", ACME) == ()
    assert overrides.every_override("apicheap", RIVAL) == ()


def test_nothing_at_all_is_asked_for_again(desk: Client) -> None:
    assert "Pick a file or write its text here." in text_of(sent(desk, drafting(), seen=0, text=" "))


def test_a_file_that_is_no_text_is_told_so(desk: Client) -> None:
    file = SimpleUploadedFile("acme.yaml", b"\xff\xfe")
    assert "This file is not UTF-8 text." in text_of(sent(desk, drafting(), seen=0, file=file))


def test_two_who_draft_at_once_are_told(drafted: Client) -> None:
    answer = sent(drafted, drafting(), seen=0, text=TEXT.replace("99.9%", "99.95%"))
    assert answer.status_code == 409
    assert "Nothing was done." in text_of(answer)
    assert len(overrides.every_override("apicheap", ACME)) == 1


def test_there_is_no_draft_for_an_account_that_there_is_not(desk: Client) -> None:
    assert desk.get(drafting(new_id())).status_code == 404


# The page of an account's versions


def test_a_versions_page_tells_its_dates_what_differs_and_its_text(drafted: Client) -> None:
    shown = text_of(drafted.get(page()))
    assert "own terms apply now" in shown
    assert "Version 1 Draft" in shown
    assert "What differs from version 1 of the agreement" in shown
    assert "Order form 17, §2 Target of uptime, Pro at least 99.5 %, maximum downtime ~3.6 hours 99.9 %" in shown
    assert "1 overrides: apicheap" in shown
    assert "Version 1 drafted" in shown


def test_a_later_version_is_compared_with_what_applies_until_then(drafted: Client) -> None:
    sent(drafted, page("agree"), version=1, **AGREED)
    later = TEXT.replace("2027-01-01", "2027-06-01").replace("99.9%", "99.99%")
    overriding.draft_override(later, ACME, by=MIRA, now=DRAFTED)
    shown = text_of(drafted.get(page()))
    assert "What differs from what applies until then, negotiated terms 1" in shown
    assert "Target of uptime, Pro 99.9 % 99.99 %" in shown


def test_what_the_linter_finds_because_of_a_version_is_told_with_its_line(drafted: Client) -> None:
    """From 99.5 % to below 99.9 % a miss is paid nothing: that is so because of the new target."""
    answer = drafted.get(page())
    shown = text_of(answer)
    assert "What the linter finds because of it" in shown
    found = shown[shown.index("What the linter finds because of it") :]
    assert "warning 8 Order form 17, §2 Pro: an uptime from 99.5" in found
    assert "Basic: the row from" not in found, "that is so without it, too"
    assert 'href="#v1-line-8"' in answer.content.decode()
    assert 'id="v1-line-8"' in answer.content.decode()


def test_what_is_in_force_stands_at_the_top(drafted: Client, follow: Follow) -> None:
    sent(drafted, page("agree"), version=1, **AGREED)
    attend(BEGINS)
    follow(BEGINS + timedelta(minutes=1))
    shown = text_of(drafted.get(page()))
    assert "Version 1 applies until 1 January 2028, 00:00 (UTC)" in shown
    assert "Version 1 came into force" in shown


def test_a_page_can_not_be_written_to_even_by_who_may_do_everything(drafted: Client) -> None:
    drafted.force_login(User.objects.create_superuser("root@provider.example", "a long pass phrase", name="Root"))
    assert drafted.post(page(), {"versions": "[]"}).status_code == 403
    assert drafted.post(page("delete"), {"post": "yes"}).status_code == 403
    assert drafted.get(reverse("admin:agreements_override_add")).status_code == 403
    assert standing() == Standing.DRAFT


# Announcing, agreeing, telling, withdrawing


def test_announcing_shows_first_who_is_mailed_what(drafted: Client) -> None:
    asked = text_of(drafted.get(f"{page('announce')}?version=1&seen=1"))
    assert f"({ADA})" in asked
    assert "Target of uptime, Pro" in asked
    assert "This cannot be taken back." in asked
    assert standing() == Standing.DRAFT
    answer = sent(drafted, page("announce"), version=1)
    assert "The version is announced; its mails are on their way." in text_of(answer)
    assert "The account is not reached yet." in text_of(drafted.get(page()))


def test_a_form_shows_the_version_whose_button_was_pressed(drafted: Client) -> None:
    later = TEXT.replace("2027-01-01", "2027-06-01").replace("99.9%", "99.99%")
    overriding.draft_override(later, ACME, by=MIRA, now=DRAFTED)
    asked = text_of(drafted.get(f"{page('announce')}?version=2&seen=2"))
    assert "Target of uptime, Pro at least 99.5 %, maximum downtime ~3.6 hours 99.99 %" in asked
    assert "hours 99.9 %" not in asked
    assert "hours 99.9 %" in text_of(drafted.get(page("announce"))), "without a button each is shown"


def test_announcing_says_that_nobody_is_there_to_be_mailed(drafted: Client) -> None:
    Member.objects.filter(account=ACME).delete()
    assert "nobody belongs to the account yet" in text_of(drafted.get(page("announce")))


def test_an_agreement_is_noted_with_who_when_and_where(drafted: Client) -> None:
    answer = sent(drafted, page("agree"), version=1, **AGREED)
    assert "It is noted." in text_of(answer)
    assert standing() == Standing.AGREED
    shown = text_of(drafted.get(page()))
    assert "by Ada Acme, head of buying on 2026-11-09: Order form 17, signed by both." in shown


def test_what_is_missing_of_it_is_asked_for(drafted: Client) -> None:
    answer = sent(drafted, page("agree"), version=1, **AGREED | {"who": ""})
    assert "This field is required." in text_of(answer)
    answer = sent(drafted, page("agree"), version=1, **AGREED | {"agreed_on": "2026-11-11"})
    assert "Nobody can have agreed later than today." in text_of(answer)
    assert standing() == Standing.DRAFT


def test_what_is_announced_can_be_told_otherwise(drafted: Client) -> None:
    overriding.announce_override("apicheap", ACME, 1, by=MIRA, now=DRAFTED)
    told: dict[str, Any] = {"told_at": "2026-11-10T09:59", "how": "By registered letter."}
    assert "It is noted." in text_of(sent(drafted, page("note_told"), seen=2, version=1, **told))
    assert "The account is reached." in text_of(drafted.get(page()))


def test_a_version_is_withdrawn_with_its_reason(drafted: Client) -> None:
    answer = sent(drafted, page("withdraw"), version=1, reason="The order was cancelled.")
    assert "The version is withdrawn." in text_of(answer)
    assert "Withdrawn The order was cancelled." in text_of(drafted.get(page()))
    assert standing() == Standing.WITHDRAWN


def test_a_form_that_was_opened_before_somebody_acted_does_nothing(drafted: Client) -> None:
    sent(drafted, page("agree"), version=1, **AGREED)
    answer = sent(drafted, page("withdraw"), seen=1, version=1, reason="A slip.")
    assert answer.status_code == 409
    assert "Nothing was done." in text_of(answer)
    assert standing() == Standing.AGREED


def test_a_double_click_is_one_act(drafted: Client) -> None:
    key = new_id()
    for _ in range(2):
        answer = sent(drafted, page("agree"), key=key, version=1, **AGREED)
        assert "It is noted." in text_of(answer)
    assert [one.type_name for one in history(STREAM)].count("agreements.version_agreed") == 1


@pytest.mark.parametrize("name", ["announce", "agree", "note_told", "withdraw"])
def test_what_can_not_be_done_says_so_and_offers_no_button(drafted: Client, name: str) -> None:
    sent(drafted, page("withdraw"), version=1, reason="A slip.")
    answer = drafted.get(page(name))
    assert answer.status_code == 409
    assert "No version stands so that this can be done." in text_of(answer)
    assert f"{page(name)}?version" not in answer.content.decode()


def test_terms_that_no_longer_fit_are_told_with_their_line(drafted: Client) -> None:
    """A draft binds nobody, so the agreement may change under it."""
    commands.draft(RENAMED, by=MIRA, now=DRAFTED)
    commands.announce("apicheap", 2, by=MIRA, now=DRAFTED)
    commands.settle_notice("apicheap", 2, reached=2, not_reached=(), now=UNTIL)
    shown = text_of(drafted.get(page()))
    assert "It can not be laid over the agreement any more:" in shown
    assert "The agreement has no entry `uptime` here." in shown


def test_a_version_of_the_agreement_that_they_do_not_fit_is_refused_with_the_account_and_the_line(
    drafted: Client,
) -> None:
    sent(drafted, page("agree"), version=1, **AGREED)
    file = SimpleUploadedFile("later.yaml", RENAMED.encode())
    answer = drafted.post(reverse("admin:agreements_agreement_draft"), {"file": file}, follow=True)
    shown = html.unescape(answer.content.decode())
    fault = shown[shown.index('<pre class="desk-fault"') : shown.index("</pre>")]
    assert "What was negotiated with account acme does not fit these terms:" in fault
    assert "    8 |   commitments: [{name: uptime, target: {pro: 99.9%}}]" in fault
    assert len(queries.every_version("apicheap")) == 1


# The first page


def tiles(desk: Client) -> dict[str, tuple[int, str]]:
    shown = desk.get(reverse("admin:index")).context["tiles"]
    return {one.words: (one.count, one.address) for one in shown if "negotiated" in one.words}


def test_an_announcement_that_does_not_arrive_is_a_tile_that_leads_to_it(drafted: Client, follow: Follow) -> None:
    overriding.announce_override("apicheap", ACME, 1, by=MIRA, now=DRAFTED)
    attend_negotiated("apicheap", ACME, now=DRAFTED)
    assert tiles(drafted) == {}
    hand_over(Verdict.REFUSED)
    follow(DRAFTED + PATIENCE + timedelta(minutes=1))
    words = (
        "account not reached by version 1 of the terms negotiated with Acme; "
        "the notice ends 2 December 2026, 00:00 (UTC)"
    )
    assert tiles(drafted) == {words: (1, f"{page()}#version-1")}
    overriding.note_override_told("apicheap", ACME, 1, told_at=DRAFTED, how="By letter.", by=MIRA, now=DRAFTED)
    assert tiles(drafted) == {}
