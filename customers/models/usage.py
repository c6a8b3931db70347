"""An account's metered charges of a month, and uploads of them that wait for a person's yes."""

from django.conf import settings
from django.db import models
from django_fsm import FSMField

from customers.events import UsageSet
from eventstore import Aggregate
from eventstore.aggregate import evolves
from eventstore.fields import MoneyField, MonthField


class UsageState(models.TextChoices):
    """The states of a month's usage."""

    NEW = "new", "not known"
    SET = "set", "set"


class Usage(Aggregate):
    """The gross metered charges of one account in one month; its history is in its events."""

    state = FSMField(default=UsageState.NEW, choices=UsageState.choices, protected=True, max_length=10)
    account = models.UUIDField()
    agreement = models.CharField(max_length=100)
    month = MonthField()
    amount = MoneyField()
    reason = models.TextField(blank=True)
    month_over = models.BooleanField("set after the month's end", default=False)

    class Meta:
        verbose_name = "usage"
        verbose_name_plural = "usage"
        ordering = ("-month", "account")
        constraints = (models.UniqueConstraint(fields=("account", "month"), name="customers_usage_once_a_month"),)
        indexes = (models.Index(fields=("agreement", "month", "account"), name="customers_usage_month"),)

    def __str__(self) -> str:
        return f"{self.month}: {self.amount}"

    @evolves(UsageSet, source=(UsageState.NEW, UsageState.SET), target=UsageState.SET)
    def was_set(self, event: UsageSet) -> None:
        """The amount is known, or changed."""
        self.account = event.account
        self.agreement = event.agreement
        self.month = event.month
        self.amount = event.amount
        self.reason = event.reason
        self.month_over = event.month_over


class UsageUpload(models.Model):
    """A usage file between its preview and the yes or no of the person who uploaded it."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=200)
    content = models.TextField()
    reason = models.TextField(blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = "usage upload"
        ordering = ("-uploaded_at", "id")

    def __str__(self) -> str:
        return self.name
