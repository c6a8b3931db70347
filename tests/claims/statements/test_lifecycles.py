"""The lifecycles of months, statements and entitlements, walked: each state times each event."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest

from claims.events.entitlement import (
    Due,
    EntitlementBoundMoved,
    EntitlementEnded,
    EntitlementLapsed,
    EntitlementOpened,
    EntitlementReminded,
    EntitlementRestored,
    EntitlementUsed,
)
from claims.events.finding import MonthFound
from claims.events.period import (
    PeriodClosed,
    PeriodClosing,
    PeriodOpened,
    PeriodReviewAsked,
    PeriodReviewed,
    PeriodUnknownAccepted,
    PeriodWaiting,
    WaitingReason,
)
from claims.events.statement import StatementCompleted, StatementCorrected, StatementIssued
from claims.models.entitlement import Entitlement
from claims.models.finding import Finding
from claims.models.period import Period
from claims.models.statement import Statement
from claims.rules.filing_bound import incident_bound
from claims.rules.statement import difference
from eventstore import Aggregate, Event, TransitionRefused
from kernel.ids import AccountId, ClaimId, derived
from kernel.intervals import Ranges
from tests.claims.statements.scenes import OCTOBER, at, dollars, figures, month_of, rule

NOW = at("2026-11-02T00:00Z")
ACME = AccountId(derived("account", "acme"))
BOUND = incident_bound(at("2026-10-05T14:00Z"), rule())
DUE = Due(
    tier="pro",
    target=Fraction(995, 1000),
    uptime=Fraction(98, 100),
    percent=Fraction(1, 10),
    credit=None,
    down_minutes=893,
)

PERIOD: Sequence[Event] = (
    PeriodOpened(
        agreement="apicheap",
        month=OCTOBER,
        terms_version=1,
        begins_at=at("2026-10-01T00:00Z"),
        ends_at=at("2026-11-01T00:00Z"),
        close_due_at=NOW,
    ),
    PeriodWaiting(
        reasons=(WaitingReason(kind="unknown", reference="", minutes=Ranges.of((1, 2)), sentence="One is unknown."),),
        since=NOW,
    ),
    PeriodUnknownAccepted(
        accepted_by="mira", reason="It does not matter.", minutes=Ranges.of((1, 2)), references=(), accepted_at=NOW
    ),
    PeriodClosing(measurement="m", started_at=NOW),
    PeriodClosed(statements=1, closed_at=NOW),
    PeriodReviewAsked(cause="correction", reason="Wrong.", published_at=None, asked_at=NOW),
    PeriodReviewed(asked=1, shown="s", statements=0, entitlements=0, reviewed_at=NOW),
)
STATEMENT: Sequence[Event] = (
    StatementIssued(account=ACME, agreement="apicheap", month=OCTOBER, figures=figures(), issued_at=NOW),
    StatementCompleted(figures=figures(base=dollars("200"), credit=dollars("20")), completed_at=NOW),
    StatementCorrected(
        statement_version=2,
        figures=figures(percent=Fraction(1, 4)),
        difference=difference(figures(), figures(percent=Fraction(1, 4))),
        cause="correction",
        reason="Wrong.",
        corrected_at=NOW,
        raised_at=NOW,
    ),
)
ENTITLEMENT: Sequence[Event] = (
    EntitlementOpened(
        account=ACME,
        agreement="apicheap",
        month=OCTOBER,
        number=1,
        terms_version=1,
        cause="certain_miss",
        due=DUE,
        bound=BOUND,
        remind_at=(at("2026-10-29T00:00Z"),),
        opened_on=date(2026, 10, 5),
        opened_at=at("2026-10-05T15:00Z"),
    ),
    EntitlementBoundMoved(bound=None, remind_at=(), due=DUE, reason="an outage is open", moved_at=NOW),
    EntitlementReminded(moment=at("2026-10-29T00:00Z"), remind_at=()),
    EntitlementLapsed(lapsed_at=BOUND.until),
    EntitlementUsed(claim_id=ClaimId(derived("claim", 1)), filed_at=NOW),
    EntitlementRestored(remind_at=(), restored_at=NOW),
    EntitlementEnded(code="met", reason="It meets its target.", ended_at=NOW),
)
FINDING: Sequence[Event] = (
    MonthFound(agreement="apicheap", month=OCTOBER, minutes=month_of(), exclusions=(), sources=()),
)

# For each thing: each state as (the events that lead to it, event → the next state).
Walk = Mapping[str, tuple[Sequence[int], Mapping[type[Event], str]]]

REVIEWS = (PeriodReviewAsked, PeriodReviewed)
WALKS: dict[type[Aggregate], tuple[Sequence[Event], Walk]] = {
    Period: (
        PERIOD,
        {
            "new": ((), {PeriodOpened: "open"}),
            "open": ((0,), {PeriodWaiting: "waiting", PeriodClosing: "closing", **dict.fromkeys(REVIEWS, "open")}),
            "waiting": (
                (0, 1),
                {
                    PeriodWaiting: "waiting",
                    PeriodUnknownAccepted: "waiting",
                    PeriodClosing: "closing",
                    **dict.fromkeys(REVIEWS, "waiting"),
                },
            ),
            "closing": ((0, 3), {PeriodClosed: "closed", **dict.fromkeys(REVIEWS, "closing")}),
            "closed": ((0, 3, 4), dict.fromkeys(REVIEWS, "closed")),
        },
    ),
    Statement: (
        STATEMENT,
        {
            "new": ((), {StatementIssued: "issued"}),
            "issued": ((0,), {StatementCompleted: "issued", StatementCorrected: "corrected"}),
            "corrected": ((0, 2), {StatementCompleted: "corrected", StatementCorrected: "corrected"}),
        },
    ),
    Entitlement: (
        ENTITLEMENT,
        {
            "new": ((), {EntitlementOpened: "open"}),
            "open": (
                (0,),
                {
                    EntitlementBoundMoved: "open",
                    EntitlementReminded: "open",
                    EntitlementLapsed: "lapsed",
                    EntitlementUsed: "used",
                    EntitlementEnded: "ended",
                },
            ),
            "used": ((0, 4), {EntitlementRestored: "open"}),
            "lapsed": ((0, 3), {EntitlementUsed: "used"}),
            "ended": ((0, 6), {}),
        },
    ),
    Finding: (FINDING, {"new": ((), {MonthFound: "found"}), "found": ((0,), {})}),
}

CASES = [
    pytest.param(model, state, event, id=f"{model.__name__} {state} {type(event).__name__}")
    for model, (events, walk) in WALKS.items()
    for state in walk
    for event in events
]


@pytest.mark.parametrize(("model", "state", "event"), CASES)
def test_each_event_in_each_state(model: type[Aggregate], state: str, event: Event) -> None:
    events, walk = WALKS[model]
    leads, allowed = walk[state]
    row = model.fold(derived("walked"), [events[index] for index in leads])
    assert row.state == state
    row.open(now=NOW)
    if type(event) in allowed:
        row.record(event)
        assert row.state == allowed[type(event)]
    else:
        with pytest.raises(TransitionRefused):
            row.record(event)
        assert row.state == state


@pytest.mark.parametrize("model", WALKS)
def test_every_event_and_every_state_is_walked(model: type[Aggregate]) -> None:
    events, walk = WALKS[model]
    assert {type(event) for event in events} == set(model.evolutions)
    (field,) = (field for field in model._meta.concrete_fields if field.name == "state")
    assert list(walk) == [value for value, _ in field.choices or ()]


def test_a_promise_is_kept_beside_a_bound_that_an_open_outage_takes_away() -> None:
    row = Entitlement.fold(derived("walked"), ENTITLEMENT[:2])
    assert (row.bound, row.promised) == (None, BOUND)


def test_a_close_is_followed_by_a_review_even_if_one_was_just_done() -> None:
    opened, asked, reviewed, closing, closed = (PERIOD[index] for index in (0, 5, 6, 3, 4))
    row = Period.fold(derived("walked"), [opened, asked, reviewed])
    assert row.review_at is None
    assert Period.fold(derived("walked"), [opened, asked, reviewed, closing, closed]).review_at == NOW
