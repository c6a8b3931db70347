"""When an agreement's month closes, and what makes it wait (SEMANTICS 25, 27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from claims.events.period import WaitingReason
from kernel import shown
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes

UNKNOWN = "unknown"
EXCLUSION = "exclusion"
CLAIM = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """Something undecided about minutes of the month: a proposed exclusion or an open claim."""

    kind: str
    reference: UUID
    minutes: Ranges
    sentence: str

    def as_reason(self) -> WaitingReason:
        """Say it as a reason to wait."""
        return WaitingReason(
            kind=self.kind,
            reference=str(self.reference),
            minutes=self.minutes,
            sentence=self.sentence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What an operator let stand as it is."""

    minutes: Ranges
    references: tuple[str, ...]


def unknown_minutes(groups: Iterable[MonthMinutes]) -> Ranges:
    """Collect the minutes that were not measured for somebody.

    Missing data that the agreement counts as up or down is still unknown (SEMANTICS 5); a
    minute inside a window that leaves the total is not, whatever was measured in it (8).
    """
    return Ranges.union(one.unmeasured - one.window for one in groups)


def reasons_to_wait(
    groups: Iterable[MonthMinutes], disputed: Iterable[Disputed], accepted: Accepted
) -> tuple[WaitingReason, ...]:
    """List what an operator has to resolve or accept before the month can close."""
    reasons = []
    if unknown := unknown_minutes(groups) - accepted.minutes:
        count = unknown.total
        sentence = f"{shown.minutes(count)} {'is' if count == 1 else 'are'} unknown."
        reasons.append(WaitingReason(kind=UNKNOWN, reference="", minutes=unknown, sentence=sentence))
    reasons += [one.as_reason() for one in disputed if str(one.reference) not in accepted.references]
    return tuple(reasons)


def all_accepted(accepted: Accepted, reasons: Iterable[WaitingReason]) -> Accepted:
    """Add these reasons to what was accepted before."""
    listed = tuple(reasons)
    references = {one.reference for one in listed if one.reference}
    return Accepted(
        minutes=accepted.minutes | Ranges.union(o.minutes for o in listed if o.kind == UNKNOWN),
        references=tuple(sorted({*accepted.references, *references})),
    )
