"""The linter on excused time, notice and support."""

from __future__ import annotations

import pytest

from agreements.lint import Severity
from tests.agreements.lint_faults import TWO_TIERS, Fault, found, is_found_until_mended, target, with_parts
from tests.agreements.texts import SOUND, bent

TIERS = target("99.5%", TWO_TIERS)
NOTICE = "maintenance: {planned: {notice: 48 hours}}\n"


UPDATES = "excused:\n  updates: {{treatment: counts_as_up, means: {0}, allowance: {{per_month: 4 hours}}}}\n"


def planned(written: str, more: str = NOTICE, text: str = SOUND) -> str:
    return with_parts(f"{more}excused:\n  planned_maintenance:\n    treatment: counts_as_up\n    {written}\n", text)


def allowance(written: str) -> str:
    return planned(f"allowance: {{{written}}}")


def support(*lines: str, text: str = TIERS) -> str:
    return with_parts(
        "support:\n  severities: {high: High, low: Low}\n" + "".join(f"  {line}\n" for line in lines), text
    )


EXCUSES = (
    Fault(
        code="allowance_smaller_by_longer_span",
        text=allowance("per_week: 5 hours, per_month: 4 hours"),
        line="allowance: {per_week: 5 hours, per_month: 4 hours}",
        values=("4 hours", "5 hours"),
        sentence="4 hours per month are less than 5 hours per week, which can so never be used up.",
        mended=allowance("per_week: 2 hours, per_month: 4 hours"),
    ),
    Fault(
        code="allowance_smaller_by_longer_span",
        text=allowance("times_per_month: 3, times_per_quarter: 2"),
        line="allowance: {times_per_month: 3, times_per_quarter: 2}",
        values=("2", "3"),
        sentence="2 times per quarter are fewer than 3 times per month, which can so never be used up.",
        mended=allowance("times_per_month: 1, times_per_quarter: 2"),
    ),
    Fault(
        code="allowance_smaller_by_longer_span",
        text=allowance("each: 4 hours, per_day: 2 hours"),
        line="allowance: {each: 4 hours, per_day: 2 hours}",
        values=("2 hours", "4 hours"),
        sentence="2 hours per day are less than the 4 hours that each stretch may have.",
        mended=allowance("each: 2 hours, per_day: 4 hours"),
    ),
    Fault(
        code="allowance_never_reached",
        severity=Severity.NOTE,
        # a month touches at most six weeks
        text=allowance("per_week: 1 hour, per_month: 7 hours"),
        line="allowance: {per_week: 1 hour, per_month: 7 hours}",
        values=("7 hours", "1 hour"),
        sentence="With 1 hour per week, 7 hours per month can never be used up.",
        mended=allowance("per_week: 1 hour, per_month: 6 hours"),
    ),
    Fault(
        code="tier_without_allowance",
        text=planned("allowance: {plus: {per_month: 4 hours}}", text=TIERS),
        line="allowance: {plus: {per_month: 4 hours}}",
        values=("planned_maintenance", "max"),
        sentence=(
            "Max has no allowance for planned_maintenance, while other tiers have one: for it, all of it is excused."
        ),
        mended=planned("allowance: {every_tier: {per_month: 4 hours}}", text=TIERS),
    ),
    Fault(
        code="excuse_without_effect",
        severity=Severity.NOTE,
        text=bent("    target: {plus", "    down: an outage longer than 5 minutes\n    target: {plus")
        + "excused:\n  quick: {treatment: counts_as_up, repaired_within: 4 minutes}\n",
        line="quick: {treatment: counts_as_up, repaired_within: 4 minutes}",
        values=("quick", "4 minutes"),
        sentence=(
            "Outages of 4 minutes are excused by quick, and no outage that short counts as down: the category has no "
            "effect."
        ),
        mended=bent("    target: {plus", "    down: an outage longer than 5 minutes\n    target: {plus")
        + "excused:\n  quick: {treatment: counts_as_up, repaired_within: 15 minutes}\n",
    ),
    Fault(
        code="window_against_notice",
        text=planned("windows: [{hours: {sunday: '02:00-06:00'}}]"),
        line="windows: [{hours: {sunday: '02:00-06:00'}}]",
        values=("48 hours",),
        sentence=(
            "A fixed window excuses maintenance without an announcement, and maintenance is to be announced 48 hours "
            "ahead: say `announced: true`, or that fixed windows need no notice."
        ),
        mended=planned("windows: [{hours: {sunday: '02:00-06:00'}, announced: true}]"),
    ),
    Fault(
        code="allowance_against_notice",
        text=with_parts(NOTICE + UPDATES.format("Maintenance of the database")),
        line="updates: {treatment: counts_as_up, means: Maintenance of the database, allowance: {per_month: 4 hours}}",
        values=("updates", "48 hours"),
        sentence=(
            "updates excuses maintenance within an allowance of its own, and the notice of 48 hours is asked for "
            "planned_maintenance only: such maintenance needs none."
        ),
        mended=with_parts(NOTICE + UPDATES.format("Restarts after a failure")),
    ),
    Fault(
        code="emergency_against_notice",
        text=with_parts(
            "maintenance: {emergency: {excuse_needs: [notice_given]}}\nexcused: {emergency_maintenance: counts_as_up}\n"
        ),
        line="maintenance: {emergency: {excuse_needs: [notice_given]}}",
        values=("notice_given", "none"),
        sentence="Emergency maintenance is excused only if notice was given, and no notice is promised.",
        mended=with_parts(
            "maintenance: {emergency: {excuse_needs: [notice_given], advance_notice: as_much_as_possible}}\n"
            "excused: {emergency_maintenance: counts_as_up}\n"
        ),
    ),
    Fault(
        code="emergency_without_limit",
        severity=Severity.NOTE,
        text=with_parts("excused: {emergency_maintenance: counts_as_up}\n"),
        line="excused: {emergency_maintenance: counts_as_up}",
        values=(),
        sentence="Emergency maintenance is excused without a notice, a limit or a condition that must be on record.",
        mended=with_parts(
            "excused: {emergency_maintenance: {treatment: counts_as_up, allowance: {per_month: 1 hour}}}\n"
        ),
    ),
    Fault(
        code="maintenance_not_excused",
        text=with_parts(NOTICE),
        line="maintenance: {planned: {notice: 48 hours}}",
        values=("48 hours",),
        sentence=(
            "Planned maintenance is announced 48 hours ahead, and no category planned_maintenance says how it counts: "
            "it is downtime."
        ),
        mended=with_parts(NOTICE + "excused: {planned_maintenance: counts_as_down}\n"),
    ),
    Fault(
        code="maintenance_not_excused",
        text=with_parts("maintenance: {emergency: {means: security patches}}\n"),
        line="maintenance: {emergency: {means: security patches}}",
        values=("emergency_maintenance",),
        sentence=(
            "Emergency maintenance is provided for, and no category emergency_maintenance says how it counts: it is "
            "downtime."
        ),
        mended=with_parts(
            "maintenance: {emergency: {means: security patches}}\nexcused: {emergency_maintenance: counts_as_down}\n"
        ),
    ),
    Fault(
        code="maintenance_without_notice",
        severity=Severity.NOTE,
        text=planned("means: planned work", more=""),
        line="planned_maintenance:",
        values=(),
        sentence="Planned maintenance is excused if it is announced at all before it begins: none is too late.",
        mended=planned("means: planned work"),
    ),
    Fault(
        code="nothing_announces",
        text=planned("means: work", more="maintenance: {planned: {notice: 48 hours, announce_by: [page]}}\n"),
        line="maintenance: {planned: {notice: 48 hours, announce_by: [page]}}",
        values=("page",),
        sentence="Planned maintenance is announced by a page only, and no page is named: no announcement counts.",
        mended=planned("means: work"),
    ),
    Fault(
        code="exclusion_without_category",
        text=with_parts("sentences: [{about: force, says: Force majeure is not considered downtime.}]\n"),
        line="sentences: [{about: force, says: Force majeure is not considered downtime.}]",
        values=("force_majeure",),
        sentence=(
            "The words exclude something from downtime, and no category force_majeure says how it counts: it is "
            "downtime."
        ),
        mended=with_parts(
            "sentences: [{about: force, says: Force majeure is not considered downtime.}]\n"
            "excused: {force_majeure: counts_as_up}\n"
        ),
    ),
)

