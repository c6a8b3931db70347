"""Every deadline that is shown, each with the tree that tells how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agreements.explaining import Step
from agreements.overrides import terms_for
from agreements.queries import terms_version
from agreements.terms import Terms
from agreements.terms.limits import length_text
from claims.events.claim import Settlement
from claims.events.entitlement import Bound
from claims.explain.bound import explain_appeal, explain_bound
from claims.explain.settling import Awaited, explain_answer, explain_settlement
from claims.queries.claims import ClaimView
from claims.queries.entitlements import EntitlementView, filing_bound, of_account
from claims.queries.months import MonthView
from claims.queries.periods import PeriodView, judging_terms_for
from claims.rules.claim import claimed_until
from claims.rules.filing_bound import claimed_times_bound, filing_rule
from claims.rules.settlement import pause
from kernel import shown
from kernel.months import Month

# Whose bound is shown for a month: while it can be used, and once it has lapsed.
SHOWN = ("open", "lapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A deadline by its name: `due_at` is the first instant that is late."""

    name: str
    title: str
    due_at: datetime
    tree: Step


def of_month(view: MonthView, *, now: datetime) -> tuple[Deadline, ...]:
    """Explain until when a month can be claimed, and, while it runs, when it closes."""
    published = judging_terms_for(view.account, view.agreement, view.month)
    if published is None:
        return ()
    return tuple(_of_month(view, published.terms, now=now))


def _of_month(view: MonthView, terms: Terms, *, now: datetime) -> Iterator[Deadline]:
    if view.statement is None:
        tree = explain_close(view.month, terms, close_due_at=view.close_due_at)
        yield Deadline(name="close", title="The month closes", due_at=view.close_due_at, tree=tree)
    entitlement = view.entitlement if view.entitlement and view.entitlement.state in SHOWN else None
    if entitlement:
        yield from _filing(entitlement.bound, terms, entitlement)
    else:
        bound = filing_bound(view.account, view.agreement, view.month, claimed_until=None, now=now)
        yield from _filing(bound, terms, None)


def of_bound(bound: Bound | None, account: UUID, agreement: str, month: Month) -> tuple[Deadline, ...]:
    """Explain a bound by which an account's month is to be claimed; nothing where there is none."""
    published = judging_terms_for(account, agreement, month)
    return tuple(_filing(bound, published.terms, None)) if published else ()


def of_entitlement(view: EntitlementView) -> tuple[Deadline, ...]:
    """Explain until when an entitlement can be used; nothing while an outage is open."""
    published = terms_for(view.agreement, view.terms_version, view.account, view.override)
    return tuple(_filing(view.bound, published.terms, view))


def of_period(view: PeriodView) -> tuple[Deadline, ...]:
    """Explain when an agreement's month closes."""
    terms = terms_version(view.agreement, view.terms_version).terms
    tree = explain_close(view.month, terms, close_due_at=view.close_due_at)
    return (Deadline(name="close", title="The month closes", due_at=view.close_due_at, tree=tree),)


def _filing(bound: Bound | None, terms: Terms, entitlement: EntitlementView | None) -> Iterator[Deadline]:
    known_on = entitlement.opened_on if entitlement else None
    tree = explain_bound(bound, terms, known_on=known_on) if bound else None
    if bound and tree:
        yield Deadline(name="file", title="Time to claim", due_at=bound.until, tree=tree)


def of_claim(view: ClaimView, *, now: datetime) -> tuple[Deadline, ...]:
    """Explain by when a claim is decided, answered, appealed and was to be filed, as far as it has these."""
    if view.terms_version is None:
        return ()
    published = terms_for(view.agreement, view.terms_version, view.account, view.override)
    return tuple(_of_claim(view, published.terms, now=now))


def _of_claim(view: ClaimView, terms: Terms, *, now: datetime) -> Iterator[Deadline]:
    if view.settlement is not None:
        tree = explain_settlement(_awaited(view, view.settlement, terms), terms)
        yield Deadline(name="settle", title="Decision", due_at=view.settlement.due_at, tree=tree)
    if view.request is not None:
        tree = explain_answer(view.request.asked_at, terms)
        yield Deadline(name="answer", title="Answer", due_at=view.request.answer_due_at, tree=tree)
    if view.state == "rejected" and view.appeal_bound is not None and view.decided_at is not None:
        appeal = explain_appeal(view.decided_at, view.appeal_bound, terms)
        if appeal is not None:
            yield Deadline(name="appeal", title="Appeal", due_at=view.appeal_bound, tree=appeal)
    if view.bound is not None:
        held = next((one for one in _bounds(view, terms, now=now) if one and one.until == view.bound), None)
        yield from _filing(held, terms, None)


def _bounds(view: ClaimView, terms: Terms, *, now: datetime) -> Iterator[Bound | None]:
    """Give the bounds that the claim may have been held against: promised ones, its own times, what was measured."""
    rule, until = filing_rule(terms), claimed_until(view.times) or view.month.end(terms.zone)
    for one in of_account(view.account):
        if (one.agreement, one.month) == (view.agreement, view.month):
            yield one.bound
    if rule is not None:
        yield claimed_times_bound(until, rule)
    yield filing_bound(view.account, view.agreement, view.month, claimed_until=until, now=now)


def _awaited(view: ClaimView, settlement: Settlement, terms: Terms) -> Awaited:
    day_of, asked = terms.calendar().day_of, view.request
    ahead = pause(asked.asked_at, asked.answer_due_at) if asked and asked.pauses else ()
    return Awaited(
        settlement=settlement,
        received_on=day_of(view.appealed_at or view.received_at),
        month_ended_on=None if view.appealed_at else view.month.last_day,
        pauses=(*view.pauses, *ahead),
    )


def explain_close(month: Month, terms: Terms, *, close_due_at: datetime) -> Step:
    """Tell from when on a month closes: its end, and the time in which late measurements still arrive."""
    end, close = shown.instant(month.end(terms.zone), terms.zone), shown.instant(close_due_at, terms.zone)
    grace = length_text(close_due_at - month.end(terms.zone))
    return Step(
        rule="Close",
        inputs=(("the month's end", end), ("grace", grace)),
        clause=terms.clause("months", "close_grace"),
        result=close,
        sentence=f"The month ends at {end} and closes {grace} later, at {close}, if nothing of it is in dispute.",
    )
