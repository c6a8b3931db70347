"""Which planned windows were announced in time, and for whom (SEMANTICS 10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kernel.ids import derived
from kernel.intervals import EMPTY, Interval, Ranges, minute_of
from uptime.events import Acceptance, Act, Announcement, CalledOff
from uptime.rules.notice import Granted, NoticeRule, Window, granted
from uptime.rules.stretches import whole_minutes

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(hours=48)
START = datetime(2026, 10, 20, 2, tzinfo=UTC)
END = START + 2 * HOUR
IN_TIME = START - TWO_DAYS
ACME = derived("account", "acme")
RIVAL = derived("account", "rival")

PAGE_COUNTS = NoticeRule(TWO_DAYS, frozenset({"mail", "page"}))
ONLY_MAIL = NoticeRule(TWO_DAYS, frozenset({"mail"}))
FIRST_MAIL = NoticeRule(TWO_DAYS, frozenset({"mail"}), by_mail="first_delivery")
SCHEDULE = NoticeRule(None, frozenset({"page"}))


def page(at: datetime, start: datetime = START, end: datetime = END, act: Act = "window") -> Announcement:
    return Announcement(stretch=Interval(start, end), announced_at=at, channel="page", act=act)


def mail(*accepted: tuple[UUID, datetime]) -> Announcement:
    taken = tuple(Acceptance(account, at) for account, at in accepted)
    return Announcement(stretch=Interval(START, END), announced_at=IN_TIME, channel="mail", accepted=taken)


def judged(
    *announcements: Announcement,
    rule: NoticeRule = PAGE_COUNTS,
    completed_at: datetime | None = None,
    called_off: CalledOff | None = None,
) -> Granted:
    window = Window(announcements=announcements, completed_at=completed_at, called_off=called_off)
    return granted(window, rule)


def minutes(start: datetime, end: datetime) -> Ranges:
    return Ranges.of((minute_of(start), minute_of(end)))


def excused(told: Granted, account: UUID | None = None) -> Ranges:
    return whole_minutes(told.for_account(account))


def test_a_window_announced_exactly_48_hours_before_its_start_is_excused() -> None:
    assert excused(judged(page(IN_TIME))) == minutes(START, END)


def test_one_second_late_excuses_none_of_it() -> None:
    assert excused(judged(page(IN_TIME + SECOND))) == EMPTY


def test_the_page_counts_for_everybody_where_the_agreement_names_one() -> None:
    told = judged(page(IN_TIME))
    assert excused(told, ACME) == excused(told, RIVAL) == minutes(START, END)


def test_the_page_counts_for_nobody_where_the_agreement_names_none() -> None:
    assert excused(judged(page(IN_TIME), rule=ONLY_MAIL), ACME) == EMPTY


def test_a_mail_counts_for_the_account_to_which_it_was_accepted() -> None:
    told = judged(mail((ACME, IN_TIME)), rule=ONLY_MAIL)
    assert excused(told, ACME) == minutes(START, END)
    assert excused(told, RIVAL) == EMPTY
    assert excused(told, None) == EMPTY


def test_a_mail_accepted_a_second_late_does_not_count_for_that_account() -> None:
    told = judged(mail((ACME, IN_TIME), (RIVAL, IN_TIME + SECOND)), rule=ONLY_MAIL)
    assert excused(told, ACME) == minutes(START, END)
    assert excused(told, RIVAL) == EMPTY


def test_by_first_delivery_the_first_accepted_mail_counts_for_everybody() -> None:
    told = judged(mail((ACME, IN_TIME), (RIVAL, IN_TIME + HOUR)), rule=FIRST_MAIL)
    assert excused(told, RIVAL) == excused(told, None) == minutes(START, END)
    assert excused(judged(mail((ACME, IN_TIME + SECOND)), rule=FIRST_MAIL), ACME) == EMPTY


def test_a_mail_that_nobody_accepted_counts_for_nobody() -> None:
    assert excused(judged(mail(), rule=FIRST_MAIL)) == EMPTY


def test_a_second_notice_by_another_channel_helps_those_whom_it_reached_in_time() -> None:
    told = judged(page(IN_TIME + SECOND), mail((ACME, IN_TIME)))
    assert excused(told, ACME) == minutes(START, END)
    assert excused(told, RIVAL) == EMPTY


def test_a_stretch_added_later_needs_the_notice_before_its_own_start() -> None:
    added_in_time = page(END - TWO_DAYS, END, END + HOUR, "added_stretch")
    assert excused(judged(page(IN_TIME), added_in_time)) == minutes(START, END + HOUR)
    added_late = page(END - TWO_DAYS + SECOND, END, END + HOUR, "added_stretch")
    assert excused(judged(page(IN_TIME), added_late)) == minutes(START, END)


def test_a_moved_window_needs_the_notice_before_its_new_start_and_the_old_one_is_gone() -> None:
    new_start, new_end = START + HOUR, END + HOUR
    in_time = page(new_start - TWO_DAYS, new_start, new_end, "moved_window")
    assert excused(judged(page(IN_TIME - HOUR), in_time)) == minutes(new_start, new_end)
    late = page(new_start - TWO_DAYS + SECOND, new_start, new_end, "moved_window")
    assert excused(judged(page(IN_TIME - HOUR), late)) == EMPTY


def test_a_window_moved_back_is_announced_anew() -> None:
    first = page(IN_TIME - 5 * HOUR)
    away = page(IN_TIME - 4 * HOUR, START + 24 * HOUR, END + 24 * HOUR, "moved_window")
    back = page(IN_TIME + HOUR, START, END, "moved_window")
    assert excused(judged(first, away, back)) == EMPTY


def test_a_move_told_by_two_channels_is_one_move() -> None:
    moved_page = page(IN_TIME - HOUR, START, END, "moved_window")
    moved_mail = Announcement(
        stretch=Interval(START, END),
        announced_at=IN_TIME,
        channel="mail",
        act="moved_window",
        accepted=(Acceptance(ACME, IN_TIME),),
    )
    told = judged(page(IN_TIME - 9 * HOUR, START - 2 * HOUR, START), moved_page, moved_mail)
    assert excused(told, RIVAL) == minutes(START, END)


def test_the_order_in_which_announcements_are_written_down_does_not_matter() -> None:
    first, moved = page(IN_TIME - HOUR), page(IN_TIME, START + HOUR, END + HOUR, "moved_window")
    assert judged(first, moved) == judged(moved, first)


@pytest.mark.parametrize(
    ("completed_at", "excused_until"),
    [
        (END - HOUR, END - HOUR),  # done an hour early: the last hour counts
        (END, END),
        (END + HOUR, END),  # the overrun counts
        (END - 90 * SECOND, END - 120 * SECOND),  # 03:58:30: minute 03:58 does not lie wholly inside
    ],
)
def test_the_window_ends_at_its_end_or_its_completion_whichever_is_earlier(
    completed_at: datetime, excused_until: datetime
) -> None:
    assert excused(judged(page(IN_TIME), completed_at=completed_at)) == minutes(START, excused_until)


def test_work_that_was_done_before_the_announced_start_excuses_nothing() -> None:
    assert excused(judged(page(IN_TIME), completed_at=START - HOUR)) == EMPTY
    assert excused(judged(page(IN_TIME), completed_at=START)) == EMPTY


@pytest.mark.parametrize("how", ["cancelled", "never_started"])
def test_a_window_that_was_called_off_excuses_nothing(how: CalledOff) -> None:
    assert excused(judged(page(IN_TIME), called_off=how)) == EMPTY


def test_where_no_notice_is_stated_the_window_must_stand_on_the_schedule_before_it_begins() -> None:
    assert excused(judged(page(START - SECOND), rule=SCHEDULE)) == minutes(START, END)
    assert excused(judged(page(START), rule=SCHEDULE)) == EMPTY
    assert excused(judged(mail((ACME, IN_TIME)), rule=SCHEDULE), ACME) == EMPTY
