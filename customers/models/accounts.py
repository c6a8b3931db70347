"""An account under an agreement, the tiers it held and when, and what it is called."""

from typing import Final

from django.db import models
from django_fsm import FSMField

from customers.events import AccountOpened, Holding, TierEnded, TierHeld
from eventstore import Aggregate
from eventstore.aggregate import evolves
from eventstore.fields import EventJSONField

NUMBER_LENGTH: Final = 60


class AccountState(models.TextChoices):
    """The states of an account."""

    NEW = "new", "new"
    OPEN = "open", "open"


class Account(Aggregate):
    """A customer's account under one agreement; its tiers never overlap (SEMANTICS 26)."""

    state = FSMField(default=AccountState.NEW, choices=AccountState.choices, protected=True, max_length=10)
    number = models.CharField(max_length=NUMBER_LENGTH)
    agreement = models.CharField(max_length=100)
    holdings = EventJSONField(tuple[Holding, ...], default=tuple)

    class Meta:
        verbose_name = "account"
        ordering = ("number", "id")
        constraints = (models.UniqueConstraint(fields=("number",), name="customers_account_number"),)
        indexes = (models.Index(fields=("agreement", "id"), name="customers_account_agreement"),)

    def __str__(self) -> str:
        return self.number

    @evolves(AccountOpened, source=AccountState.NEW, target=AccountState.OPEN)
    def opened(self, event: AccountOpened) -> None:
        """The account exists."""
        self.number = event.number
        self.agreement = event.agreement

    @evolves(TierHeld, source=AccountState.OPEN, target=None)
    def tier_held(self, event: TierHeld) -> None:
        """A holding is added, in its place in time."""
        held = Holding(event.tier, event.from_at, event.until_at)
        self.holdings = tuple(sorted((*self.holdings, held), key=lambda one: one.start))

    @evolves(TierEnded, source=AccountState.OPEN, target=None)
    def tier_ended(self, event: TierEnded) -> None:
        """A holding is cut short, or taken out if it ends where it began."""
        others = [one for one in self.holdings if one.start != event.from_at]
        if event.ended_at > event.from_at:
            others.append(Holding(event.tier, event.from_at, event.ended_at))
        self.holdings = tuple(sorted(others, key=lambda one: one.start))


class Profile(models.Model):
    """What an account is called and where its people are: it addresses people and decides nothing."""

    account = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="UTC")

    class Meta:
        verbose_name = "profile"
        ordering = ("name", "account")

    def __str__(self) -> str:
        return self.name
