"""An account's credit: balance, postings, and what each bill took."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.queries import ledger
from claims.queries.bills import bills_of
from portal.access import Visit, for_members
from portal.postings import postings_of
from portal.sending import attachment


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the balance and how it came to be."""
    return render(
        request,
        "portal/credit.html",
        visit.context(
            balance=ledger.balance(visit.account.id),
            postings=postings_of(visit.account.id),
            bills=list(bills_of(visit.account.id)),
            page="credit",
        ),
    )


@for_members
def export(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give gross, credit applied and remainder of each cycle as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = attachment(f"credit-{visit.account.number}.csv")
    response.writelines(ledger.csv_of(bills_of(visit.account.id)))
    return response
