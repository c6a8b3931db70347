"""A new version reaches its customers: mail and page, the notice by what was handed over, in force by itself.

It is 1 November 2026; the draft pays Pro's row from 99.0 % with 8 % and begins on 1 January 2027, so that the
announcement goes out by the first instant of 2 December (31 December has 31 days).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from agreements import commands, queries
from agreements.events import NoticeGiven
from agreements.standing import Standing
from claims.commands.periods import open_periods
from claims.models.period import Period
from claims.queries.periods import judging_terms
from claims.rules.identity import period_id
from deadlines.models import Deadline
from deadlines.sweeping import sweep_all
from eventstore import history
from kernel.ids import derived
from kernel.months import Month
from notices.commands import settle
from notices.models import Mail
from notices.rules import Outcome, Verdict
from tests.claims.history import at
from tests.claims.statements.scenes import terms_text
from tests.personas import ACME, MIRA, RIVAL
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA, OPERATOR, mail, mails
from workflows import announcing

REX = "rex@rival.example"
ANNOUNCED = at("2026-11-10T10:00Z")
UNTIL = at("2026-12-02T00:00Z")
BEGINS = at("2027-01-01T00:00Z")
DRAFT = terms_text(
    ("in_force_from: 2026-03-30 ", "in_force_from: 2027-01-01 "),
    ("{from: 99.0%, below: 99.5%, pays: 5%}", "{from: 99.0%, below: 99.5%, pays: 8%}"),
    (
        "given: {tier: pro, uptime: 99.2%, usage: 200 USD}\n    expect: {missed: true, pays: 5%, credit: 10.00 USD}",
        "given: {tier: pro, uptime: 99.2%, usage: 200 USD}\n    expect: {missed: true, pays: 8%, credit: 16.00 USD}",
    ),
)


@pytest.fixture(autouse=True)
def _announced(october_told: None) -> Iterator[None]:
    commands.draft(DRAFT, by=MIRA, now=ANNOUNCED)
    commands.announce("apicheap", 2, by=MIRA, now=ANNOUNCED)
    attend(ANNOUNCED)
    yield
    queries.forget()


def attend(now: datetime) -> None:
    announcing.attend("apicheap", now=now)


def hand_over(to: str, when: datetime, *, verdict: Verdict = Verdict.SENT) -> None:
    for one in Mail.objects.filter(recipient=to, kind="version_announced"):
        settle(one, Outcome(verdict, "no such mailbox" if verdict is not Verdict.SENT else ""), now=when)


def standing() -> Standing:
    return queries.version("apicheap", 2).standing


def test_every_account_is_mailed_what_changes_clause_by_clause() -> None:
    told = mail("version_announced")
    assert "Your agreement changes on 1 January 2027" in told
    assert "From 1 January 2027, 00:00 (UTC) on, version 2" in told
    assert "the present version counts (§8)" in told
    assert (
        "- §3.1 Credit for uptime, row 1: from 99.0 %, below 99.5 %, pays 8 % instead of "
        "from 99.0 %, below 99.5 %, pays 5 %."
    ) in told
    assert f"/a/{ACME}/versions/" in told
    assert "version_announced" in mails(REX)


def test_nobody_is_mailed_twice() -> None:
    attend(ANNOUNCED)
    announcing.mail_customers("apicheap", queries.version("apicheap", 2), now=ANNOUNCED)
    assert mails().count("version_announced") == 1


def test_a_mail_counts_when_it_was_handed_over() -> None:
    version = queries.version("apicheap", 2)
    assert announcing.reach("apicheap", version, by=ANNOUNCED) == announcing.Reach(0, tuple(sorted((ACME, RIVAL))))
    hand_over(ADA, ANNOUNCED)
    assert announcing.reach("apicheap", version, by=ANNOUNCED) == announcing.Reach(1, (RIVAL,))


def test_mails_that_all_went_out_by_the_last_instant_make_it_certain() -> None:
    hand_over(ADA, ANNOUNCED)
    hand_over(REX, UNTIL)
    attend(UNTIL)
    assert standing() == Standing.NOTIFIED


@pytest.mark.parametrize(
    ("when", "verdict"), [(at("2026-12-02T00:00:01Z"), Verdict.SENT), (ANNOUNCED, Verdict.REFUSED)]
)
def test_one_that_came_too_late_or_not_at_all_lets_the_version_lapse(
    when: datetime, verdict: Verdict, follow: Follow
) -> None:
    hand_over(ADA, ANNOUNCED)
    hand_over(REX, when, verdict=verdict)
    attend(at("2026-12-02T00:05Z"))
    assert standing() == Standing.LAPSED
    assert "did not reach every customer in the time" in mail("version_withdrawn")
    follow(at("2026-12-02T00:06Z"))
    told = mail("operator_notice_failed", to=OPERATOR)
    assert "did not reach 1 account by then: - Rival" in told
    assert "had to go out by 2 December 2026, 00:00 (UTC)" in told


def test_an_account_that_was_told_otherwise_in_time_is_reached() -> None:
    hand_over(ADA, ANNOUNCED)
    hand_over(REX, ANNOUNCED, verdict=Verdict.REFUSED)
    commands.note_told("apicheap", 2, RIVAL, told_at=ANNOUNCED, how="By letter.", by=MIRA, now=UNTIL)
    attend(UNTIL)
    assert standing() == Standing.NOTIFIED


def test_a_version_that_was_announced_in_time_judges_the_months_from_its_start() -> None:
    for one in (ADA, REX):
        hand_over(one, ANNOUNCED)
    attend(UNTIL)
    attend(BEGINS)
    assert [one.standing for one in queries.every_version("apicheap")] == [Standing.SUPERSEDED, Standing.IN_FORCE]
    judged = [judging_terms("apicheap", Month(*month)) for month in ((2026, 10), (2026, 12), (2027, 1))]
    assert [found.version for found in judged if found] == [1, 1, 2]


def test_the_sweep_wakes_it_at_its_own_instants(follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadlines alone carry it from announced to in force: no other clockwork is needed."""
    woken: list[str] = []
    monkeypatch.setattr("workflows.tasks.attend_agreement.delay", lambda stream: woken.append(stream))
    owner = derived("agreement", "apicheap")
    for due, kind in ((UNTIL, "agreements.notice"), (BEGINS, "agreements.effect")):
        for one in (ADA, REX):
            hand_over(one, ANNOUNCED)
        assert Deadline.objects.get(owner=owner, kind=kind).due_at == due
        sweep_all(now=due)
        assert woken == [str(owner)]
        woken.clear()
        attend(due)
    assert not Deadline.objects.filter(owner=owner).exists()


