"""Claiming: file from a month with the times filled in, follow, add, withdraw, appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from claims.commands.claims.appeal import appeal as appeal_claim
from claims.commands.claims.decide import withdraw as withdraw_claim
from claims.commands.claims.evidence import add_evidence, add_times
from claims.commands.claims.file import Received, file_claim
from claims.events.entitlement import Bound
from claims.evidence import KeptFile, keep
from claims.explain import deadlines
from claims.explain.statement import explain_statement
from claims.queries import claims, entitlements, months
from claims.queries.claims import ClaimView
from claims.queries.periods import judging_terms_for
from claims.rules.claim import MOST_TIMES, require_times
from eventstore import DomainError, once
from kernel.ids import derived, new_id
from kernel.intervals import Interval, instant_of
from kernel.months import Month
from portal import happenings
from portal.access import Visit, by_form, for_members, with_form
from portal.forms import AddForm, AppealForm, FilingForm, PartsForm, WithdrawForm
from portal.lapses import claimable_of
from portal.sending import attachment
from portal.times import longest, written

# A claim's page has several forms: the ids of their fields differ.
WITHDRAWING: Final = "withdraw_%s"
APPEALING: Final = "appeal_%s"


@for_members
def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List the claims, the newest first, and the filings that were not accepted; and what can be claimed still."""
    filed = claims.claims_of(visit.account.id)
    claimable = claimable_of(months.months_of(visit.account.id, now=visit.now), now=visit.now)
    return render(request, "portal/claims.html", visit.context(claims=filed, claimable=claimable, page="claims"))


@for_members
@with_form
def file(request: HttpRequest, visit: Visit, month: Month) -> HttpResponse:
    """File a claim for a month; a second click means the same as the first."""
    view = months.month_of(visit.account.id, month, now=visit.now)
    if view is None:
        raise Http404
    form = None
    if request.method == "POST":
        form = FilingForm(request.POST, request.FILES, month=month, zone=visit.zone, require=_times_of(visit, month))
        if form.is_valid() and (claim := _file(request, visit, month, form)):
            return claim
        form.ask_for_files_again()
    measured = _measured(view, visit)
    filled_in = {"key": new_id(), "times": written(longest(measured, MOST_TIMES), visit.zone)}
    form = form or FilingForm(initial=filled_in, month=month, zone=visit.zone)
    bound = filing_bound(visit, month)
    context = visit.context(
        form=form,
        measured=len(measured),
        most_times=MOST_TIMES,
        month=view,
        bound=bound.until if bound else None,
        dates=deadlines.of_bound(bound, visit.account.id, visit.account.agreement, month),
        too_late=bound is not None and bound.until <= visit.now,
        claim=claims.claim_of_month(visit.account.id, visit.account.agreement, month),
        page="claims",
    )
    return render(request, "portal/file.html", context, status=422 if form.errors else 200)


def filing_bound(visit: Visit, month: Month) -> Bound | None:
    """Tell until when the month can be claimed; None where nothing limits it yet."""
    account = visit.account
    return entitlements.filing_bound(account.id, account.agreement, month, claimed_until=None, now=visit.now)


def can_appeal(visit: Visit, view: ClaimView) -> bool:
    """Tell whether a claim was rejected and its time to appeal runs."""
    return view.state == "rejected" and view.appeal_bound is not None and visit.now < view.appeal_bound


def _measured(view: months.MonthView, visit: Visit) -> list[Interval]:
    """Collect the stretches that we measured as down, to start from."""
    if view.running:
        pairs = [pair for outage in view.running.outages for pair in outage.unexcused]
        return [Interval(instant_of(start), instant_of(end)) for start, end in pairs]
    told = explain_statement(visit.account.id, visit.account.agreement, view.month)
    down = [one for one in told.classes if one.name == "down"] if told else []
    return [Interval(one.start, one.end) for found in down for one in found.stretches]


def _file(request: HttpRequest, visit: Visit, month: Month, form: FilingForm) -> HttpResponse | None:
    given = form.cleaned_data
    sent = Received(month=month, times=given["times"], words=given["words"], evidence=_kept(visit, form))
    try:
        with once(_command(visit, given["key"], sent)):
            filing = file_claim(visit.account.id, sent, by=visit.actor, now=visit.now)
    except DomainError as error:
        form.add_error(None, error.sentence)
        return None
    answer = claims.answer(filing)
    if answer.claim is None:
        return redirect("portal:claim", account=visit.account.id, claim=filing)
    if answer.filing.refused:
        messages.warning(request, "You have a claim for this month already: here it is.")
    else:
        messages.success(request, "Your claim has arrived. We have sent you a confirmation by mail.")
    return redirect("portal:claim", account=visit.account.id, claim=answer.claim.id)


def _times_of(visit: Visit, month: Month) -> Callable[[Interval], None]:
    """Let a form refuse times that no claim of the month can mean, together with whatever else is wrong with it."""
    published = judging_terms_for(visit.account.id, visit.account.agreement, month)
    zone = published.terms.zone if published else UTC
    return lambda stretch: require_times((stretch,), month, zone, received_at=visit.now)


