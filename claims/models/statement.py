"""The statement: what an account was told about a month."""

from __future__ import annotations

from django.db import models
from django_fsm import FSMField

from claims.events.statement import (
    Figures,
    StatementCompleted,
    StatementCorrected,
    StatementIssued,
)
from eventstore import Aggregate, evolves
from eventstore.fields import EventJSONField, MonthField


class State(models.TextChoices):
    """Version 1 is issued, every later one corrects."""

    NEW = "new"
    ISSUED = "issued"
    CORRECTED = "corrected"


class Statement(Aggregate):
    """A closed month of one account; its row is the newest version, its history holds all."""

    state = FSMField(default=State.NEW, choices=State, protected=True)
    account = models.UUIDField()
    agreement = models.TextField()
    month = MonthField()
    statement_version = models.PositiveIntegerField()
    figures = EventJSONField(Figures)
    pays = models.BooleanField()
    awaits_usage = models.BooleanField()
    issued_at = models.DateTimeField()
    stated_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "statements"
        ordering = ("-month", "account", "id")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month", "account"], name="statements_one_a_month"),
            models.CheckConstraint(condition=models.Q(statement_version__gte=1), name="statements_count_from_one"),
        ]
        indexes = [
            models.Index(fields=["account", "month"], name="statements_of_account"),
            models.Index(
                fields=["agreement", "month"],
                condition=models.Q(pays=True),
                name="statements_that_pay",
            ),
        ]

    @evolves(StatementIssued, source=State.NEW, target=State.ISSUED)
    def issued(self, event: StatementIssued) -> None:
        """Take the figures of version 1."""
        self.account = event.account
        self.agreement = event.agreement
        self.month = event.month
        self.statement_version = 1
        self._say(event.figures)
        self.issued_at = self.stated_at = event.issued_at
        self.raised_at = event.raised_at

    @evolves(StatementCompleted, source=[State.ISSUED, State.CORRECTED], target=None)
    def completed(self, event: StatementCompleted) -> None:
        """Take the amount that the first usage gave."""
        self._say(event.figures)
        self.stated_at = event.completed_at

    @evolves(StatementCorrected, source=[State.ISSUED, State.CORRECTED], target=State.CORRECTED)
    def corrected(self, event: StatementCorrected) -> None:
        """Take the figures of a later version."""
        self.statement_version = event.statement_version
        self._say(event.figures)
        self.stated_at = event.corrected_at
        self.raised_at = event.raised_at

    def _say(self, figures: Figures) -> None:
        self.figures = figures
        self.pays = figures.percent is not None
        self.awaits_usage = figures.percent is not None and figures.base is None
