"""The months of an account, and one of them explained."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from claims.explain import deadlines
from claims.explain.running import explain_running
from claims.explain.shown import Explanation
from claims.explain.statement import explain_statement
from claims.queries import claims, ledger, months, statements
from customers import negotiated
from kernel.months import Month
from portal.access import Visit, for_members
from portal.bars import Part, bar, bar_of
from portal.lapses import claimable_of, lapse_of
from portal.views.claims import can_appeal
from portal.views.versions import coming


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List the months with uptime, target and credit, and what can be claimed by when."""
    account = visit.account
    listed = months.months_of(account.id, now=visit.now)
    filed = claims.claims_of(account.id)
    claimed = {one.month: one for one in reversed(filed) if one.state != "refused"}
    lapses = {one.month: lapse_of(one, claimed.get(one.month), now=visit.now) for one in listed}
    return render(
        request,
        "portal/months.html",
        visit.context(
            months=listed,
            claimable=claimable_of(listed, now=visit.now),
            waiting=[one for one in filed if one.request],
            appealable=[one for one in filed if can_appeal(visit, one)],
            claims=claimed,
            lapses=lapses,
            balance=ledger.balance(account.id),
            coming=coming(visit),
            negotiated=negotiated.coming(visit.account),
            ending=negotiated.ending(visit.account, now=visit.now),
            page="months",
        ),
    )


@for_members
def month(request: HttpRequest, visit: Visit, month: Month) -> HttpResponse:
    """Explain one month down to its outages, in any version of its statement."""
    account = visit.account
    view = months.month_of(account.id, month, now=visit.now)
    if view is None:
        raise Http404
    wanted = request.GET.get("version", "")
    version = int(wanted) if wanted.isdecimal() else None
    explained = explain_statement(account.id, account.agreement, month, statement_version=version)
    if version is not None and explained is None:
        raise Http404
    dates = deadlines.of_month(view, now=visit.now)
    claim = claims.claim_of_month(account.id, account.agreement, month)
    return render(
        request,
        "portal/month.html",
        visit.context(
            month=view,
            explained=explained,
            standing=explain_running(view),
            versions=statements.versions(account.id, account.agreement, month) if view.statement else (),
            claim=claim,
            lapse=lapse_of(view, claim, now=visit.now),
            bar=_bar(view, explained),
            bound=next((one.due_at for one in dates if one.name == "file"), None),
            dates=dates,
            page="months",
        ),
    )


def _bar(view: months.MonthView, explained: Explanation | None) -> list[Part]:
    if explained:
        return bar((one.name, one.minutes) for one in explained.classes[::-1])
    return bar_of(view.running.classes) if view.running else []
