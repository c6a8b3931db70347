"""An account's credit: balance, postings, and what each bill took."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.queries import ledger
from portal.access import Visit, for_members
from portal.bills import bills_of


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the balance and how it came to be."""
    return render(
        request,
        "portal/credit.html",
        visit.context(
            balance=ledger.balance(visit.account.id),
            postings=ledger.postings(visit.account.id)[::-1],
            bills=bills_of(visit.account.id),
            page="credit",
        ),
    )


@for_members
def export(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give gross, credit applied and remainder of each cycle as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="credit-{visit.account.number}.csv"'
    writer = csv.writer(response)
    writer.writerow(("cycle", "currency", "gross", "credit_applied", "remainder"))
    for bill in bills_of(visit.account.id):
        if bill.usage is not None:
            rest = bill.usage - bill.applied
            writer.writerow((bill.month, bill.usage.currency, bill.usage.amount, bill.applied.amount, rest.amount))
    return response
