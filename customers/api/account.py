"""The account that a key is for."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api import terms
from customers.api.describing import reading
from customers.api.fields import InstantField
from customers.api.views import CustomerView


class HoldingShape(serializers.Serializer[Any]):
    """A tier that is or was held, until `end`."""

    tier = serializers.CharField()
    start = InstantField()
    end = InstantField(allow_null=True)


class AccountShape(serializers.Serializer[Any]):
    """An account."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    name = serializers.CharField()
    agreement = serializers.CharField()
    time_zone = serializers.CharField()
    tier = serializers.CharField(allow_null=True, help_text="The tier that is held now.")
    holdings = HoldingShape(many=True)
    terms = terms.TermsShape(allow_null=True, help_text="Null before the agreement's first version is in force.")


EXAMPLE = {
    "id": "0b0e3c4e-2f3b-5d3e-9a53-6f7a2f6b1c11",
    "number": "acme",
    "name": "Acme",
    "agreement": "apicheap",
    "time_zone": "Europe/London",
    "tier": "pro",
    "holdings": [{"tier": "pro", "start": "2026-04-01T00:00:00Z", "end": None}],
    "terms": terms.EXAMPLE,
}


class ShowAccount(CustomerView):
    """The account that the key is for."""

    @reading("account", AccountShape, EXAMPLE)
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Tell whose key this is: the account, its agreement and terms, and the tiers that it holds and held."""
        account = self.account()
        shown = {
            "id": account.id,
            "number": account.number,
            "name": account.name,
            "agreement": account.agreement,
            "time_zone": account.time_zone,
            "tier": account.tier_at(self.now),
            "holdings": account.holdings,
            "terms": terms.terms_of(account, now=self.now),
        }
        return Response(AccountShape(shown).data)
