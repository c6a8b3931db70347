"""What may be granted, and for which reasons a claim may be rejected (SEMANTICS 12, 13, 17)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from agreements.judging import Outcome
from claims.errors import (
    AwaitingUsage,
    NothingToApprove,
    PreparationOutdated,
    PreparationRequired,
    ReasonContradictsStatement,
    SecondPersonRequired,
    StatementShowsCredit,
    UnknownReason,
)
from claims.events.statement import Figures
from kernel.money import Money

NO_USAGE = "no_usage"

REJECTIONS: Mapping[str, str] = MappingProxyType(
    {
        Outcome.MET: "The month met the target.",
        Outcome.UNMATCHED_MISS: "The month missed the target, and no row of the table pays for it.",
        Outcome.UNDECIDED: "The agreement leaves open what is paid for this month.",
        Outcome.NO_CREDITS: "The agreement promises no credit.",
        Outcome.NO_TARGET: "The agreement promises no uptime.",
        Outcome.NO_TIER: "No tier was held while the service was down.",
        Outcome.NOT_COVERED: "The tier is not covered by the agreement.",
        Outcome.NOT_MEASURABLE: "Nothing was measured in the month.",
        NO_USAGE: "The month's usage was nothing, and so is a share of it.",
    }
)

DENIALS: Mapping[str, str] = MappingProxyType(
    {
        "measured_up": "Our checks of these minutes succeeded, and nothing shows that they erred.",
        "not_measured": "These minutes were not measured, and nothing shows that the service was down.",
        "other_cause": "The failures came from outside the service.",
        "other_service": "The failures were not of the service that the agreement measures.",
    }
)

GRANTS: Mapping[str, str] = MappingProxyType(
    {
        "evidence_shows_downtime": "The evidence shows that the service was down.",
        "monitoring_failed": "Our monitoring failed to see it.",
    }
)


def require_known(code: str, codes: Mapping[str, str]) -> None:
    """Refuse a code that is not in the list."""
    if code not in codes:
        raise UnknownReason(f"The reason must be one of {', '.join(codes)}.")


def payable(figures: Figures | None) -> Money:
    """Give the credit that the statement shows, in full and known.

    Errors: NothingToApprove, AwaitingUsage.
    """
    if figures is None or not figures.percent:
        raise NothingToApprove
    if figures.credit is None:
        raise AwaitingUsage(clause=figures.clause)
    if not figures.credit:
        raise NothingToApprove
    return figures.credit


def rejection_code(figures: Figures | None) -> str:
    """Tell the one reason that the statement shows. Errors: StatementShowsCredit, AwaitingUsage.

    No statement at a closed month: the account held no tier in it.
    """
    if figures is None:
        return Outcome.NO_TIER
    if not figures.percent:
        return figures.code
    if figures.credit is None:
        raise AwaitingUsage(clause=figures.clause)
    if figures.credit:
        raise StatementShowsCredit(clause=figures.clause)
    return NO_USAGE


def require_shown(code: str, figures: Figures | None) -> None:
    """Refuse to reject for another reason than the statement shows.

    Missing evidence alone is no reason: it is in no list (SEMANTICS 18).
    """
    require_known(code, REJECTIONS)
    if (shown := rejection_code(figures)) != code:
        raise ReasonContradictsStatement(f"The month's statement shows another reason: {REJECTIONS.get(shown, shown)}")


def require_second_person(prepared_by: str, approved_by: str, *, credit: Money, above: Money | None) -> None:
    """Let two people act on a credit above the amount. Errors: PreparationRequired, SecondPersonRequired."""
    if above is None or credit <= above:
        return
    if not prepared_by:
        raise PreparationRequired
    if prepared_by == approved_by:
        raise SecondPersonRequired


def require_current(prepared_version: int | None, statement_version: int) -> None:
    """Refuse an approval whose preparation was about an older statement."""
    if prepared_version is not None and prepared_version != statement_version:
        raise PreparationOutdated
