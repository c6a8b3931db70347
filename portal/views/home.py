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
from customers.negotiated import Applying, applying, coming
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
    """Show in words what applies to the account: targets, credits, how to claim, and what is negotiated of it."""
    published = visit.published
    terms = published.terms if published else None
    negotiated = applying(visit.account, published)
    context = visit.context(
        published=published,
        targets=targets_of(terms, negotiated) if terms and terms.commitments else (),
        rows=terms.credits.rows if terms and terms.credits else (),
        negotiated=negotiated,
        negotiated_rows=bool(negotiated and negotiated.differs("commitments", _main(terms), "credits")),
        negotiated_claims=bool(negotiated and negotiated.differs("claims")),
        coming=coming(visit.account),
        page="promises",
    )
    return render(request, "portal/promises.html", context)


@dataclass(frozen=True, slots=True)
class TargetShown:
    """A tier, its target and where that is written; if it was negotiated, what the agreement itself promises."""

    title: str
    target: Fraction | None
    clause: str
    is_negotiated: bool = False
    otherwise: Fraction | None = None


def targets_of(terms: Terms, negotiated: Applying | None = None) -> list[TargetShown]:
    """List the tiers with their targets, the lowest tier first."""
    main = _main(terms)
    return [
        TargetShown(
            title=tier.title,
            target=terms.target(name),
            clause=terms.clause("commitments", 0, "target", name),
            is_negotiated=bool(negotiated and negotiated.differs("commitments", main, "target", name)),
            otherwise=negotiated.base.terms.target(name) if negotiated else None,
        )
        for name, tier in terms.tiers.items()
    ]


def _main(terms: Terms | None) -> str:
    """Name the promise by which months are judged."""
    return terms.commitment.name if terms and terms.commitment else ""
