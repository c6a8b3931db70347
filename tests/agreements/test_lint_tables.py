"""The linter on tables of credits and targets: every kind of band, each fault beside its mended file."""

from __future__ import annotations

import pytest

from agreements.lint import Severity, findings
from tests.agreements.lint_faults import (
    TARGET,
    TWO_TIERS,
    UPTIME_ROWS,
    Fault,
    found,
    is_found_until_mended,
    only,
    paying,
    rounded,
    rows,
    target,
)
from tests.agreements.texts import SOUND, bent, document

LATENCY = bent("measure: uptime\n", "measure: latency\n").replace("{plus: 99.5%}", "{plus: {at_most: 500 ms}}")
DOWN_ROWS = paying("over: downtime")


FAULTS = (
    Fault(
        code="overlapping_rows",
        severity=Severity.ERROR,
        text=rows("above: 500 ms, up_to: 2 seconds, pays: 5%", "from: 2 seconds, pays: 10%", text=LATENCY),
        line="- {from: 2 seconds, pays: 10%}",
        clause="§2",
        values=("exactly 2000 milliseconds", "5%", "10%"),
        sentence="A latency exactly 2000 milliseconds is in two rows, of which one pays 5% and the other 10%.",
        mended=rows("above: 500 ms, up_to: 2 seconds, pays: 5%", "above: 2 seconds, pays: 10%", text=LATENCY),
    ),
    Fault(
        code="overlapping_rows",
        severity=Severity.ERROR,
        text=rows("above: 216 minutes, up_to: 10 hours, pays: 5%", "from: 8 hours, pays: 10%", text=DOWN_ROWS),
        line="- {from: 8 hours, pays: 10%}",
        clause="§2",
        values=("from 480 minutes up to 600 minutes", "5%", "10%"),
        sentence=(
            "A downtime from 480 minutes up to 600 minutes is in two rows, of which one pays 5% and the other 10%."
        ),
        mended=rows("above: 216 minutes, below: 8 hours, pays: 5%", "from: 8 hours, pays: 10%", text=DOWN_ROWS),
    ),
    Fault(
        code="overlapping_rows",
        severity=Severity.ERROR,
        text=rows("below: 99.5%, pays: 10%", "below: 99.5%, pays: 25%", text=paying("rows_are: thresholds")),
        line="- {below: 99.5%, pays: 25%}",
        clause="§2",
        values=("below 99.5%", "10%", "25%"),
        sentence="An uptime below 99.5% is in two rows, of which one pays 10% and the other 25%.",
        mended=rows("below: 99.5%, pays: 10%", "below: 99%, pays: 25%", text=paying("rows_are: thresholds")),
    ),
    Fault(
        code="deepest_counts",
        severity=Severity.NOTE,
        text=rows(
            "below: 99.5%, pays: 10%",
            "below: 99%, pays: 25%",
            "below: 95%, pays: 50%",
            text=paying("rows_are: thresholds"),
        ),
        line="rows:",
        clause="§2",
        values=("below 99%", "below 95%"),
        sentence=(
            "As they are written the rows overlap: an uptime below 99% is in several of them. The deepest threshold "
            "counts: below 99% it pays 25% and not 10%, and below 95% it pays 50% and not 25%."
        ),
        mended=rows("from: 99%, below: 99.5%, pays: 10%", "from: 95%, below: 99%, pays: 25%", "below: 95%, pays: 50%"),
    ),
    Fault(
        code="empty_row",
        severity=Severity.ERROR,
        text=rows("above: 100%, pays: 1%", "below: 99.5%, pays: 10%"),
        line="- {above: 100%, pays: 1%}",
        clause="§2",
        values=("1%",),
        sentence="No uptime can ever be in the row above 100%.",
        mended=rows("below: 99.5%, pays: 10%"),
    ),
    Fault(
        code="gap_between_rows",
        text=rows("above: 500 ms, below: 1 second, pays: 5%", "above: 1 second, pays: 10%", text=LATENCY),
        line="rows:",
        clause="§2",
        values=("exactly 1000 milliseconds",),
        sentence=(
            "A latency exactly 1000 milliseconds lies between the rows of the table and is in none, and the terms "
            "leave open what such a miss pays."
        ),
        mended=rows("above: 500 ms, below: 1 second, pays: 5%", "from: 1 second, pays: 10%", text=LATENCY),
    ),
    Fault(
        code="target_unpaid",
        text=rows("from: 1 second, pays: 10%", text=LATENCY),
        line="target: {plus: {at_most: 500 ms}}",
        clause="§2",
        values=("plus", "500 milliseconds", "above 0.5 seconds to below 1 second"),
        sentence=(
            "Plus: a latency above 0.5 seconds to below 1 second misses the target of 500 milliseconds and no row "
            "pays it, and the terms leave open what such a miss pays."
        ),
        mended=rows("above: 500 ms, pays: 10%", text=LATENCY),
    ),
    Fault(
        code="target_unpaid",
        # 0.5% of the shortest month, 28 days less the hour of a changed clock, are 201.3 minutes
        text=rows("above: 10 hours, pays: 10%", text=DOWN_ROWS),
        line="target: {plus: 99.5%}",
        clause="§2",
        values=("plus", "99.5%", "above 3.355 hours up to 10 hours"),
        sentence=(
            "Plus: a downtime above 3.355 hours up to 10 hours misses the target of 99.5% and no row pays it, and the "
            "terms leave open what such a miss pays."
        ),
        mended=rows("above: 201 minutes, pays: 10%", text=DOWN_ROWS),
    ),
    Fault(
        code="target_unpaid",
        text=rows("from: 2%, pays: 10%", text=paying("over: miss")),
        line="target: {plus: 99.5%}",
        clause="§2",
        values=("plus", "99.5%", "above 0% to below 2%"),
        sentence=(
            "Plus: a miss above 0% to below 2% misses the target of 99.5% and no row pays it, and the terms leave open "
            "what such a miss pays."
        ),
        mended=rows("above: 0%, pays: 10%", text=paying("over: miss")),
    ),
    Fault(
        code="row_above_target",
        text=rows("above: 100 minutes, pays: 10%", text=DOWN_ROWS),
        line="- {above: 100 minutes, pays: 10%}",
        clause="§2",
        values=("plus", "99.5%", "above 100 minutes up to 201.3 minutes", "10%"),
        sentence=(
            "Plus: the row above 100 minutes pays 10%, but a downtime above 100 minutes up to 201.3 minutes meets the "
            "tier's own target of 99.5%, so it is not paid."
        ),
        mended=rows("above: 201.3 minutes, pays: 10%", text=DOWN_ROWS),
    ),
    Fault(
        code="row_unreachable",
        text=rows("up_to: 3 hours, pays: 1%", "above: 3 hours, pays: 10%", text=DOWN_ROWS),
        line="- {up_to: 3 hours, pays: 1%}",
        clause="§2",
        values=("up to 3 hours", "99.5%"),
        sentence="No tier that misses its target can reach the row up to 3 hours: the highest target is lower.",
        mended=rows("up_to: 4 hours, pays: 1%", "above: 4 hours, pays: 10%", text=DOWN_ROWS),
    ),
    Fault(
        code="bound_finer_than_rounding",
        text=rounded("1 decimal", rows("from: 98.75%, below: 99.5%, pays: 10%", "below: 98.75%, pays: 25%")).replace(
            "below: 98.75%", "below: 98.8%"
        ),
        line="- {from: 98.75%, below: 99.5%, pays: 10%}",
        clause="§2",
        values=("98.75%", "1 decimal"),
        sentence="98.75% is compared with a value rounded to 1 decimal, which can never be exactly that.",
        mended=rounded("2 decimals", rows("from: 98.75%, below: 99.5%, pays: 10%", "below: 98.75%, pays: 25%")),
    ),
    Fault(
        code="target_finer_than_rounding",
        text=rounded("1 decimal", target("{plus: 99.95%}")),
        line="target: {plus: 99.95%}",
        clause="§2",
        values=("plus", "99.95%", "1 decimal"),
        sentence=(
            "The target of 99.95% is compared with a value rounded to 1 decimal, which can never be exactly that; in "
            "effect the next one that can is promised."
        ),
        mended=rounded("2 decimals", target("{plus: 99.95%}")),
    ),
    Fault(
        code="target_unmissable",
        text=target("{plus: 0%}"),
        line="target: {plus: 0%}",
        clause="§2",
        values=("plus", "0%"),
        sentence="Nothing can miss a target of at least 0%, so it promises nothing.",
        mended=SOUND,
    ),
    Fault(
        code="target_unmeetable",
        text=target("{plus: {above: 100%}}"),
        line="target: {plus: {above: 100%}}",
        clause="§2",
        values=("plus", "100%"),
        sentence="Nothing can meet a target of above 100%.",
        mended=target("{plus: 100%}"),
    ),
    Fault(
        code="higher_tier_promised_less",
        text=target("{plus: 99.5%, max: 99.0%}", TWO_TIERS),
        line="target: {plus: 99.5%, max: 99.0%}",
        clause="§2",
        values=("max", "99%", "plus", "99.5%"),
        sentence=(
            "The Max tier is promised at least 99%, which is less than the at least 99.5% of the Plus tier below it."
        ),
        mended=target("{plus: 99.5%, max: 99.9%}", TWO_TIERS),
    ),
    Fault(
        code="tier_without_target",
        text=TWO_TIERS,
        line="target: {plus: 99.5%}",
        clause="§2",
        values=("max",),
        sentence="The Max tier is covered and has no target, so it can never be paid.",
        mended=target("99.5%", TWO_TIERS),
    ),
    Fault(
        code="table_without_target",
        text=bent(
            UPTIME_ROWS,
            "      tables:\n        plus: [{below: 99.5%, pays: 10%}]\n        max: [{below: 99.5%, pays: 20%}]\n",
            text=TWO_TIERS,
        ),
        line="max: [{below: 99.5%, pays: 20%}]",
        clause="§2",
        values=("max",),
        sentence="Nobody can be paid by this table: max has no target that could be missed.",
        mended=bent(UPTIME_ROWS, "      tables:\n        plus: [{below: 99.5%, pays: 10%}]\n", text=TWO_TIERS),
    ),
    Fault(
        code="target_without_credits",
        severity=Severity.NOTE,
        text=SOUND[: SOUND.index("    credits:")] + SOUND[SOUND.index("claims:") :],
        line="target: {plus: 99.5%}",
        clause="§2",
        values=("uptime",),
        sentence="Missing a target of uptime pays nothing: no credits stand beside it.",
        mended=SOUND,
    ),
    Fault(
        code="slot_down_in_part",
        text=bent(
            "    target: {plus", "    slots: 5 minutes\n    down: an outage longer than 2 minutes\n    target: {plus"
        ),
        line="slots: 5 minutes",
        clause="§2",
        values=("5 minutes", "an outage longer than 2 minutes"),
        sentence=(
            "By the minute at which it begins, the same downtime falls into more or fewer slots of 5 minutes, and "
            "nothing says whether a slot counts that was down only in part (down is an outage longer than 2 minutes)."
        ),
        mended=bent(
            "    target: {plus",
            "    slots: 5 minutes\n    down: 5 minutes with an error rate above 5%\n    target: {plus",
        ),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}: {fault.line}")
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


def test_a_gap_between_values_that_rounding_makes_is_none() -> None:
    written = rows("from: 99.1%, up_to: 99.4%, pays: 10%", "up_to: 99.0%, pays: 25%")
    assert only(written, "gap_between_rows").values == ("above 99% to below 99.1%",)
    assert found(rounded("1 decimal", written), "gap_between_rows") == []
    assert found(rounded("1 decimal", written), "target_unpaid") == []
    finer = rounded("2 decimals", written)
    assert only(finer, "gap_between_rows").values == ("from 99.01% up to 99.09%",)
    assert only(finer, "target_unpaid").values == ("plus", "99.5%", "from 99.41% up to 99.49%")


def test_a_time_is_rounded_in_the_unit_of_its_target() -> None:
    written = rows("above: 500 ms, up_to: 999 ms, pays: 5%", "from: 1000 ms, pays: 10%", text=LATENCY)
    assert only(written, "gap_between_rows").values == ("above 999 milliseconds to below 1000 milliseconds",)
    assert found(rounded("0 decimals", written), "gap_between_rows") == []


def test_only_whole_minutes_are_down_where_partial_ones_do_not_count() -> None:
    written = rows("above: 200 minutes, up_to: 300 minutes, pays: 5%", "from: 301 minutes, pays: 10%", text=DOWN_ROWS)
    assert only(written, "gap_between_rows").values == ("above 300 minutes to below 301 minutes",)
    whole = "    down: {when: a failed minute, partial_minutes: do_not_count}\n    target: {plus"
    assert found(bent("    target: {plus", whole, text=written), "gap_between_rows") == []


@pytest.mark.parametrize(
    ("over", "row", "unpaid"),
    [
        ("downtime_beyond_allowance", "from: 1 hour", "above 0 hours to below 1 hour"),
        ("miss_in_percent", "from: 5%", "above 0% to below 5%"),
        ("miss", "above: 0.5%", "above 0% up to 0.5%"),
    ],
)
def test_a_miss_that_a_table_of_overshoot_leaves_out_is_found(over: str, row: str, unpaid: str) -> None:
    written = paying(f"over: {over}")
    assert only(rows(f"{row}, pays: 5%", text=written), "target_unpaid").values == ("plus", "99.5%", unpaid)
    all_of_it = "above: 0 minutes" if "downtime" in over else "above: 0%"
    assert found(rows(f"{all_of_it}, pays: 5%", text=written), "target_unpaid") == []


def test_a_row_that_says_that_a_met_target_pays_nothing_is_no_finding() -> None:
    written = rows("from: 99.5%, pays: nothing", "from: 99.0%, below: 99.5%, pays: 10%", "below: 99.0%, pays: 25%")
    assert [str(one) for one in findings(document(written))] == []


@pytest.mark.parametrize("otherwise", ["undecided", "smallest_credit"])
def test_a_miss_that_a_row_names_and_pays_nothing_for_is_told_so(otherwise: str) -> None:
    written = rows("from: 99.0%, below: 99.5%, pays: nothing", "below: 99.0%, pays: 25%")
    assert only(written.replace("undecided", otherwise), "target_unpaid").sentence == (
        "Plus: an uptime from 99% to below 99.5% misses the target of 99.5% and the row that names it pays nothing."
    )


def test_a_gap_above_every_target_is_none() -> None:
    written = rows("from: 99.9%, pays: 1%", "below: 99.5%, pays: 10%")
    assert found(written, "gap_between_rows") == []


def test_numbers_of_misses_that_follow_each_other_leave_no_gap() -> None:
    head, _, rest = SOUND.partition("    measure: uptime\n")
    _, _, tail = rest.partition("claims:\n")
    support = "support: {severities: {low: Low}, response: 24 hours}\n"

    def written(first: str, second: str) -> str:
        table = f"      rows: [{{{first}, pays: 5%}}, {{{second}, pays: 10%}}]\n"
        middle = "    measure: support_misses\n    period: calendar_month\n    credits:\n      of: usage of the month\n"
        return (
            f"{head}{middle}      paid_for: any_row\n      unmatched_miss: undecided\n{table}claims:\n{tail}{support}"
        )

    assert found(written("from: 1, up_to: 2", "from: 3"), "gap_between_rows") == []
    gap = only(written("from: 1, up_to: 2", "from: 4"), "gap_between_rows")
    assert gap.values == ("exactly 3",)
    assert gap.sentence.endswith("is in none, so it pays nothing.")
    shared = only(written("from: 1, up_to: 3", "from: 3"), "overlapping_rows")
    assert shared.values == ("exactly 3", "5%", "10%")


def test_a_table_for_each_region_is_compared_with_the_target_of_its_region() -> None:
    regions = bent(
        TARGET,
        "    by: region\n    target: {eu: 99.9%, us: 99.5%}\n",
        text=f"{SOUND}varies_by: {{region: {{eu: Europe, us: America}}}}\n",
    )
    tables = "      tables:\n        eu: [{below: 99.5%, pays: 10%}]\n        us: [{below: 99.5%, pays: 10%}]\n"
    assert only(bent(UPTIME_ROWS, tables, text=regions), "target_unpaid").sentence == (
        "Europe: an uptime from 99.5% to below 99.9% misses the target of 99.9% and no row pays it, and the terms "
        "leave open what such a miss pays."
    )
    mended = tables.replace("99.5%", "99.9%", 1)
    assert found(bent(UPTIME_ROWS, mended, text=regions), "target_unpaid") == []


def test_a_name_without_a_table_is_paid_nothing() -> None:
    tables = "      tables:\n        plus: [{below: 99.5%, pays: 10%}]\n"
    text = target("99.5%", bent(UPTIME_ROWS, tables, text=TWO_TIERS))
    assert only(text, "target_unpaid").values == ("max", "99.5%", "below 99.5%")