def _kept(visit: Visit, form: PartsForm) -> tuple[KeptFile, ...]:
    """Keep the files of a form, which has looked at them."""
    return tuple(keep(one, name=one.name, account=visit.account.id) for one in form.cleaned_data["evidence"])


def _command(visit: Visit, key: UUID, *content: object) -> UUID:
    """Name a command by the form's key and what it says: a second click is the same, a corrected form is not."""
    return derived("portal", visit.account.id, visit.user.pk, key, *content)


@for_members
def follow(request: HttpRequest, visit: Visit, claim: UUID) -> HttpResponse:
    """Show a claim with its history and what can be done next."""
    return _page(request, visit, _own(visit, claim))


def _own(visit: Visit, claim: UUID) -> ClaimView:
    try:
        return claims.claim(claim, account=visit.account.id)
    except DomainError as error:
        raise Http404 from error


def _back(visit: Visit, claim: UUID) -> HttpResponse:
    return redirect("portal:claim", account=visit.account.id, claim=_own(visit, claim).id)


def _page(request: HttpRequest, visit: Visit, view: ClaimView, **forms: Any) -> HttpResponse:
    key = {"key": new_id()}
    bound = filing_bound(visit, view.month) if view.is_open or view.state == "withdrawn" else None
    context = visit.context(
        claim=view,
        history=happenings.told(claims.happenings(view.id), visit.zone),
        answer=claims.answer(view.id),
        can_appeal=can_appeal(visit, view),
        bound=bound.until if bound else None,
        contested=claims.contested_times(view.id, now=visit.now) if view.is_open else view.undecided,
        dates=deadlines.of_claim(view, now=visit.now),
        too_late=bound is not None and bound.until <= visit.now,
        page="claims",
        **{
            "add_form": AddForm(initial=key, month=view.month, zone=visit.zone),
            "withdraw_form": WithdrawForm(initial=key, auto_id=WITHDRAWING),
            "appeal_form": AppealForm(initial=key, auto_id=APPEALING),
            **forms,
        },
    )
    return render(request, "portal/claim.html", context, status=422 if forms else 200)


@for_members
@by_form(_back)
def add(request: HttpRequest, visit: Visit, claim: UUID) -> HttpResponse:
    """Add times or evidence to an open claim."""
    view = _own(visit, claim)
    form = AddForm(request.POST, request.FILES, month=view.month, zone=visit.zone, require=_times_of(visit, view.month))
    if not form.is_valid() or not _add(visit, claim, form):
        form.ask_for_files_again()
        return _page(request, visit, _own(visit, claim), add_form=form)
    messages.success(request, "Thank you. What you added is part of the claim now.")
    return redirect("portal:claim", account=visit.account.id, claim=claim)


def _add(visit: Visit, claim: UUID, form: AddForm) -> bool:
    """Add what the form has, its files first: of these there can be too many. The words go with the times, if any.

    What cannot be added is an error of the form.
    """
    given = form.cleaned_data
    files, times, words = _kept(visit, form), given["times"], given["words"]
    try:
        if files:
            said = "" if times else words
            with once(_command(visit, given["key"], "files", files, said)):
                add_evidence(claim, files=files, words=said, by=visit.actor, now=visit.now)
        if times:
            with once(_command(visit, given["key"], "times", times, words)):
                add_times(claim, times=times, words=words, by=visit.actor, now=visit.now)
    except DomainError as error:
        form.add_error(None, error.sentence)
    return not form.errors


@for_members
@by_form(_back)
def withdraw(request: HttpRequest, visit: Visit, claim: UUID) -> HttpResponse:
    """Take an open claim back."""
    view, form = _own(visit, claim), WithdrawForm(request.POST, auto_id=WITHDRAWING)
    if not form.is_valid():
        return _page(request, visit, view, withdraw_form=form)
    given = form.cleaned_data
    try:
        with once(_command(visit, given["key"], given["words"])):
            withdraw_claim(claim, words=given["words"], by=visit.actor, now=visit.now)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "The claim is withdrawn.")
    return redirect("portal:claim", account=visit.account.id, claim=claim)


@for_members
@by_form(_back)
def appeal(request: HttpRequest, visit: Visit, claim: UUID) -> HttpResponse:
    """Ask for a rejection to be looked at again."""
    view, form = _own(visit, claim), AppealForm(request.POST, auto_id=APPEALING)
    if not form.is_valid():
        return _page(request, visit, view, appeal_form=form)
    given = form.cleaned_data
    try:
        with once(_command(visit, given["key"], given["words"])):
            appeal_claim(claim, words=given["words"], by=visit.actor, now=visit.now)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "Your appeal has arrived: the claim is looked at again.")
    return redirect("portal:claim", account=visit.account.id, claim=claim)


@for_members
def evidence(_request: HttpRequest, visit: Visit, claim: UUID, evidence: UUID) -> HttpResponse:
    """Give a file of evidence back, as an attachment and nothing else."""
    try:
        found = claims.evidence_content(claim, evidence, account=visit.account.id)
    except DomainError as error:
        raise Http404 from error
    response = HttpResponse(found.content, content_type=found.media_type)
    response.headers["Content-Disposition"] = attachment(found.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
