"""Which terms apply to the account of a key: the agreement's version, and what was negotiated of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from agreements.overrides import terms_in_force_for
from customers.api.fields import InstantField
from customers.negotiated import applying, coming
from customers.queries import AccountView


class ChangeShape(serializers.Serializer[Any]):
    """A rule that is another for this account, in words, with the clause that says so."""

    clause = serializers.CharField()
    rule = serializers.CharField(source="what")
    old = serializers.CharField(allow_null=True, help_text="Null where the rule is new.")
    new = serializers.CharField(allow_null=True, help_text="Null where the rule no longer applies.")


class NegotiatedShape(serializers.Serializer[Any]):
    """A version of what was negotiated with the account."""

    override = serializers.IntegerField(source="version.number")
    where = serializers.CharField(source="version.title", help_text="Where it is written.")
    document_date = serializers.DateField(source="version.document_date")
    start = InstantField(source="version.in_force_from")
    end = InstantField(
        source="version.until", allow_null=True, help_text="From then on the agreement applies as it is published."
    )
    agreed_on = serializers.DateField(source="version.consent.agreed_on", default=None, allow_null=True)
    changes = ChangeShape(many=True)


class AppliesShape(NegotiatedShape):
    """What is negotiated now; `old` is what the agreement's own version says."""

    changes = ChangeShape(many=True, source="differences")


class ComesShape(NegotiatedShape):
    """What will be; `old` is what applies to the account until then."""

    standing = serializers.CharField(source="version.standing", help_text="announced, notified or agreed.")


class TermsShape(serializers.Serializer[Any]):
    """The terms that apply to the account now, and what will change of what was negotiated with it."""

    terms_version = serializers.IntegerField(help_text="The agreement's version that is in force.")
    override = serializers.IntegerField(
        allow_null=True, help_text="Which version of the terms that were negotiated with you applies; null: none."
    )
    called = serializers.CharField(help_text="Both in words.")
    negotiated = AppliesShape(allow_null=True)
    coming = ComesShape(many=True)


def terms_of(account: AccountView, *, now: datetime) -> dict[str, Any] | None:
    """Give the terms that apply to an account; None before the agreement's first version."""
    published = terms_in_force_for(account.agreement, account.id, now)
    if published is None:
        return None
    return {
        "terms_version": published.version,
        "override": published.override,
        "called": published.called,
        "negotiated": applying(account, published),
        "coming": coming(account),
    }


EXAMPLE = {
    "terms_version": 1,
    "override": 1,
    "called": "version 1 with negotiated terms 1",
    "negotiated": {
        "override": 1,
        "where": "Order form 17, §2",
        "document_date": "2026-09-15",
        "start": "2026-10-01T00:00:00Z",
        "end": "2027-10-01T00:00:00Z",
        "agreed_on": "2026-09-15",
        "changes": [
            {
                "clause": "Order form 17, §2",
                "rule": "Target of uptime, Pro",
                "old": "at least 99.5 %, maximum downtime ~3.6 hours",
                "new": "99.9 %",
            }
        ],
    },
    "coming": [],
}
