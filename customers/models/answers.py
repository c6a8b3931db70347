"""Answers to programs that named their request, kept so that a repeat is given the same answer."""

from django.db import models

from eventstore.fields import PrivateField


class KeptAnswer(models.Model):
    """What a request under an `Idempotency-Key` was answered with; its id is the command's id.

    The body is sealed under the account's key, because it may hold what a customer wrote.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.UUIDField(editable=False, help_text="the API key that asked")
    fingerprint = models.CharField(max_length=64, editable=False, help_text="a digest of what was asked")
    status = models.PositiveSmallIntegerField(editable=False)
    location = models.TextField(blank=True, editable=False)
    body = PrivateField()
    answered_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "kept answer"
        ordering = ("-answered_at", "id")
        indexes = (models.Index(fields=("answered_at",), name="customers_answer_age"),)

    def __str__(self) -> str:
        return f"{self.status} at {self.answered_at}"
