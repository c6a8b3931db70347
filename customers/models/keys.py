"""Keys with which programs sign in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApiKey(models.Model):
    """A program's key: for one account, or, without an account, for the provider's own programs.

    Only a hash of the key is kept; the prefix is the part by which it is found and shown.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.UUIDField(null=True, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, editable=False)
    key_hash = models.CharField(max_length=64, editable=False)
    created_by = models.CharField(max_length=120, help_text="who made it, by kind and id")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="api_keys",
        help_text="the person it was made by, with whose access it ends",
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "API key"
        ordering = ("-created_at", "id")
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("prefix",), name="customers_apikey_prefix"),
            models.CheckConstraint(
                name="customers_apikey_ended_by_somebody",
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
            ),
        )
        indexes = (models.Index(fields=("account", "-created_at"), name="customers_apikey_account"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