SUPPORT = (
    Fault(
        code="support_cell_missing",
        text=support("response: {plus: {high: 4 hours}, max: 1 hour}"),
        line="response: {plus: {high: 4 hours}, max: 1 hour}",
        values=("response", "plus", "low"),
        sentence="Plus has no promised response at low.",
        mended=support("response: {plus: 4 hours, max: 1 hour}"),
    ),
    Fault(
        code="tier_without_answers",
        severity=Severity.NOTE,
        text=support("response: {plus: 4 hours}"),
        line="response: {plus: 4 hours}",
        values=("response", "max"),
        sentence="Max has no promised response at any severity.",
        mended=support("response: 4 hours"),
    ),
    Fault(
        code="urgent_is_slower",
        text=support("response: {every_tier: {high: 8 hours, low: 4 hours}}"),
        line="response: {every_tier: {high: 8 hours, low: 4 hours}}",
        values=("plus", "high", "8 hours", "low", "4 hours"),
        sentence="The response at high is promised in 8 hours, later than at the less urgent low in 4 hours.",
        mended=support("response: {every_tier: {high: 4 hours, low: 4 hours}}"),
    ),
    Fault(
        code="higher_tier_is_slower",
        text=support("response: {plus: {high: 4 hours, low: best effort}, max: best effort}"),
        line="response: {plus: {high: 4 hours, low: best effort}, max: best effort}",
        values=("max", "high", "best effort", "plus", "4 hours"),
        sentence=(
            "The Max tier is promised its response at high in best effort, later than the 4 hours of the Plus tier "
            "below it."
        ),
        mended=support("response: {plus: {high: 4 hours, low: best effort}, max: {high: 4 hours, low: best effort}}"),
    ),
    Fault(
        code="answers_out_of_order",
        text=support("response: 8 hours", "resolution: 4 hours"),
        line="resolution: 4 hours",
        values=("high", "4 hours", "8 hours"),
        sentence="The resolution at high is due in 4 hours, before the response in 8 hours.",
        mended=support("response: 4 hours", "resolution: 8 hours"),
    ),
    Fault(
        code="severity_unreached",
        text=support("response: 4 hours", "priority: {matrix: {wide: {now: high, later: high}}}"),
        line="severities: {high: High, low: Low}",
        values=("low",),
        sentence="No impact, urgency or fact gives the severity low; only a request that is stated as such has it.",
        mended=support("response: 4 hours", "priority: {matrix: {wide: {now: high, later: low}}}"),
    ),
    Fault(
        code="calendar_unused",
        severity=Severity.NOTE,
        text=support("response: 4 business hours")
        + "calendars: {night: {time_zone: UTC, hours: {monday-friday: '18:00-23:00'}}}\n",
        line="calendars: {night: {time_zone: UTC, hours: {monday-friday: '18:00-23:00'}}}",
        values=("night",),
        sentence="The calendar night is defined, and no promise is counted by it.",
        mended=support("response: 4 business hours", "calendar: {max: night}")
        + "calendars: {night: {time_zone: UTC, hours: {monday-friday: '18:00-23:00'}}}\n",
    ),
)


