"""Negotiated terms reach the one account that they are about: mail, notice, in force by themselves, ended.

It is 10 November 2026; Acme (Pro) negotiated 99.9 % from 1 January 2027 for a year. What is not agreed on
goes out by the first instant of 2 December (31 December has 31 days).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from agreements import commands, overrides, overriding, queries
from agreements.standing import Standing
from claims.commands.periods import open_periods
from claims.rules.identity import period_id
from deadlines.models import Deadline
from eventstore.verification import verify
from kernel.months import Month
from notices.commands import settle
from notices.models import Mail
from notices.rules import Outcome, Verdict
from tests.claims.history import at
from tests.claims.statements.scenes import terms_text
from tests.personas import ACME, MIRA
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA, OPERATOR, mail, mails
from workflows import announcing

DRAFTED = at("2026-11-10T10:00Z")
UNTIL = at("2026-12-02T00:00Z")
BEGINS = at("2027-01-01T00:00Z")
ENDS = at("2028-01-01T00:00Z")
STREAM = overrides.override_stream("apicheap", ACME)
TEXT = """\
overrides: apicheap
account: "acme"
document_date: 2026-11-09
in_force_from: 2027-01-01
until: 2028-01-01
clause: Order form 17, §2
changes:
  commitments: [{name: uptime, target: {pro: 99.9%}}]
"""


@pytest.fixture(autouse=True)
def _drafted(october_told: None) -> Iterator[None]:
    overriding.draft_override(TEXT, ACME, by=MIRA, now=DRAFTED)
    yield
    queries.forget()


def announce() -> None:
    overriding.announce_override("apicheap", ACME, 1, by=MIRA, now=DRAFTED)
    attend(DRAFTED)


def agree() -> None:
    overriding.agree_override(
        "apicheap", ACME, 1, who="Ada", agreed_on=date(2026, 11, 9), where="Order form 17", by=MIRA, now=DRAFTED
    )
    attend(DRAFTED)


def attend(now: object) -> None:
    announcing.attend_stream(STREAM, now=now)  # type: ignore[arg-type]


def hand_over(verdict: Verdict = Verdict.SENT) -> None:
    for one in Mail.objects.filter(recipient=ADA, kind="terms_negotiated"):
        settle(one, Outcome(verdict, "no such mailbox" if verdict is not Verdict.SENT else ""), now=DRAFTED)


def standing() -> Standing:
    return overrides.override("apicheap", ACME, 1).standing


def test_only_that_account_is_mailed_what_changes_for_it() -> None:
    announce()
    told = mail("terms_negotiated")
    assert "Your negotiated terms change on 1 January 2027" in told
    assert "From 1 January 2027, 00:00 (UTC) on, until 1 January 2028, 00:00 (UTC), version 1" in told
    assert (
        "- Order form 17, §2 Target of uptime, Pro: 99.9 % instead of at least 99.5 %, maximum downtime ~3.6 hours."
        in told
    )
    assert "You agreed" not in told
    assert f"/a/{ACME}/promises/" in told
    assert [one.recipient for one in Mail.objects.filter(kind="terms_negotiated")] == [ADA]


def test_nobody_is_mailed_twice() -> None:
    announce()
    attend(DRAFTED)
    agree()
    assert mails().count("terms_negotiated") == 1


def test_a_mail_that_was_handed_over_in_time_makes_it_certain() -> None:
    announce()
    hand_over()
    attend(UNTIL)
    assert standing() == Standing.NOTIFIED


def test_one_that_did_not_arrive_lets_it_lapse_and_both_sides_hear_of_it(follow: Follow) -> None:
    announce()
    hand_over(Verdict.REFUSED)
    attend(at("2026-12-02T00:05Z"))
    assert standing() == Standing.LAPSED
    assert "do not change on 1 January 2027 after all" in mail("negotiated_withdrawn")
    follow(at("2026-12-02T00:06Z"))
    told = mail("operator_notice_failed", to=OPERATOR)
    assert "version 1 of the terms negotiated with Acme, which was to take effect on 1 January 2027" in told
    assert f"/admin/agreements/override/{STREAM}/change/" in told


def test_what_was_agreed_on_is_told_at_once_and_waits_for_nothing() -> None:
    agree()
    assert standing() == Standing.AGREED
    assert "You agreed to it on 9 November 2026." in mail("terms_negotiated")
    attend(UNTIL)
    assert standing() == Standing.AGREED


def test_what_was_agreed_on_and_withdrawn_is_told_with_its_reason() -> None:
    agree()
    overriding.withdraw_override("apicheap", ACME, 1, reason="The order was cancelled.", by=MIRA, now=UNTIL)
    attend(UNTIL)
    assert "The reason: The order was cancelled." in mail("negotiated_withdrawn")


def test_it_comes_into_force_and_ends_by_itself() -> None:
    agree()
    for due, after in ((BEGINS, Standing.IN_FORCE), (ENDS, Standing.ENDED)):
        assert Deadline.objects.get(owner=STREAM, kind="agreements.effect").due_at == due
        attend(due)
        assert standing() == after
    assert not Deadline.objects.filter(owner=STREAM).exists()


def test_a_month_waits_for_a_notice_that_nobody_could_settle_before_it_began() -> None:
    """The installation was down from the notice's last instant past the start of the negotiated terms."""
    announce()
    hand_over()
    back, january = at("2027-01-05T08:00Z"), period_id("apicheap", Month(2027, 1))
    assert january not in open_periods(now=back)
    attend(back)
    assert standing() == Standing.IN_FORCE
    assert open_periods(now=back) == [january]


def test_the_log_and_the_rows_agree_through_all_of_it() -> None:
    agree()
    attend(BEGINS)
    attend(ENDS)
    assert list(verify()) == []


def test_a_change_of_the_agreement_is_told_as_far_as_it_reaches_an_account_with_terms_of_its_own() -> None:
    """The version raises Pro's target, which Acme negotiated higher, and pays Pro's first row with 8 %."""
    agree()
    changed = terms_text(
        ("in_force_from: 2026-03-30 ", "in_force_from: 2027-02-01 "),
        ("pro: {at_least: 99.5%, maximum_downtime: ~3.6 hours}", "pro: {at_least: 99.6%}"),
        ("{from: 99.0%, below: 99.5%, pays: 5%}", "{from: 99.0%, below: 99.5%, pays: 8%}"),
        (
            "usage: 200 USD}\n    expect: {missed: true, pays: 5%, credit: 10.00 USD}",
            "usage: 200 USD}\n    expect: {missed: true, pays: 8%, credit: 16.00 USD}",
        ),
    )
    commands.draft(changed, by=MIRA, now=DRAFTED)
    commands.announce("apicheap", 2, by=MIRA, now=DRAFTED)
    announcing.attend("apicheap", now=DRAFTED)
    own, public = mail("version_announced"), mail("version_announced", to="rex@rival.example")
    assert "Credit for uptime, row 1" in own
    assert "Target of uptime, Pro" not in own
    assert "Target of uptime, Pro: 99.6" in public
