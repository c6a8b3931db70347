"""The linter on what rows pay: caps, the minimum, tiers and commitments beside each other."""

from __future__ import annotations

import pytest

from agreements.lint import Severity
from tests.agreements.lint_faults import (
    TWO_TIERS,
    UPTIME_ROWS,
    Fault,
    found,
    is_found_until_mended,
    paying,
    rows,
    target,
)
from tests.agreements.texts import SOUND, bent

SECOND = """\
  - name: {name}
    measure: uptime
    period: calendar_month
    target: 99%
    credits: {{of: usage of the month, unmatched_miss: undecided, rows: [{{below: 99%, pays: 5%}}]}}
"""
SUMS = rows("from: 99.0%, below: 99.5%, pays: 5 EUR", "below: 99.0%, pays: 10 EUR")
DAYS = rows("from: 99.0%, below: 99.5%, pays: 3 days of service", "below: 99.0%, pays: 3 weeks of service")
BOTH = bent("claims:\n", SECOND.format(name="second") + "claims:\n")
OF_TIERS = """\
      tables:
        plus: [{{from: 99.0%, below: 99.5%, pays: 10%}}, {{below: 99.0%, pays: 25%}}]
        max: [{{from: 99.0%, below: 99.5%, pays: {0}}}, {{below: 99.0%, pays: 25%}}]
"""


def of_tiers(pays: str) -> str:
    return target("99.5%", bent(UPTIME_ROWS, OF_TIERS.format(pays), text=TWO_TIERS))


FAULTS = (
    Fault(
        code="row_above_cap",
        text=paying("cap: 20% of usage of the month"),
        line="- {below: 99.0%, pays: 25%}",
        clause="§2",
        values=("25%", "20%"),
        sentence="The row pays 25%, and the cap of 20% keeps it from ever being paid in full.",
        mended=paying("cap: 25% of usage of the month"),
    ),
    Fault(
        code="row_above_cap",
        text=paying("cap: 15 days of service per month", DAYS),
        line="- {below: 99.0%, pays: 3 weeks of service}",
        clause="§2",
        values=("21 days of service", "15 days of service"),
        sentence=(
            "The row pays 21 days of service, and the cap of 15 days of service keeps it from ever being paid in full."
        ),
        mended=paying("cap: 21 days of service per month", DAYS),
    ),
    Fault(
        code="row_above_cap",
        text=SUMS + "credits_together: {cap: 8 EUR}\n",
        line="- {below: 99.0%, pays: 10 EUR}",
        clause="§2",
        values=("10 EUR", "8 EUR"),
        sentence="The row pays 10 EUR, and the cap of 8 EUR keeps it from ever being paid in full.",
        mended=SUMS + "credits_together: {cap: 12 EUR}\n",
    ),
    Fault(
        code="cap_below_every_row",
        text=paying("cap: 5% of usage of the month"),
        line="cap: 5% of usage of the month",
        clause="§2",
        values=("10%", "5%"),
        sentence="Every row pays 10% or more, and the cap is 5% of usage of the month: the rows make no difference.",
        mended=paying("cap: 25% of usage of the month"),
    ),
    Fault(
        code="cap_never_reached",
        severity=Severity.NOTE,
        text=paying("cap: 100% of usage of the month"),
        line="cap: 100% of usage of the month",
        clause="§2",
        values=("25%", "100% of usage of the month"),
        sentence="No row pays more than 25%, so the cap of 100% of usage of the month is never reached.",
        mended=paying("cap: 25% of usage of the month"),
    ),
    Fault(
        code="minimum_never_reached",
        text=paying("minimum: above 10 EUR", SUMS),
        line="minimum: above 10 EUR",
        clause="§2",
        values=("above 10.00 EUR", "10 EUR"),
        sentence="No credit can be more than 10 EUR, and only above 10.00 EUR is paid out.",
        mended=paying("minimum: at least 10 EUR", SUMS),
    ),
    Fault(
        code="minimum_never_reached",
        text=paying("minimum: at least 20 EUR\n      cap: 15 EUR"),
        line="minimum: at least 20 EUR",
        clause="§2",
        values=("at least 20.00 EUR", "15 EUR"),
        sentence="No credit can be more than 15 EUR, and only at least 20.00 EUR is paid out.",
        mended=paying("minimum: at least 15 EUR\n      cap: 15 EUR"),
    ),
    Fault(
        code="worse_pays_less",
        text=rows("from: 99.0%, below: 99.5%, pays: 10 days of service", "below: 99.0%, pays: nothing"),
        line="- {below: 99.0%, pays: nothing}",
        clause="§2",
        values=("below 99%", "nothing"),
        sentence="An uptime below 99% pays nothing, less than a better one, which pays 10 days of service.",
        mended=rows("from: 99.0%, below: 99.5%, pays: nothing", "below: 99.0%, pays: 10 days of service"),
    ),
    Fault(
        code="higher_tier_paid_less",
        text=of_tiers("5%"),
        line="max: [{from: 99.0%, below: 99.5%, pays: 5%}, {below: 99.0%, pays: 25%}]",
        clause="§2",
        values=("max", "from 99% to below 99.5%", "5%", "10%"),
        sentence="An uptime from 99% to below 99.5% pays the Max tier 5%, less than the 10% of the Plus tier.",
        mended=of_tiers("10%"),
    ),
    Fault(
        code="credits_together_undecided",
        text=BOTH + "credits_together: {credits: undecided}\n",
        line="credits_together: {credits: undecided}",
        values=("uptime", "second"),
        sentence=(
            "A period that misses uptime and second pays by each, and the terms leave open whether these credits "
            "add up."
        ),
        mended=BOTH + "credits_together: {credits: larger_counts}\n",
    ),
    Fault(
        code="nothing_to_claim",
        text=SOUND[: SOUND.index("    credits:")] + SOUND[SOUND.index("claims:") :],
        line="claims:",
        values=(),
        sentence="Claims have time limits, and no commitment pays a credit that could be claimed.",
        mended=SOUND,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}: {fault.line}")
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


def test_a_cap_of_another_base_says_nothing_of_a_row() -> None:
    assert found(paying("cap: 20% of fee of the year"), "row_above_cap") == []


def test_a_cap_over_twelve_months_can_be_reached_by_several_credits() -> None:
    assert found(paying("cap: 100% of usage of the month per twelve months"), "cap_never_reached") == []


def test_a_step_that_is_paid_again_and_again_reaches_any_cap() -> None:
    text = rows("below: 99.5%, pays: 5% per started hour", text=paying("cap: 50% of usage of the month"))
    assert found(text, "cap_never_reached") == []


def test_a_cap_below_every_row_is_told_once() -> None:
    assert found(paying("cap: 5% of usage of the month"), "row_above_cap") == []
