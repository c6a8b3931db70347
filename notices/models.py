"""The outbox: each mail as it was written when it was queued, and how its delivery stands."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from notices.kinds.base import LONGEST_SUBJECT


class Standing(models.TextChoices):
    """How the delivery of a mail stands, read from its instants."""

    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    REFUSED = "refused", "refused by the server"
    GIVEN_UP = "given_up", "given up"


class Mail(models.Model):
    """One mail to one person.

    `attempt_at` is the next instant at which it needs a worker: its first attempt, the retry after
    a failure, or, while a worker has it, the end of that worker's lease. It is empty once the mail
    is over, and then exactly one of the three ends is set.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.UUIDField(help_text="what this mail is about; the same key never mails a person twice")
    kind = models.CharField(max_length=40)
    recipient = models.EmailField(max_length=254)
    answers_go_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    secret = models.BooleanField(default=False, help_text="forgotten as soon as it is over")
    message_id = models.CharField(max_length=320)

    queued_at = models.DateTimeField()
    attempt_at = models.DateTimeField(null=True)
    nudged_at = models.DateTimeField(help_text="when a worker was last told of it")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "mails"
        ordering = ("-queued_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("key", "recipient"), name="notices_mail_once_per_person"),
            models.UniqueConstraint(fields=("message_id",), name="notices_mail_message_id"),
            models.CheckConstraint(
                name="notices_mail_waits_or_has_one_end",
                condition=Q(attempt_at__isnull=False, sent_at=None, refused_at=None, given_up_at=None)
                | Q(attempt_at=None, sent_at__isnull=False, refused_at=None, given_up_at=None)
                | Q(attempt_at=None, sent_at=None, refused_at__isnull=False, given_up_at=None)
                | Q(attempt_at=None, sent_at=None, refused_at=None, given_up_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notices_mail_secret_forgotten",
                condition=Q(secret=False) | Q(attempt_at__isnull=False) | Q(text="", html=""),
            ),
        )
        indexes = (
            models.Index(F("attempt_at"), F("id"), name="notices_mail_due", condition=Q(attempt_at__isnull=False)),
            models.Index(F("queued_at").desc(), F("id"), name="notices_mail_newest"),
        )

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def standing(self) -> Standing:
        """How the delivery stands."""
        ends = {Standing.SENT: self.sent_at, Standing.REFUSED: self.refused_at, Standing.GIVEN_UP: self.given_up_at}
        return next((standing for standing, at in ends.items() if at), Standing.WAITING)

    @property
    def over_at(self) -> datetime | None:
        """When the delivery came to an end, well or badly."""
        return self.sent_at or self.refused_at or self.given_up_at
