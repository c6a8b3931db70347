"""Reading statements: the newest version, all of them, and those that await their usage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from claims.events.statement import (
    Difference,
    Figures,
    StatementCompleted,
    StatementCorrected,
    StatementIssued,
)
from claims.models.statement import Statement
from claims.rules.identity import statement_id
from eventstore import Event, NotFound, history
from kernel.months import Month

ISSUED = "issued"
COMPLETED = "completed"
AT_THE_CLOSE = "The month closed."
USAGE_ARRIVED = "The usage of the month arrived."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """The newest version of a statement as plain data."""

    id: UUID
    account: UUID
    agreement: str
    month: Month
    statement_version: int
    figures: Figures
    pays: bool
    awaits_usage: bool
    issued_at: datetime
    stated_at: datetime
    raised_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """What a statement said at one time, why, and what was different from before.

    A statement that was completed by its first usage keeps its version number.
    """

    statement_version: int
    stated_at: datetime
    cause: str
    reason: str
    figures: Figures
    difference: Difference | None
    by: str


@dataclass(frozen=True, slots=True)
class AwaitingUsage:
    """How many accounts of a month await their usage."""

    agreement: str
    month: Month
    accounts: int


def newest(account: UUID, agreement: str, month: Month) -> StatementView | None:
    """Give the newest version of an account's month; None while there is none."""
    row = Statement.objects.filter(id=statement_id(account, agreement, month)).first()
    return _view(row) if row else None


def of_account(account: UUID) -> list[StatementView]:
    """List an account's statements, the newest month first."""
    return [_view(row) for row in Statement.objects.filter(account=account).order_by("-month", "id")]


def of_month(agreement: str, month: Month) -> Iterator[StatementView]:
    """Give every statement of a month, by account; for exports."""
    rows = Statement.objects.filter(agreement=agreement, month=month).order_by("account")
    return (_view(row) for row in rows.iterator())


def figures_between(agreement: str, month: Month, first: UUID, last: UUID) -> dict[UUID, Figures]:
    """Give what the statements of a month say now, for the accounts from one id to another."""
    rows = Statement.objects.filter(agreement=agreement, month=month, account__gte=first, account__lte=last)
    return dict(rows.values_list("account", "figures"))


def awaiting_usage(agreement: str, month: Month) -> list[UUID]:
    """List the accounts whose amount of a month awaits their usage."""
    rows = Statement.objects.filter(agreement=agreement, month=month, pays=True, awaits_usage=True)
    return list(rows.order_by("account").values_list("account", flat=True))


def months_awaiting_usage() -> list[AwaitingUsage]:
    """Count those accounts for each month that has any, the oldest month first."""
    rows = Statement.objects.filter(pays=True, awaits_usage=True).values("agreement", "month")
    counted = rows.annotate(accounts=Count("id")).order_by("month", "agreement")
    return [AwaitingUsage(row["agreement"], Month.parse(str(row["month"])), row["accounts"]) for row in counted]


def figures_of(account: UUID, agreement: str, month: Month, *, version: int | None = None) -> Figures:
    """Give the figures of a version of a statement, the newest unless told otherwise.

    Errors: NotFound.
    """
    said = versions(account, agreement, month)
    found = [one.figures for one in said if version in (None, one.statement_version)]
    if not found:
        raise NotFound(f"There is no such statement of {month}.")
    return found[-1]


def version_before(statement: UUID, event_version: int) -> Figures:
    """Give the figures that stood before this event of a statement's stream; the second or a later one."""
    figures = [_figures(one.event) for one in history(statement) if one.version < event_version]
    if not figures:
        raise NotFound("Nothing was stated before the first version.")
    return figures[-1]


def _figures(event: Event) -> Figures:
    if isinstance(event, StatementIssued | StatementCompleted | StatementCorrected):
        return event.figures
    raise TypeError(f"{type(event).__name__} is no event of a statement")


def versions(account: UUID, agreement: str, month: Month) -> tuple[VersionView, ...]:
    """Tell everything that the statement ever said, the first version first."""
    said: list[VersionView] = []
    for recorded in history(statement_id(account, agreement, month)):
        match recorded.event:
            case StatementIssued(figures=figures, issued_at=at):
                said.append(_version(1, at, ISSUED, AT_THE_CLOSE, figures, None, recorded.actor))
            case StatementCompleted(figures=figures, completed_at=at):
                number = said[-1].statement_version
                said.append(_version(number, at, COMPLETED, USAGE_ARRIVED, figures, None, recorded.actor))
            case StatementCorrected() as event:
                said.append(_corrected(event, recorded.actor))
            case other:
                raise TypeError(f"{type(other).__name__} is no event of a statement")
    return tuple(said)


def _corrected(event: StatementCorrected, by: str) -> VersionView:
    return _version(
        event.statement_version,
        event.corrected_at,
        event.cause,
        event.reason,
        event.figures,
        event.difference,
        by,
    )


def _version(
    number: int,
    stated_at: datetime,
    cause: str,
    reason: str,
    figures: Figures,
    difference: Difference | None,
    by: str,
) -> VersionView:
    return VersionView(
        statement_version=number,
        stated_at=stated_at,
        cause=cause,
        reason=reason,
        figures=figures,
        difference=difference,
        by=by,
    )


def _view(row: Statement) -> StatementView:
    return StatementView(
        id=row.id,
        account=row.account,
        agreement=row.agreement,
        month=row.month,
        statement_version=row.statement_version,
        figures=row.figures,
        pays=row.pays,
        awaits_usage=row.awaits_usage,
        issued_at=row.issued_at,
        stated_at=row.stated_at,
        raised_at=row.raised_at,
    )
