"""One account negotiated: its months are judged by its own terms, everybody else's by the agreement's.

Acme and Rival are Pro, promised 99.5 %. Acme's order form promises 99.9 % in October, pays 15 % from 99.5 % on, and
lets it claim for 45 days. In October and in November 100 minutes are down: 99.776 % of October's 44,640 minutes.
Of $200, 15 % are $30.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from agreements import commands, overrides, overriding
from agreements import queries as agreements
from agreements.explaining import walk
from agreements.standing import Standing
from claims.commands import closing, periods
from claims.commands.claims import decide, verify
from claims.events import claim as claimed
from claims.events.entitlement import EntitlementOpened
from claims.explain.running import explain_running
from claims.explain.statement import explain_statement
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.queries import ledger
from claims.queries.months import month_of as account_month
from claims.queries.statements import newest
from claims.rules.identity import period_id
from customers import commands as customers
from customers.commands import Opening
from customers.models import Member, Role, User
from eventstore import history
from kernel.months import Month
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, NOVEMBER_2ND, SPRING, filed
from tests.claims.statements.scenes import first_minutes, month_of, terms_text
from tests.personas import ACME, JONAS, MIRA, RIVAL
from tests.workflows.conftest import Follow
from tests.workflows.post import ADA, mail, mails
from workflows import announcing

NOVEMBER = Month(2026, 11)
SIGNED = at("2026-09-15T10:00Z")
DURING = at("2026-10-05T12:00Z")
DECEMBER_2ND = at("2026-12-02T01:00Z")
ORDER_FORM = """\
overrides: apicheap
account: acme
document_date: 2026-09-15
in_force_from: 2026-10-01
until: 2026-11-01
clause: Order form 17, §2
changes:
  commitments:
    - name: uptime
      target: {pro: 99.9%}
      credits:
        rows:
          - {from: 99.5%, below: 99.9%, pays: 15%}
          - {below: 99.5%, pays: 50%}
  claims:
    file_within: {is: 45 days, clause: "Order form 17, §3"}
