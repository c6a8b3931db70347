"""The people and the keys of an account, and how an invited person comes in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from customers import queries as customers
from customers.commands import keys, people
from customers.models import Role, User
from customers.queries import InvitationView
from eventstore import DomainError
from kernel import clock
from portal.access import Visit, by_form, for_members, for_owners
from portal.forms import InviteForm, KeyForm, NewcomerForm


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List who can sign in; owners also see invitations and keys."""
    return _page(request, visit)


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    invite_form: InviteForm | None = None,
    key_form: KeyForm | None = None,
    issued: keys.IssuedKey | None = None,
) -> HttpResponse:
    account = visit.account.id
    context = visit.context(
        members=customers.members_of(account),
        invitations=customers.invitations_of(account) if visit.is_owner else [],
        keys=customers.keys_of(account) if visit.is_owner else [],
        invite_form=invite_form or InviteForm(),
        key_form=key_form or KeyForm(),
        issued=issued,
        page="people",
    )
    refused = (invite_form and invite_form.errors) or (key_form and key_form.errors)
    return render(request, "portal/people.html", context, status=422 if refused else 200)


def _back(visit: Visit) -> HttpResponse:
    return redirect("portal:people", account=visit.account.id)


def _back_from_invitation(visit: Visit, invitation: UUID) -> HttpResponse:
    if invitation not in {one.id for one in customers.invitations_of(visit.account.id)}:
        raise Http404
    return _back(visit)


def _back_from_person(visit: Visit, person: UUID) -> HttpResponse:
    if customers.role_of(person, visit.account.id) is None:
        raise Http404
    return _back(visit)


def _back_from_key(visit: Visit, key: UUID) -> HttpResponse:
    if key not in {one.id for one in customers.keys_of(visit.account.id)}:
        raise Http404
    return _back(visit)


def _try(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Do something, and say that it is done or why not."""
    try:
        act()
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)


@for_owners
@by_form(_back)
def invite(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, invite_form=form)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        people.invite(visit.account.id, email, role, by=visit.actor, now=visit.now)
    except DomainError as error:
        form.add_error("email", error.sentence)
        return _page(request, visit, invite_form=form)
    messages.success(request, f"An invitation is on its way to {email}. It is good for seven days.")
    return _back(visit)


@for_owners
@by_form(_back_from_invitation)
def take_back(request: HttpRequest, visit: Visit, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    back = _back_from_invitation(visit, invitation)
    _try(
        request,
        lambda: people.withdraw_invitation(invitation, by=visit.actor, now=visit.now),
        "The invitation is taken back; its link works no more.",
    )
    return back


@for_owners
@by_form(_back_from_person)
def change_role(request: HttpRequest, visit: Visit, person: UUID) -> HttpResponse:
    """Make a member an owner, or an owner a member."""
    role = Role.OWNER if request.POST.get("role") == Role.OWNER else Role.MEMBER
    back = _back_from_person(visit, person)
    _try(
        request,
        lambda: people.change_role(visit.account.id, person, role, by=visit.actor, now=visit.now),
        "The role is changed.",
    )
    return back


@for_members
@by_form(_back_from_person)
def remove(request: HttpRequest, visit: Visit, person: UUID) -> HttpResponse:
    """Remove a person: their sessions, keys and invitations of this account end at once."""
    back = _back_from_person(visit, person)
    if not visit.is_owner and person != visit.user.pk:
        raise Http404
    _try(
        request,
        lambda: people.remove_member(visit.account.id, person, by=visit.actor, now=visit.now),
        "The person is removed; their sessions and keys have ended, and invitations that they sent are taken back.",
    )
    return redirect("portal:home") if person == visit.user.pk else back


@for_owners
@by_form(_back)
def create_key(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a key and show it, this once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, key_form=form)
    try:
        issued = keys.create_key(visit.account.id, form.cleaned_data["name"], by=visit.actor, now=visit.now)
    except DomainError as error:
        form.add_error("name", error.sentence)
        return _page(request, visit, key_form=form)
    return _page(request, visit, issued=issued)


@for_owners
@by_form(_back_from_key)
def end_key(request: HttpRequest, visit: Visit, key: UUID) -> HttpResponse:
    """End a key at once."""
    back = _back_from_key(visit, key)
    _try(request, lambda: keys.end_key(key, by=visit.actor, now=visit.now), "The key has ended.")
    return back


@never_cache
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by an invitation: with the sign-in that one has, or a new one."""
    try:
        invitation = customers.invitation_for(token)
    except DomainError as error:
        raise Http404 from error
    if invitation.has_sign_in:
        return _accept_as_known(request, token, invitation)
    form = NewcomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (done := _join(request, token, invitation, form)):
        return done
    return _invitation(request, invitation, form)


def _join(request: HttpRequest, token: str, invitation: InvitationView, form: NewcomerForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        person = people.accept_as_newcomer(token, name=given["name"], password=given["password"], now=clock.now())
    except DomainError as error:
        form.add_error("password" if error.code == "password_weak" else None, error.sentence)
        return None
    logout(request)
    login(request, User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("portal:months", account=invitation.account)


def _accept_as_known(request: HttpRequest, token: str, invitation: InvitationView) -> HttpResponse:
    if request.method != "POST" or not request.user.is_authenticated:
        return _invitation(request, invitation, None)
    user = request.user
    try:
        people.accept_as(token, person=user.pk, now=clock.now())
    except DomainError as error:
        messages.error(request, error.sentence)
        return _invitation(request, invitation, None)
    return redirect("portal:months", account=invitation.account)


def _invitation(request: HttpRequest, invitation: InvitationView, form: NewcomerForm | None) -> HttpResponse:
    now = clock.now()
    over = bool(invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now)
    user = request.user
    context = {
        "invitation": invitation,
        "is_other": user.is_authenticated and invitation.has_sign_in and user.email != invitation.email,
        "inviting": customers.account(invitation.account),
        "form": form,
        "over": over,
    }
    refused = form is not None and bool(form.errors)
    return render(request, "portal/invitation.html", context, status=422 if refused else 410 if over else 200)
