"""How claims are written in JSON, and what a program sends to file and follow one."""

from typing import Any

from rest_framework import serializers

from claims.api.month_shapes import OVERRIDE
from claims.evidence import FILES_IN_A_CLAIM
from claims.rules.claim import MOST_TIMES
from customers.api.fields import InstantField, MoneyField, MonthField, StretchShape, TextField
from customers.api.pages import address_of
from customers.rules import LONGEST_NUMBER

LONGEST_WORDS = 10_000
WORDS = f"Write up to {LONGEST_WORDS} characters."
FILES = f"Send up to {FILES_IN_A_CLAIM} files, as parts of a form: pictures, PDF or plain text."
TIMES = f"List up to {MOST_TIMES} stretches, each with start and end; in a form, as JSON."


class TimesShape(serializers.Serializer[Any]):
    """What a claim can state in JSON: times and words."""

    times = StretchShape(many=True, required=False, max_length=MOST_TIMES, help_text=TIMES)  # type: ignore[call-arg]
    words = TextField(default="", allow_blank=True, max_length=LONGEST_WORDS, help_text=WORDS)


class PartsShape(TimesShape):
    """What a claim can state in a form: times, words and files of evidence."""

    evidence = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, help_text=FILES),
        required=False,
        max_length=FILES_IN_A_CLAIM,
        help_text=FILES,
    )


class FilingShape(TimesShape):
    """A claim for a month. Missing parts are asked for, and the filing time stands."""

    month = MonthField(help_text="Write year and month, such as 2026-10.")
    account = TextField(
        required=False,
        max_length=LONGEST_NUMBER,
        help_text="Name the account by its number, or leave it out: the key says it.",
    )


class FilingFormShape(PartsShape, FilingShape):
    """A claim for a month, with evidence. Missing parts are asked for, and the filing time stands."""


class WithdrawingShape(serializers.Serializer[Any]):
    """Why a claim is taken back, if you like."""

    words = TextField(default="", allow_blank=True, max_length=LONGEST_WORDS, help_text=WORDS)


class AppealingShape(serializers.Serializer[Any]):
    """Why a rejection is wrong."""

    words = TextField(max_length=LONGEST_WORDS, help_text="Say why the decision is wrong.")


class ReasonShape(serializers.Serializer[Any]):
    """Why a filing was refused or a claim rejected."""

    code = serializers.CharField()
    clause = serializers.CharField()
    sentence = serializers.CharField()


class SettlementShape(serializers.Serializer[Any]):
    """When a decision is due: `due_at` is the first instant that is late."""

    day_zero = serializers.DateField()
    starts_at = InstantField()
    due_at = InstantField()
    zone = serializers.CharField()


class RequestShape(serializers.Serializer[Any]):
    """What the claim waits for."""

    parts = serializers.ListField(child=serializers.CharField())
    question = serializers.CharField()
    asked_at = InstantField()
    answer_due_at = InstantField()
    pauses = serializers.BooleanField()


class EvidenceShape(serializers.Serializer[Any]):
    """A file of evidence."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ClaimShape(serializers.Serializer[Any]):
    """A claim, or a filing that was refused (`refused` says why, `existing` which claim it repeats)."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    agreement = serializers.CharField()
    month = MonthField()
    state = serializers.CharField(
        help_text="filed, verifying, waiting, approved, credited, rejected, appealed, withdrawn or refused."
    )
    is_open = serializers.BooleanField(help_text="Whether it can be added to and withdrawn.")
    terms_version = serializers.IntegerField(allow_null=True)
    override = serializers.IntegerField(allow_null=True, help_text=OVERRIDE)
    received_at = InstantField()
    times = StretchShape(many=True)
    words = serializers.CharField()
    evidence = EvidenceShape(many=True)
    missing = serializers.ListField(
        source="still_missing", child=serializers.CharField(), help_text="Parts that it lacks still: times, evidence."
    )
    bound = InstantField(allow_null=True, help_text="The first instant at which filing was late.")
    settlement = SettlementShape(allow_null=True)
    due_at = InstantField(allow_null=True, help_text="When the decision that is awaited is late.")
    missed_at = InstantField(allow_null=True)
    request = RequestShape(allow_null=True)
    granted = StretchShape(many=True, help_text="Contested stretches that were found for you.")
    denied = StretchShape(many=True, help_text="Contested stretches that were found against you.")
    undecided = StretchShape(many=True, help_text="Contested stretches to be decided although the claim is approved.")
    statement_version = serializers.IntegerField(allow_null=True)
    credit = MoneyField(allow_null=True)
    cap = MoneyField(allow_null=True)
    posted = MoneyField(allow_null=True)
    decided_at = InstantField(allow_null=True)
    credited_at = InstantField(allow_null=True)
    refused = ReasonShape(allow_null=True)
    existing = serializers.UUIDField(allow_null=True)
    rejected = ReasonShape(allow_null=True)
    appeal_bound = InstantField(allow_null=True)
    appeal_words = serializers.CharField()
    appealed_at = InstantField(allow_null=True)
    final_at = InstantField(allow_null=True)

    def get_url(self, claim: Any) -> str:
        """Give the claim's address."""
        return address_of("claim", claim=claim.id)


class HappeningShape(serializers.Serializer[Any]):
    """One event of a claim's history: what, when, by whom (customer, program, operator or system)."""

    number = serializers.IntegerField()
    type = serializers.CharField()
    occurred_at = InstantField()
    by = serializers.CharField()
    details = serializers.DictField(child=serializers.JSONField())
