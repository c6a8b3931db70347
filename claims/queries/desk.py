"""What the operators' desk asks: the claims to be decided in one glance, and one claim beside its measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from claims.events.claim import ClaimTakenUp
from claims.models.claim import SETTLE, UNSETTLED, Claim, State
from claims.models.statement import Statement
from claims.queries.contested import NOTHING, left_by_approval, minutes_of, to_decide
from claims.rules.claim import claimed_minutes
from claims.rules.identity import statement_id
from customers import queries as customers
from deadlines.queries import OpenDeadline, open_for
from eventstore.codec import SHAPES, decode
from eventstore.models import LoggedEvent
from kernel import shown
from kernel.intervals import Interval, Ranges
from kernel.minutes import MonthMinutes
from kernel.months import Month

NOT_CLOSED: Final = "month not closed"
NO_CREDIT: Final = "no credit"
AWAITING_USAGE: Final = "awaiting usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A claim that waits for a decision or a posting, and what is due next for it.

    `examiner` is the operator's id who took it up last, `shows` what its statement shows,
    `left_minutes` how many contested minutes its approval left to be decided.
    """

    id: UUID
    version: int
    account: UUID
    holder: str
    agreement: str
    month: Month
    state: str
    received_at: datetime
    missed_at: datetime | None
    next_kind: str
    next_due_at: datetime
    examiner: str
    shows: str = ""
    left_minutes: int = 0


def claims_on_desk(*, agreement: str = "", state: str = "", examiner: str = "") -> list[DeskLine]:
    """List the claims to be decided: overdue first, then by their next deadline; empty filters pick all.

    A credited claim is among them while its approval left contested time to be decided.
    It asks as many questions for one claim as for a thousand, and decrypts nothing.
    """
    rows = Claim.objects.filter(Q(state__in=UNSETTLED) | (Q(state=State.CREDITED) & ~Q(undecided=())))
    if agreement:
        rows = rows.filter(agreement=agreement)
    if state:
        rows = rows.filter(state=state)
    found = list(rows.order_by("received_at", "id"))
    left = left_by_approval(found)
    lines = _lines([one for one in found if one.state in UNSETTLED or one.id in left], left)
    kept = [one for one in lines if examiner in ("", one.examiner)]
    return sorted(
        kept, key=lambda one: (one.missed_at is None, one.missed_at or one.next_due_at, one.received_at, one.id)
    )


def states_on_desk() -> list[str]:
    """Name the states that a claim on the desk can be in."""
    return [str(one) for one in (*UNSETTLED, State.CREDITED)]


def _lines(rows: Sequence[Claim], left: Mapping[UUID, Ranges]) -> list[DeskLine]:
    deadlines = open_for(row.id for row in rows)
    holders = customers.names_of({row.account for row in rows})
    examiners, statements = examiners_of([row.id for row in rows]), _shows(rows)
    lines = (_line(row, deadlines.get(row.id, []), holders.get(row.account, ""), examiners) for row in rows)
    return [replace(one, shows=statements[one.id], left_minutes=left.get(one.id, NOTHING).total) for one in lines]


def _line(row: Claim, deadlines: Sequence[OpenDeadline], holder: str, examiners: dict[UUID, str]) -> DeskLine:
    due = min(deadlines, key=lambda one: one.due_at, default=None)
    return DeskLine(
        id=row.id,
        version=row.version,
        account=row.account,
        holder=holder or str(row.account),
        agreement=row.agreement,
        month=row.month,
        state=row.state,
        received_at=row.received_at,
        missed_at=row.missed_at,
        next_kind=due.kind if due else SETTLE,
        next_due_at=due.due_at if due else row.settlement.due_at,
        examiner=examiners.get(row.id, "") if row.state not in (State.FILED, State.APPEALED) else "",
    )


def examiners_of(claims: Iterable[UUID]) -> dict[UUID, str]:
    """Tell who took up each of these claims last."""
    name = SHAPES[ClaimTakenUp].name
    rows = LoggedEvent.objects.filter(stream__in=list(claims), type=name).order_by("stream", "version")
    found = {}
    for stream, version, payload in rows.values_list("stream", "schema_version", "payload"):
        event = decode(name, version, payload)
        if isinstance(event, ClaimTakenUp):
            found[stream] = event.taken_up_by
    return found


def _shows(rows: Sequence[Claim]) -> dict[UUID, str]:
    wanted = {row.id: statement_id(row.account, row.agreement, row.month) for row in rows}
    stated = {one.id: one for one in Statement.objects.filter(id__in=wanted.values())}
    return {claim: _said(stated.get(statement)) for claim, statement in wanted.items()}


def _said(statement: Statement | None) -> str:
    if statement is None:
        return NOT_CLOSED
    if not statement.pays:
        return NO_CREDIT
    return AWAITING_USAGE if statement.awaits_usage else shown.money(statement.figures.credit)


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchCompared:
    """A claimed stretch and how its minutes were measured; those outside the month are in no class."""

    stretch: Interval
    minutes: int
    down: int
    excused: int
    unknown: int
    up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a claim states beside what was measured; `contested` are the minutes left to decide."""

    stretches: tuple[StretchCompared, ...]
    contested: Ranges


def compared(claim_id: UUID, *, now: datetime) -> Comparison:
    """Lay the claimed times beside the statement, or beside what stands measured (SEMANTICS 17)."""
    row = Claim.objects.get(id=claim_id)
    if row.state == State.REFUSED:
        return Comparison(stretches=(), contested=Ranges.of())
    minutes = minutes_of(row, now=now)
    return Comparison(
        stretches=tuple(_compared(one, minutes) for one in row.times),
        contested=to_decide(row, now=now),
    )


def _compared(stretch: Interval, minutes: MonthMinutes) -> StretchCompared:
    claimed = claimed_minutes(stretch)
    excused = minutes.window | minutes.excused_leaving | minutes.excused_as_up
    return StretchCompared(
        stretch=stretch,
        minutes=claimed.total,
        down=(claimed & minutes.down).total,
        excused=(claimed & excused).total,
        unknown=(claimed & minutes.unknown).total,
        up=(claimed & minutes.up).total,
    )
