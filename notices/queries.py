"""Reading the outbox from outside: what was handed over when, and how much does not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Min, Q

from notices.models import Mail

LATELY: Final = timedelta(days=14)

# How long a mail may be under way before somebody should know.
PATIENCE: Final = timedelta(hours=1)

FAILING: Final = Q(attempt_at__isnull=False) & ~Q(last_error="")


def undelivered(*, now: datetime) -> int:
    """Count the mails that fail and are tried again, and those that lately came to a bad end."""
    ended = Q(refused_at__gt=now - LATELY) | Q(given_up_at__gt=now - LATELY)
    return Mail.objects.filter(FAILING | ended).count()


def not_arriving(kind: str, *, now: datetime) -> frozenset[UUID]:
    """Give what mails of a kind are about that reached nobody: each came to a bad end, or has been waiting for long."""
    keys = Mail.objects.filter(kind=kind).order_by("key").values("key")
    found = keys.annotate(first=Min("sent_at"), waiting=Count("attempt_at"), queued=Min("queued_at"))
    missing = found.filter(Q(waiting=0) | Q(queued__lte=now - PATIENCE), first=None)
    return frozenset(missing.values_list("key", flat=True))


def handed_over(keys: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Tell when a mail about each of these first went out to one of its people.

    None: to nobody so far. A key about which nothing was queued is left out.
    """
    rows = Mail.objects.filter(key__in=list(keys)).order_by("key")
    return dict(rows.values("key").annotate(first=Min("sent_at")).values_list("key", "first"))
