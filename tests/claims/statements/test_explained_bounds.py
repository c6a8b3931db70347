"""A filing bound tells how it was computed: day 0, the days, what it was rolled over (SEMANTICS 16, 28)."""

from datetime import date

from claims.explain.bound import explain_bound
from claims.rules.filing_bound import incident_bound, known_bound, publication_bound
from tests.claims.statements.scenes import at, rule, terms


def test_a_bound_that_was_rolled_names_the_days_that_it_was_rolled_over() -> None:
    steps = explain_bound(incident_bound(at("2026-10-01T14:00Z"), rule()), terms())
    assert [one.sentence for one in steps] == [
        "Day 0 is Thursday, 1 October 2026, the date of the last down minute that nothing excuses.",
        (
            "Day 30 is Saturday, 31 October 2026. It is rolled over what is no business day "
            "(Sat 31 Oct 2026: weekend, Saturday; Sun 01 Nov 2026: weekend, Sunday). "
            "The last day is Monday, 2 November 2026."
        ),
        "The first instant that is late is 3 November 2026, 00:00 (UTC), the midnight that ends it.",
    ]
    assert steps[1].clause == "§3.3"


def test_a_holiday_is_named() -> None:
    steps = explain_bound(incident_bound(at("2026-11-25T09:00Z"), rule()), terms())
    assert "Fri 25 Dec 2026: holiday, Christmas Day" in steps[1].sentence


def test_a_bound_on_a_business_day_was_not_rolled() -> None:
    steps = explain_bound(incident_bound(at("2026-10-05T14:00Z"), rule()), terms())
    assert steps[1].sentence == "Day 30 is Wednesday, 4 November 2026. The last day is Wednesday, 4 November 2026."


def test_the_days_after_the_news_are_told_by_their_own_number() -> None:
    steps = explain_bound(known_bound(date(2026, 10, 31), rule()), terms())
    assert steps[0].sentence == "Day 0 is Saturday, 31 October 2026, the date on which it became known."
    assert steps[1].sentence == "Day 7 is Saturday, 7 November 2026: that is the last day."


def test_a_correction_counts_from_its_publication() -> None:
    steps = explain_bound(publication_bound(at("2026-11-20T10:00Z"), rule()), terms())
    assert steps[0].sentence.endswith("the date on which the correction was published.")


def test_without_a_roll_the_last_day_is_the_thirtieth() -> None:
    plain = ("roll: true", "roll: false")
    steps = explain_bound(incident_bound(at("2026-10-01T14:00Z"), rule(plain)), terms(plain))
    assert steps[1].sentence == "Day 30 is Saturday, 31 October 2026: that is the last day."


def test_a_limit_in_months_is_told_as_the_terms_write_it() -> None:
    months = ("file_within: {is: 30 days,", "file_within: {is: 2 months,")
    steps = explain_bound(incident_bound(at("2026-10-05T14:00Z"), rule(months)), terms(months))
    assert steps[1].sentence == (
        "The end of the time limit (2 months) is Saturday, 5 December 2026. It is rolled over what is no business day "
        "(Sat 05 Dec 2026: weekend, Saturday; Sun 06 Dec 2026: weekend, Sunday). "
        "The last day is Monday, 7 December 2026."
    )
