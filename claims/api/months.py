"""An account's months: how they stand, what was stated, and every figure explained."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import examples
from claims.api.month_shapes import ExplanationShape, MonthShape, OneMonthShape, StatementShape, VersionQuery
from claims.api.tree import DEADLINES, DeadlineShape
from claims.explain import deadlines
from claims.explain.statement import explain_statement
from claims.queries import months, statements
from claims.queries.statements import VersionView
from customers.api.asking import asked_in_query
from customers.api.describing import reading
from customers.api.fields import MONTH
from customers.api.pages import PARAMETERS, page_of, paged
from customers.api.views import CustomerView
from eventstore import NotFound
from kernel.months import Month

IN_PATH = {"type": "string", "pattern": f"^{MONTH}$"}
OF_MONTH = OpenApiParameter("month", IN_PATH, OpenApiParameter.PATH, description="Year and month, such as 2026-10.")
OF_VERSION = (OF_MONTH, VersionQuery)


class Months(CustomerView):
    """The account's months."""

    @reading("months_list", page_of(MonthShape), examples.MONTHS, refuses=(422,), parameters=PARAMETERS)
    def get(self, request: Request) -> Response:
        """List the account's months, the newest first, with uptime, target, credit and what can be claimed."""
        listed = months.months_of(self.holder.account, now=self.now)
        return paged(request, listed, named_by=lambda one: str(one.month), shape=MonthShape)


class OneMonth(CustomerView):
    """One month of the account."""

    @reading("months_show", OneMonthShape, examples.MONTH, refuses=(404,), parameters=[OF_MONTH])
    def get(self, request: Request, month: Month) -> Response:  # noqa: ARG002
        """Show one month: its statement in short once it is closed, how it stands until then."""
        view = months.month_of(self.holder.account, month, now=self.now)
        if view is None:
            raise NotFound("There is no such month.")
        return Response(OneMonthShape(view).data)


class Deadlines(CustomerView):
    """What is to happen by when, about a month."""

    @reading(
        "months_deadlines",
        DEADLINES,
        examples.MONTH_DEADLINES,
        refuses=(404, 422),
        parameters=[OF_MONTH, *PARAMETERS],
    )
    def get(self, request: Request, month: Month) -> Response:
        """Explain until when the month can be claimed, and, while it runs, when it closes."""
        view = months.month_of(self.holder.account, month, now=self.now)
        if view is None:
            raise NotFound("There is no such month.")
        found = deadlines.of_month(view, now=self.now)
        return paged(request, found, named_by=lambda one: one.name, shape=DeadlineShape)


class Statement(CustomerView):
    """A month's statement."""

    @reading("months_statement", StatementShape, examples.STATEMENT, refuses=(404, 422), parameters=OF_VERSION)
    def get(self, request: Request, month: Month) -> Response:
        """Show the newest version of a month's statement, or another one."""
        version = asked_in_query(VersionQuery, request)["version"]
        account = self.account()
        said = statements.versions(account.id, account.agreement, month)
        found = [one for one in said if version in (None, one.statement_version)]
        if not found:
            raise NotFound("There is no such statement.")
        return Response(StatementShape(found[-1]).data)


class Versions(CustomerView):
    """Everything that a month's statement ever said."""

    @reading(
        "months_versions",
        page_of(StatementShape),
        examples.STATEMENTS,
        refuses=(404, 422),
        parameters=[OF_MONTH, *PARAMETERS],
    )
    def get(self, request: Request, month: Month) -> Response:
        """List what the statement ever said and why it changed, the first version first."""
        account = self.account()
        said = statements.versions(account.id, account.agreement, month)
        if not said:
            raise NotFound("There is no such statement.")
        return paged(request, said, named_by=_version, shape=StatementShape)


def _version(view: VersionView) -> str:
    """Name a version; one that was completed by its usage keeps its number."""
    return f"{view.statement_version}-{view.cause}"


class Explained(CustomerView):
    """A statement explained."""

    @reading(
        "months_explanation",
        ExplanationShape,
        examples.EXPLANATION,
        refuses=(404, 422),
        parameters=OF_VERSION,
    )
    def get(self, request: Request, month: Month) -> Response:
        """Explain a statement: each step of the computation with its clause, down to outages and minutes."""
        version = asked_in_query(VersionQuery, request)["version"]
        account = self.account()
        told = explain_statement(account.id, account.agreement, month, statement_version=version)
        if told is None:
            raise NotFound("There is no such statement.")
        return Response(ExplanationShape(told).data)
