"""The linter on the document's own words, its figures, and the file's examples."""

from __future__ import annotations

import pytest

from agreements.lint import Severity, findings
from tests.agreements.lint_faults import TARGET, Fault, found, is_found_until_mended, rows, target, with_parts
from tests.agreements.texts import SOUND, bent, document

QUOTED = bent("      of: usage of the month\n", '      words: "{0}"\n      of: usage of the month\n')


def quoted(words: str) -> str:
    return QUOTED.replace("{0}", words)


def example(expect: str) -> str:
    given = "given: {tier: plus, uptime: 99.2%, usage: 100 EUR}"
    return with_parts(
        f"examples:\n  - name: The document's own\n    clause: §9\n    {given}\n    expect: {{{expect}}}\n"
    )


FAULTS = (
    Fault(
        code="boundary_left_open",
        text=quoted("99.0-99.5: 10; 90.0-99.0: 25"),
        line="- {from: 99.0%, below: 99.5%, pays: 10%}",
        clause="§2",
        values=("99%", "from 99% to below 99.5%", "10%"),
        sentence=(
            "The document's words name 99% as an end of two rows and leave open to which it belongs; the file puts it "
            "into the row from 99% to below 99.5%, which pays 10%."
        ),
        mended=quoted("at least 99.0 but less than 99.5: 10; less than 99.0: 25"),
    ),
    Fault(
        code="boundary_left_open",
        text=quoted("99.0% to 99.5%: 10; under 99.0%: 25"),
        line="- {from: 99.0%, below: 99.5%, pays: 10%}",
        clause="§2",
        values=("99%", "from 99% to below 99.5%", "10%"),
        sentence=(
            "The document's words end a range at 99% without saying whether it belongs to it, and the next row is only "
            "below it; the file puts it into the row from 99% to below 99.5%, which pays 10%."
        ),
        mended=quoted("99.0% to 99.4%: 10; under 98.0%: 25"),
    ),
    Fault(
        code="words_disagree",
        text=bent("file_within: 60 days", "file_within: {is: 60 days, words: within thirty (30) days}"),
        line="file_within: {is: 60 days, words: within thirty (30) days}",
        values=("60 days", "within thirty (30) days"),
        sentence=("The rule says 60 days, and the words that are quoted for it say otherwise: within thirty (30) days"),
        mended=bent("file_within: 60 days", "file_within: {is: 60 days, words: within sixty (60) days of 30% loss}"),
    ),
    Fault(
        code="words_disagree",
        text=bent("10 business days", "{is: 10 business days, words: within 10 days}"),
        line="settle_within: {is: 10 business days, words: within 10 days}",
        values=("10 business days", "within 10 days"),
        sentence="The rule says 10 business days, and the words that are quoted for it say otherwise: within 10 days",
        mended=bent("10 business days", "{is: 10 business days, words: within 10 working days}"),
    ),
    Fault(
        code="open_in_document",
        severity=Severity.NOTE,
        text=bent("10 business days", "{is: 10 business days, note: The document names no clock.}"),
        line="settle_within: {is: 10 business days, note: The document names no clock.}",
        values=("The document names no clock.",),
        sentence="The file notes here what the document may leave open: The document names no clock.",
        mended=SOUND,
    ),
    Fault(
        code="figure_not_computed",
        severity=Severity.NOTE,
        text=with_parts("sentences: [{about: hours, says: 'An hour below 90% costs nothing, at most $5.'}]\n"),
        line="sentences: [{about: hours, says: 'An hour below 90% costs nothing, at most $5.'}]",
        values=("hours", "90%", "$5"),
        sentence="This sentence names 90%, $5, and nothing computes what it says.",
        mended=with_parts("sentences: [{about: hours, says: A bad hour costs nothing.}]\n"),
    ),
    Fault(
        code="figure_disagrees",
        # a week has 168 hours, of which 0.5% are 50.4 minutes
        text=bent(
            "calendar_month\n" + TARGET, "week\n    target: {plus: {at_least: 99.5%, maximum_downtime: ~51 minutes}}\n"
        ),
        line="target: {plus: {at_least: 99.5%, maximum_downtime: ~51 minutes}}",
        clause="§2",
        values=("~51 minutes", "7 days: 50.4 minutes"),
        sentence=(
            "~51 minutes is not the downtime that the target allows; exactly it is 7 days: 50.4 minutes. The "
            "percentage governs."
        ),
        mended=bent(
            "calendar_month\n" + TARGET, "week\n    target: {plus: {at_least: 99.5%, maximum_downtime: ~50 minutes}}\n"
        ),
    ),
    Fault(
        code="figure_disagrees",
        # 0.5% of 730 hours are 3.65 hours
        text=target("{plus: {at_least: 99.5%, maximum_downtime: ~3.6 hours}}\n    total: 740 hours"),
        line="target: {plus: {at_least: 99.5%, maximum_downtime: ~3.6 hours}}",
        clause="§2",
        values=("~3.6 hours", "3.7 hours"),
        sentence=(
            "~3.6 hours is not the downtime that the target allows; exactly it is 3.7 hours. The percentage governs."
        ),
        mended=target("{plus: {at_least: 99.5%, maximum_downtime: ~3.7 hours}}\n    total: 740 hours"),
    ),
    Fault(
        code="placeholder",
        text=bent("10 business days", "{is: 10 business days, words: within TBD days}"),
        line="settle_within: {is: 10 business days, words: within TBD days}",
        values=("TBD",),
        sentence="The words 'within TBD days' hold a placeholder.",
        mended=SOUND,
    ),
    Fault(
        code="example_contradicted",
        severity=Severity.ERROR,
        text=example("credit: 12 EUR"),
        line="expect: {credit: 12 EUR}",
        clause="§9",
        values=("The document's own", "credit"),
        sentence=(
            "The terms contradict the example “The document's own”: credit should be 12.00 EUR and is 10.00 EUR."
        ),
        mended=example("credit: 10 EUR"),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}: {fault.line}")
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


def test_words_beside_a_limit_of_its_own_are_compared_too() -> None:
    ticket = "file_within: 60 days\n  ticket: {within: 24 hours, counted_from: aware, words: a ticket in 2 hours}"
    assert found(bent("file_within: 60 days", ticket), "words_disagree")[0].values == (
        "24 hours",
        "a ticket in 2 hours",
    )
    same = ticket.replace("a ticket in 2 hours", "a ticket in 1440 minutes")
    assert found(bent("file_within: 60 days", same), "words_disagree") == []


def test_words_that_spell_a_number_out_are_not_judged_by_their_digits() -> None:
    text = bent("file_within: 60 days", "file_within: {is: 60 days, words: 'within sixty days, 5 days after notice'}")
    assert found(text, "words_disagree") == []


def test_a_range_of_another_kind_of_number_is_no_boundary() -> None:
    assert found(quoted("99.0-99.5: 10; see clauses 4-5 and 5-6"), "boundary_left_open") == []


def test_a_contradicted_example_points_at_its_field() -> None:
    assert found(example("credit: 12 EUR"), "example_contradicted")[0].path == "examples[0].expect.credit"


def test_checks_are_no_choice_where_error_rates_tell_what_is_down() -> None:
    text = rows("below: 99.5%, pays: 10%").replace(", quorum: majority", "")
    assert found(text, "quorum") != []
    rates = bent("    target: {plus", "    down: a minute with an error rate above 5%\n    target: {plus", text=text)
    assert found(rates, "quorum") == []


WELL_WRITTEN = {
    "latency": SOUND.replace("measure: uptime", "measure: latency")
    .replace("{plus: 99.5%}", "{plus: {at_most: 500 ms}}")
    .replace("{from: 99.0%, below: 99.5%, pays: 10%}", "{above: 500 ms, up_to: 1 second, pays: 10%}")
    .replace("{below: 99.0%, pays: 25%}", "{above: 1 second, pays: 25%}"),
    "thresholds of downtime": SOUND.replace("unmatched_miss: undecided", "over: downtime\n      rows_are: thresholds")
    .replace("{from: 99.0%, below: 99.5%, pays: 10%}", "{above: 201.3 minutes, pays: 10%}")
    .replace("{below: 99.0%, pays: 25%}", "{above: 10 hours, pays: 25%}"),
    "repair of single cases": SOUND.replace("measure: uptime", "measure: repair_time")
    .replace("calendar_month", "case")
    .replace("{plus: 99.5%}", "{plus: {at_most: 4 hours}}")
    .replace("{from: 99.0%, below: 99.5%, pays: 10%}", "{above: 4 hours, pays: 50 EUR per started hour late}")
    .replace("        - {below: 99.0%, pays: 25%}\n", ""),
    "quarters, rounded": bent("period: calendar_month", "period: quarter\n    rounding: 2 decimals")
    .replace("file_within: 60 days", "file_within: 100 days")
    .replace("{below: 99.0%", "{up_to: 98.99%"),
    "support, allowances and rights": SOUND
    + """\
excused:
  planned_maintenance:
    treatment: window_leaves_total
    windows: [{hours: {sunday: "02:00-06:00"}, announced: true}]
    allowance: {per_week: 2 hours, per_month: 8 hours, per_quarter: 24 hours}
maintenance: {planned: {notice: 48 hours}}
support:
  severities: {high: High, low: Low}
  business_hours_mean: hours_on_business_days
  response: {every_tier: {high: 1 hour, low: 8 business hours}}
  resolution: {every_tier: {high: 8 hours, low: 5 business days}}
chronic_failure:
  - {name: in_a_row, times: 3, in_a_row: true, end_within: 30 days}
  - {name: disaster, counts: {uptime_below: 90%}, end_within: 60 days}
""",
}


@pytest.mark.parametrize("kind", WELL_WRITTEN)
def test_a_well_written_file_of_each_kind_gives_nothing_above_a_note(kind: str) -> None:
    read = document(WELL_WRITTEN[kind])
    assert [str(one) for one in findings(read) if one.severity is not Severity.NOTE] == []
