"""The linter: what it finds in the shipped agreements by itself, and that it is quiet on a sound one."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.judging import Outcome, judge
from agreements.lint import Finding, Severity, findings
from agreements.terms.bands import percent_text
from agreements.terms.values import percent
from kernel.money import Money
from tests.agreements.texts import APICHEAP, APISEC, SOUND, bent, document


def found(text: str, code: str) -> list[Finding]:
    return [finding for finding in findings(document(text)) if finding.code == code]


def only(text: str, code: str) -> Finding:
    (finding,) = found(text, code)
    return finding


def table(*rows: str) -> str:
    head, _, rest = SOUND.partition("        - {from: 99.0%")
    _, _, tail = rest.partition("      unmatched_miss")
    listed = "".join("        - {" + row + "}\n" for row in rows)
    return f"{head}{listed}      unmatched_miss{tail}"


def test_a_sound_agreement_gives_no_findings() -> None:
    assert findings(document(SOUND)) == []


def test_enterprise_misses_its_target_from_99_5_to_99_9_and_nothing_pays() -> None:
    finding = only(APICHEAP, "target_unpaid")
    assert finding.severity is Severity.WARNING
    assert finding.values == ("enterprise", "99.9%", "from 99.5% to below 99.9%")
    assert (finding.clause, finding.path) == ("§2.1", "commitments[0].target.enterprise")
    assert APICHEAP.splitlines()[finding.line - 1].strip().startswith("enterprise: {at_least: 99.9%")
    assert finding.sentence == (
        "Enterprise: an uptime from 99.5% to below 99.9% misses the target of 99.9% "
        "and no row pays it, so such a miss pays nothing."
    )


def test_basic_has_a_row_above_its_own_target() -> None:
    finding = only(APICHEAP, "row_above_target")
    assert finding.values == ("basic", "99%", "from 99% to below 99.5%", "5%")
    assert finding.clause == "§3.1"
    assert APICHEAP.splitlines()[finding.line - 1].strip() == "- {from: 99.0%, below: 99.5%, pays: 5%}"


def test_apicheap_has_these_findings_and_no_errors() -> None:
    assert [(finding.severity.value, finding.code) for finding in findings(document(APICHEAP))] == [
        ("warning", "placeholder"),
        ("warning", "figure_disagrees"),
        ("warning", "target_unpaid"),
        ("warning", "row_above_target"),
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("note", "figure_varies"),
        ("note", "figure_varies"),
        ("note", "filing_before_close"),
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("choice", "success_statuses"),
        ("choice", "success_statuses"),
        ("choice", "quorum"),
        ("choice", "unmatched_miss"),
        ("choice", "pause_for_evidence"),
    ]


def test_apisec_has_only_notes_and_choices() -> None:
    assert [(finding.severity.value, finding.code) for finding in findings(document(APISEC))] == [
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("note", "maintenance_without_notice"),
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("note", "open_in_document"),
        ("choice", "quorum"),
        ("choice", "business_hours_mean"),
    ]


def test_a_finding_is_told_with_file_line_severity_and_clause() -> None:
    told = str(only(bent("years: 2025-2030", "years: 2025"), "holidays_unknown"))
    assert told == (
        "agreement.yaml:31: warning: The terms are in force from 2026, and the holidays of 2026 and 2027 "
        "are not known. [holidays_unknown]"
    )


# The table


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        (("from: 99.1%, below: 99.5%, pays: 10%", "below: 99.0%, pays: 25%"), "from 99% to below 99.1%"),
        (("above: 99.0%, below: 99.5%, pays: 10%", "below: 99.0%, pays: 25%"), "exactly 99%"),
        (("from: 95.1%, below: 99.5%, pays: 5%", "up_to: 95%, pays: 10%"), "above 95% to below 95.1%"),
    ],
)
def test_a_gap_between_rows_is_found_exactly(rows: tuple[str, ...], gap: str) -> None:
    finding = only(table(*rows), "gap_between_rows")
    assert finding.values == (gap,)
    assert finding.sentence.endswith("and the terms leave open what such a miss pays.")
    assert found(table(*rows), "target_unpaid") == []


@pytest.mark.parametrize(
    ("second", "shared"),
    [
        ("below: 99.1%, pays: 25%", "from 99% to below 99.1%"),
        ("up_to: 99.0%, pays: 25%", "exactly 99%"),
    ],
)
def test_an_uptime_in_two_rows_is_an_error(second: str, shared: str) -> None:
    finding = only(table("from: 99.0%, below: 99.5%, pays: 10%", second), "overlapping_rows")
    assert (finding.severity, finding.values) == (Severity.ERROR, (shared, "10%", "25%"))


def test_an_uptime_in_two_rows_that_pay_the_same_is_a_warning() -> None:
    rows = ("from: 99.0%, below: 99.5%, pays: 25%", "below: 99.1%, pays: 25%")
    assert only(table(*rows), "overlapping_rows").severity is Severity.WARNING


def test_a_row_that_ends_before_it_begins_is_an_error() -> None:
    rows = ("from: 99.5%, below: 99.0%, pays: 10%", "below: 99.5%, pays: 25%")
    assert only(table(*rows), "empty_row").severity is Severity.ERROR


def test_a_row_that_no_miss_can_reach_is_found() -> None:
    rows = ("from: 99.5%, below: 99.9%, pays: 5%", "below: 99.5%, pays: 25%")
    assert only(table(*rows), "row_unreachable").values == ("from 99.5% to below 99.9%", "99.5%")


def test_a_row_that_the_cap_keeps_from_being_paid_is_found() -> None:
    text = bent("unmatched_miss: undecided", "unmatched_miss: undecided\n      cap: 20% of usage of the month")
    assert only(text, "row_above_cap").values == ("25%", "20%")


def test_a_row_that_pays_less_for_worse_is_found() -> None:
    rows = ("from: 99.0%, below: 99.5%, pays: 10%", "below: 99.0%, pays: 5%")
    assert only(table(*rows), "worse_pays_less").values == ("below 99%", "5%")


def test_a_row_that_pays_nothing_pays_no_miss() -> None:
    rows = ("from: 99.0%, below: 99.5%, pays: 0%", "below: 99.0%, pays: 5%")
    assert only(table(*rows), "target_unpaid").values == ("plus", "99.5%", "from 99% to below 99.5%")


def test_a_table_that_begins_above_the_deepest_misses_is_found() -> None:
    rows = ("from: 99.0%, below: 99.5%, pays: 10%",)
    assert only(table(*rows), "target_unpaid").values == ("plus", "99.5%", "below 99%")


def test_a_miss_in_no_row_is_no_finding_where_the_smallest_credit_is_paid() -> None:
    text = table("from: 99.0%, below: 99.5%, pays: 10%").replace("undecided", "smallest_credit")
    assert findings(document(text)) == []


def test_a_covered_tier_without_a_target_is_found() -> None:
    text = bent("{plus: {title: Plus}}", "{lite: {title: Lite}, plus: {title: Plus}}")
    assert only(text, "tier_without_target").values == ("lite",)
    free = bent("{plus: {title: Plus}}", "{lite: {title: Lite, covered: false}, plus: {title: Plus}}")
    assert findings(document(free)) == []


thresholds = st.lists(st.integers(min_value=1, max_value=99), unique=True, min_size=1, max_size=4).map(sorted)


@given(bounds=thresholds, target=st.integers(min_value=1, max_value=100), probe=st.integers(min_value=0, max_value=400))
def test_the_linter_finds_exactly_the_misses_that_the_judge_does_not_pay(
    bounds: list[int], target: int, probe: int
) -> None:
    rows = [f"from: {low}%, below: {high}%, pays: 10%" for low, high in itertools.pairwise(bounds)]
    text = table(*(rows or [f"below: {bounds[0]}%, pays: 10%"])).replace("99.5%}", f"{target}%}}", 1)
    uptime = Fraction(probe, 400)
    doc = document(text)
    judgement = judge(doc.terms, tier="plus", uptime=uptime, base=Money.of("100", "EUR"))
    unpaid = [finding.values[2] for finding in findings(doc) if finding.code == "target_unpaid"]
    assert any(_in_words(uptime, band) for band in unpaid) is (judgement.code is Outcome.UNDECIDED)


def _in_words(uptime: Fraction, band: str) -> bool:
    """Read a band back from its words, so that what is told is tried and not what was computed."""
    low, high = Fraction(0), Fraction(2)
    words = band.replace("to below", "below").split()
    for word, value in zip(words[::2], words[1::2], strict=True):
        low = percent(value) if word == "from" else low
        high = percent(value) if word == "below" else high
    return low <= uptime < high


# Figures


@pytest.mark.parametrize(
    ("shown", "severity"),
    [
        # 0.5% of 28, 29, 30 and 31 days: 3.36, 3.48, 3.6 and 3.72 hours, 201.6 to 223.2 minutes
        ("~3.6 hours", Severity.NOTE),
        ("~3.7 hours", Severity.NOTE),
        ("~3.72 hours", Severity.NOTE),
        ("~3.65 hours", Severity.WARNING),
        ("~216 minutes", Severity.NOTE),
        ("~220 minutes", Severity.WARNING),
        ("~3 hours", Severity.NOTE),
    ],
)
def test_a_figure_agrees_as_far_as_its_digits_go(shown: str, severity: Severity) -> None:
    text = bent("{plus: 99.5%}", f"{{plus: {{at_least: 99.5%, maximum_downtime: {shown}}}}}")
    codes = [finding for finding in findings(document(text)) if finding.code.startswith("figure")]
    assert [finding.severity for finding in codes] == [severity]


def test_a_figure_that_agrees_with_every_month_is_no_finding() -> None:
    text = bent("{plus: 99.5%}", "{plus: {at_least: 99.999%, maximum_downtime: ~0 hours}}")
    assert [finding.code for finding in findings(document(text)) if finding.code.startswith("figure")] == []


def test_the_three_figures_of_apicheap_are_compared_with_every_length_of_month() -> None:
    basic = only(APICHEAP, "figure_disagrees")
    assert basic.values == (
        "~7.3 hours",
        "28 days: 6.72 hours",
        "29 days: 6.96 hours",
        "30 days: 7.2 hours",
        "31 days: 7.44 hours",
    )
    assert "in no month, but in an average one" in basic.sentence
    pro, enterprise = found(APICHEAP, "figure_varies")
    assert "in months of 30 days only" in pro.sentence
    assert enterprise.values[0] == "~43 minutes"
    assert enterprise.values[-1] == "31 days: 44.64 minutes"


# Deadlines


def test_a_claim_for_an_outage_on_the_1st_ends_before_the_close_and_is_kept_open() -> None:
    finding = only(APICHEAP, "filing_before_close")
    assert (finding.severity, finding.clause) == (Severity.NOTE, "§3.3")
    assert "keeps the window open for 7 days" in finding.sentence


def test_without_a_rule_that_keeps_it_open_it_is_a_warning() -> None:
    text = bent("file_within: 60 days", "file_within: 30 days\n  min_after_known: 0 days")
    finding = only(text, "filing_before_close")
    assert finding.severity is Severity.WARNING
    # 1 January plus 30 days is the 31st, the month's last day; the month closes a day later
    assert finding.values == ("30 days", "2026-01", "2026-02-01 00:00 UTC", "2026-02-02 00:00 UTC")


@pytest.mark.parametrize(("days", "months"), [(27, 48), (29, 45), (30, 44), (31, 28), (32, 0)])
def test_the_months_in_which_the_window_is_too_short_are_counted(days: int, months: int) -> None:
    # 2026 to 2029 have 28 months of 31 days, 16 of 30, one of 29 and three of 28; a month closes a day
    # after it ends, and a window of n days after the 1st ends with day n + 1
    text = bent("file_within: 60 days", f"file_within: {days} days\n  min_after_known: 0 days")
    told = [finding.sentence for finding in found(text, "filing_before_close")]
    assert [f"in {months} of 48 months" in sentence for sentence in told] == ([True] if months else [])


def test_a_settlement_that_is_due_before_the_month_closes_is_found() -> None:
    text = bent("settle_within: 10 business days", "settle_within: 1 business day")
    finding = only(text, "settlement_before_close")
    assert finding.severity is Severity.WARNING
    # January and February 2026 end on a Saturday; March ends on a Tuesday, and Wednesday ends with its close
    assert finding.values == ("1 business day", "2026-03", "2026-04-01 23:00 UTC", "2026-04-01 23:00 UTC")


def test_a_long_grace_makes_a_settlement_impossible() -> None:
    text = SOUND + "months: {close_grace: 1000 hours}\n"
    assert only(text, "settlement_before_close").values[0] == "10 business days"


# Words and choices


@pytest.mark.parametrize("text", ["TBD", "to be announced", "[insert name]", "<your company>", "ACME ____ Ltd", "XXX"])
def test_a_placeholder_is_found(text: str) -> None:
    assert len(found(bent("Sound Ltd", f'"{text}"'), "placeholder")) == 1


def test_the_status_page_of_apicheap_is_a_placeholder_with_a_consequence() -> None:
    finding = only(APICHEAP, "placeholder")
    assert (finding.clause, finding.path) == ("§5", "contacts.status_page")
    assert finding.sentence.endswith("Until a version names a page, only mail announces maintenance.")


def test_a_month_in_the_subject_of_a_request_is_no_placeholder() -> None:
    assert [finding.path for finding in found(APICHEAP, "placeholder")] == ["contacts.status_page"]


def test_a_choice_left_to_its_default_is_listed_as_one() -> None:
    finding = only(bent(", quorum: majority", ""), "quorum")
    assert "`quorum: all` is the default" in finding.sentence


def test_a_choice_in_the_customers_favour_is_not_listed() -> None:
    assert found(SOUND, "quorum") == []
    assert found(bent("pause_for_evidence: false", "pause_for_evidence: true"), "pause_for_evidence") != []


def test_shares_are_told_as_the_file_writes_them() -> None:
    assert percent_text(Fraction(995, 1000)) == "99.5%"
