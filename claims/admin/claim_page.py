"""Everything that an operator sees of one claim, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from agreements.overrides import terms_for
from agreements.terms import Terms
from claims.admin.happenings import Told, told
from claims.commands.claims.decide import second_person_above
from claims.errors import (
    AwaitingUsage,
    ClaimsError,
    ContestUndecided,
    MonthNotClosed,
    NothingToApprove,
    PreparationOutdated,
    PreparationRequired,
    SecondPersonRequired,
    StatementShowsCredit,
)
from claims.explain.deadlines import Deadline as Explained
from claims.explain.deadlines import of_claim
from claims.explain.shown import Stretch, stretches
from claims.models.claim import CONTEST_DECIDED_IN, SETTLE, State
from claims.models.period import State as PeriodState
from claims.queries import claims, desk, periods, statements
from claims.queries.claims import ClaimView
from claims.queries.desk import Comparison
from claims.queries.periods import PeriodView
from claims.queries.statements import StatementView
from claims.rules.claim import claimed_minutes
from claims.rules.decision import payable, rejection_code, require_current, require_second_person
from customers import queries as customers
from deadlines.queries import OpenDeadline, open_for
from eventstore import SYSTEM, history
from kernel import shown
from kernel.intervals import Ranges
from kernel.money import Money

STATES: Final = {
    State.FILED: "Filed, not taken up",
    State.VERIFYING: "Being examined",
    State.WAITING: "Waiting for the customer",
    State.APPROVED: "Approved, not posted yet",
    State.CREDITED: "Credited",
    State.REJECTED: "Rejected",
    State.APPEALED: "Appealed, not taken up",
    State.WITHDRAWN: "Withdrawn",
    State.REFUSED: "Filing refused",
}
DECIDE_FIRST: Final = "Decide each contested stretch before approving or rejecting."
LEFT: Final = (
    "Contested time is still to be decided: the claim was approved because its deadline was missed. "
    "What you grant of it pays the difference."
)
SOON: Final = timedelta(days=2)
TWO_PEOPLE: Final = "the setting MAKEGOOD_SECOND_PERSON_ABOVE"
KINDS: Final = {SETTLE: "Decision", "claims.answer": "Customer's answer", "claims.appeal": "End of appeals"}


def state_title(state: str) -> str:
    """Name a claim's state as operators know it."""
    return STATES[State(state)] if state in STATES else state


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """How long there is until a deadline, in words; `tone` is "bad", "warn" or empty."""

    words: str
    tone: str


