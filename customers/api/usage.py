"""Usage: customers read their own; the provider's billing sets one month, or takes over a file."""

from collections.abc import Mapping
from io import StringIO
from typing import IO, Any, Final

from rest_framework import serializers
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from customers import commands, queries
from customers.api.answers import Commands, carried_out, carried_out_in_parts, require_usable_key
from customers.api.asking import Mends, asked, asked_in_query, naming
from customers.api.describing import reading, writing
from customers.api.fields import DigitsField, InstantField, MoneyField, MonthField, TextField, money_shown
from customers.api.keys import OfCustomer, OfProvider
from customers.api.pages import PARAMETERS, page_of, paged
from customers.api.problems import answered, problem
from customers.api.views import CustomerView, ProviderView
from customers.commands import Answer
from customers.errors import (
    CurrencyDiffers,
    MonthNotBegun,
    UsageFileFaulty,
    UsageNegative,
    UsageTooFine,
    UsageTooLarge,
)
from customers.queries import AccountView
from customers.rules import LONGEST_NUMBER
from customers.terms_of import terms_of_month
from customers.usage_file import UsageSheet, read_usage
from kernel.money import Money
from kernel.months import Month

LARGEST_FILE: Final = 20_000_000
DIGITS: Final = "Write digits with a point, in a string, such as 1234.50."


class SetShape(serializers.Serializer[Any]):
    """One month's usage of one account: the gross metered charges, before credits and tax."""

    account = TextField(max_length=LONGEST_NUMBER, help_text="Name the account by its number.")
    month = MonthField(help_text="Write year and month, such as 2026-10.")
    amount = DigitsField(help_text=DIGITS)
    currency = serializers.RegexField(
        r"^[A-Za-z]{3}$", required=False, help_text="Write three letters, such as USD; else it is the agreement's."
    )
    reason = TextField(
        default="", allow_blank=True, max_length=1_000, help_text="Say in up to 1000 characters why it is so."
    )


class UsageShape(serializers.Serializer[Any]):
    """The usage of one month."""

    month = MonthField()
    amount = MoneyField()


class SettingShape(UsageShape):
    """The usage of one month as it was set at one time, and why."""

    account = serializers.CharField()
    reason = serializers.CharField()
    set_at = InstantField()


class ImportingShape(serializers.Serializer[Any]):
    """How to take a file over."""

    preview = serializers.BooleanField(default=False, help_text="Say true to compare the file and write nothing.")


class TotalShape(UsageShape):
    """The sum of a file's lines in one month, to compare with the invoices."""


class LineFaultShape(serializers.Serializer[Any]):
    """What is wrong with one field of one line, and what would mend it."""

    line = serializers.IntegerField()
    field = serializers.CharField()
    value = serializers.CharField()
    problem = serializers.CharField()
    mend = serializers.CharField()


class SheetShape(serializers.Serializer[Any]):
    """What a file changes: how many months of accounts it sets for the first time, or anew."""

    preview = serializers.BooleanField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    faulty_lines = serializers.IntegerField()
    totals = TotalShape(many=True)
    errors = LineFaultShape(many=True)  # type: ignore[assignment]


class CsvParser(BaseParser):
    """Takes a body of CSV as text."""

    media_type = "text/csv"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 — REST framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:
        """Read the body. Errors: UsageFileFaulty for one that is no text."""
        try:
            return stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageFileFaulty("The file is not text in UTF-8.") from error


MENDS: Final[Mends] = {
    UsageNegative: ("amount", "Send zero or more; credits and refunds are not part of it."),
    UsageTooFine: ("amount", "Send whole minor units of the currency, such as 1234.50."),
    UsageTooLarge: ("amount", "Send the charges of one month of one account."),
    CurrencyDiffers: ("currency", "Leave it out, or write the currency of the agreement."),
    MonthNotBegun: ("month", "Send the usage of a month once it has begun."),
}
USAGE: Final = {"month": "2026-10", "amount": {"amount": "200.00", "currency": "USD"}}
SET: Final = {"account": "acme", "month": "2026-10", "amount": "200.00", "currency": "USD", "reason": "metered"}
SETTING: Final = {**USAGE, "account": "acme", "reason": "metered", "set_at": "2026-11-02T01:00:00Z"}
FAULT: Final = {
    "line": 3,
    "field": "amount",
    "value": "$5",
    "problem": "This is not an amount.",
    "mend": "Write digits with a point, such as 1234.50, without a currency sign or thousands separators.",
}
SHEET: Final = {
    "preview": True,
    "new": 2,
    "changed": 0,
    "unchanged": 0,
    "faulty_lines": 0,
    "totals": [{"month": "2026-10", "amount": {"amount": "275.00", "currency": "USD"}}],
    "errors": [],
}
FILE: Final = "account,month,amount\nacme,2026-10,200.00\nrival,2026-10,75.00\n"
FAULTY: Final = problem(
    status=422,
    code=UsageFileFaulty.code,
    detail="The file has 1 line with a fault; nothing of it was taken over.",
    errors=[FAULT],
)


