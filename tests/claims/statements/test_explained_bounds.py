"""A filing bound tells how it was computed: day 0, the days, what it was rolled over (SEMANTICS 16, 28)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.explaining import Step
from agreements.happening import Happened
from agreements.terms import Terms
from agreements.windows import filing_window
from claims.events.entitlement import Bound
from claims.explain.bound import explain_appeal, explain_bound
from claims.rules.appeal import appeal_bound
from claims.rules.filing_bound import filing_rule, incident_bound, known_bound, publication_bound
from kernel import shown
from kernel.dates import DAY, date_of_end
from kernel.intervals import instant_of, minute_of
from tests.claims.plain_steps import instant
from tests.claims.statements.scenes import at, rule, terms

MONTHS = ("file_within: {is: 30 days,", "file_within: {is: 2 months,")
PLAIN = ("roll: true", "roll: false")


def told(bound: Bound, *changes: tuple[str, str], known_on: date | None = None) -> Step:
    """Explain a bound by apicheap's terms, with pieces of them replaced."""
    step = explain_bound(bound, terms(*changes), known_on=known_on)
    assert step is not None
    return step


def sentences(step: Step) -> list[str]:
    """Give what its steps tell."""
    return [below.sentence for below in step.steps]


def test_a_bound_that_was_rolled_names_the_days_that_it_was_rolled_over() -> None:
    step = told(incident_bound(at("2026-10-01T14:00Z"), rule()))
    assert step.result == "Monday, 2 November 2026"
    assert step.sentence == (
        "The last day is Monday, 2 November 2026. "
        "The first instant that is late is 3 November 2026, 00:00 (UTC), the midnight that ends it."
    )
    assert sentences(step) == [
        "Day 0 is Thursday, 1 October 2026, the date of the last down minute that nothing excuses. It does not count.",
        "Day 30 is Saturday, 31 October 2026.",
        (
            "It is rolled over what is no business day (Sat 31 Oct 2026: weekend, Saturday; "
            "Sun 01 Nov 2026: weekend, Sunday), to Monday, 2 November 2026."
        ),
    ]
    assert step.clause == step.steps[1].clause == "§3.3"


def test_a_holiday_is_named() -> None:
    step = told(incident_bound(at("2026-11-25T09:00Z"), rule()))
    assert "Fri 25 Dec 2026: holiday, Christmas Day" in step.steps[2].sentence


def test_a_bound_on_a_business_day_was_not_rolled() -> None:
    step = told(incident_bound(at("2026-10-05T14:00Z"), rule()))
    assert [below.rule for below in step.steps] == ["Day 0", "Counted days"]
    assert sentences(step)[1] == "Day 30 is Wednesday, 4 November 2026."


def test_the_days_after_the_news_are_told_by_their_own_number() -> None:
    step = told(known_bound(date(2026, 10, 31), rule()))
    assert sentences(step) == [
        "Day 0 is Saturday, 31 October 2026, the date on which it became known. It does not count.",
        "Day 7 is Saturday, 7 November 2026.",
    ]


def test_the_days_after_the_news_that_end_no_later_are_told_beside_those_that_decide() -> None:
    step = told(incident_bound(at("2026-10-05T14:00Z"), rule()), known_on=date(2026, 10, 6))
    assert sentences(step)[0] == (
        "Day 0 is Monday, 5 October 2026, the date of the last down minute that nothing excuses, "
        "as it was known when this was told; what was told never moves earlier. It does not count."
    )
    assert sentences(step)[-1] == (
        "The miss was first told on Tuesday, 6 October 2026; 7 days after that end on Tuesday, 13 October 2026, "
        "which is no later than Wednesday, 4 November 2026."
    )


def test_a_correction_counts_from_its_publication() -> None:
    step = told(publication_bound(at("2026-11-20T10:00Z"), rule()))
    assert "the date on which the correction was published." in sentences(step)[0]


def test_without_a_roll_the_last_day_is_the_thirtieth() -> None:
    step = told(incident_bound(at("2026-10-01T14:00Z"), rule(PLAIN)), PLAIN)
    assert (step.result, sentences(step)[1]) == ("Saturday, 31 October 2026", "Day 30 is Saturday, 31 October 2026.")


def test_a_limit_in_months_is_told_as_the_terms_write_it() -> None:
    step = told(incident_bound(at("2026-10-05T14:00Z"), rule(MONTHS)), MONTHS)
    assert sentences(step)[1] == "The end of the time limit (2 months) is Saturday, 5 December 2026."
    assert step.result == "Monday, 7 December 2026"


def test_a_rejection_tells_until_when_it_can_be_appealed() -> None:
    rejected = at("2026-11-12T09:00Z")
    until = appeal_bound(rejected, terms())
    assert until is not None
    step = explain_appeal(rejected, until, terms())
    assert step is not None
    assert (step.rule, step.result) == ("Appeal", "Monday, 14 December 2026")
    assert sentences(step)[:2] == [
        "Day 0 is Thursday, 12 November 2026, the date of the rejection. It does not count.",
        "Day 30 is Saturday, 12 December 2026.",
    ]


TERMS: dict[tuple[tuple[str, str], ...], Terms] = {changes: terms(*changes) for changes in ((), (PLAIN,), (MONTHS,))}
ends = st.integers(minute_of(at("2026-04-01T00:00Z")), minute_of(at("2030-01-01T00:00Z"))).map(instant_of)


@pytest.mark.parametrize("changes", TERMS)
@given(ended=ends)
def test_the_days_come_out_again_when_they_are_counted_plainly(
    changes: tuple[tuple[str, str], ...], ended: datetime
) -> None:
    """By the words of the steps alone, and by the window that the terms format counts."""
    agreement = TERMS[changes]
    found = filing_rule(agreement)
    assert found is not None
    step = explain_bound(incident_bound(ended, found), agreement)
    assert step is not None
    days = {below.rule: below for below in step.steps}
    last = days.get("Roll", days["Counted days"]).result
    assert step.result == last
    late = step.sentence.partition("is late is ")[2].partition(", the midnight")[0]
    assert shown.day((instant(late) - timedelta(minutes=1)).date()) == last
    zero = date_of_end(ended, agreement.zone)
    assert days["Day 0"].result == shown.day(zero)
    if MONTHS not in changes:
        assert days["Counted days"].result == shown.day(zero + 30 * DAY)
    window = filing_window(agreement, Happened(agreement, {"incident_end": ended}))
    assert window is not None
    assert window.last_day is not None
    assert step.result == shown.day(window.last_day)
