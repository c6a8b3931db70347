"""What decides whether a text may be published as the next version of an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from agreements.errors import StartsBeforeItsPredecessor, StartsInThePast, StartsWithinAPeriod
from agreements.terms import Terms
from kernel.months import Month


def digest_of(text: str) -> str:
    """Name a text by its SHA-256."""
    return sha256(text.encode()).hexdigest()


def require_start(terms: Terms, *, earlier: Sequence[datetime], now: datetime) -> None:
    """Refuse a start that would reach back; a first version may begin at any instant."""
    if not earlier:
        return
    clause = terms.clause("changes")
    start = terms.in_force_from
    if start <= max(earlier):
        raise StartsBeforeItsPredecessor(clause=clause)
    if start != Month.of(start, terms.zone).start(terms.zone):
        raise StartsWithinAPeriod(clause=clause)
    if start < now:
        raise StartsInThePast(clause=clause)
