"""Reading terms: exact values, no guesses, and faults that tell where and how to mend them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from agreements.terms import NoBusinessCalendar, TermsMalformed, load, load_file, load_published
from agreements.terms.measuring import Measurement
from kernel.money import Money
from tests.agreements.texts import APICHEAP, SOUND, bent


def faults(text: str) -> list[str]:
    with pytest.raises(TermsMalformed) as refused:
        load(text, file="agreement.yaml")
    return [str(problem) for problem in refused.value.problems]


def test_a_percent_becomes_the_exact_fraction() -> None:
    assert load(SOUND).target("plus") == Fraction(199, 200)


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    text = bent("currency: EUR", "currency: euro", text=bent("file_within: 60 days", "file_within: soon"))
    assert [fault.partition(": ")[0] for fault in faults(text)] == ["agreement.yaml:7:11", "agreement.yaml:25:16"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file holds no terms."),
        ("- a list", "The file holds no terms."),
        ("a: [", "A value is missing here."),
        ("a: 1\x07", "Here stands a sign that can not be seen."),
        ("a: &one 1\nb: *one", "*one is an alias."),
        ("? [1]\n: 2", "This is no name."),
        ("<<: {a: 1}", "This is no name."),
        ("a: 1\n---\nb: 2", "A second document begins here (---)."),
        ("a: {is: 1, was: 2}", "`was` can not stand beside `is`."),
        ("a: {is: 1, clause: [2]}", "`clause` is not a text."),
    ],
)
def test_what_is_no_terms_file_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    assert sentence in "\n".join(faults(text))


def test_a_float_given_from_python_is_refused() -> None:
    with pytest.raises(ValueError, match="is a float, which is not exact"):
        Measurement.model_validate({"max_gap": 0.5})


def test_a_rule_may_be_written_long_and_means_the_same() -> None:
    long = bent("file_within: 60 days", 'file_within: {is: 60 days, clause: "§9", words: within sixty days}')
    short, said = load(SOUND).claims, load(long).claims
    assert short == said
    assert load(long).clause("claims", "file_within") == "§9"


def test_a_target_may_be_the_same_for_every_tier() -> None:
    assert load(bent("target: {plus: 99.5%}", "target: 99.5%")).target("plus") == Fraction(199, 200)


def test_terms_begin_at_midnight_in_their_own_zone_or_at_an_instant() -> None:
    summer = load(bent("in_force_from: 2026-01-01", "in_force_from: 2026-07-01"))
    assert summer.in_force_from == datetime(2026, 6, 30, 23, tzinfo=UTC)
    exact = load(bent("in_force_from: 2026-01-01", "in_force_from: 2026-07-01T08:30+02:00"))
    assert exact.in_force_from == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


def test_what_is_left_out_has_the_documented_default() -> None:
    terms = load(SOUND)
    claims, months = terms.claims, terms.months
    assert claims is not None
    assert (claims.roll, claims.min_after_known, claims.appeal_within) == (False, 7, 30)
    assert (claims.incident, claims.clock_starts) == ("last_of_month", "later_of_filing_and_month_end")
    assert (claims.on_missed_deadline, claims.remind_before) == ("escalate", (7, 1))
    assert (months.close_grace, months.first_partial_month) == (timedelta(hours=24), "skip")
    assert terms.tier_of_month == "best_during_downtime"
    assert (terms.measurement.max_gap, terms.measurement.service_rule) == (timedelta(minutes=5), "any_down")
    assert terms.measurement.no_data == "leaves_total"
    assert terms.notice_by_mail == "own_delivery"
    assert terms.changes.notice == 30
    least = load(bent("measurement: {success_statuses: [2xx], quorum: majority}\n", ""))
    assert least.measurement.quorum == "all"


def test_business_days_without_business_hours_are_refused() -> None:
    head, _, _ = SOUND.partition("business_hours:")
    assert "This counts business time, and no business hours are named." in faults(head)[0]


def test_terms_that_count_no_business_time_need_no_calendar() -> None:
    head, _, _ = SOUND.partition("    credits:")
    with pytest.raises(NoBusinessCalendar):
        load(head).calendar()


def test_hours_may_have_a_break_and_differ_by_day() -> None:
    text = bent(
        '{monday-friday: "09:00-17:00"}', '{monday-thursday: ["09:00-12:00", "13:00-17:00"], friday: "09:00-12:00"}'
    )
    calendar = load(text).calendar()
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)
    week = calendar.worked_between(monday, monday + timedelta(days=7))
    assert week == timedelta(hours=4 * 7 + 3)


def test_holidays_can_be_added_and_taken_away() -> None:
    text = bent("years: 2025-2030}", "years: 2026, also: [2026-12-24], except: [2026-12-28]}")
    holidays = load(text).holidays
    assert date(2026, 12, 24) in holidays
    assert date(2026, 12, 28) not in holidays
    assert date(2026, 12, 25) in holidays
    assert {day.year for day in holidays} == {2026}


def test_published_holidays_stand_whatever_the_library_says_later() -> None:
    terms = load_published(SOUND, file="sound version 1", holidays={date(2026, 3, 3): "as published"}).terms
    assert dict(terms.holidays) == {date(2026, 3, 3): "as published"}
    assert not terms.calendar().is_business_day(date(2026, 3, 3))
    assert terms.calendar().is_business_day(date(2026, 12, 25))


def test_what_was_published_stays_readable_when_a_rule_gets_stricter() -> None:
    incoherent = bent("{plus: 99.5%}", "{gone: 99.5%}")
    with pytest.raises(TermsMalformed):
        load(incoherent)
    assert load_published(incoherent, file="sound version 1", holidays={}).terms.target("plus") is None


def test_a_file_is_named_in_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text("agreement: x", encoding="utf-8")
    with pytest.raises(TermsMalformed, match=str(path)):
        load_file(path)


def test_a_file_in_another_encoding_is_told_its_first_strange_line(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_bytes("format: 1\ntitle: Über\n".encode("cp1252"))
    with pytest.raises(TermsMalformed, match=r"terms.yaml:2: This line is not written in UTF-8"):
        load_file(path)


def test_an_example_is_in_the_currency_of_the_agreement() -> None:
    assert "The usage is not in USD, the agreement's currency." in "\n".join(
        faults(bent("uptime: 94%, usage: 200 USD", "uptime: 94%, usage: 200 EUR", text=APICHEAP))
    )


def test_money_of_an_example_is_exact() -> None:
    given = load(APICHEAP).examples[0].given
    assert given.usage == Money.of("200", "USD")
