"""How months, statements and entitlements are written in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.rendering import as_plain
from claims.api.tree import TreeShape
from claims.explain.running import explain_running
from claims.queries.months import MonthView
from customers.api.fields import (
    FractionField,
    InstantField,
    MinuteField,
    MoneyField,
    MonthField,
    StretchShape,
    TotalField,
)

OVERRIDE = "Which version of the terms that were negotiated with you counted; null: the agreement's own."


class VersionQuery(serializers.Serializer[Any]):
    """Which version of a statement is wanted."""

    version = serializers.IntegerField(
        default=None, min_value=1, help_text="Write the number of a version, 1 or more; else it is the newest."
    )


class ClassesShape(serializers.Serializer[Any]):
    """How many minutes of the month are in each class; `unmeasured` are in one of the others as well."""

    window = serializers.IntegerField()
    unknown = serializers.IntegerField()
    excused_leaving = serializers.IntegerField()
    excused_as_up = serializers.IntegerField()
    down = serializers.IntegerField()
    up = serializers.IntegerField()
    unmeasured = serializers.IntegerField()


class TierHeldShape(serializers.Serializer[Any]):
    """A tier that was held in the month."""

    tier = serializers.CharField()
    start = MinuteField(source="first")
    end = MinuteField(source="last")


class FiguresShape(serializers.Serializer[Any]):
    """What a statement says. No uptime: not measurable; a percent without a base awaits its usage."""

    minutes = ClassesShape(source="classes")
    uptime = FractionField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    tiers = TierHeldShape(many=True)
    target = FractionField(allow_null=True)
    row = serializers.CharField(allow_null=True, help_text="The row of the credit table.")
    percent = FractionField(allow_null=True)
    base = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)
    cap = MoneyField(allow_null=True)
    code = serializers.CharField(help_text="The judgement, for programs: met, below_target, awaiting_usage, ….")
    clause = serializers.CharField()
    terms_version = serializers.IntegerField()
    override = serializers.IntegerField(allow_null=True, help_text=OVERRIDE)


class DifferenceShape(serializers.Serializer[Any]):
    """What a later version changed: the new value less the old."""

    down_minutes = serializers.IntegerField()
    uptime = FractionField(allow_null=True)
    percent = FractionField(allow_null=True)
    credit = MoneyField(allow_null=True)


class StatementShape(serializers.Serializer[Any]):
    """One version of a month's statement, and why it was made."""

    statement_version = serializers.IntegerField()
    stated_at = InstantField()
    cause = serializers.CharField()
    reason = serializers.CharField()
    figures = FiguresShape()
    difference = DifferenceShape(allow_null=True)


class BoundShape(serializers.Serializer[Any]):
    """The end of the filing window: `until` is the first instant that is late."""

    last_day = serializers.DateField()
    until = InstantField()


class DueShape(serializers.Serializer[Any]):
    """What is owed, as it stood when it was told."""

    tier = serializers.CharField()
    target = FractionField()
    uptime = FractionField()
    percent = FractionField()
    credit = MoneyField(allow_null=True)
    down_minutes = serializers.IntegerField()


class EntitlementShape(serializers.Serializer[Any]):
    """The right to claim for a month. No bound: an outage is still open."""

    state = serializers.CharField(
        help_text="open; used by a claim; lapsed: nobody claimed by `bound`, and nothing is owed any more; or ended."
    )
    cause = serializers.CharField()
    due = DueShape(help_text="What was owed when it was told; nothing of it is once the entitlement has lapsed.")
    bound = BoundShape(allow_null=True)
    opened_at = InstantField()
    over_at = InstantField(allow_null=True, help_text="When it was used, lapsed or ended.")
    claim = serializers.UUIDField(allow_null=True)
    ended_reason = serializers.CharField()


class AllowanceShape(serializers.Serializer[Any]):
    """How much downtime the target allows; `left_minutes` is negative once it is missed."""

    counted_minutes = serializers.IntegerField()
    allowed_minutes = serializers.IntegerField()
    down_minutes = serializers.IntegerField()
    left_minutes = serializers.IntegerField()


class OutageShape(serializers.Serializer[Any]):
    """An outage of a month that runs; no end while it is open."""

    start = InstantField(source="started_at")
    end = InstantField(source="ended_at", allow_null=True)
    unexcused_minutes = TotalField(source="unexcused")


class RunningShape(serializers.Serializer[Any]):
    """How a month that is not closed stands."""

    total_minutes = serializers.IntegerField()
    passed_minutes = serializers.IntegerField()
    minutes = ClassesShape(source="classes")
    uptime = FractionField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    tiers = TierHeldShape(many=True)
    target = FractionField(allow_null=True)
    allowance = AllowanceShape(allow_null=True)
    certain = DueShape(allow_null=True, help_text="What is owed in any case.")
    outages = OutageShape(many=True)
    open_outage = serializers.BooleanField()


