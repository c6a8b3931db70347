"""What approved exclusions excuse, for whom, and by which treatment (SEMANTICS 7, 8, 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from agreements.terms.excusing import Treatment
from kernel.intervals import EMPTY, Ranges
from uptime.events import Category, Scope
from uptime.rules.notice import Granted, NoticeRule, Window, granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An approved exclusion as the rules see it: its stretches in microseconds, or its window."""

    category: Category
    scope: Scope
    stretches: Ranges = EMPTY
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Time that is excused for one account: of the whole service, or of these monitors."""

    treatment: Treatment
    stretches: Ranges
    monitors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """An exclusion with its treatment under the agreement and the notice already judged."""

    treatment: Treatment | None
    scope: Scope
    granted: Granted

    def excuse_for(self, account: UUID | None) -> Excuse | None:
        """Tell what it excuses for this account; None stands for an account nobody named."""
        if self.treatment is None or (self.scope.accounts and account not in self.scope.accounts):
            return None
        stretches = self.granted.for_account(account)
        if not stretches:
            return None
        monitors = frozenset(self.scope.monitors)
        return Excuse(treatment=self.treatment, stretches=stretches, monitors=monitors)

    @property
    def named_accounts(self) -> set[UUID]:
        """The accounts for which it may differ from what it does for everybody else."""
        return {*self.scope.accounts, *self.granted.accounts}


def judged(exclusion: Exclusion, treatments: Mapping[str, Treatment], notice: NoticeRule) -> Judged:
    """Apply the agreement's choice of categories and, to a planned window, its notice.

    Customer action excuses only the accounts that caused it: without a name, nobody.
    """
    treatment = treatments.get(exclusion.category)
    if treatment is Treatment.COUNTS_AS_DOWN or _causes_are_unnamed(exclusion):
        treatment = None
    if exclusion.window is None:
        return Judged(treatment, exclusion.scope, Granted(everybody=exclusion.stretches))
    return Judged(treatment, exclusion.scope, granted(exclusion.window, notice))


def _causes_are_unnamed(exclusion: Exclusion) -> bool:
    return exclusion.category is Category.CUSTOMER_ACTION and not exclusion.scope.accounts
