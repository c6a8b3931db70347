"""Running a draft over past months: every account judged twice by the code that judges real months.

Everything is read as it was at one instant, in a transaction in which nothing can be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, Protocol
from uuid import UUID

from agreements.commands import read_to_run
from agreements.examples import failures
from agreements.queries import terms_version, versions
from agreements.rules import digest_of
from agreements.terms import Document, Terms
from claims.commands.judged_month import PAGE
from claims.queries.statements import figures_between
from customers import queries as customers
from customers.queries import AccountHoldings, AccountView
from eventstore.streams import snapshot
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month
from workflows.whatif.counting import Counted, over_all_months, summed
from workflows.whatif.explained import short_trees
from workflows.whatif.months import Draft, RunMonth, months_between, require_comparable, run_month, tiers_in_order
from workflows.whatif.report import (
    Compared,
    Customer,
    CustomerMonth,
    MonthTold,
    Report,
)

CUSTOMERS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: this draft, over these months of this agreement; without `until`, to the last that is over."""

    draft: Document
    agreement: str
    since: Month
    until: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: `month` is being judged, `done` of `months` are, `accounts` so far of this one."""

    month: Month
    done: int
    months: int
    accounts: int


class Taker(Protocol):
    """Somebody who takes every account's month as it is compared, such as the writer of a table."""

    def take(self, compared: Compared, name: str) -> None:
        """Take one account's month."""
        ...


Watch = Callable[[Progress], None]


def asked(text: str, *, since: Month, until: Month | None = None, agreement: str = "") -> Question:
    """Read a draft as it is read to be published, but for its examples. Errors: TermsRefused."""
    draft = read_to_run(text)
    return Question(draft=draft, agreement=agreement or draft.terms.agreement, since=since, until=until)


def require_runnable(question: Question, *, now: datetime) -> None:
    """Refuse what can be refused before anything is measured. Errors: WhatIfRefused."""
    months_between(question.since, question.until, terms=question.draft.terms, now=now)
    require_comparable(question.draft.terms, question.agreement)


def run(question: Question, *, now: datetime, watch: Watch | None = None, taker: Taker | None = None) -> Report:
    """Judge every account's months by the draft and by the terms of each month, and sum up what differs.

    `watch` is told how far it is and may raise to end the run. Errors: WhatIfRefused.
    """
    terms = question.draft.terms
    months = months_between(question.since, question.until, terms=terms, now=now)
    with snapshot():
        require_comparable(terms, question.agreement)
        return _Run(question, months, now, watch or _unwatched, taker).report()


def _unwatched(_progress: Progress) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class _Effect:
    """What the draft changes for one account, over the months that differ."""

    number: str
    today: Money
    draft: Money
    percent: Fraction = Fraction(0)
    awaiting: int = 0
    months: list[Month] = field(default_factory=list)

    def add(self, one: Compared) -> None:
        self.months.append(one.month)
        if one.today.credit is not None and one.today.percent is not None:
            self.today = self.today + one.today.credit
        if one.draft.credit is not None and one.draft.percent is not None:
            self.draft = self.draft + one.draft.credit
        if one.today.base is None and one.draft.base is None:
            self.awaiting += 1
            self.percent += (one.draft.percent or 0) - (one.today.percent or 0)

    @property
    def weight(self) -> tuple[Money, Fraction, int]:
        """How much it concerns the account: amounts first, then percent without one, then months."""
        return abs(self.draft - self.today), abs(self.percent), len(self.months)