"""
REX = "rex@rival.example"


@pytest.fixture(autouse=True)
def _negotiated(database: object, follow: Follow) -> Iterator[None]:
    agreements.forget()
    down = first_minutes(100)
    later = first_minutes(100, month=NOVEMBER)
    with october.measured_by(m2026_10=month_of(down), m2026_11=month_of(later, month=NOVEMBER)):
        october.publish()
        october.open_accounts(acme="pro", rival="pro")
        for email, account in ((ADA, ACME), (REX, RIVAL)):
            user = User.objects.create_user(email=email, password="a password", name=email)
            Member.objects.create(account=account, user=user, role=Role.OWNER, joined_at=SPRING)
        overriding.draft_override(ORDER_FORM, ACME, by=MIRA, now=SIGNED)
        overriding.agree_override(
            AGREEMENT, ACME, 1, who="Ada", agreed_on=date(2026, 9, 15), where="Order form 17", by=MIRA, now=SIGNED
        )
        announcing.attend_negotiated(AGREEMENT, ACME, now=SIGNED)
        follow(SIGNED)
        yield
    agreements.forget()


def close(month: Month, follow: Follow) -> None:
    now = {OCTOBER: NOVEMBER_2ND, NOVEMBER: DECEMBER_2ND}[month]
    announcing.attend_negotiated(AGREEMENT, ACME, now=now)
    for account in (ACME, RIVAL):
        october.use("200", account=account, month=month, now=now)
    october.close(month, now=now)
    follow(now)


def test_only_the_account_that_negotiated_misses_its_target(follow: Follow) -> None:
    close(OCTOBER, follow)
    own, public = newest(ACME, AGREEMENT, OCTOBER), newest(RIVAL, AGREEMENT, OCTOBER)
    assert own is not None
    assert public is not None
    assert (own.figures.override, own.figures.target, own.figures.credit) == (1, Fraction(999, 1000), dollars("30"))
    assert own.figures.clause == "Order form 17, §2"
    assert (public.figures.override, public.figures.target, public.figures.credit) == (
        None,
        Fraction(995, 1000),
        None,
    )
    assert public.figures.code == "met"
    assert own.figures.finding == public.figures.finding, "minutes are shared"


def test_the_month_after_its_end_is_judged_by_the_agreement_again(follow: Follow) -> None:
    close(OCTOBER, follow)
    close(NOVEMBER, follow)
    after = newest(ACME, AGREEMENT, NOVEMBER)
    assert after is not None
    assert (after.figures.override, after.figures.code, after.figures.clause) == (None, "met", "§2.1")
    assert overrides.override(AGREEMENT, ACME, 1).standing == Standing.ENDED


def test_its_entitlement_opens_while_the_month_runs_as_soon_as_its_own_target_can_not_be_met(follow: Follow) -> None:
    periods.open_periods(now=DURING)
    closing.note_measurement(AGREEMENT, OCTOBER, now=DURING)
    closing.tend(period_id(AGREEMENT, OCTOBER), now=DURING)
    (row,) = Entitlement.objects.all()
    assert (row.account, row.terms_version, row.override, row.cause) == (ACME, 1, 1, "certain_miss")
    assert row.due.percent == Fraction(15, 100)
    (opened,) = [one.event for one in history(row.id) if isinstance(one.event, EntitlementOpened)]
    assert opened.override == 1
    follow(DURING)
    told = mail("entitlement_opened")
    for figure in ("99.9 %", "15 %", "Order form 17, §3"):
        assert figure in told
    assert mails(REX) == []


def test_a_measurement_asks_for_a_review_where_only_what_was_negotiated_is_missed(follow: Follow) -> None:
    """By the agreement 223 minutes may be down in October, by the order form 44."""
    periods.open_periods(now=DURING)
    period = period_id(AGREEMENT, OCTOBER)
    with october.measured_by(m2026_10=month_of(first_minutes(40))):
        closing.note_measurement(AGREEMENT, OCTOBER, now=DURING)
        closing.tend(period, now=DURING)
        assert closing.note_measurement(AGREEMENT, OCTOBER, now=DURING) is None
    assert not Entitlement.objects.exists()
    assert closing.note_measurement(AGREEMENT, OCTOBER, now=DURING) == period
    closing.tend(period, now=DURING)
    assert [row.account for row in Entitlement.objects.all()] == [ACME]


def test_how_it_runs_is_shown_by_its_own_target_and_names_its_terms(follow: Follow) -> None:
    periods.open_periods(now=DURING)
    view = account_month(ACME, OCTOBER, now=DURING)
    assert view is not None
    assert view.running is not None
    assert view.running.target == Fraction(999, 1000)
    tree = explain_running(view)
    assert tree is not None
    told = [one for one in walk(tree) if one.rule == "Terms"]
    assert [(one.result, one.clause) for one in told] == [
        ("version 1 with negotiated terms 1", "Order form 17, §2"),
    ]
    public = account_month(RIVAL, OCTOBER, now=DURING)
    assert public is not None
    assert public.running is not None
    assert (public.running.target, public.running.certain) == (Fraction(995, 1000), None)


def test_its_claim_is_filed_decided_and_credited_by_its_own_terms(follow: Follow) -> None:
    close(OCTOBER, follow)
    late = at("2026-11-12T10:00Z")  # 42 days after the outage: late by the agreement, in time by the order form
    claim = filed(october.sent(times=()), now=late)
    row = Claim.objects.get(id=claim)
    assert (row.state, row.terms_version, row.override) == ("filed", 1, 1)
    verify.take_up(claim, by=MIRA, now=late)
    decide.approve(claim, by=JONAS, now=late)
    follow(late)
    (approved,) = [one.event for one in history(claim) if isinstance(one.event, claimed.ClaimApproved)]
    assert (approved.override, approved.credit, approved.clause) == (1, dollars("30"), "Order form 17, §2")
    balance = ledger.balance(ACME)
    assert balance is not None
    assert balance.balance == dollars("30")
    assert "30.00 USD" in mail("claim_credited")
    (refused,) = Claim.objects.filter(id=filed(october.sent(times=()), account=RIVAL, now=late))
    assert (refused.state, refused.refused_code, refused.override) == ("refused", "late", None)


def test_its_statement_is_explained_by_the_clause_that_was_negotiated(follow: Follow) -> None:
    close(OCTOBER, follow)
    told = explain_statement(ACME, AGREEMENT, OCTOBER)
    assert told is not None
    assert (told.terms_version, told.override) == (1, 1)
    lines = {line.name: (line.sentence, line.clause) for line in told.steps}
    assert lines["terms"] == (
        "The account is judged by version 1 with negotiated terms 1.",
        "Order form 17, §2",
    )
    assert lines["target"][1] == "Order form 17, §2"
    assert lines["allowance"][1] == "Order form 17, §2"
    assert lines["judgement"][1] == "Order form 17, §2"
    assert lines["cap"][1] == "§3.3"
    public = explain_statement(RIVAL, AGREEMENT, OCTOBER)
    assert public is not None
    assert (public.override, [line for line in public.steps if line.name == "terms"]) == (None, [])


def test_a_correction_is_judged_by_the_same_terms(follow: Follow) -> None:
    close(OCTOBER, follow)
    with october.measured_by(m2026_10=month_of(first_minutes(40))):
        closing.note_measurement(AGREEMENT, OCTOBER, now=NOVEMBER_2ND)
        follow(NOVEMBER_2ND)
        closing.tend(period_id(AGREEMENT, OCTOBER), now=NOVEMBER_2ND)
    corrected = newest(ACME, AGREEMENT, OCTOBER)
    assert corrected is not None
    assert (corrected.statement_version, corrected.figures.override, corrected.figures.code) == (2, 1, "met")


def test_changed_usage_is_paid_by_the_same_terms(follow: Follow) -> None:
    close(OCTOBER, follow)
    october.use("400", account=ACME, now=NOVEMBER_2ND)
    follow(NOVEMBER_2ND)
    found = newest(ACME, AGREEMENT, OCTOBER)
    assert found is not None
    assert (found.figures.override, found.figures.credit) == (1, dollars("60"))


UNPAID = re.sub(
    r"(?ms)^claims:.*?(?=^excused:)", "", re.sub(r"(?ms)^    credits:.*?(?=^claims:)", "\n", terms_text())
).split("examples:")[0]
PAID = """\
overrides: unpaid
account: lone
document_date: 2026-09-15
in_force_from: 2026-10-01
clause: Order form 18, §1
changes:
  commitments:
    - name: uptime
      credits: {of: usage of the month, rows: [{below: 99.9%, pays: 10%}]}
      target: {pro: 99.9%}
  claims: {file_within: 30 days, settle_within: 10 business days}
