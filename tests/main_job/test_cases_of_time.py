"""Cases of time, through the real parts: import, measurement, workflows, deadlines, claims, mails.

Acme is Pro (99.5 %): October allows 223 of its 44,640 minutes, November 216 of 43,200.
"""

from datetime import date, datetime

import pytest

from claims.commands import periods
from claims.commands.claims.decide import approve
from claims.commands.claims.verify import grant_contested, take_up
from claims.errors import AwaitingUsage, NothingToApprove
from claims.models.claim import Claim
from claims.tasks import tend_periods
from customers.identity import account_id
from kernel.ids import derived
from tests.main_job.living import AGREEMENT, NOVEMBER, OCTOBER, SERVICE, Life, at, outage
from tests.personas import JONAS, MIRA
from uptime import commands as uptime
from uptime.events import Category, Finding

FIVE_HOURS = outage("10-05 10:00", "10-05 15:00")
EXCLUSION = derived("exclusion", "of a test")


def test_a_miss_on_the_1st_of_a_31_day_month_that_only_the_close_makes_certain_leaves_seven_days(life: Life) -> None:
    """220 minutes are allowed in a whole October, but two days were not measured: 208 in what is left.

    Day 30 after the 1st is Saturday 31 October, which rolls to Monday 2 November; the month closes on the 3rd, and
    day 7 after that is the 10th.
    """
    life.begins(
        outage("10-01 10:00", "10-01 13:40"),
        unseen=(outage("10-10 00:00", "10-13 02:00"),),
        acme="pro",
        later="pro",
    )
    life.until("11-03 09:00")
    assert life.mails() == []
    life.on("11-03 09:30", accept_unknown)

    told = life.entitlement()
    assert (told.opened_on, told.bound.last_day, told.bound.by) == (date(2026, 11, 3), date(2026, 11, 10), "known")
    assert told.bound.until == at("11-11 00:00")
    assert "10 November 2026" in life.mail("entitlement_opened")

    life.on("11-10 23:59", life.claims(outage("10-01 10:00", "10-01 13:40")))
    assert life.claim().state == "filed"
    life.on("11-11 00:00", life.claims(number="later"))
    refused = life.claim(number="later")
    assert (refused.state, refused.refused_code) == ("refused", "late")
    *before, lapsed, and_refused = life.mails("later")
    assert before == ["entitlement_opened", "entitlement_reminder", "entitlement_reminder"]
    assert {lapsed, and_refused} == {"entitlement_lapsed", "claim_refused"}, "both are of the same instant"


def accept_unknown(now: datetime) -> None:
    """Accept them; beat looks for months that can close once a minute."""
    periods.accept_as_it_stands(AGREEMENT, OCTOBER, reason="Nothing else saw these minutes.", by=MIRA, now=now)
    tend_periods()


def test_an_outage_across_a_month_end_counts_its_own_minutes_in_each_and_its_true_end_for_both(life: Life) -> None:
    """20:00 to midnight and on to 06:00: day 30 of both is 1 December."""
    life.begins(outage("10-31 20:00", "11-01 06:00"))
    life.until("11-03 00:00")
    assert life.statement().classes.down == 240
    for month, down in ((OCTOBER, 240), (NOVEMBER, 360)):
        told = life.entitlement(month=month)
        assert told.due.down_minutes == down
        assert (told.bound.day_zero, told.bound.until) == (date(2026, 11, 1), at("12-02 00:00"))


def test_an_outage_that_is_open_at_the_months_end_is_cut_there_and_gives_no_bound_until_it_ends(life: Life) -> None:
    life.begins(outage("10-31 18:00", "11-03 10:00"))
    life.on("11-02 12:00", life.claims(outage("10-31 18:00", "11-02 00:00"), month=NOVEMBER))
    assert life.claim(month=NOVEMBER).state == "filed"
    assert life.statement().classes.down == 360
    assert life.entitlement().bound is None
    assert "once the outage has ended" in life.mail("entitlement_opened")

    life.until("11-03 11:00")
    assert life.entitlement().bound.until == at("12-04 00:00"), "day 30 after 3 November, told to October as well"
    assert "Thursday, 3 December 2026 (UTC)" in life.mail("entitlement_opened"), "as the mail before promised"
    assert life.statement().classes.down == 360
    life.until("12-04 00:01")
    assert life.entitlement().over_at == at("12-04 00:00")


