"""A deadline shows how it was computed (SEMANTICS 23)."""

from datetime import date, timedelta

from kernel.business_time import Reason, SkippedDay
from tests.kernel.business_time.cases import NINE_TO_FIVE, at, calendar, on, pause

CHRISTMAS = {
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day (observed)",
    date(2027, 1, 1): "New Year's Day",
}
LONDON = calendar(NINE_TO_FIVE, "Europe/London", holidays=CHRISTMAS)


def test_worked_time_names_its_windows_and_the_days_between() -> None:
    due = LONDON.add_worked(at("2026-12-23T16:00"), timedelta(hours=10))
    assert list(due.explanation.lines()) == [
        "Hours: Mon-Fri 09:00-17:00, Europe/London.",
        "From Wed 23 Dec 2026 16:00.",
        "Wed 23 Dec 2026 16:00 to 17:00: 1:00 hours worked.",
        "Thu 24 Dec 2026 09:00 to 17:00: 8:00 hours worked.",
        "Fri 25 Dec 2026: holiday, Christmas Day.",
        "Sat 26 Dec 2026: weekend, Saturday.",
        "Sun 27 Dec 2026: weekend, Sunday.",
        "Mon 28 Dec 2026: holiday, Boxing Day (observed).",
        "Tue 29 Dec 2026 09:00 to 10:00: 1:00 hours worked.",
        "Until Tue 29 Dec 2026 10:00: 10:00 hours worked.",
    ]


def test_a_pause_is_told_where_it_stopped_the_clock() -> None:
    stopped = pause("2026-12-16T10:00:30", "2026-12-17T12:00")
    due = LONDON.add_worked(at("2026-12-16T10:00"), timedelta(minutes=1), pauses=[stopped])
    assert list(due.explanation.lines())[1:] == [
        "From Wed 16 Dec 2026 10:00.",
        "Wed 16 Dec 2026 10:00 to 10:00:30: 0:00:30 hours worked.",
        "Wed 16 Dec 2026 10:00:30 to Thu 17 Dec 2026 12:00: paused.",
        "Thu 17 Dec 2026 12:00 to 12:00:30: 0:00:30 hours worked.",
        "Until Thu 17 Dec 2026 12:00:30: 0:01 hours worked.",
    ]


def test_business_days_name_what_was_skipped() -> None:
    due = LONDON.add_business_days(at("2026-12-23T12:00"), 3)
    assert list(due.explanation.lines()) == [
        "Business days: Mon-Fri 09:00-17:00, Europe/London.",
        "Day 0 is Wed 23 Dec 2026.",
        "Fri 25 Dec 2026: holiday, Christmas Day.",
        "Sat 26 Dec 2026: weekend, Saturday.",
        "Sun 27 Dec 2026: weekend, Sunday.",
        "Mon 28 Dec 2026: holiday, Boxing Day (observed).",
        "Day 3 is Wed 30 Dec 2026.",
    ]


def test_a_roll_names_what_it_passed_over() -> None:
    due = LONDON.add_calendar_days_rolled(date(2026, 11, 25), 30)
    assert list(due.explanation.lines())[1:] == [
        "Day 0 is Wed 25 Nov 2026.",
        "Day 30 is Fri 25 Dec 2026.",
        "Fri 25 Dec 2026: holiday, Christmas Day.",
        "Sat 26 Dec 2026: weekend, Saturday.",
        "Sun 27 Dec 2026: weekend, Sunday.",
        "Mon 28 Dec 2026: holiday, Boxing Day (observed).",
        "Rolled to Tue 29 Dec 2026.",
    ]


def test_every_reason_for_skipping_a_day_is_named() -> None:
    closed = calendar(
        NINE_TO_FIVE,
        holidays={date(2026, 11, 16): "Founders' Day", date(2026, 11, 14): "A Saturday's holiday"},
        overrides=on(d2026_11_17=[]),
        breaks=on(d2026_11_18=[("08:00", "18:00")]),
    )
    week_off = pause("2026-11-19T00:00", "2026-11-20T00:00")
    due = closed.add_business_days(date(2026, 11, 13), 1, pauses=[week_off])
    assert due.explanation.skipped == (
        SkippedDay(date(2026, 11, 14), Reason.WEEKEND, "Saturday"),
        SkippedDay(date(2026, 11, 15), Reason.WEEKEND, "Sunday"),
        SkippedDay(date(2026, 11, 16), Reason.HOLIDAY, "Founders' Day"),
        SkippedDay(date(2026, 11, 17), Reason.OVERRIDE, "Tuesday"),
        SkippedDay(date(2026, 11, 18), Reason.BREAK, "Wednesday"),
        SkippedDay(date(2026, 11, 19), Reason.PAUSE, "Thursday"),
    )


def test_a_day_whose_hours_were_all_paused_is_skipped_for_the_pause() -> None:
    stopped = pause("2026-11-17T08:00", "2026-11-17T18:00")
    due = LONDON.add_worked(at("2026-11-16T16:00"), timedelta(hours=2), pauses=[stopped])
    assert due.at == at("2026-11-18T10:00")
    assert due.explanation.skipped == (SkippedDay(date(2026, 11, 17), Reason.PAUSE, "Tuesday"),)


def test_the_hours_told_are_those_of_the_version_in_force_at_the_start() -> None:
    changing = calendar({}, versions={date(2026, 11, 1): NINE_TO_FIVE})
    explained = changing.explain_worked(at("2026-11-02T00:00"), at("2026-11-03T00:00"))
    assert explained.hours == "Mon-Fri 09:00-17:00"
    assert explained.worked == timedelta(hours=8)


def test_time_measured_backward_is_explained_forward() -> None:
    due = LONDON.add_worked(at("2026-11-16T10:00"), -timedelta(hours=2))
    assert [window.day for window in due.explanation.windows] == [date(2026, 11, 13), date(2026, 11, 16)]