"""


def test_an_account_may_negotiate_credits_where_the_agreement_pays_none(follow: Follow) -> None:
    commands.publish(UNPAID.replace("agreement: apicheap", "agreement: unpaid"), by=MIRA, now=SPRING)
    for number in ("lone", "other"):
        opening = Opening(number=number, name=number, agreement="unpaid", tier="pro", from_at=SPRING)
        customers.open_account(opening, by=MIRA, now=SPRING)
    lone, other = (october.account_of(number) for number in ("lone", "other"))
    overriding.draft_override(PAID, lone, by=MIRA, now=SIGNED)
    overriding.agree_override(
        "unpaid", lone, 1, who="Lo", agreed_on=SIGNED.date(), where="Order form 18", by=MIRA, now=SIGNED
    )
    for account in (lone, other):
        october.use("200", account=account, now=NOVEMBER_2ND)
    periods.open_periods(now=NOVEMBER_2ND)
    assert closing.close_month("unpaid", OCTOBER, now=NOVEMBER_2ND) == "closed"
    follow(NOVEMBER_2ND)
    opened = Entitlement.objects.filter(agreement="unpaid", month=OCTOBER)
    assert [(row.account, row.override) for row in opened] == [(lone, 1)]
    answers = [filed(october.sent(times=()), account=one, now=NOVEMBER_2ND) for one in (lone, other)]
    rows = [Claim.objects.get(id=one) for one in answers]
    assert [(row.state, row.override) for row in rows] == [("filed", 1), ("refused", None)]