def time_left(due_at: datetime, *, missed: bool, now: datetime) -> TimeLeft:
    """Tell how long it is, or how long ago it should have been."""
    if missed or due_at <= now:
        return TimeLeft(words=f"overdue by {shown.span(max(now, due_at) - due_at)}", tone="bad")
    left = due_at - now
    return TimeLeft(words=f"{shown.span(left)} left", tone="warn" if left < SOON else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What can be decided now: the credit to approve, or the one reason to reject; else why not."""

    statement: StatementView | None
    credit: Money | None
    why_no_credit: str
    rejection: str
    why_no_rejection: str
    two_people_above: Money | None

    @property
    def needs_two(self) -> bool:
        """Whether one person prepares the credit and another approves it."""
        return self.credit is not None and self.two_people_above is not None and self.credit > self.two_people_above


def outlook(view: ClaimView) -> Outlook:
    """Look at the newest statement as a decision would."""
    statement = statements.newest(view.account, view.agreement, view.month)
    closed = statement is not None or periods.is_closed(view.agreement, view.month)
    credit, no_credit = _payable(statement) if closed else (None, _sentence(MonthNotClosed()))
    rejection, no_rejection = _rejection(statement) if closed else ("", _sentence(MonthNotClosed()))
    terms = _terms_of(view)
    return Outlook(
        statement=statement,
        credit=credit,
        why_no_credit=no_credit,
        rejection=rejection,
        why_no_rejection=no_rejection,
        two_people_above=second_person_above(terms) if terms else None,
    )


def _terms_of(view: ClaimView) -> Terms | None:
    if view.terms_version is None:
        return None
    return terms_for(view.agreement, view.terms_version, view.account, view.override).terms


def _payable(statement: StatementView | None) -> tuple[Money | None, str]:
    try:
        return payable(statement.figures if statement else None), ""
    except (NothingToApprove, AwaitingUsage) as error:
        return None, _sentence(error)


def _rejection(statement: StatementView | None) -> tuple[str, str]:
    try:
        return str(rejection_code(statement.figures if statement else None)), ""
    except (StatementShowsCredit, AwaitingUsage) as error:
        return "", _sentence(error)


def _sentence(error: ClaimsError) -> str:
    return error.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One open deadline of the claim, with the time left."""

    title: str
    left: TimeLeft


@dataclass(frozen=True, slots=True)
class Button:
    """A way to an act: its words, its page, and how it looks ("main", "danger" or plain)."""

    words: str
    address: str
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedPart:
    """A contested stretch, with the ways to decide it where that can be done now."""

    start: datetime
    end: datetime
    minutes: int
    deny: str
    grant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The claim's page."""

    claim: ClaimView
    state: str
    holder: customers.AccountView
    tier_now: str
    usage: Money | None
    preparer: str
    decider: str
    outlook: Outlook
    period: UUID | None
    comparison: Comparison
    contested: tuple[ContestedPart, ...]
    deadlines: tuple[Deadline, ...]
    dates: tuple[Explained, ...]
    history: tuple[Told, ...]
    can_take_up: bool
    acts: tuple[Button, ...]
    another_approves: str
    hints: tuple[str, ...]


def page_of(claim_id: UUID, *, person: str, now: datetime) -> Page:
    """Collect what the claim's page shows to this operator. Errors: NotFound."""
    view = claims.claim(claim_id)
    holder = customers.account(view.account)
    compared, ahead = desk.compared(claim_id, now=now), outlook(view)
    refused = approval_refused(view, ahead, person, contested=compared.contested)
    period = periods.period(view.agreement, view.month)
    return Page(
        claim=view,
        state=state_title(view.state),
        holder=holder,
        tier_now=holder.tier_at(now) or "none",
        usage=customers.usage_of(view.account, view.month),
        preparer=_name(view.prepared_by),
        decider=_name(view.decided_by),
        outlook=ahead,
        period=period.id if period else None,
        comparison=compared,
        contested=_contested(view, compared.contested),
        deadlines=_deadlines(view, open_for([view.id]).get(view.id, []), now),
        dates=of_claim(view, now=now),
        history=tuple(told(history(claim_id))),
        can_take_up=view.state in (State.FILED, State.APPEALED),
        acts=tuple(_acts(view, ahead, refused)),
        another_approves=_another_approves(view, refused),
        hints=tuple(_hints(view, ahead, compared.contested, period, refused)),
    )


def _name(actor: str) -> str:
    """Name who decided: an operator, or the program itself."""
    return "Makegood" if actor == SYSTEM.id else customers.name_of_actor("operator", actor)


def _contested(view: ClaimView, contested: Ranges) -> tuple[ContestedPart, ...]:
    """Cut what is contested by the claimed stretches: each part is decided by itself."""
    parts = stretches(Ranges.union(contested & claimed_minutes(one) for one in view.times))
    return tuple(_part(view, one) for one in parts)


def _part(view: ClaimView, stretch: Stretch) -> ContestedPart:
    times = {"start": f"{stretch.start:%Y-%m-%dT%H:%M}", "end": f"{stretch.end:%Y-%m-%dT%H:%M}"}
    now = view.state in CONTEST_DECIDED_IN
    return ContestedPart(
        start=stretch.start,
        end=stretch.end,
        minutes=stretch.minutes,
        deny=_address(view, "deny", **times) if now else "",
        grant=_address(view, "grant", **times) if now else "",
    )


def _address(view: ClaimView, name: str, **more: str) -> str:
    """Give an act's page, which acts on the version that is seen here only."""
    query = urlencode({"seen": view.version, **more})
    return f"{reverse(f'admin:claims_claim_{name}', args=[view.id])}?{query}"


def _deadlines(view: ClaimView, found: list[OpenDeadline], now: datetime) -> tuple[Deadline, ...]:
    ahead = tuple(
        Deadline(title=KINDS.get(one.kind, one.kind), left=time_left(one.due_at, missed=False, now=now))
        for one in found
    )
    if view.missed_at is None or view.is_settled:
        return ahead
    return (Deadline(title=KINDS[SETTLE], left=time_left(view.missed_at, missed=True, now=now)), *ahead)


def approval_refused(view: ClaimView, ahead: Outlook, person: str, *, contested: Ranges) -> ClaimsError | None:
    """Tell why this operator cannot give the credit that the statement shows; None where they can."""
    if ahead.credit is None or ahead.statement is None:
        return None
    if contested:
        return ContestUndecided()
    try:
        require_current(view.prepared_version, ahead.statement.statement_version)
        require_second_person(view.prepared_by, person, credit=ahead.credit, above=ahead.two_people_above)
    except SecondPersonRequired:
        return SecondPersonRequired(
            f"Another person must approve {shown.money(ahead.credit)}: you prepared it. {_two_people(ahead)}"
        )
    except (PreparationRequired, PreparationOutdated) as error:
        return error
    return None


def _two_people(ahead: Outlook) -> str:
    limit = shown.money(ahead.two_people_above)
    return f"Above {limit} one person prepares and another approves ({TWO_PEOPLE})."


def _another_approves(view: ClaimView, refused: ClaimsError | None) -> str:
    """Say in the place of the button that somebody else is to press it."""
    is_theirs = view.state == State.VERIFYING and isinstance(refused, SecondPersonRequired)
    return refused.sentence if is_theirs and refused else ""


def _acts(view: ClaimView, ahead: Outlook, refused: ClaimsError | None) -> Iterator[Button]:
    """List what can be done now."""
    if view.state == State.VERIFYING:
        yield Button("Ask the customer", _address(view, "ask"))
        if ahead.credit is not None:
            prepares = isinstance(refused, PreparationRequired | PreparationOutdated)
            yield Button("Prepare approval", _address(view, "prepare"), "main" if prepares else "")
            if refused is None:
                yield Button(f"Approve {shown.money(ahead.credit)}", _address(view, "approve"), "main")
        if ahead.rejection:
            yield Button("Reject", _address(view, "reject"), "danger")
    if view.state == State.WAITING:
        yield Button("Go on without an answer", _address(view, "go_on"))
    if not view.is_settled and view.missed_at is None:
        yield Button("Move deadline", _address(view, "move_deadline"))


def _hints(
    view: ClaimView, ahead: Outlook, contested: Ranges, period: PeriodView | None, refused: ClaimsError | None
) -> Iterator[str]:
    """Say what stands in the way of a decision."""
    if view.undecided:
        yield LEFT
    if view.state != State.VERIFYING:
        return
    if ahead.credit is None and not ahead.rejection:
        yield f"It can not be decided yet: {ahead.why_no_credit}"
    if period is not None and period.state == PeriodState.WAITING:
        yield " ".join(("The month waits for a person to accept it:", *(one.sentence for one in period.reasons)))
    if contested and (ahead.rejection or ahead.credit is not None):
        yield DECIDE_FIRST
    if isinstance(refused, PreparationOutdated):
        yield refused.sentence
    if ahead.needs_two and not isinstance(refused, SecondPersonRequired):
        who = f"prepared by {_name(view.prepared_by)}" if view.prepared_by else "not prepared yet"
        yield f"{_two_people(ahead)} It is {who}."