@pytest.mark.parametrize("fault", [*EXCUSES, *SUPPORT], ids=lambda fault: f"{fault.code}: {fault.line}")
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


OWN = "excused:\n  upkeep: {treatment: counts_as_up, means: Scheduled maintenance, repaired_within: 30 minutes}\n"


def test_maintenance_in_a_category_of_its_own_is_a_category() -> None:
    excluded = "sentences: [{about: upkeep, says: Maintenance is excluded from downtime.}]\n"
    assert found(with_parts(NOTICE), "maintenance_not_excused") != []
    assert found(with_parts(NOTICE + OWN), "maintenance_not_excused") == []
    assert found(with_parts(excluded), "exclusion_without_category") != []
    assert found(with_parts(excluded + OWN), "exclusion_without_category") == []


@pytest.mark.parametrize(
    "says",
    [
        "This agreement does not apply to free plans, whatever their uptime.",
        "Customers report outages by mail, except in emergencies.",
        "Taxes are not included in the fees.",
    ],
)
def test_a_sentence_that_excludes_no_downtime_is_no_exclusion(says: str) -> None:
    assert found(with_parts(f"sentences: [{{about: other, says: '{says}'}}]\n"), "exclusion_without_category") == []


def test_answers_by_different_clocks_are_not_compared() -> None:
    text = support("response: {every_tier: {high: 8 business hours, low: 4 hours}}", "resolution: 1 business day")
    assert found(text, "urgent_is_slower") == []
    assert found(text, "answers_out_of_order") == []


def test_a_solution_that_runs_from_the_reply_is_not_compared_with_it() -> None:
    text = support("response: 8 hours", "resolution: 4 hours", "resolution_from: response")
    assert found(text, "answers_out_of_order") == []


def test_a_tier_that_is_not_covered_may_be_promised_no_answers() -> None:
    free = TIERS.replace("max: {title: Max}", "max: {title: Max, covered: false}")
    assert found(support("response: {plus: 4 hours}", text=free), "tier_without_answers") == []
