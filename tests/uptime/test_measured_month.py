"""A month as it is read: corrected, excused, in groups of accounts, with outages' true ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal
from uuid import UUID

import pytest

from eventstore import SYSTEM
from kernel.ids import ServiceId, derived
from kernel.intervals import Interval, instant_of
from kernel.minutes import MonthMinutes
from kernel.months import Month
from tests.personas import ACME, JONAS, MIRA, RIVAL
from tests.uptime.given import (
    NOVEMBER,
    NOW,
    OCTOBER,
    checked,
    daily,
    measured,
    november,
    october,
    published,
    service,
    terms,
)
from uptime import commands, queries
from uptime.events import Acceptance, Announcement, Category, Finding, Monitor, Scope

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
THIRD = derived("account", "third")
T = OCTOBER.minutes(UTC)


@pytest.fixture(autouse=True)
def _apicheap() -> None:
    published()


def api_down(
    start: datetime, end: datetime, *others: tuple[datetime, int], months: tuple[Month, ...] = (OCTOBER,)
) -> ServiceId:
    """A service that was down from start to end, and measured."""
    defined = service("web")
    checks = [check for month in months for check in daily(month) if not start <= check[0] < end]
    checked(defined, *checks, (start, 503), (end, 200), *others)
    commands.measure_all(defined, months, by=SYSTEM, now=NOW)
    return defined


def ends(minutes: MonthMinutes) -> list[datetime | None]:
    return [outage.ended_at for outage in minutes.outages]


def approved(api: ServiceId, category: Category, start: datetime, end: datetime, *causes: UUID) -> UUID:
    stretch, scope = Interval(start, end), Scope(accounts=causes)
    proposal = commands.propose(api, category, [stretch], reason="as recorded", scope=scope, by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    return proposal


def announced(*accepted: tuple[UUID, datetime], channel: Literal["mail", "page"] = "mail") -> Announcement:
    """A window on 5 October, 02:00 to 04:00."""
    taken = tuple(Acceptance(account, at) for account, at in accepted)
    return Announcement(
        stretch=Interval(october(5, 2), october(5, 4)), announced_at=october(1), channel=channel, accepted=taken
    )


def test_an_hour_down_is_sixty_minutes_for_everybody() -> None:
    api_down(october(5, 14), october(5, 15))
    month = measured()
    assert month.minutes_for(ACME) is month.minutes_for(RIVAL)
    assert month.minutes_for(ACME).uptime == Fraction(T - 60, T)
    assert month.is_over
    assert not month.open_outage


def test_a_month_that_nobody_measured_is_unknown() -> None:
    service("web")
    assert measured().minutes_for(ACME).uptime is None
    assert measured().minutes_for(ACME).unknown.total == T


def test_a_running_month_counts_only_the_minutes_that_are_past() -> None:
    api_down(november(5, 14), november(5, 15), months=(NOVEMBER,))
    month = measured(NOVEMBER, now=november(6, 0, 0, 59))
    assert not month.is_over
    assert month.minutes_for(ACME).total == 5 * 1_440
    assert month.minutes_for(ACME).uptime == Fraction(5 * 1_440 - 60, 5 * 1_440)


def test_a_month_to_come_has_no_minute_yet() -> None:
    service("web")
    assert measured(Month(2027, 1)).minutes_for(ACME).total == 0


def test_an_outage_across_the_months_end_ends_truly_for_both_and_each_counts_its_own() -> None:
    api_down(october(31, 23), november(1, 2), months=(OCTOBER, NOVEMBER))
    for month, minutes in ((OCTOBER, 60), (NOVEMBER, 120)):
        read = measured(month).minutes_for(ACME)
        assert read.down.total == minutes
        (outage,) = read.outages
        assert (outage.started_at, outage.ended_at) == (october(31, 23), november(1, 2))
        assert outage.last_unexcused is not None
        assert instant_of(outage.last_unexcused) == november(1, 1, 59)


def test_an_outage_over_a_whole_month_is_followed_to_its_end() -> None:
    september = Month(2026, 9)
    start, end = datetime(2026, 9, 30, 12, tzinfo=UTC), november(1, 12)
    api = api_down(start, end, *daily(OCTOBER, status=503), (november(1), 503), months=(september, NOVEMBER))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert ends(measured(OCTOBER).minutes_for(ACME)) == [end]
    assert measured(OCTOBER).minutes_for(ACME).down.total == T


def test_an_outage_that_is_still_open_is_cut_at_the_months_end_and_open() -> None:
    api = service("web")
    checked(api, *daily(OCTOBER), (october(31, 22), 503))
    commands.measure_all(api, [OCTOBER, NOVEMBER], by=SYSTEM, now=NOW)
    month = measured(now=november(1, 1))
    assert month.is_over
    assert month.open_outage
    assert month.minutes_for(ACME).down.total == 120
    assert ends(month.minutes_for(ACME)) == [None]
    later = measured(now=november(3))  # 26 hours after the last check nobody knows any more
    assert ends(later.minutes_for(ACME)) == [november(2, 0, 1)]


def test_a_proposed_exclusion_excuses_nothing_and_is_undecided() -> None:
    api = api_down(october(5, 14), october(5, 15))
    hour = Interval(october(5, 14), october(5, 15))
    proposal = commands.propose(api, Category.THIRD_PARTY, [hour], reason="upstream", by=JONAS, now=NOW)
    assert measured().minutes_for(ACME).down.total == 60
    assert measured().undecided == (proposal,)


def test_an_approved_exclusion_excuses_and_a_revoked_one_no_longer() -> None:
    api = api_down(october(5, 14), october(5, 15))
    exclusion = approved(api, Category.THIRD_PARTY, october(5, 14), october(5, 14, 40))
    assert measured().minutes_for(ACME).excused_as_up.total == 40
    assert measured().undecided == ()
    commands.revoke(exclusion, reason="it was our own fault", by=MIRA, now=NOW)
    assert measured().minutes_for(ACME).down.total == 60


def test_a_rejected_exclusion_excuses_nothing_and_is_decided() -> None:
    api = api_down(october(5, 14), october(5, 15))
    hour = Interval(october(5, 14), october(5, 15))
    proposal = commands.propose(api, Category.DDOS, [hour], reason="attack", by=JONAS, now=NOW)
    commands.reject(proposal, reason="no attack is on record", by=MIRA, now=NOW)
    assert measured().minutes_for(ACME).down.total == 60
    assert measured().undecided == ()


def test_customer_action_excuses_only_the_accounts_that_caused_it() -> None:
    api = api_down(october(5, 14), october(5, 15))
    approved(api, Category.CUSTOMER_ACTION, october(5, 14), october(5, 15), RIVAL)
    month = measured()
    assert month.minutes_for(RIVAL).uptime == 1
    assert month.minutes_for(ACME).down.total == 60


def test_a_window_leaves_the_total_for_those_to_whom_its_mail_was_accepted_in_time() -> None:
    api = api_down(october(5, 3), october(5, 5))
    notice = announced((ACME, october(3, 2)), (RIVAL, october(3, 2, 0, 1)))
    proposal = commands.propose_window(api, [notice], reason="database upgrade", by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    month = measured()
    assert (month.minutes_for(ACME).window.total, month.minutes_for(ACME).down.total) == (120, 60)
    assert (month.minutes_for(RIVAL).window.total, month.minutes_for(RIVAL).down.total) == (0, 120)


def test_the_status_page_does_not_count_while_the_agreement_names_none() -> None:
    api = api_down(october(5, 3), october(5, 5))
    proposal = commands.propose_window(api, [announced(channel="page")], reason="upgrade", by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    assert measured().minutes_for(ACME).window.total == 0


def test_a_window_ends_at_its_completion_and_one_that_was_called_off_excuses_nothing() -> None:
    api = api_down(october(5, 2), october(5, 4))
    notice = announced((ACME, october(3)))
    proposal = commands.propose_window(api, [notice], reason="upgrade", by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    commands.complete_window(proposal, completed_at=october(5, 3), by=JONAS, now=NOW)
    assert (measured().minutes_for(ACME).window.total, measured().minutes_for(ACME).down.total) == (60, 60)
    commands.call_off_window(proposal, how="never_started", reason="no engineer", by=JONAS, now=NOW)
    assert measured().minutes_for(ACME).down.total == 120


def test_accounts_that_share_everything_share_one_month() -> None:
    api = api_down(october(5, 3), october(5, 5))
    notice = announced((ACME, october(3)), (THIRD, october(2)), (RIVAL, october(4)))
    proposal = commands.propose_window(api, [notice], reason="upgrade", by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    month = measured()
    assert month.minutes_for(ACME) is month.minutes_for(THIRD)
    assert month.minutes_for(RIVAL) is month.minutes_for_others()
    assert [set(group.accounts) for group in month.groups()] == [{ACME, THIRD}, set()]


def test_a_notice_mailed_to_thousands_makes_two_kinds_of_month() -> None:
    api = api_down(october(5, 3), october(5, 5))
    accounts = [derived("account", number) for number in range(5_000)]
    late = october(3, 2, 0, 1)
    notice = announced(*[(one, late if place % 10 == 0 else october(1)) for place, one in enumerate(accounts)])
    proposal = commands.propose_window(api, [notice], reason="upgrade", by=JONAS, now=NOW)
    commands.approve(proposal, by=MIRA, now=NOW)
    month = measured()
    assert len({id(month.minutes_for(account)) for account in accounts}) == 2
    assert sorted(len(group.accounts) for group in month.groups()) == [0, 4_500]


def test_a_correction_changes_what_counts_and_both_are_shown() -> None:
    api = api_down(october(5, 14), october(5, 15))
    found = commands.correct(
        api, Finding.UP, Interval(october(5, 14), october(5, 14, 20)), reason="false alarm", by=MIRA, now=NOW
    )
    month = measured()
    assert month.minutes_for(ACME).down.total == 40
    assert month.monitors[0].down.total == 60
    assert [correction.id for correction in month.corrections] == [found]


def test_an_outage_confined_to_named_accounts_counts_for_them_alone() -> None:
    api = api_down(october(5, 14), october(5, 15))
    hour = Interval(october(5, 14), october(5, 15))
    commands.correct(api, Finding.CONFINED, hour, accounts=[ACME], reason="one region", by=MIRA, now=NOW)
    assert measured().minutes_for(ACME).down.total == 60
    assert measured().minutes_for(RIVAL).down.total == 0
    assert measured().minutes_for_others().outages == ()


def test_a_later_correction_holds_against_an_earlier_one() -> None:
    api = api_down(october(5, 14), october(5, 15))
    hour = Interval(october(5, 14), october(5, 15))
    commands.correct(api, Finding.UP, hour, reason="false alarm", by=MIRA, now=NOW)
    half = Interval(october(5, 14, 30), october(5, 15))
    commands.correct(api, Finding.DOWN, half, reason="logs show it", by=MIRA, now=NOW + HOUR)
    assert measured().minutes_for(ACME).down.total == 30


def test_downtime_found_across_the_months_end_is_followed_to_its_end() -> None:
    api = api_down(october(5, 14), october(5, 15), months=(OCTOBER, NOVEMBER))
    found = Interval(october(31, 23), november(1, 1))
    commands.correct(api, Finding.DOWN, found, reason="customers' logs", by=MIRA, now=NOW)
    assert ends(measured().minutes_for(ACME)) == [october(5, 15), november(1, 1)]


def test_a_monitor_that_came_later_does_not_make_the_months_before_it_unknown() -> None:
    api = api_down(october(5, 14), october(5, 15))
    commands.add_monitor(api, Monitor(name="new", from_at=november(1)), by=JONAS, now=NOW)
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    assert measured().minutes_for(ACME).unknown.total == 0


def test_a_draft_that_judges_statuses_differently_measures_again_and_records_nothing() -> None:
    api = service("web")
    checked(api, *daily(OCTOBER), (october(5, 14), 404), (october(5, 15), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    draft = terms()
    strict = draft.model_copy(
        update={"measurement": draft.measurement.model_copy(update={"success_statuses": ("2xx",)})}
    )
    read = queries.measured("apicheap", "api", OCTOBER, terms=strict, now=NOW)
    assert read.minutes_for(ACME).down.total == 60
    assert measured().minutes_for(ACME).down.total == 0


def test_whatever_a_month_is_measured_from_counts_as_recorded() -> None:
    """A run over many accounts measures again only where this is another number than before."""
    api = api_down(october(5, 14), october(5, 15))
    hour = Interval(october(5, 14), october(5, 15))

    def recorded() -> int:
        return queries.events_behind("apicheap", "api")

    counts = [recorded()]
    found = commands.propose(api, Category.THIRD_PARTY, [hour], reason="upstream", scope=Scope(), by=JONAS, now=NOW)
    counts.append(recorded())
    commands.approve(found, by=MIRA, now=NOW)
    counts.append(recorded())
    commands.correct(api, Finding.UP, hour, reason="false alarm", by=MIRA, now=NOW)
    counts.append(recorded())
    checked(api, (october(6, 14), 503), (october(6, 15), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    counts.append(recorded())
    commands.add_monitor(api, Monitor(name="new", from_at=november(1)), by=JONAS, now=NOW)
    counts.append(recorded())
    assert counts == sorted(set(counts))
    assert recorded() == counts[-1]