def test_an_outage_over_a_whole_month_ends_for_every_month_that_it_touched(life: Life) -> None:
    life.begins(outage("10-31 18:00", "12-02 10:00"))
    life.until("12-02 11:00")
    for month in (OCTOBER, NOVEMBER):
        assert life.entitlement(month=month).bound.day_zero == date(2026, 12, 2)


def test_an_outage_that_is_found_to_have_lasted_longer_ends_later_for_every_month_that_it_touched(life: Life) -> None:
    """What October was told stands two months before the correction, with a bound."""
    life.begins(outage("10-31 18:00", "12-02 10:00"))
    life.until("12-08 00:00")
    life.on("12-08 09:00", find_it_longer)
    for month in (OCTOBER, NOVEMBER):
        assert life.entitlement(month=month).bound.day_zero == date(2026, 12, 7)


def find_it_longer(now: datetime) -> None:
    longer = outage("12-02 10:00", "12-07 12:00")
    uptime.correct(SERVICE, Finding.DOWN, longer, reason="The probe was blind.", by=MIRA, now=now)


def test_an_exclusion_approved_after_filing_decides_the_claim_and_ends_what_nobody_used(life: Life) -> None:
    life.begins(FIVE_HOURS, acme="pro", waits="pro")
    life.on("10-06 09:00", life.claims(FIVE_HOURS))
    life.on("10-07 09:00", blame_somebody_else)
    life.on("10-08 09:00", lambda now: uptime.approve(EXCLUSION, reason="It was theirs.", by=MIRA, now=now))
    assert life.entitlement().state == "used"
    waits = life.entitlement(number="waits")
    assert (waits.state, waits.ended_code) == ("ended", "can_be_met")
    assert "Time was excused: the upstream was down" in life.mail("entitlement_ended", "waits")

    life.on("11-01 09:00", life.uses("200"))
    life.on("11-03 09:00", life.takes_up())
    assert (life.statement().classes.excused_as_up, life.statement().code) == (300, "met")
    with pytest.raises(NothingToApprove):
        life.on("11-04 09:00", life.approves())
    life.on("11-05 09:00", life.rejects("met", "The upstream was down; 99.5 % was met without it."))
    assert life.mails() == ["entitlement_opened", "claim_filed", "claim_taken_up", "claim_rejected"]
    assert life.balance() is None


def blame_somebody_else(now: datetime) -> None:
    uptime.propose(
        SERVICE,
        Category.THIRD_PARTY,
        [FIVE_HOURS],
        reason="the upstream was down",
        exclusion_id=EXCLUSION,
        by=JONAS,
        now=now,
    )


def test_a_claim_filed_before_any_miss_is_decided_by_the_closed_month(life: Life) -> None:
    """10 minutes when it was filed, 2,710 at the end: 93.9 %, a quarter of $200."""
    first = outage("10-03 10:00", "10-03 10:10")
    life.begins(first, outage("10-20 10:00", "10-22 07:00"), acme="pro", silent="pro")
    life.on("10-05 09:00", life.claims(first))
    life.until("10-23 00:00")
    assert life.mails() == ["claim_filed"], "the month is claimed already, so that nothing is opened"
    assert life.mails("silent") == ["entitlement_opened"] * 2, "once while the outage was open, once with its last day"
    assert life.claim().settlement.day_zero == date(2026, 10, 31)

    life.on("11-01 09:00", life.uses("200"))
    life.on("11-02 09:00", life.takes_up())
    life.on("11-03 09:00", life.approves())
    assert life.claim().state == "credited"
    assert life.balance() == "50.00 USD"


NOT_SEEN = outage("10-20 10:00", "10-22 02:00")


def test_contested_time_that_a_missed_deadline_left_is_granted_later_and_pays_the_difference(life: Life) -> None:
    """5 hours pay 5 % of $200; with 40 more, which our probe did not see, it is 25 %. Due is 13 November."""
    life.begins(FIVE_HOURS, changes=(("on_missed_deadline: escalate", "on_missed_deadline: approve"),))
    life.on("10-25 09:00", life.claims(FIVE_HOURS, NOT_SEEN))
    life.on("11-01 09:00", life.uses("200"))
    life.until("11-03 09:00")
    life.on("11-03 09:30", accept_unknown)
    life.until("11-13 15:59")
    assert life.claim().state == "filed"
    life.until("11-14 09:00")
    assert (life.claim().state, life.claim().undecided, life.balance()) == ("credited", (NOT_SEEN,), "10.00 USD")

    life.on("11-16 09:00", find_them_right)
    life.until("11-16 12:00")
    assert (life.claim().undecided, life.statement().classes.down) == ((), 2700)
    assert life.balance() == "50.00 USD"


