"""Reading the outbox from outside: how much of it does not arrive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from notices.models import Mail

LATELY: Final = timedelta(days=14)

FAILING: Final = Q(attempt_at__isnull=False) & ~Q(last_error="")


def undelivered(*, now: datetime) -> int:
    """Count the mails that fail and are tried again, and those that lately came to a bad end."""
    ended = Q(refused_at__gt=now - LATELY) | Q(given_up_at__gt=now - LATELY)
    return Mail.objects.filter(FAILING | ended).count()