class ShortStatementShape(serializers.Serializer[Any]):
    """The newest version of a month's statement, in short."""

    statement_version = serializers.IntegerField()
    stated_at = InstantField()
    awaits_usage = serializers.BooleanField()
    uptime = FractionField(source="figures.uptime", allow_null=True)
    tier = serializers.CharField(source="figures.tier", allow_null=True)
    target = FractionField(source="figures.target", allow_null=True)
    percent = FractionField(source="figures.percent", allow_null=True)
    credit = MoneyField(source="figures.credit", allow_null=True)
    cap = MoneyField(source="figures.cap", allow_null=True)
    code = serializers.CharField(source="figures.code")


class MonthShape(serializers.Serializer[Any]):
    """One month: its statement once it is closed, how it stands until then."""

    month = MonthField()
    agreement = serializers.CharField()
    state = serializers.CharField(help_text="open, waiting, closing or closed.")
    is_over = serializers.BooleanField()
    close_due_at = InstantField()
    statement = ShortStatementShape(allow_null=True)
    entitlement = EntitlementShape(allow_null=True)
    running = RunningShape(allow_null=True)


class OneMonthShape(MonthShape):
    """One month, and how it stands while it runs, explained; once it is closed its statement is explained."""

    explanation = serializers.SerializerMethodField()

    @extend_schema_field(TreeShape(allow_null=True))
    def get_explanation(self, view: MonthView) -> dict[str, Any] | None:
        """Explain how the month stands."""
        tree = explain_running(view)
        return as_plain(tree) if tree else None


class StepShape(serializers.Serializer[Any]):
    """One line of the computation, in a sentence."""

    name = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.CharField()
    clause = serializers.CharField()


class MinutesShape(StretchShape):
    """A stretch of whole minutes."""

    minutes = serializers.IntegerField()


class ClassShape(serializers.Serializer[Any]):
    """One class of minutes; `in_total` and `good` say how they count."""

    name = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    stretches = MinutesShape(many=True)
    in_total = serializers.BooleanField()
    good = serializers.BooleanField()
    clause = serializers.CharField()


class ExclusionShape(serializers.Serializer[Any]):
    """An exclusion and the minutes that it excuses."""

    exclusion = serializers.UUIDField()
    category = serializers.CharField()
    treatment = serializers.CharField()
    reason = serializers.CharField()
    clause = serializers.CharField()
    minutes = serializers.IntegerField()
    stretches = MinutesShape(many=True)


class OutageExplainedShape(serializers.Serializer[Any]):
    """An outage, its minutes in the month, and what excuses some of them."""

    start = InstantField()
    end = InstantField(allow_null=True)
    minutes = serializers.IntegerField()
    unexcused_minutes = serializers.IntegerField()
    unexcused = MinutesShape(many=True)
    excused_by = ExclusionShape(many=True)


class TierExplainedShape(serializers.Serializer[Any]):
    """A tier that was held, and how many unexcused down minutes fell in it."""

    tier = serializers.CharField()
    title = serializers.CharField()
    start = InstantField()
    end = InstantField()
    down_minutes = serializers.IntegerField()
    judges = serializers.BooleanField()


class SourceShape(serializers.Serializer[Any]):
    """The checks that the minutes came from."""

    service = serializers.CharField()
    monitor = serializers.CharField()
    checks = serializers.IntegerField()
    digest = serializers.CharField()


class ExplanationShape(serializers.Serializer[Any]):
    """A version of a statement told down to minutes, exclusions, clause and terms version."""

    agreement = serializers.CharField()
    title = serializers.CharField()
    month = MonthField()
    zone = serializers.CharField()
    statement_version = serializers.IntegerField()
    stated_at = InstantField()
    reason = serializers.CharField()
    terms_version = serializers.IntegerField()
    override = serializers.IntegerField(allow_null=True, help_text=OVERRIDE)
    document_date = serializers.CharField()
    total_minutes = serializers.IntegerField()
    counted_minutes = serializers.IntegerField()
    good_minutes = serializers.IntegerField()
    uptime = FractionField(allow_null=True)
    target = FractionField(allow_null=True)
    allowed_minutes = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    percent = FractionField(allow_null=True)
    base = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)
    cap = MoneyField(allow_null=True)
    code = serializers.CharField()
    explanation = TreeShape(source="tree", help_text="The decision, down to what it rests on.")
    steps = StepShape(many=True, help_text="The main steps of the decision, in order.")
    tiers = TierExplainedShape(many=True)
    classes = ClassShape(many=True)
    unmeasured = MinutesShape(many=True)
    outages = OutageExplainedShape(many=True)
    exclusions = ExclusionShape(many=True)
    sources = SourceShape(many=True)
