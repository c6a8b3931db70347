"""Where a person begins, and what their agreement promises."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from agreements.terms import Terms
from customers import queries as customers
from customers.models import User
from portal.access import Visit, for_members


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the one account that a person has, or let them choose."""
    user = cast("User", request.user)
    accounts = customers.accounts_of_user(user.pk)
    if len(accounts) == 1:
        return redirect("portal:months", account=accounts[0].id)
    if not accounts and user.is_staff:
        return redirect("admin:index")
    return render(request, "portal/home.html", {"accounts": accounts})


@for_members
def promises(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Show the agreement in words: targets, credits, how to claim."""
    published = visit.published
    terms = published.terms if published else None
    context = visit.context(
        published=published,
        targets=targets_of(terms) if terms and terms.commitments else (),
        rows=terms.credits.rows if terms and terms.credits else (),
        page="promises",
    )
    return render(request, "portal/promises.html", context)


@dataclass(frozen=True, slots=True)
class TargetShown:
    """A tier, its target and where the agreement says so."""

    title: str
    target: Fraction | None
    clause: str


def targets_of(terms: Terms) -> list[TargetShown]:
    """List the tiers with their targets, the lowest tier first."""
    return [
        TargetShown(tier.title, terms.target(name), terms.clause("commitments", 0, "target", name))
        for name, tier in terms.tiers.items()
    ]
