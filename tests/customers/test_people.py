"""People: one sign-in each, invited by an owner or an operator, and out at once when they are removed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.test import Client

from customers import commands, post, queries
from customers.errors import (
    AddressUnusable,
    AlreadyMember,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    LastOwner,
    NotAMember,
    NotYourInvitation,
    OwnerRequired,
    PasswordWeak,
    SignInFirst,
    UnknownAccount,
)
from customers.identity import as_customer, as_operator
from customers.models import Invitation, Member, Role, User
from customers.post import InvitationLetter
from customers.secret_tokens import hashed
from tests.customers.conftest import MONDAY, PASSWORD, SPRING, person
from tests.personas import ACME, MIRA, RIVAL

pytestmark = pytest.mark.usefixtures("accounts")
Letters = list[InvitationLetter]
BOB = "bob@example.com"


def invite(email: str = BOB, role: Role = Role.MEMBER) -> None:
    commands.invite(ACME, email, role, by=MIRA, now=MONDAY)


def accept(letter: InvitationLetter, name: str = "Bob", password: str = PASSWORD) -> UUID:
    return commands.accept_as_newcomer(letter.token, name=name, password=password, now=MONDAY)


def test_an_invitation_is_a_letter_with_a_token_that_is_in_no_table(letters: Letters) -> None:
    invite(" Bob@Example.com ", Role.OWNER)
    [letter] = letters
    assert (letter.email, letter.role, letter.account_name) == (BOB, "owner", "Acme")
    assert letter.expires_at == MONDAY + timedelta(days=7)
    row = Invitation.objects.get()
    assert row.token_hash == hashed(letter.token)
    assert letter.token not in str(vars(row))


def test_an_invited_newcomer_gets_a_sign_in_and_belongs_to_the_account(letters: Letters) -> None:
    invite()
    bob = accept(letters[0])
    assert [(one.mail, one.name, one.user_id, one.role) for one in queries.members_of(ACME)] == [
        (BOB, "Bob", bob, "member")
    ]
    assert [one.id for one in queries.accounts_of_user(bob)] == [ACME]
    assert EmailAddress.objects.get(user=bob).verified


def test_a_newcomer_signs_in_with_the_address_however_it_is_written(letters: Letters) -> None:
    invite()
    bob = accept(letters[0])
    user = authenticate(None, username="BOB@example.COM", password=PASSWORD)
    assert user is not None
    assert user.pk == bob


def test_an_invitation_works_once(letters: Letters) -> None:
    invite()
    accept(letters[0])
    with pytest.raises(InvitationUsed):
        accept(letters[0])


def test_an_invitation_ends_after_seven_days(letters: Letters) -> None:
    invite()
    ends = MONDAY + timedelta(days=7)
    with pytest.raises(InvitationExpired):
        commands.accept_as_newcomer(letters[0].token, name="Bob", password=PASSWORD, now=ends)
    commands.accept_as_newcomer(letters[0].token, name="Bob", password=PASSWORD, now=ends - timedelta(microseconds=1))


def test_a_withdrawn_invitation_works_no_more(letters: Letters) -> None:
    invite()
    commands.withdraw_invitation(letters[0].id, by=MIRA, now=MONDAY)
    assert queries.invitations_of(ACME) == []
    with pytest.raises(InvitationWithdrawn):
        accept(letters[0])


def test_a_second_invitation_takes_the_place_of_the_first(letters: Letters) -> None:
    invite()
    invite(role=Role.OWNER)
    with pytest.raises(InvitationWithdrawn):
        accept(letters[0])
    accept(letters[1])
    assert [one.role for one in queries.members_of(ACME)] == ["owner"]


def test_a_token_that_nobody_was_sent_is_unknown() -> None:
    with pytest.raises(InvitationUnknown):
        queries.invitation_for("guessed")
    with pytest.raises(InvitationUnknown):
        commands.accept_as_newcomer("guessed", name="Bob", password=PASSWORD, now=MONDAY)


def test_the_page_behind_a_link_can_tell_who_is_invited_where(letters: Letters) -> None:
    invite()
    view = queries.invitation_for(letters[0].token)
    assert (view.account, view.email, view.role, view.has_sign_in) == (ACME, BOB, "member", False)


def test_somebody_with_a_sign_in_accepts_with_that_and_belongs_to_both_accounts(letters: Letters) -> None:
    bob = person("Bob", RIVAL)
    invite()
    with pytest.raises(SignInFirst):
        accept(letters[0])
    commands.accept_as(letters[0].token, person=bob.pk, now=MONDAY)
    assert [one.number for one in queries.accounts_of_user(bob.pk)] == ["acme", "rival"]


def test_an_invitation_is_for_one_address_only(letters: Letters) -> None:
    eve = person("Eve", RIVAL)
    invite()
    with pytest.raises(NotYourInvitation):
        commands.accept_as(letters[0].token, person=eve.pk, now=MONDAY)


@pytest.mark.parametrize("password", ["short", "password123", "1234567890", "bob@example.com"])
def test_a_weak_password_is_refused_and_the_invitation_stays_good(letters: Letters, password: str) -> None:
    invite()
    with pytest.raises(PasswordWeak):
        accept(letters[0], password=password)
    accept(letters[0])


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(AddressUnusable):
        invite("nobody")


def test_an_address_has_up_to_254_characters(letters: Letters) -> None:
    invite(f"{'x' * 242}@example.com")
    with pytest.raises(AddressUnusable, match="up to 254 characters"):
        invite(f"{'x' * 243}@example.com")


def test_a_member_is_not_invited_again(letters: Letters) -> None:
    person("Bob", ACME)
    with pytest.raises(AlreadyMember):
        invite()


def test_an_invitation_without_a_carrier_is_no_invitation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_carriers", [])
    with pytest.raises(post.NoCarrier), transaction.atomic():
        invite()
    assert not Invitation.objects.exists()


def test_an_owner_invites_and_a_member_may_not(letters: Letters) -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME, Role.MEMBER)
    commands.invite(ACME, "carl@example.com", Role.MEMBER, by=as_customer(ada), now=MONDAY)
    assert letters[0].inviter == "Ada"
    with pytest.raises(OwnerRequired):
        commands.invite(ACME, "carl@example.com", Role.MEMBER, by=as_customer(bob), now=MONDAY)


ACTS: dict[str, Callable[[User, UUID], object]] = {
    "invite": lambda by, _: commands.invite(ACME, "x@example.com", Role.MEMBER, by=as_customer(by), now=MONDAY),
    "remove": lambda by, ada: commands.remove_member(ACME, ada, by=as_customer(by), now=MONDAY),
    "role": lambda by, ada: commands.change_role(ACME, ada, Role.MEMBER, by=as_customer(by), now=MONDAY),
    "key": lambda by, _: commands.create_key(ACME, "key", by=as_customer(by), now=MONDAY),
}


@pytest.mark.parametrize("act", ACTS)
def test_for_an_owner_of_another_account_the_account_does_not_exist(act: str) -> None:
    ada, rex = person("Ada", ACME), person("Rex", RIVAL)
    with pytest.raises(UnknownAccount):
        ACTS[act](rex, ada.pk)


@pytest.mark.parametrize("act", ACTS)
def test_a_removed_owner_may_do_nothing_any_more(act: str) -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME)
    commands.remove_member(ACME, bob.pk, by=MIRA, now=MONDAY)
    with pytest.raises(UnknownAccount):
        ACTS[act](bob, ada.pk)


def test_a_removed_member_is_out_at_once_with_every_session(client: Client) -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME)
    other = Client()
    for browser in (client, other):
        assert browser.login(username=bob.email, password=PASSWORD)
        assert "_auth_user_id" in signed_in(browser)
    commands.remove_member(ACME, bob.pk, by=as_customer(ada), now=MONDAY)
    for browser in (client, other):
        assert "_auth_user_id" not in signed_in(browser)
    assert queries.role_of(bob.pk, ACME) is None
    assert queries.accounts_of_user(bob.pk) == []


def test_an_invitation_that_a_removed_owner_sent_lets_nobody_in(letters: Letters) -> None:
    ada, eve = person("Ada", ACME), person("Eve", ACME)
    commands.invite(ACME, "eve2@x.example", Role.OWNER, by=as_customer(eve), now=MONDAY)
    commands.remove_member(ACME, eve.pk, by=as_customer(ada), now=MONDAY)
    with pytest.raises(InvitationWithdrawn):
        accept(letters[0])
    assert queries.invitations_of(ACME) == []


def test_an_invitation_to_a_removed_persons_own_address_is_withdrawn_with_them(letters: Letters) -> None:
    eve = person("Eve", ACME)
    commands.invite(ACME, "eve@new.example", Role.OWNER, by=MIRA, now=MONDAY)
    commands.change_address(eve.pk, "eve@new.example")
    commands.remove_member(ACME, eve.pk, by=MIRA, now=MONDAY)
    with pytest.raises(InvitationWithdrawn):
        commands.accept_as(letters[0].token, person=eve.pk, now=MONDAY)


def test_an_owner_who_becomes_a_member_leaves_no_invitation_behind(letters: Letters) -> None:
    ada, eve = person("Ada", ACME), person("Eve", ACME)
    commands.invite(ACME, "eve2@x.example", Role.OWNER, by=as_customer(eve), now=MONDAY)
    commands.change_role(ACME, eve.pk, Role.MEMBER, by=as_customer(ada), now=MONDAY)
    with pytest.raises(InvitationWithdrawn):
        accept(letters[0])


def test_invitations_of_others_and_to_other_accounts_stay_good(letters: Letters) -> None:
    ada, eve = person("Ada", ACME), person("Eve", ACME)
    Member.objects.create(account=RIVAL, user=eve, role=Role.OWNER, joined_at=SPRING)
    commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(ada), now=MONDAY)
    commands.invite(RIVAL, "carl@example.com", Role.MEMBER, by=as_customer(eve), now=MONDAY)
    commands.remove_member(ACME, eve.pk, by=as_customer(ada), now=MONDAY)
    for letter in letters:
        accept(letter)


def test_who_joined_by_a_removed_owners_invitation_stays(letters: Letters) -> None:
    eve = person("Eve", ACME)
    commands.invite(ACME, BOB, Role.MEMBER, by=as_customer(eve), now=MONDAY)
    accept(letters[0])
    commands.remove_member(ACME, eve.pk, by=MIRA, now=MONDAY)
    assert [one.mail for one in queries.members_of(ACME)] == [BOB]


def test_others_stay_signed_in(client: Client) -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME)
    client.login(username=ada.email, password=PASSWORD)
    commands.remove_member(ACME, bob.pk, by=as_customer(ada), now=MONDAY)
    assert "_auth_user_id" in signed_in(client)


def signed_in(browser: Client) -> SessionBase:
    """Let the browser make a request, and give what its session holds after it."""
    browser.get("/accounts/login/")
    return browser.session


def test_removal_ends_the_keys_that_the_person_made_for_the_account_and_no_others() -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME)
    Member.objects.create(account=RIVAL, user=bob, role=Role.OWNER, joined_at=SPRING)
    keys = {
        "bobs": commands.create_key(ACME, "bob's", by=as_customer(bob), now=MONDAY),
        "adas": commands.create_key(ACME, "ada's", by=as_customer(ada), now=MONDAY),
        "operators": commands.create_key(ACME, "Mira's", by=MIRA, now=MONDAY),
        "bobs at rival": commands.create_key(RIVAL, "bob's", by=as_customer(bob), now=MONDAY),
    }
    commands.remove_member(ACME, bob.pk, by=as_customer(ada), now=MONDAY)
    alive = {name for name, issued in keys.items() if queries.account_for_key(issued.key)}
    assert alive == {"adas", "operators", "bobs at rival"}


def test_a_removed_member_may_be_invited_again(letters: Letters) -> None:
    bob = person("Bob", ACME)
    commands.remove_member(ACME, bob.pk, by=MIRA, now=MONDAY)
    invite()
    commands.accept_as(letters[0].token, person=bob.pk, now=MONDAY)
    assert Member.objects.filter(user=bob).count() == 2


def test_people_may_leave_by_themselves() -> None:
    person("Ada", ACME)
    bob = person("Bob", ACME, Role.MEMBER)
    commands.remove_member(ACME, bob.pk, by=as_customer(bob), now=MONDAY)
    assert [one.name for one in queries.members_of(ACME)] == ["Ada"]


def test_an_account_keeps_an_owner_among_its_people() -> None:
    ada = person("Ada", ACME)
    with pytest.raises(LastOwner):
        commands.remove_member(ACME, ada.pk, by=as_customer(ada), now=MONDAY)
    with pytest.raises(LastOwner):
        commands.change_role(ACME, ada.pk, Role.MEMBER, by=as_customer(ada), now=MONDAY)


def test_an_operator_may_take_out_the_last_owner() -> None:
    ada, mira = person("Ada", ACME), User.objects.create_superuser("mira@provider.example", PASSWORD, name="Mira")
    commands.remove_member(ACME, ada.pk, by=as_operator(mira), now=MONDAY)
    assert queries.members_of(ACME) == []


def test_a_member_becomes_an_owner() -> None:
    ada, bob = person("Ada", ACME), person("Bob", ACME, Role.MEMBER)
    commands.change_role(ACME, bob.pk, Role.OWNER, by=as_customer(ada), now=MONDAY)
    assert queries.role_of(bob.pk, ACME) == Role.OWNER


def test_somebody_who_does_not_belong_to_the_account_can_not_be_removed() -> None:
    rex = person("Rex", RIVAL)
    with pytest.raises(NotAMember):
        commands.remove_member(ACME, rex.pk, by=MIRA, now=MONDAY)


def test_an_address_is_one_person_in_whatever_letters() -> None:
    person("Bob", ACME)
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        User.objects.create_user("BOB@example.com", PASSWORD, name="Bob again")
    with pytest.raises(IntegrityError, match="customers_user_email_in_small_letters"), transaction.atomic():
        User.objects.bulk_create([User(email="Carl@example.com", name="Carl")])


def test_nobody_belongs_to_an_account_twice() -> None:
    bob = person("Bob", ACME)
    with pytest.raises(IntegrityError, match="customers_member_once_per_account"), transaction.atomic():
        Member.objects.create(account=ACME, user=bob, role=Role.MEMBER, joined_at=SPRING)


def test_only_people_who_can_sign_in_are_written_to() -> None:
    person("Ada", ACME)
    bob = person("Bob", ACME)
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    assert [one.name for one in queries.members_of(ACME)] == ["Ada"]


def test_operators_are_the_providers_people() -> None:
    person("Ada", ACME)
    mira = User.objects.create_superuser("mira@provider.example", PASSWORD, name="Mira")
    assert [(one.mail, one.user_id) for one in queries.operators()] == [("mira@provider.example", mira.pk)]


def test_who_acted_is_named_for_people_to_read() -> None:
    ada = person("Ada", ACME)
    assert queries.name_of_actor("customer", str(ada.pk)) == "Ada"
    assert queries.name_of_actor("operator", "mira") == "mira"
    assert queries.name_of_actor("system", "makegood") == "Makegood"
