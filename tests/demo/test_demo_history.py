"""The demo's history: three months by the real commands under simulated time, and everything that it is to show."""

from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from agreements import overrides
from agreements import queries as agreements
from agreements.lint import findings
from agreements.standing import Standing
from claims.events.claim import SettlementMissed
from claims.explain import deadlines
from claims.explain.ledger import explain_posting
from claims.explain.statement import explain_statement
from claims.models.claim import Claim
from claims.models.ledger import CreditAccount
from claims.models.period import Period
from claims.models.statement import Statement
from claims.queries import claims, ledger, statements
from config.demo import people
from config.services.postgres import Cluster
from customers.models import User
from eventstore import history
from eventstore.models import Parked
from kernel import clock, shown
from notices.models import Mail
from tests.claims.plain_steps import recomputed

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def demo(database: Cluster, settings: Settings, tmp_path: Path) -> Path:
    """Play the whole story once."""
    settings.DATA_DIR = tmp_path
    call_command("agreements", "load")
    call_command("demo_history")
    return tmp_path


def claim_of(customer: people.Customer) -> Claim:
    return Claim.objects.get(account=customer.id)


def test_the_demo_shows_every_end_that_a_claim_can_have(demo: Path) -> None:
    accepted, at_the_cap = claim_of(people.ACME), claim_of(people.DELTA)
    assert (accepted.state, claim_of(people.BIRCH).state) == ("credited", "rejected")
    assert (claim_of(people.COBALT).state, claim_of(people.COBALT).refused_code) == ("refused", "late")
    assert at_the_cap.posted == at_the_cap.cap
    assert claim_of(people.EMBER).state == "waiting"

    overdue = claim_of(people.FJORD)
    missed = [one for one in history(overdue.id) if isinstance(one.event, SettlementMissed)]
    assert overdue.state == "verifying"
    assert [one.occurred_at for one in missed] == [overdue.settlement.due_at]

    drawn = [one for one in CreditAccount.objects.get(account=people.ACME.id).cycles if one.drawn]
    assert [one.drawn for one in drawn] == [accepted.posted]

    assert Period.objects.filter(state="closed").count() == 3
    assert Statement.objects.filter(account=people.HOBBY.id, pays=True).count() == 0
    assert not Parked.objects.exists()
    assert Mail.objects.filter(kind="claim_credited").count() == 2
    assert "mira@makegood.example" in (demo / "sign-ins.txt").read_text(encoding="utf-8")

    everything_is_explained()
    a_change_is_announced()
    one_account_negotiated()

    call_command("demo_history")
    assert Claim.objects.count() == 6, "a second start changes nothing"


def a_change_is_announced() -> None:
    """Find version 2 announced to everybody in time, with the row whose lack the linter finds in version 1."""
    first, second = agreements.every_version(people.AGREEMENT)
    assert second.standing in (Standing.ANNOUNCED, Standing.NOTIFIED)
    assert second.in_force_from > clock.now()
    announced = Mail.objects.filter(kind="version_announced")
    assert {one.recipient for one in announced} == {one.email for one in people.CUSTOMERS}
    assert all(one.sent_at and second.notice_until and one.sent_at <= second.notice_until for one in announced)
    found = [
        {one.code for one in findings(agreements.terms_version(people.AGREEMENT, version.number).document)}
        for version in (first, second)
    ]
    assert {"target_unpaid", "placeholder"} <= found[0]
    assert not {"target_unpaid", "placeholder"} & found[1]
    changes = [one.sentence for one in agreements.changes_of(people.AGREEMENT, second.number)]
    row = "Credit for uptime, row 1: from 99.5 %, below 99.9 %, pays 3 %. This is new."
    assert row in changes
    told = {one.recipient: row in " ".join(one.text.split()) for one in announced}
    assert told == {one.email: one is not people.COBALT for one in people.CUSTOMERS}, "Cobalt has rows of its own"
    portal = Client()
    portal.force_login(User.objects.get(email=people.FJORD.email), "django.contrib.auth.backends.ModelBackend")
    page = portal.get(reverse("portal:versions", args=[people.FJORD.id]))
    assert "from 99.5 %, below 99.9 %, pays 3 %" in page.content.decode()


def everything_is_explained() -> None:
    """Compute every version of every statement again from its explanation, and find the tree of every deadline."""
    for row in Statement.objects.order_by("id"):
        for said in statements.versions(row.account, row.agreement, row.month):
            number = said.statement_version
            told = explain_statement(row.account, row.agreement, row.month, statement_version=number)
            assert told
            assert recomputed(told.tree) == told.uptime == said.figures.uptime
            assert told.credit is None or told.tree.result == shown.money(told.credit)
    for claim in Claim.objects.order_by("id"):
        view = claims.claim(claim.id)
        dates = {one.due_at for one in deadlines.of_claim(view, now=clock.now())}
        awaited = view.request.answer_due_at if view.request else None
        assert {view.due_at, view.bound, awaited, view.appeal_bound} - {None} <= dates
    for account in CreditAccount.objects.order_by("id"):
        assert all(explain_posting(one.event).steps for one in ledger.postings(account.account))


def one_account_negotiated() -> None:
    """Find what Cobalt Bank negotiated in force, its months but the first judged by it, and in its mail and portal."""
    cobalt = people.COBALT
    assert overrides.override(people.AGREEMENT, cobalt.id, 1).standing == Standing.IN_FORCE
    judged = [one.figures.override for one in statements_of(cobalt)]
    assert judged == [None, 1, 1]
    assert {one.figures.override for one in statements_of(people.FJORD)} == {None}
    third = statements_of(cobalt)[-1]
    told = explain_statement(cobalt.id, people.AGREEMENT, third.month)
    assert told
    assert (third.figures.percent, third.figures.clause) == (Fraction(1, 5), "Order form 2207, §2")
    assert statements_of(people.FJORD)[-1].figures.percent == Fraction(1, 10)
    [mail] = Mail.objects.filter(kind="terms_negotiated")
    assert mail.recipient == cobalt.email
    assert "You agreed to it on" in " ".join(mail.text.split())

    client = Client()
    client.force_login(
        User.objects.get(email=cobalt.email), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get(f"/a/{cobalt.id}/promises/").content.decode()
    assert "Version 1 with negotiated terms 1" in page
    assert "Order form 2207, §3" in page


def statements_of(customer: people.Customer) -> list[Statement]:
    return list(Statement.objects.filter(account=customer.id).order_by("month"))