def find_them_right(now: datetime) -> None:
    claim = Claim.objects.get().id
    reason = "Their log shows it; our probe was down."
    grant_contested(claim, stretch=NOT_SEEN, code="monitoring_failed", reason=reason, by=MIRA, now=now)


def test_a_second_outage_after_filing_belongs_to_the_claim_that_stands(life: Life) -> None:
    """5 hours pay 5 %; with 40 more it is 93.95 %, which pays 25 %. Nobody files again."""
    life.begins(FIVE_HOURS, outage("10-20 10:00", "10-22 02:00"))
    life.on("10-06 09:00", life.claims(FIVE_HOURS))
    life.on("10-25 09:00", life.claims(outage("10-20 10:00", "10-22 02:00")))
    repeated = life.claim()
    assert (repeated.state, repeated.refused_code) == ("refused", "duplicate")

    life.on("11-01 09:00", life.uses("200"))
    standing = repeated.existing
    assert standing is not None
    life.on("11-02 09:00", lambda now: take_up(standing, by=JONAS, now=now))
    life.on("11-03 09:00", lambda now: approve(standing, by=MIRA, now=now))
    assert life.statement().classes.down == 2700
    assert life.balance() == "50.00 USD"


def test_usage_that_arrives_after_the_close_completes_the_statement_and_lets_the_claim_be_paid(life: Life) -> None:
    life.begins(FIVE_HOURS)
    life.on("10-06 09:00", life.claims(FIVE_HOURS))
    life.until("11-03 00:00")
    assert life.statement().code == "awaiting_usage"
    assert "Usage of October 2026 is missing for 1 account" in life.mail("operator_usage_missing", "operator")
    life.on("11-03 09:00", life.takes_up())
    with pytest.raises(AwaitingUsage):
        life.on("11-04 09:00", life.approves())

    life.on("11-05 09:00", life.uses("200"))
    assert str(life.statement().credit) == "10.00 USD", "5 % of $200"
    life.on("11-06 09:00", life.approves())
    assert life.balance() == "10.00 USD"
    assert "10.00 USD" in life.mail("claim_credited")


def test_a_miss_that_only_a_correction_shows_can_be_claimed_from_its_publication(life: Life) -> None:
    """Published on 20 November: day 30 is Sunday 20 December, which rolls to Monday."""
    life.begins()
    life.on("11-02 09:00", life.uses("200"))
    life.until("11-19 00:00")
    assert life.statement().code == "met"
    assert life.mails() == []

    life.on("11-20 09:00", find_it_was_down)
    life.until("11-20 10:00")
    told = life.entitlement()
    assert (told.cause, told.bound.day_zero, told.bound.until) == ("correction", date(2026, 11, 20), at("12-22 00:00"))
    assert life.mails() == ["statement_corrected", "entitlement_opened"]
    assert "You can claim the higher credit" in life.mail("statement_corrected")

    life.on("12-21 23:00", life.claims(FIVE_HOURS))
    life.on("12-22 09:00", life.takes_up())
    life.on("12-22 10:00", life.approves())
    assert life.balance() == "10.00 USD"


def find_it_was_down(now: datetime) -> None:
    reason = "Our monitor had been answered by a cache."
    uptime.correct(SERVICE, Finding.DOWN, FIVE_HOURS, reason=reason, by=JONAS, now=now)


def test_a_correction_before_the_usage_is_known_says_that_there_is_more_to_claim(life: Life) -> None:
    """There is no amount to compare yet, but the share of the usage grew."""
    life.begins()
    life.on("11-20 09:00", find_it_was_down)
    life.until("11-20 10:00")
    assert "You can claim the higher credit" in life.mail("statement_corrected")


def test_a_correction_after_the_month_end_moves_the_bound_of_the_month_in_which_the_outage_began(life: Life) -> None:
    """The outage went on until the 2nd: October's minutes are as they were, its day 0 is later."""
    life.begins(outage("10-31 18:00", "11-01 00:00"))
    life.until("11-05 00:00")
    assert life.entitlement().bound.day_zero == date(2026, 10, 31)
    longer = outage("11-01 00:00", "11-02 12:00")
    life.on(
        "11-05 09:00",
        lambda now: uptime.correct(SERVICE, Finding.DOWN, longer, reason="It went on.", by=JONAS, now=now),
    )
    life.until("11-05 10:00")
    assert life.entitlement().bound.day_zero == date(2026, 11, 2)
    assert life.entitlement().account == account_id("acme")
