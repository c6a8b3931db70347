"""Which parts of a commitment the running system can not carry out yet, and what it does instead."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from agreements.terms import Terms
from agreements.terms.bases import USAGE_OF_MONTH
from agreements.terms.caps import Cap
from agreements.terms.commitments import Commitment
from agreements.terms.problems import Path
from agreements.terms.tables import Credits

Beyond = tuple[Path, str]

# Fields that a month of the running system takes no notice of: only their defaults are carried out.
COMMITMENT = ("covers", "by", "down", "slots", "empty", "total", "rounding")
CREDITS = (
    *("over", "tables", "paid_for", "multiplier_rounding", "form", "form_by_billing", "form_at_contract_end"),
    *("expires", "applied_to", "cash", "transferable"),
)


def commitments_beyond(terms: Terms) -> Iterator[Beyond]:
    """Give the path of every part of the commitments that is not carried out, and what is."""
    for number, commitment in enumerate(terms.commitments):
        at: Path = ("commitments", number)
        if not number:
            yield from _commitment(commitment, at)
        elif commitment.target or commitment.credits:
            yield at, "one commitment with a target, the first"
    if terms.credits_together.caps:
        yield ("credits_together", "cap"), "a cap beside the credits of the commitment"


def _commitment(commitment: Commitment, at: Path) -> Iterator[Beyond]:
    if commitment.measure != "uptime":
        yield (*at, "measure"), "uptime"
    if commitment.period.name != "calendar month":
        yield (*at, "period"), "calendar_month"
    yield from _other_than_default(commitment, COMMITMENT, at)
    for name, target in (commitment.target or {}).items():
        if target.kind != "at_least":
            yield (*at, "target", name, target.kind), "at_least"
    if commitment.credits is not None:
        yield from _credits(commitment.credits, (*at, "credits"))


def _other_than_default(part: BaseModel, fields: tuple[str, ...], at: Path) -> Iterator[Beyond]:
    for field in fields:
        if getattr(part, field) != type(part).model_fields[field].get_default(call_default_factory=True):
            yield (*at, field), f"the default, without `{field}`"


def _credits(table: Credits, at: Path) -> Iterator[Beyond]:
    yield from _other_than_default(table, CREDITS, at)
    if table.of is None or table.of.text != USAGE_OF_MONTH:
        yield (*at, "of"), USAGE_OF_MONTH
    for number, row in enumerate(table.rows):
        if row.pay.kind != "nothing" and (row.pay.flat_share is None or row.pay.of not in (None, table.of)):
            yield (*at, "rows", number), f"a percent of {USAGE_OF_MONTH}"
    for number, cap in enumerate(table.caps):
        if not _runs(cap):
            path = (*at, "cap") if len(table.caps) == 1 else (*at, "cap", number)
            yield path, f"a percent of {USAGE_OF_MONTH} or a sum, each per month"


def _runs(cap: Cap) -> bool:
    if cap.per not in ("month", "period"):
        return False
    return cap.kind == "sum" or (cap.kind == "share" and cap.of == USAGE_OF_MONTH)