@dataclass(slots=True)
class _Run:
    """One run, month by month, a page of accounts at a time."""

    question: Question
    months: Sequence[Month]
    now: datetime
    watch: Watch
    taker: Taker | None
    ran: dict[Month, RunMonth] = field(default_factory=dict)
    effects: dict[AccountId, _Effect] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    names: dict[UUID, str] = field(default_factory=dict)
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(self.question.draft)

    @property
    def terms(self) -> Terms:
        return self.question.draft.terms

    def report(self) -> Report:
        counted = [self._month(month) for month in self.months]
        order = tiers_in_order(self.terms, self.ran.values())
        told = tuple(one.told(order) for one in counted)
        concerned = self._most_concerned()
        newest = terms_version(self.question.agreement, versions(self.question.agreement)[-1].number)
        return Report(
            agreement=self.question.agreement,
            title=newest.terms.title,
            draft_title=self.terms.title,
            draft_date=self.terms.document_date.isoformat(),
            draft_digest=digest_of(self.question.draft.source.text),
            currency=self.terms.currency,
            run_at=self.now,
            notes=tuple(self._notes(told)),
            months=told,
            tiers=over_all_months(told, order),
            total=summed((one.total for one in told), self.terms.currency),
            concerned=len(self.effects),
            customers=tuple(self._customer(account) for account in concerned),
        )

    def _month(self, month: Month) -> Counted:
        self.watch(Progress(month=month, done=len(self.ran), months=len(self.months), accounts=0))
        one = self.ran[month] = run_month(self.draft, self.question.agreement, month, now=self.now)
        counted = Counted(one=one, currency=self.terms.currency)
        usage = customers.usage_for(self.question.agreement, month)
        accounts = 0
        for page in customers.accounts_under(self.question.agreement, chunk=PAGE):
            self._page(counted, page, usage)
            accounts += len(page)
            self.watch(Progress(month=month, done=len(self.ran) - 1, months=len(self.months), accounts=accounts))
        return counted

    def _page(self, counted: Counted, page: Sequence[AccountHoldings], usage: Mapping[AccountId, Money]) -> None:
        one = counted.one
        stated = figures_between(self.question.agreement, one.month, page[0].id, page[-1].id)
        names = self._names_of(page) if self.taker else {}
        for holder in page:
            base = usage.get(holder.id)
            today = one.today.figures_for(holder, base)
            draft = one.draft.figures_for(holder, base)
            if not today.tiers:
                continue
            compared = Compared(
                month=one.month,
                account=holder.id,
                number=holder.number,
                today=today,
                draft=draft,
                stated=stated.get(holder.id),
            )
            self._count(counted, compared, holder)
            if self.taker:
                self.taker.take(compared, names.get(holder.id, holder.number))

    def _names_of(self, page: Sequence[AccountHoldings]) -> Mapping[UUID, str]:
        """Give the accounts' names, each of which is read once for all months."""
        if unread := [holder.id for holder in page if holder.id not in self.names]:
            self.names |= customers.names_of(unread)
        return self.names

    def _count(self, counted: Counted, compared: Compared, holder: AccountHoldings) -> None:
        differs = compared.differs
        counted.add(compared, holder, differs=differs)
        self.held.update(one.tier for one in compared.today.tiers)
        if differs:
            nothing = Money.zero(self.terms.currency)
            effect = self.effects.get(compared.account)
            if effect is None:
                effect = self.effects[compared.account] = _Effect(compared.number, nothing, nothing)
            effect.add(compared)

    def _most_concerned(self) -> list[AccountId]:
        """Choose the customers to show, whom it concerns most first; equals by number."""
        by_number = sorted(self.effects, key=lambda account: self.effects[account].number)
        by_weight = sorted(by_number, key=lambda account: self.effects[account].weight, reverse=True)
        return by_weight[:CUSTOMERS_SHOWN]

    def _customer(self, account: AccountId) -> Customer:
        view, effect, usage = customers.account(account), self.effects[account], customers.usages_of(account)
        return Customer(
            account=account,
            number=view.number,
            name=view.name,
            today=effect.today,
            draft=effect.draft,
            awaiting=effect.awaiting,
            months=tuple(_customer_month(self.ran[month], view, usage.get(month)) for month in effect.months),
        )

    def _notes(self, told: Sequence[MonthTold]) -> Iterator[str]:
        for tier in sorted(self.held - set(self.terms.tiers)):
            yield f"The draft has no tier {tier!r}, which accounts held: it judges no month by it."
        if contradicted := {one.name for one in failures(self.question.draft)}:
            named = ", ".join(sorted(contradicted))
            yield f"The draft contradicts examples of its own, and can not be published as it stands: {named}."
        awaiting = sum(one.total.draft.awaiting for one in told)
        if awaiting:
            yield (
                f"The draft owes a percent in {awaiting:,} months of accounts whose usage is not known: "
                "no amount of them is in the sums."
            )
        unlike = sum(one.unlike for one in told)
        if unlike:
            yield (
                f"{unlike:,} statements say something else than the terms of their month say today; "
                "each month tells which."
            )
        if not any(one.total.accounts for one in told):
            yield "No account held a tier in these months."


def _customer_month(one: RunMonth, view: AccountView, base: Money | None) -> CustomerMonth:
    today, draft = one.today.figures_for(view, base), one.draft.figures_for(view, base)
    return CustomerMonth(month=one.month, today=today, draft=draft, trees=short_trees(one, view, today, draft))
