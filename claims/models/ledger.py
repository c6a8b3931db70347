"""An account's credit: what it earned, what is reserved, what its bills took."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from claims.events.ledger import (
    CreditDrawn,
    CreditPosted,
    Cycle,
    CycleOpened,
    DrawAdjusted,
    Earned,
    Posting,
    PostingReversed,
)
from claims.models.double_entry import Entries
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MoneyField, MonthField
from kernel.money import Money
from kernel.months import Month


class CreditAccount(Aggregate):
    """The credit of one account; never cash, never moved to another account."""

    class State(models.TextChoices):
        """It opens with the first credit and stays."""

        NEW = "new"
        OPEN = "open"

    keeps = (Entries(),)

    state = FSMField(default=State.NEW, choices=State, protected=True)
    account = models.UUIDField(unique=True)
    agreement = models.TextField()
    balance = MoneyField()
    opened_through = MonthField()
    earned = EventJSONField(tuple[Earned, ...], default=())
    cycles = EventJSONField(tuple[Cycle, ...], default=())
    postings = EventJSONField(tuple[Posting, ...], default=())
    reversals = EventJSONField(tuple[int, ...], default=())

    class Meta:
        db_table = "credit_accounts"
        ordering = ("account",)
        verbose_name = "credit ledger"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(balance__startswith="-"),
                name="credit_accounts_are_never_overdrawn",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "opened_through"], name="credit_accounts_to_open")]

    @evolves(CreditPosted, source=[State.NEW, State.OPEN], target=State.OPEN)
    def posted(self, event: CreditPosted) -> None:
        """Add a credit; what is posted in a cycle is reserved for the next one."""
        self.account = event.account
        self.agreement = event.agreement
        self.balance = event.balance
        self.opened_through = event.cycle
        self._earn(event.month, event.earned)
        posting = Posting(self.version + 1, event.claim, event.month, event.amount)
        self.postings = (*self.postings, posting)

    @evolves(CycleOpened, source=State.OPEN, target=None)
    def cycle_opened(self, event: CycleOpened) -> None:
        """Set the reserve apart."""
        self.balance = event.balance
        self.opened_through = event.through
        self._keep(Cycle(event.cycle, event.reserved))

    @evolves(CreditDrawn, source=State.OPEN, target=None)
    def drawn(self, event: CreditDrawn) -> None:
        """Take the draw; the rest of the reserve is balance again."""
        self.balance = event.balance
        self.opened_through = event.through
        self._keep(Cycle(event.cycle, event.reserved, event.usage, event.drawn))

    @evolves(DrawAdjusted, source=State.OPEN, target=None)
    def draw_adjusted(self, event: DrawAdjusted) -> None:
        """Take the draw that the changed usage leads to."""
        self.balance = event.balance
        self.opened_through = event.through
        self._keep(Cycle(event.cycle, event.reserved, event.usage, event.drawn))

    @evolves(PostingReversed, source=State.OPEN, target=None)
    def posting_reversed(self, event: PostingReversed) -> None:
        """Take the credit back out; the posting itself stays."""
        self.balance = event.balance
        self._earn(event.month, event.earned)
        self.reversals = (*self.reversals, event.posting)

    def _earn(self, month: Month, amount: Money) -> None:
        others = [one for one in self.earned if one.month != month]
        self.earned = tuple(sorted([*others, Earned(month, amount)], key=lambda one: one.month))

    def _keep(self, cycle: Cycle) -> None:
        others = [one for one in self.cycles if one.month != cycle.month]
        self.cycles = tuple(sorted([*others, cycle], key=lambda one: one.month))