class UsageOfMonths(CustomerView):
    """The usage of an account's months; the provider's programs set it."""

    parser_classes = (JSONParser,)

    def get_permissions(self) -> list[BasePermission]:
        """Let customers read and the provider write."""
        return [OfProvider() if self.request.method == "POST" else OfCustomer()]

    @reading("usage_list", page_of(UsageShape), {"items": [USAGE], "next": None}, refuses=(422,), parameters=PARAMETERS)
    def get(self, request: Request) -> Response:
        """List the usage of the account's months that is known, the newest month first (a customer's key)."""
        usages = [
            {"month": month, "amount": amount} for month, amount in queries.usages_of(self.holder.account).items()
        ]
        return paged(request, usages, named_by=lambda one: str(one["month"]), shape=UsageShape)

    @writing("usage_set", SetShape, SET, SettingShape, SETTING, refuses=(404,))
    def post(self, request: Request) -> Response:
        """Set the gross metered charges of an account's month (a key of the provider).

        The same amount again changes nothing; another one is a change, and both stay visible.
        """
        told = asked(SetShape, request)
        account = queries.account_by_number(told["account"])
        currency = told.get("currency") or terms_of_month(account.agreement, told["month"]).currency
        amount = Money.of(told["amount"], currency.upper())

        def carry_out(commanding: Commands) -> Answer:
            with commanding.once("set"):
                commands.set_usage(
                    account.id, told["month"], amount, reason=told["reason"], by=self.actor, now=self.now
                )
            return Answer(200, _setting(account, told["month"]))

        with naming(request.data, MENDS):
            return carried_out(request, carry_out, now=self.now)


def _setting(account: AccountView, month: Month) -> Any:
    newest = queries.usage_history(account.id, month)[-1]
    shown = {
        "account": account.number,
        "month": month,
        "amount": newest.amount,
        "reason": newest.reason,
        "set_at": newest.set_at,
    }
    return SettingShape(shown).data


class ImportUsage(ProviderView):
    """Take over a usage file."""

    parser_classes = (CsvParser,)

    def most_bytes(self) -> int:
        """Take a large file."""
        return LARGEST_FILE

    @writing(
        "usage_import",
        {"text/csv": str},
        FILE,
        SheetShape,
        SHEET,
        parameters=[ImportingShape],
        problems={422: FAULTY},
    )
    def post(self, request: Request) -> Response:
        """Take over a file of account,month,amount[,currency], or nothing of it where a line has a fault.

        With `preview=true` nothing is written, and the faults are listed. Sending a file again changes nothing.
        """
        require_usable_key(request)
        preview = asked_in_query(ImportingShape, request)["preview"]
        sheet = read_usage(StringIO(str(request.data), newline=""), now=self.now)
        if preview:
            return Response(_shown(sheet, preview=True))
        if sheet.faults:
            return answered(_faulty(sheet))

        def carry_out() -> Answer:
            commands.import_usage(sheet, by=self.actor, now=self.now)
            return Answer(200, _shown(sheet, preview=False))

        return carried_out_in_parts(request, carry_out, now=self.now)


def _faulty(sheet: UsageSheet) -> dict[str, Any]:
    detail = f"The file has {sheet.faults_counted}; nothing of it was taken over."
    errors = [LineFaultShape(one).data for one in sheet.faults]
    return problem(status=UsageFileFaulty.status, code=UsageFileFaulty.code, detail=detail, errors=errors)


def _shown(sheet: UsageSheet, *, preview: bool) -> dict[str, Any]:
    return {
        "preview": preview,
        "new": sheet.new,
        "changed": sheet.changed,
        "unchanged": sheet.unchanged,
        "faulty_lines": sheet.faulty_lines,
        "totals": [{"month": str(month), "amount": money_shown(total)} for (month, _), total in sheet.totals.items()],
        "errors": [LineFaultShape(one).data for one in sheet.faults],
    }
