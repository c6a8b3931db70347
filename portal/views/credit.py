"""An account's credit: balance, postings, and what each bill took."""

from __future__ import annotations

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.queries import ledger
from portal.access import Visit, for_members
from portal.bills import bills_of
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
            bills=bills_of(visit.account.id),
            page="credit",
        ),
    )


@for_members
def export(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give gross, credit applied and remainder of each cycle as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = attachment(f"credit-{visit.account.number}.csv")
    writer = csv.writer(response)
    writer.writerow(ledger.COLUMNS)
    for bill in bills_of(visit.account.id):
        if bill.usage is not None and bill.applied is not None and bill.remainder is not None:
            gross, applied, rest = bill.usage, bill.applied.amount, bill.remainder.amount
            writer.writerow((bill.month, visit.account.number, gross.currency, gross.amount, applied, rest))
    return response
