"""The desk: everything that waits for an operator, in the order in which it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from agreements import queries as agreements
from claims.admin.claim_page import KINDS, TimeLeft, state_title, time_left
from claims.queries import desk, periods, statements
from claims.queries.desk import DeskLine
from claims.queries.periods import PeriodView
from config.desk.ending import ending_soon
from config.desk.negotiated_page import page_of
from config.desk.unreached import Unreached, UnreachedAccount, unreached, unreached_accounts
from customers import queries as customers
from deadlines import queries as deadlines
from eventstore.models import Parked
from kernel import clock, shown
from notices import queries as notices
from uptime import queries as uptime


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim on the desk, with the time left in words."""

    claim: DeskLine
    state: str
    waits_for: str
    left: TimeLeft
    examiner: str


@dataclass(frozen=True, slots=True)
class WaitingMonth:
    """A month that waits, with the time left until its nearest claim deadline."""

    period: PeriodView
    left: TimeLeft | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that should be nothing, and the page that tells more."""

    count: int
    words: str
    address: str
    is_bad: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims are looked at."""

    agreement: str
    state: str
    mine: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        """Read the filter out of an address; what is unknown picks everything."""
        states = desk.states_on_desk()
        state = request.GET.get("state", "")
        return cls(
            agreement=request.GET.get("agreement", ""),
            state=state if state in states else "",
            mine=request.GET.get("mine") == "1",
        )

    @property
    def picks(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.agreement or self.state or self.mine)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the admin's first page."""
    now, chosen = clock.now(), Filter.of(request)
    mine = str(request.user.pk) if chosen.mine else ""
    lines = desk.claims_on_desk(agreement=chosen.agreement, state=chosen.state, examiner=mine)
    names = {one.user_id: one.name for one in customers.operators()}
    months, exclusions = periods.waiting_periods(), uptime.undecided()
    usage, ending = statements.months_awaiting_usage(), ending_soon(now=now)
    return context | {
        "title": "Desk",
        "now": now,
        "filter": chosen,
        "agreements": [one.name for one in agreements.current()],
        "states": [(one, state_title(one)) for one in desk.states_on_desk()],
        "claims": [_line(one, {str(id_): name for id_, name in names.items()}, now) for one in lines],
        "months": [_month(one, now) for one in months],
        "usage": usage,
        "exclusions": exclusions,
        "ending": ending,
        "tiles": [
            *_tiles(lines, len(months), len(exclusions), sum(one.accounts for one in usage), now),
            *([Tile(len(ending), "negotiated terms end soon", "#ending", is_bad=False)] if ending else []),
        ],
    }


def _line(line: DeskLine, names: dict[str, str], now: datetime) -> ClaimLine:
    due = line.missed_at or line.next_due_at
    return ClaimLine(
        claim=line,
        state=state_title(line.state),
        waits_for=_waits_for(line),
        left=time_left(due, missed=line.missed_at is not None, now=now),
        examiner=names.get(line.examiner, "nobody yet" if not line.examiner else "somebody who left"),
    )


def _waits_for(line: DeskLine) -> str:
    """Name what is due next; an approval by a missed deadline can leave contested time to be decided."""
    if line.left_minutes:
        return f"Contested time: {shown.minutes(line.left_minutes)}"
    return KINDS.get(line.next_kind, line.next_kind) if line.missed_at is None else KINDS["claims.settle"]


def _month(period: PeriodView, now: datetime) -> WaitingMonth:
    due = period.nearest_claim_due
    return WaitingMonth(period, time_left(due, missed=False, now=now) if due else None)


def _unreached(one: Unreached) -> Tile:
    words = (
        f"account{'' if one.accounts == 1 else 's'} not reached by version {one.version} of {one.agreement}; "
        f"the notice ends {shown.instant(one.until, UTC)}"
    )
    page = reverse("admin:agreements_agreement_change", args=[one.stream])
    return Tile(one.accounts, words, f"{page}#version-{one.version}")


def _unreached_accounts(now: datetime) -> list[Tile]:
    found = list(unreached_accounts(now=now))
    names = customers.names_of(one.account for one in found)
    return [_unreached_account(one, names.get(one.account, str(one.account))) for one in found]


def _unreached_account(one: UnreachedAccount, name: str) -> Tile:
    words = (
        f"account not reached by version {one.version} of the terms negotiated with {name}; "
        f"the notice ends {shown.instant(one.until, UTC)}"
    )
    return Tile(1, words, f"{page_of(one.agreement, one.account)}#version-{one.version}")


def _tiles(lines: list[DeskLine], months: int, exclusions: int, usage: int, now: datetime) -> list[Tile]:
    overdue = sum(one.missed_at is not None or one.next_due_at <= now for one in lines)
    undelivered = notices.undelivered(now=now)
    return [
        Tile(overdue, "overdue", "#claims"),
        Tile(len(lines), "claims to decide", "#claims", is_bad=False),
        Tile(months, "months waiting", "#months", is_bad=False),
        Tile(usage, "accounts awaiting usage", "#usage", is_bad=False),
        Tile(exclusions, "exclusions to decide", "#exclusions", is_bad=False),
        *(_unreached(one) for one in unreached(now=now)),
        *_unreached_accounts(now),
        Tile(undelivered, "mails not delivered", f"{reverse('admin:notices_mail_changelist')}?standing=undelivered"),
        Tile(len(deadlines.held()), "deadlines held", f"{reverse('admin:deadlines_deadline_changelist')}?held=yes"),
        Tile(Parked.objects.count(), "events parked", reverse("admin:eventstore_parked_changelist")),
    ]
