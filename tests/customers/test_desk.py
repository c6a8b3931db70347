"""The desk: operators see customers and do everything by commands; nobody edits a row, nobody else gets in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers import commands, queries
from customers.admin.desk import DeskAdmin
from customers.events import TierHeld
from customers.identity import as_operator, usage_id
from customers.models import Account, ApiKey, Usage, UsageUpload, User
from customers.post import InvitationLetter
from eventstore import history
from kernel.money import Money
from kernel.months import Month
from tests.customers.conftest import MONDAY, PASSWORD, person
from tests.personas import ACME, MIRA, RIVAL

pytestmark = pytest.mark.usefixtures("accounts")
OCTOBER = Month(2026, 10)


@pytest.fixture
def mira() -> User:
    return User.objects.create_user("mira@provider.example", PASSWORD, name="Mira", is_staff=True)


@pytest.fixture
def desk(client: Client, mira: User) -> Client:
    client.force_login(mira)
    return client


def page(name: str, account: object = ACME) -> str:
    return reverse(f"admin:customers_account_{name}", args=[account])


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def done(response: Any) -> str:
    """Give the sentence that the desk shows after an act."""
    assert response.status_code == 200, response
    assert response.redirect_chain, text_of(response)
    [message] = response.context["messages"]
    return str(message)


def test_the_list_shows_names_and_the_tier_held_now(desk: Client) -> None:
    shown = text_of(desk.get(reverse("admin:customers_account_changelist")))
    assert "Acme" in shown
    assert "Rival" in shown
    assert "pro" in shown


def test_accounts_are_found_by_name(desk: Client) -> None:
    commands.describe_account(ACME, name="Zebra Limited", time_zone="UTC")
    shown = text_of(desk.get(reverse("admin:customers_account_changelist"), {"q": "zebra"}))
    assert "acme" in shown
    assert "rival" not in shown


def test_an_accounts_page_shows_tiers_usage_people_keys_and_history(desk: Client) -> None:
    person("Ada", ACME)
    commands.set_usage(ACME, OCTOBER, Money.of("200.00", "USD"), by=MIRA, now=MONDAY)
    commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    shown = text_of(desk.get(page("change")))
    for words in ("2026-04-01 00:00", "200.00 USD", "ada@example.com", "billing sync", "customers.tier_held"):
        assert words in shown


def test_an_account_is_opened_at_the_desk_by_its_operator(desk: Client, mira: User) -> None:
    answer = desk.post(
        reverse("admin:customers_account_open_account"),
        {
            "number": "newcomer",
            "name": "Newcomer",
            "agreement": "apicheap",
            "tier": "basic",
            "from_at": "2026-11-01T00:00",
            "time_zone": "Asia/Tokyo",
        },
        follow=True,
    )
    assert done(answer) == "The account newcomer is open."
    account = queries.account_by_number("newcomer")
    assert account.tier_at(MONDAY) == "basic"
    assert history(account.id)[0].actor == f"operator {mira.pk}"


def test_a_tier_is_set_with_its_reason(desk: Client) -> None:
    form = {"tier": "enterprise", "from_at": "2026-11-01T00:00", "until_at": "", "reason": "signed"}
    assert done(desk.post(page("set_tier"), form, follow=True)) == "The tier is set."
    event = history(ACME)[-1].event
    assert isinstance(event, TierHeld)
    assert (event.tier, event.reason) == ("enterprise", "signed")


def test_what_a_command_refuses_is_told_above_the_form(desk: Client) -> None:
    form = {"tier": "basic", "from_at": "2026-04-01T00:00", "until_at": "", "reason": "slip"}
    shown = text_of(desk.post(page("set_tier"), form))
    assert "The account holds pro from 2026-04-01 00:00 until further notice" in shown
    assert len(history(ACME)) == 2


def test_a_reason_is_asked_for(desk: Client) -> None:
    form = {"tier": "enterprise", "from_at": "2026-11-01T00:00", "until_at": "", "reason": ""}
    assert "This field is required." in text_of(desk.post(page("set_tier"), form))


def test_a_tier_is_ended(desk: Client) -> None:
    form = {"at": "2026-11-01T00:00", "reason": "left"}
    assert done(desk.post(page("end_tier"), form, follow=True)) == "The tier ends."
    assert queries.account(ACME).tier_at(MONDAY) is None


def test_usage_is_set_in_the_agreements_currency(desk: Client) -> None:
    form = {"month": "2026-10", "amount": "200.00", "reason": "invoice 17"}
    assert done(desk.post(page("set_usage"), form, follow=True)) == "The usage of 2026-10 is 200.00 USD."
    shown = text_of(desk.get(reverse("admin:customers_usage_change", args=[usage_id(ACME, OCTOBER)])))
    assert "invoice 17" in shown
    assert "customers.usage_set" in shown


def test_a_month_that_is_none_is_told_at_its_field(desk: Client) -> None:
    shown = text_of(desk.post(page("set_usage"), {"month": "October", "amount": "1", "reason": ""}))
    assert "Write year and month, such as 2026-10." in shown


def test_an_address_that_is_longer_than_any_can_be_is_refused_by_the_form(desk: Client) -> None:
    answer = desk.post(page("invite"), {"email": f"{'x' * 250}@x.example", "role": "owner"})
    assert "at most 254 characters" in text_of(answer)


def test_somebody_is_invited(desk: Client, letters: list[InvitationLetter]) -> None:
    answer = desk.post(page("invite"), {"email": "bob@example.com", "role": "owner"}, follow=True)
    assert done(answer).startswith("bob@example.com is invited, until ")
    assert letters[0].inviter == "Mira"
    assert "bob@example.com" in text_of(desk.get(page("change")))


def test_a_member_is_removed(desk: Client) -> None:
    ada = person("Ada", ACME)
    answer = desk.post(page("remove_member"), {"person": str(ada.pk)}, follow=True)
    assert done(answer).startswith("Their access has ended")
    assert queries.members_of(ACME) == []


def test_only_the_accounts_own_people_can_be_chosen(desk: Client) -> None:
    rex = person("Rex", RIVAL)
    assert "Select a valid choice" in text_of(desk.post(page("remove_member"), {"person": str(rex.pk)}))


def test_a_key_is_shown_once(desk: Client) -> None:
    shown = text_of(desk.post(page("create_key"), {"name": "billing sync"}))
    prefix = ApiKey.objects.get().prefix
    assert f"{prefix}_" in shown
    assert f"{prefix}_" not in text_of(desk.get(page("change")))


def test_a_key_is_ended(desk: Client) -> None:
    issued = commands.create_key(ACME, "billing sync", by=MIRA, now=MONDAY)
    assert done(desk.post(page("end_key"), {"key": str(issued.id)}, follow=True)) == "The key has ended."
    assert queries.account_for_key(issued.key) is None


def test_the_providers_keys_are_made_and_ended_on_their_own_page(desk: Client) -> None:
    assert "mgp_" in text_of(desk.post(reverse("admin:customers_apikey_create_provider_key"), {"name": "billing"}))
    key = ApiKey.objects.get()
    assert "mgp_" in text_of(desk.get(reverse("admin:customers_apikey_changelist")))
    assert (
        done(desk.post(reverse("admin:customers_apikey_end_key", args=[key.id]), follow=True)) == "The key has ended."
    )
    assert ApiKey.objects.get().ended_at is not None


def test_an_account_is_renamed(desk: Client) -> None:
    answer = desk.post(page("describe"), {"name": "Acme & Sons", "time_zone": "UTC"}, follow=True)
    assert done(answer) == "The account is renamed."
    assert queries.account(ACME).name == "Acme & Sons"


def upload(desk: Client, *lines: str) -> Any:
    content = "".join(line + "\n" for line in lines).encode()
    file = SimpleUploadedFile("october.csv", content, content_type="text/csv")
    form = {"file": file, "reason": "October's invoices"}
    return desk.post(reverse("admin:customers_usage_import_file"), form, follow=True)


def test_a_file_is_looked_at_before_it_is_taken_over(desk: Client) -> None:
    commands.set_usage(RIVAL, OCTOBER, Money.of("1.00", "USD"), by=MIRA, now=MONDAY)
    shown = text_of(upload(desk, "account,month,amount", "acme,2026-10,200.00", "rival,2026-10,75.00"))
    assert "1 new, 1 changed, 0 as before" in shown
    assert "275.00 USD" in shown
    assert queries.usage_of(ACME, OCTOBER) is None
    address = reverse("admin:customers_usage_preview", args=[UsageUpload.objects.get().id])
    assert done(desk.post(address, {"take": "over"}, follow=True)) == "2 amounts were set or changed."
    assert queries.usage_for("apicheap", OCTOBER) == {ACME: Money.of("200.00", "USD"), RIVAL: Money.of("75.00", "USD")}
    assert queries.usage_history(ACME, OCTOBER)[0].reason == "October's invoices"
    assert not UsageUpload.objects.exists()


def test_a_file_with_a_fault_can_not_be_taken_over(desk: Client) -> None:
    shown = text_of(upload(desk, "account,month,amount", "acme,2026-10,200.00", "<b>nobody</b>,2026-10,1"))
    assert "There is no account with this number." in shown
    assert "&lt;b&gt;nobody" in shown
    assert "Take over" not in shown
    address = reverse("admin:customers_usage_preview", args=[UsageUpload.objects.get().id])
    assert "must be mended" in text_of(desk.post(address, {"take": "over"}))
    assert queries.usage_of(ACME, OCTOBER) is None


def test_an_upload_is_dropped(desk: Client) -> None:
    upload(desk, "account,month,amount", "acme,2026-10,200.00")
    address = reverse("admin:customers_usage_preview", args=[UsageUpload.objects.get().id])
    assert "nothing was taken over" in done(desk.post(address, {"drop": "it"}, follow=True))
    assert not UsageUpload.objects.exists()
    assert desk.get(address).status_code == 404


def test_an_upload_is_its_uploaders(desk: Client, client: Client) -> None:
    upload(desk, "account,month,amount", "acme,2026-10,200.00")
    address = reverse("admin:customers_usage_preview", args=[UsageUpload.objects.get().id])
    client.force_login(User.objects.create_user("jonas@provider.example", PASSWORD, name="Jonas", is_staff=True))
    assert client.get(address).status_code == 404


def test_a_file_that_is_no_text_is_refused(desk: Client) -> None:
    file = SimpleUploadedFile("usage.xlsx", b"PK\x03\x04\xff\xfe", content_type="text/csv")
    answer = desk.post(reverse("admin:customers_usage_import_file"), {"file": file, "reason": ""})
    assert "The file is not text in UTF-8" in text_of(answer)


OURS = [made for model, made in admin.site._registry.items() if model in {Account, Usage, ApiKey}]


@pytest.mark.parametrize("made", OURS, ids=lambda made: made.model.__name__)
def test_nobody_adds_edits_or_deletes_a_row_not_even_a_superuser(made: Any, rf: Any) -> None:
    request = rf.get("/")
    request.user = User.objects.create_superuser("root@provider.example", PASSWORD, name="Root")
    assert isinstance(made, DeskAdmin)
    assert made.has_view_permission(request)
    assert not made.has_add_permission(request)
    assert not made.has_change_permission(request)
    assert not made.has_delete_permission(request)
    assert not made.get_actions(request)


def desk_pages() -> Iterator[str]:
    for name in ("changelist", "open_account"):
        yield reverse(f"admin:customers_account_{name}")
    for name in ("change", "set_tier", "end_tier", "set_usage", "invite", "remove_member", "create_key", "end_key"):
        yield page(name)
    for name in ("usage_changelist", "usage_import_file", "apikey_changelist", "apikey_create_provider_key"):
        yield reverse(f"admin:customers_{name}")
    yield reverse("admin:customers_user_changelist")


def test_a_customer_sees_no_page_of_the_desk(client: Client) -> None:
    client.force_login(person("Ada", ACME))
    for address in desk_pages():
        for answer in (client.get(address), client.post(address, {"reason": "x"})):
            assert answer.status_code == 302, address
            assert "/login/" in answer["Location"]


def test_every_page_of_the_desk_opens_for_an_operator(desk: Client) -> None:
    for address in desk_pages():
        expected = 403 if "/user/" in address else 200
        assert desk.get(address).status_code == expected, address


def test_the_page_of_an_account_that_is_not_there_is_not_found(desk: Client) -> None:
    for name in ("set_tier", "set_usage", "invite", "create_key"):
        assert desk.get(page(name, "no-id")).status_code == 404
        assert desk.get(page(name, usage_id(ACME, OCTOBER))).status_code == 404


def test_an_act_is_never_carried_out_by_a_link(desk: Client) -> None:
    """A GET, which a stranger's page can cause, shows the form and does nothing."""
    issued = commands.create_provider_key("billing", by=as_operator(User.objects.get(name="Mira")), now=MONDAY)
    assert desk.get(reverse("admin:customers_apikey_end_key", args=[issued.id])).status_code == 200
    assert queries.program_for_key(issued.key) == issued.id


def test_an_act_needs_the_desks_own_token(mira: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mira)
    assert strict.post(page("create_key"), {"name": "x"}).status_code == 403


def test_a_superuser_adds_an_operator_and_takes_access_away(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@provider.example", PASSWORD, name="Root"))
    form = {
        "email": "Jonas@Provider.example",
        "name": "Jonas",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_staff": "on",
    }
    assert client.post(reverse("admin:customers_user_add"), form).status_code == 302
    jonas = User.objects.get(email="jonas@provider.example")
    assert jonas.is_staff
    assert client.get(reverse("admin:customers_user_change", args=[jonas.pk])).status_code == 200
    answer = client.post(
        reverse("admin:customers_user_change", args=[jonas.pk]), {"email": jonas.email, "name": "Jonas"}
    )
    assert answer.status_code == 302
    jonas.refresh_from_db()
    assert (jonas.is_active, jonas.is_staff) == (False, False)
