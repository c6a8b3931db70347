"""A review compares what accounts were told about a month with what they should be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from claims.commands.judged_month import Holder, JudgedMonth, Judging, holders_under
from claims.events.entitlement import (
    Due,
    EntitlementBoundMoved,
    EntitlementEnded,
    EntitlementOpened,
    EntitlementRestored,
)
from claims.events.statement import Figures
from claims.models.entitlement import Entitlement
from claims.models.period import Period, State
from claims.models.statement import Statement
from claims.queries.claims_of_month import claims_of_month
from claims.queries.entitlements import newest_of
from claims.rules import entitlement as rules
from claims.rules.entitlement import ClaimsOfMonth, Decision, End, Move, Open, Restore, Told
from claims.rules.filing_bound import FilingRule, filing_rule
from claims.rules.identity import entitlement_id, period_id
from customers import queries as customers
from eventstore import SYSTEM, Actor, ConcurrencyConflict, changes
from eventstore.changing import Batch
from eventstore.retrying import patiently
from kernel.ids import AccountId
from kernel.months import Month

CHUNK: Final = 500
NO_CLAIMS: Final = ClaimsOfMonth()

Said = tuple[Figures | None, datetime | None, int]
NOTHING_SAID: Final[Said] = (None, None, 0)

Decided = tuple[UUID, Told | None, Decision]


def review_entitlements(
    agreement: str,
    month: Month,
    *,
    published_at: datetime | None = None,
    published_since: datetime | None = None,
    reason: str = "",
    by: Actor = SYSTEM,
    now: datetime,
) -> int:
    """Open, move and end the month's entitlements as they should be; return how many changed.

    It runs in chunks, each in its own transaction, and may run twice: the second time changes
    nothing. `published_at` is the instant of a correction or of a revoked exclusion, the last of
    them where there are several, and `published_since` the first: it counts for the accounts to
    which they first show a miss or a higher credit. `reason` is told where an entitlement ends.
    """
    run = _Run.of(agreement, month, reason=reason, now=now)
    if run is None or not run.matters():
        return 0
    if published_at is not None:
        without = Judging(run.period, now=now, before=published_since or published_at)
        run = replace(run, published_at=published_at, without=without)
    chunks = holders_under(agreement, at_once=CHUNK)
    return sum(patiently(partial(run.review, [one.id for one in chunk], by=by)) for chunk in chunks)


def review_account(account: UUID, month: Month, *, by: Actor = SYSTEM, now: datetime) -> int:
    """Do the same for one account: its claim was withdrawn, or its tier or usage changed."""
    holder = customers.account(account)
    run = _Run.of(holder.agreement, month, reason="", now=now)
    if run is None:
        return 0
    return run.review([account], by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """Corrections and revocations: the instant of the last, and the month as it stands without them.

    Each method tells the instant where they showed the account a first miss or a higher credit.
    """

    at: datetime
    before: JudgedMonth

    def raised_at(self, account: Holder, due: Due | None) -> datetime | None:
        """Compare what is certain in a month that is not closed."""
        before = self.before.certain_due(account)
        raised = rules.raises(before.percent if before else None, due.percent if due else None)
        return self.at if raised else None

    def raised_before_the_close(self, account: Holder, figures: Figures | None, version: int) -> datetime | None:
        """Compare what a first statement says, which may know of them; later ones say when they raised it."""
        if figures is None or version > 1:
            return None
        before = self.before.figures_for(account, None)
        return self.at if rules.raises(before.percent, figures.percent) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One review of a month: what is measured and judged once, for all its accounts.

    What accounts were told is read before what they should be told, and written only where it
    still says what was read: a review that knew less never writes over one that knew more.
    `without` judges the month without what was published, by `published_at`.
    """

    period: Period
    judging: Judging
    judged: JudgedMonth
    rule: FilingRule | None
    reason: str
    now: datetime
    published_at: datetime | None = None
    without: Judging | None = None
    published: _Published | None = None

    @classmethod
    def of(
        cls,
        agreement: str,
        month: Month,
        *,
        reason: str,
        now: datetime,
    ) -> _Run | None:
        """Measure and judge the month; None where it is not open or there is nothing to claim."""
        period = Period.objects.filter(id=period_id(agreement, month)).first()
        if period is None:
            return None
        judging = Judging(period, now=now)
        judged = judging.current()
        if not any(filing_rule(terms) for terms in judged.every_terms()):
            return None
        return cls(
            period=period,
            judging=judging,
            judged=judged,
            rule=filing_rule(judged.terms),
            reason=reason,
            now=now,
        )

    @property
    def closed(self) -> bool:
        """Whether the statements say what the month was."""
        return bool(self.period.state == State.CLOSED)

    def matters(self) -> bool:
        """Whether any account may have an entitlement to open or to change."""
        agreement, month = self.period.agreement, self.period.month
        if Entitlement.objects.filter(agreement=agreement, month=month).exists():
            return True
        if self.closed:
            return Statement.objects.filter(agreement=agreement, month=month, pays=True).exists()
        return any(self.judged.certain_dues())

    def review(self, accounts: Sequence[UUID], *, by: Actor) -> int:
        """Decide for each account and record what changes, in one transaction.

        Errors: ConcurrencyConflict where anything happened to an entitlement meanwhile.
        """
        told = newest_of(self.period.agreement, self.period.month, accounts)
        published = self._published()
        as_it_stands = replace(self, judged=self.judging.current(), published=published)
        return as_it_stands.decide(accounts, told, by=by)

    def _published(self) -> _Published | None:
        """Measure the month without what was published, as everything else stands by now."""
        if self.published_at is None or self.without is None:
            return None
        return _Published(at=self.published_at, before=self.without.current())

    def decide(self, accounts: Sequence[UUID], told: Mapping[UUID, Told], *, by: Actor) -> int:
        """Decide by what is so now, and record it if nobody was told anything else since that was read."""
        claims = claims_of_month(self.period.agreement, self.period.month, accounts)
        statements = self._statements(accounts)
        decided: list[Decided] = []
        for account in customers.holders(accounts):
            before, rule = told.get(account.id), self._rule_of(account.id)
            if rule is None:
                continue
            reviewed = rules.Reviewed(
                rule=rule,
                told=before,
                standing=self._standing(account, statements.get(account.id, NOTHING_SAID)),
                claims=claims.get(account.id, NO_CLAIMS),
                now=self.now,
            )
            if decision := reviewed.decision():
                decided.append((account.id, before, decision))
        with changes(by=by, now=self.now) as batch:
            self._record(batch, decided)
        return len(decided)

    def _rule_of(self, account: UUID) -> FilingRule | None:
        """Tell how the account claims; None where nothing can be claimed."""
        return self.rule if self.judged.override_of(account) is None else filing_rule(self.judged.terms_of(account))

    def _statements(self, accounts: Sequence[UUID]) -> dict[UUID, Said]:
        """Read what the statements of a closed month say, and when that was last raised."""
        if not self.closed:
            return {}
        rows = Statement.objects.filter(
            agreement=self.period.agreement,
            month=self.period.month,
            account__in=accounts,
        )
        said = rows.order_by("id").values_list("account", "figures", "raised_at", "statement_version")
        return {account: (figures, raised_at, version) for account, figures, raised_at, version in said}

    def _standing(self, account: Holder, said: Said) -> rules.Standing:
        incident, published = self.judged.incident_of(account.id), self.published
        if not self.closed:
            due = self.judged.certain_due(account)
            return rules.running(due, incident, published.raised_at(account, due) if published else None)
        figures, raised_at, version = said
        if raised_at is None and published:
            raised_at = published.raised_before_the_close(account, figures, version)
        return rules.stated(figures, incident, raised_at, version)

    def _record(self, batch: Batch, decided: Iterable[Decided]) -> None:
        """Open the new ones, and load and change those that there are."""
        there = [self._id(account, told.number) for account, told, one in decided if told]
        rows = batch.load(Entitlement, there)
        for account, told, decision in decided:
            if isinstance(decision, Open):
                row = batch.begin(Entitlement, self._id(account, decision.number))
                row.record(self._opened(account, decision))
            elif told is not None:
                self._change(_as_read(rows[self._id(account, told.number)], told), decision)

    def _id(self, account: UUID, number: int) -> UUID:
        return entitlement_id(account, self.period.agreement, self.period.month, number)

    def _opened(self, account: UUID, decision: Open) -> EntitlementOpened:
        return EntitlementOpened(
            account=AccountId(account),
            agreement=self.period.agreement,
            month=self.period.month,
            number=decision.number,
            terms_version=self.period.terms_version,
            override=self.judged.override_of(account),
            cause=decision.cause,
            due=decision.due,
            bound=decision.bound,
            remind_at=decision.remind_at,
            opened_on=decision.opened_on,
            opened_at=self.now,
        )

    def _change(self, row: Entitlement, decision: Move | Restore | End) -> None:
        match decision:
            case Move(bound=bound, remind_at=remind_at, due=due, reason=reason):
                row.record(
                    EntitlementBoundMoved(bound=bound, remind_at=remind_at, due=due, reason=reason, moved_at=self.now)
                )
            case Restore(remind_at=remind_at, then=then):
                row.record(EntitlementRestored(remind_at=remind_at, restored_at=self.now))
                if then:
                    self._change(row, then)
            case End(code=code):
                reason = self.reason or rules.WHY_ENDED.get(code, rules.ENDED)
                row.record(EntitlementEnded(code=code, reason=reason, ended_at=self.now))


def _as_read(row: Entitlement, told: Told) -> Entitlement:
    """Give the entitlement if nothing happened to it since that was read. Errors: ConcurrencyConflict."""
    if row.version != told.version:
        raise ConcurrencyConflict(row.id, expected=told.version, actual=row.version)
    return row