def test_customers_are_told_that_an_announced_version_does_not_come() -> None:
    commands.withdraw("apicheap", 2, reason="We found a mistake.", by=MIRA, now=UNTIL)
    attend(UNTIL)
    told = mail("version_withdrawn")
    assert "does not change on 1 January 2027 after all" in told
    assert "The reason: We found a mistake." in told
    attend(UNTIL)
    assert mails().count("version_withdrawn") == 1


def test_a_night_without_workers_leaves_the_notice_unsettled_only_until_they_are_back() -> None:
    """What the mails were handed over for counts, not when somebody looked."""
    for one in (ADA, REX):
        hand_over(one, ANNOUNCED)
    attend(at("2026-12-20T08:00Z"))
    assert standing() == Standing.NOTIFIED
    settled = [one for one in history(derived("agreement", "apicheap")) if isinstance(one.event, NoticeGiven)]
    assert [one.occurred_at for one in settled] == [UNTIL]


def test_a_month_waits_for_a_notice_that_nobody_could_settle_before_it_began() -> None:
    """The installation was down from the notice's last instant past the new version's start."""
    for one in (ADA, REX):
        hand_over(one, ANNOUNCED)
    back, january = at("2027-01-05T08:00Z"), period_id("apicheap", Month(2027, 1))
    assert january not in open_periods(now=back)
    assert Period.objects.filter(id=period_id("apicheap", Month(2026, 12))).exists()
    attend(back)
    assert open_periods(now=back) == [january]
    assert Period.objects.get(id=january).terms_version == 2
