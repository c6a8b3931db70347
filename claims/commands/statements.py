"""Statements are issued by the close, completed by usage, corrected by later versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from agreements.overrides import terms_for
from claims.commands.judged_month import Holder, JudgedMonth, Judging, holders_under
from claims.errors import MonthNotClosed, ReasonMissing
from claims.events.statement import (
    Figures,
    StatementCompleted,
    StatementCorrected,
    StatementIssued,
)
from claims.models.finding import Finding
from claims.models.period import Period, State
from claims.models.statement import Statement
from claims.rules import statement as rules
from claims.rules.identity import period_id, statement_id
from customers import queries as customers
from eventstore import SYSTEM, Actor, change, changes, command
from eventstore.changing import Batch
from eventstore.retrying import patiently
from kernel.ids import AccountId
from kernel.minutes import MonthMinutes
from kernel.months import Month

CHUNK: Final = 1_000
CHANGED_USAGE: Final = "changed_usage"
USAGE_CHANGED: Final = "The usage of the month was changed."


def issue_statements(judged: JudgedMonth, accounts: Sequence[Holder], *, by: Actor, now: datetime) -> int:
    """Issue version 1 to these accounts, in one transaction; return how many got theirs now.

    An account that has its statement is left out, so that a close that was interrupted goes
    on where it stopped. One that held no tier in the month gets none.
    """
    month = judged.measured
    ids = {one.id: statement_id(one.id, month.agreement, month.month) for one in accounts}
    there = _stated_already(judged, accounts)
    issued = 0
    with changes(by=by, now=now) as batch:
        usage = customers.usage_for(month.agreement, month.month, list(ids))
        for account in accounts:
            figures = judged.figures_for(account, usage.get(account.id))
            if figures.tiers and account.id not in there:
                _issue(batch, ids[account.id], account.id, judged, figures, now)
                issued += 1
        judged.record_findings(batch)
    return issued


def _stated_already(judged: JudgedMonth, accounts: Sequence[Holder]) -> set[UUID]:
    """Find the accounts, from the first of these to the last, that have a statement of the month."""
    ids = [one.id for one in accounts]
    month = judged.measured
    rows = Statement.objects.filter(
        agreement=month.agreement, month=month.month, account__gte=min(ids), account__lte=max(ids)
    )
    return set(rows.values_list("account", flat=True))


def _issue(
    batch: Batch,
    statement: UUID,
    account: UUID,
    judged: JudgedMonth,
    figures: Figures,
    now: datetime,
    *,
    raised_at: datetime | None = None,
) -> None:
    batch.begin(Statement, statement).record(
        StatementIssued(
            account=AccountId(account),
            agreement=judged.measured.agreement,
            month=judged.measured.month,
            figures=figures,
            issued_at=now,
            raised_at=raised_at,
        )
    )


@command
def complete_statement(account: UUID, month: Month, *, by: Actor = SYSTEM, now: datetime) -> UUID | None:
    """Take the account's usage into its statement: the first completes it, changed usage corrects it.

    Nothing happens where the month has no statement yet, or pays nothing whatever was used. The
    usage is read after the statement, and so is never older than what that was made from.
    """
    agreement = customers.account(account).agreement
    statement = statement_id(account, agreement, month)
    if not Statement.objects.filter(id=statement).exists():
        return None
    with change(Statement, statement, by=by, now=now) as row:
        base = customers.usage_of(account, month)
        if base is None or row.figures.percent is None or row.figures.base == base:
            return None
        terms = terms_for(agreement, row.figures.terms_version, account, row.figures.override).terms
        figures = rules.with_usage(row.figures, base, terms)
        _record_version(row, figures, cause=CHANGED_USAGE, reason=USAGE_CHANGED, now=now)
    return statement


def _record_version(row: Statement, figures: Figures, *, cause: str, reason: str, now: datetime) -> None:
    if rules.completes(row.figures, figures):
        row.record(StatementCompleted(figures=figures, completed_at=now))
        return
    difference = rules.difference(row.figures, figures)
    row.record(
        StatementCorrected(
            statement_version=row.statement_version + 1,
            figures=figures,
            difference=difference,
            cause=cause,
            reason=reason,
            corrected_at=now,
            raised_at=now if rules.raises(difference) else row.raised_at,
        )
    )


def restate(agreement: str, month: Month, *, cause: str, reason: str, by: Actor, now: datetime) -> int:
    """Issue a new version to every account whose closed month reads differently now.

    `cause` is a code and `reason` the words for the customer; both are shown. It runs in
    chunks and may run twice, also at once. Returns how many statements changed. Errors:
    MonthNotClosed, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    period = Period.objects.filter(id=period_id(agreement, month)).first()
    if period is None or period.state != State.CLOSED:
        raise MonthNotClosed
    run = _Restating(period, Judging(period, now=now), cause, reason, by, now)
    chunks = holders_under(agreement, at_once=CHUNK)
    return sum(run.restate([one.id for one in chunk]) for chunk in chunks)


@dataclass(frozen=True, slots=True)
class _Restating:
    """One run over the accounts of a closed month that may read differently now.

    Others write statements meanwhile: what arrives completes them, and a second run may correct
    them. So each account's statement is read first and what it is made from after that: whoever
    wrote the statement knew no more, and who writes it later than it was read makes this try again.
    """

    period: Period
    judging: Judging
    cause: str
    reason: str
    by: Actor
    now: datetime
    _minutes: dict[UUID, MonthMinutes] = field(default_factory=dict)

    def restate(self, accounts: Sequence[UUID]) -> int:
        """Correct the statements of these accounts that differ; return how many did.

        One that is issued only now is looked at once more: usage that was set while it was being
        written found no statement to complete.
        """
        corrected, issued = patiently(partial(self._correct, accounts))
        if issued:
            patiently(partial(self._correct, issued))
        return corrected + len(issued)

    def _correct(self, accounts: Sequence[UUID]) -> tuple[int, list[UUID]]:
        """Write what differs, in one transaction; tell how many were corrected, and who got the first one."""
        corrected, issued = 0, list[UUID]()
        with changes(by=self.by, now=self.now) as batch:
            rows = batch.load(Statement, map(self._statement_of, accounts))
            judged = self.judging.current()
            usage = customers.usage_for(self.period.agreement, self.period.month, accounts)
            for account in customers.holders(accounts):
                figures = judged.figures_for(account, usage.get(account.id))
                minutes = judged.measured.minutes_for(account.id)
                statement = self._statement_of(account.id)
                row = rows.get(statement)
                if row is None and figures.tiers:
                    raised_at = self.now if figures.percent else None
                    _issue(batch, statement, account.id, judged, figures, self.now, raised_at=raised_at)
                    issued.append(account.id)
                elif row is not None and not self._says_the_same(row.figures, figures, minutes):
                    _record_version(row, figures, cause=self.cause, reason=self.reason, now=self.now)
                    corrected += 1
            if corrected or issued:
                judged.record_findings(batch)
        return corrected, issued

    def _statement_of(self, account: UUID) -> UUID:
        return statement_id(account, self.period.agreement, self.period.month)

    def _says_the_same(self, old: Figures, new: Figures, minutes: MonthMinutes) -> bool:
        if not rules.says_the_same(old, new):
            return False
        return old.finding == new.finding or rules.same_minutes(self._minutes_of(old.finding), minutes)

    def _minutes_of(self, finding: UUID) -> MonthMinutes:
        """Read what an earlier version was made from, once in a run."""
        if finding not in self._minutes:
            self._minutes[finding] = Finding.objects.get(id=finding).minutes
        return self._minutes[finding]
