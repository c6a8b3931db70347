"""Who may see what: an account exists only for its members, whatever the address says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, update_wrapper
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from agreements.overrides import terms_in_force_for
from agreements.queries import PublishedTerms
from customers import queries as customers
from customers.models import Role, User
from customers.queries import AccountView
from eventstore import Actor
from kernel import clock

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, "Visit", P], HttpResponseBase]
Routed = Callable[Concatenate[HttpRequest, UUID, P], HttpResponseBase]

# Ends the address to which somebody comes back whose form arrived after their sign-in had run out.
UNSENT: Final = "unsent"


@dataclass(frozen=True)
class Visit:
    """A member at work in an account: who, as what, when, under which agreement."""

    user: User
    account: AccountView
    role: Role
    now: datetime

    @property
    def actor(self) -> Actor:
        """The person as events name them."""
        return Actor("customer", str(self.user.pk))

    @property
    def is_owner(self) -> bool:
        """Whether they may invite people and make keys."""
        return self.role == Role.OWNER

    @cached_property
    def published(self) -> PublishedTerms | None:
        """The account's terms that are in force now."""
        return terms_in_force_for(self.account.agreement, self.account.id, self.now)

    @property
    def zone(self) -> ZoneInfo:
        """The agreement's zone, in which times are shown."""
        return self.published.terms.zone if self.published else ZoneInfo("UTC")

    def context(self, **more: Any) -> dict[str, Any]:
        """Give what every page of an account shows."""
        tier = self.account.tier_at(self.now)
        terms = self.published.terms if self.published else None
        return {
            "account": self.account,
            "visit": self,
            "zone": self.zone,
            "now": self.now,
            "terms": terms,
            "tier": terms.tiers.get(tier) if terms and tier else None,
            **more,
        }


def for_members(view: Page[P]) -> Routed[P]:
    """Open a view to the members of the account in its address; for all others it is not there.

    Nothing on the way keeps what it shows, and no browser for whoever sits down at it next.
    """

    def guarded(request: HttpRequest, account: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = cast("User", request.user)
        role = customers.role_of(user.pk, account)
        if role is None:
            raise Http404
        visit = Visit(user, customers.account(account), role, clock.now())
        response = view(request, visit, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    signed_in = login_required(guarded)

    def asked_to_sign_in(request: HttpRequest, account: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            return redirect_to_login(f"{request.path}?{UNSENT}")
        return signed_in(request, account, *args, **kwargs)

    update_wrapper(asked_to_sign_in, view)
    return cast("Routed[P]", asked_to_sign_in)


def for_owners(view: Page[P]) -> Routed[P]:
    """Open a view to the owners of the account; for its other members it is not there either."""

    def guarded(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not visit.is_owner:
            raise Http404
        return view(request, visit, *args, **kwargs)

    update_wrapper(guarded, view)
    return for_members(guarded)


def by_form(back: Callable[Concatenate[Visit, P], HttpResponseBase]) -> Callable[[Page[P]], Page[P]]:
    """Let a view carry out what a form sends.

    Who comes to its address otherwise, by reload or after signing in anew, is led to the form's page by `back`.
    """

    def mark(view: Page[P]) -> Page[P]:
        def guarded(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, visit, *args, **kwargs)
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            found = back(visit, *args, **kwargs)
            messages.info(request, "Nothing was sent. If you had filled in a form here, please fill it in again.")
            return found

        update_wrapper(guarded, view)
        return guarded

    return mark


def with_form(view: Page[P]) -> Page[P]:
    """Let a page with a form tell whoever comes back by signing in anew that what they filled in was not sent."""

    def guarded(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" or UNSENT not in request.GET:
            return view(request, visit, *args, **kwargs)
        messages.warning(request, "Nothing was sent: your sign-in had run out. Please fill in the form again.")
        return redirect(request.path)

    update_wrapper(guarded, view)
    return guarded
