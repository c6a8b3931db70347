"""Usage through the API, for the provider's billing: set one month, or take over a file."""

from collections.abc import Mapping
from io import StringIO
from typing import IO, Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers import commands, queries
from customers.api_keys import Program, ProviderKey
from customers.errors import UsageFileFaulty
from customers.terms_of import terms_of_month
from customers.usage_file import UsageSheet, read_usage
from eventstore import Actor
from kernel import clock
from kernel.errors import KernelError
from kernel.money import Money
from kernel.months import Month

LARGEST_FILE = 20 * 1024 * 1024


class MonthField(serializers.CharField):
    """A month, such as 2026-10."""

    def to_internal_value(self, data: Any) -> Any:
        """Read it."""
        try:
            return Month.parse(super().to_internal_value(data))
        except KernelError as error:
            raise serializers.ValidationError("Write year and month, such as 2026-10.") from error


class UsageShape(serializers.Serializer[Any]):
    """One month's usage of one account."""

    account = serializers.CharField(help_text="The account's number.")
    month = MonthField(help_text="Year and month, such as 2026-10.")
    amount = serializers.DecimalField(max_digits=16, decimal_places=4, help_text="Gross metered charges.")
    currency = serializers.CharField(required=False, max_length=3, help_text="The agreement's, if left out.")
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)


class TotalShape(serializers.Serializer[Any]):
    """The total of a file in one month."""

    month = serializers.CharField()
    total = serializers.CharField()


class FaultShape(serializers.Serializer[Any]):
    """What is wrong with one field of one line."""

    line = serializers.IntegerField()
    field = serializers.CharField()
    value = serializers.CharField()
    problem = serializers.CharField()
    mend = serializers.CharField()


class SheetShape(serializers.Serializer[Any]):
    """What a file would change, or has changed."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    faulty_lines = serializers.IntegerField()
    totals = TotalShape(many=True)
    faults = FaultShape(many=True)


class CsvParser(BaseParser):
    """Takes a body of CSV as text."""

    media_type = "text/csv"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 — REST framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Read the body. Errors: UsageFileFaulty for one that is too large or no text."""
        body = stream.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise UsageFileFaulty("The file is larger than 20 MB. Split it.")
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageFileFaulty("The file is not text in UTF-8.") from error


class ProviderView(APIView):
    """What only the provider's programs may call."""

    authentication_classes = (ProviderKey,)

    def actor(self) -> Actor:
        """Tell which program acts."""
        return cast("Program", self.request.user).actor


class SetUsage(ProviderView):
    """Set one month's usage of one account."""

    parser_classes = (JSONParser,)

    @extend_schema(operation_id="usage_set", request=UsageShape, responses=UsageShape)
    def post(self, request: Request) -> Response:
        """Set the gross metered charges of an account's month; the same amount again changes nothing."""
        shape = UsageShape(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        account = queries.account_by_number(asked["account"])
        currency = asked.get("currency") or terms_of_month(account.agreement, asked["month"]).currency
        amount = _money(asked["amount"], currency)
        commands.set_usage(account.id, asked["month"], amount, reason=asked["reason"], by=self.actor(), now=clock.now())
        return Response(
            {
                "account": account.number,
                "month": str(asked["month"]),
                "amount": f"{amount.amount:f}",
                "currency": amount.currency,
                "reason": asked["reason"],
            }
        )


class FileView(ProviderView):
    """Takes a usage file as the body."""

    parser_classes = (CsvParser,)

    def read(self, request: Request) -> UsageSheet:
        """Read the file and compare it with what is known."""
        return read_usage(StringIO(str(request.data), newline=""), now=clock.now())


class PreviewUsage(FileView):
    """Say what a usage file would change."""

    @extend_schema(operation_id="usage_preview", request={"text/csv": str}, responses=SheetShape)
    def post(self, request: Request) -> Response:
        """Read a file of account,month,amount[,currency] and compare it with what is known; nothing is written."""
        return Response(_shown(self.read(request)))


class ImportUsage(FileView):
    """Take over a usage file."""

    @extend_schema(operation_id="usage_import", request={"text/csv": str}, responses={200: SheetShape, 422: SheetShape})
    def post(self, request: Request) -> Response:
        """Take over a whole file, or nothing of it where a line has a fault; sending it again changes nothing."""
        sheet = self.read(request)
        if sheet.faults:
            return Response(_shown(sheet), status=UsageFileFaulty.status)
        commands.import_usage(sheet, by=self.actor(), now=clock.now())
        return Response(_shown(sheet))


def _money(amount: Any, currency: str) -> Money:
    try:
        return Money(amount, currency.upper())
    except KernelError as error:
        raise serializers.ValidationError({"currency": str(error)}) from error


def _shown(sheet: UsageSheet) -> dict[str, Any]:
    return {
        "new": sheet.new,
        "changed": sheet.changed,
        "unchanged": sheet.unchanged,
        "faulty_lines": sheet.faulty_lines,
        "totals": [{"month": str(month), "total": str(total)} for (month, _), total in sheet.totals.items()],
        "faults": [
            {"line": one.line, "field": one.field, "value": one.value, "problem": one.problem, "mend": one.mend}
            for one in sheet.faults
        ],
    }


urlpatterns = [
    path("usage/set", SetUsage.as_view(), name="api-usage-set"),
    path("usage/preview", PreviewUsage.as_view(), name="api-usage-preview"),
    path("usage/import", ImportUsage.as_view(), name="api-usage-import"),
]
