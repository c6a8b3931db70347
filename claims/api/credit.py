"""An account's credit: what can be drawn, how it came to be, and what each bill took."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import examples
from claims.api.told import details_of
from claims.api.tree import TreeShape
from claims.explain.ledger import explain_posting
from claims.queries import bills, ledger
from customers.api.describing import reading
from customers.api.fields import InstantField, MoneyField, MonthField
from customers.api.pages import PARAMETERS, page_of, paged
from customers.api.views import AsItIs, CustomerView
from customers.terms_of import terms_at
from kernel.money import Money


class EarnedShape(serializers.Serializer[Any]):
    """What was credited for one month of service."""

    month = MonthField()
    amount = MoneyField()


class CycleShape(serializers.Serializer[Any]):
    """One billing cycle; usage and draw are null until the usage is known."""

    month = MonthField()
    reserved = MoneyField()
    usage = MoneyField(allow_null=True)
    drawn = MoneyField(allow_null=True)


class CreditShape(serializers.Serializer[Any]):
    """An account's credit: `balance` can be reserved, `reserved` waits for its bill."""

    balance = MoneyField()
    reserved = MoneyField()
    earned = EarnedShape(many=True)
    cycles = CycleShape(many=True)


class LineShape(serializers.Serializer[Any]):
    """One line of a posting: a book and an amount, of a cycle where it is about one."""

    book = serializers.CharField()
    amount = MoneyField()
    cycle = MonthField(allow_null=True)


class PostingShape(serializers.Serializer[Any]):
    """One posting; its lines sum to zero."""

    number = serializers.IntegerField()
    type = serializers.CharField()
    occurred_at = InstantField()
    details = serializers.DictField(child=serializers.JSONField())
    lines = LineShape(many=True)
    explanation = TreeShape(help_text="How the amounts came about.")


class Credit(CustomerView):
    """The account's credit."""

    @reading("credit", CreditShape, examples.CREDIT)
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Show the balance, what was earned for which month, and what each billing cycle drew."""
        account = self.account()
        nothing = Money.zero(terms_at(account.agreement, self.now).currency)
        found = ledger.balance(account.id) or ledger.Balance(
            account=account.id, balance=nothing, reserved=nothing, earned=(), cycles=()
        )
        return Response(CreditShape(found).data)


class Postings(CustomerView):
    """The account's postings."""

    @reading("credit_postings", page_of(PostingShape), examples.POSTINGS, refuses=(422,), parameters=PARAMETERS)
    def get(self, request: Request) -> Response:
        """List every posting with its lines, the first one first; entries are never changed, only reversed."""
        told = [
            {
                "number": one.number,
                "type": one.type,
                "occurred_at": one.occurred_at,
                "details": details_of(one.event),
                "lines": one.lines,
                "explanation": explain_posting(one.event),
            }
            for one in ledger.postings(self.holder.account)
        ]
        return paged(request, told, named_by=lambda one: str(one["number"]), shape=PostingShape)


class Bills(CustomerView):
    """What the account's bills come to."""

    content_negotiation_class = AsItIs

    @reading("credit_csv", OpenApiTypes.STR, examples.BILLS, kind="text/csv")
    def get(self, request: Request) -> Any:  # noqa: ARG002
        """Give gross, credit applied and remainder of each billing cycle with usage, as CSV."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="credit.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        response.writelines(ledger.csv_of(bills.bills_of(self.holder.account)))
        return response
