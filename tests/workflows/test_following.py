"""What follows from what: each step once, at its right moment, and again without effect."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from claims.commands import entitlements
from claims.commands.claims import decide, verify
from claims.commands.closing import close, close_month, review
from claims.commands.ledger import open_cycles
from claims.commands.periods import ask_review, consider_close, open_periods
from claims.errors import TimesInFuture
from claims.events.entitlement import EntitlementOpened
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.models.period import Period
from claims.models.statement import Statement
from claims.queries import ledger
from claims.rules.identity import period_id
from customers import commands as customers
from eventstore.models import Parked
from eventstore.raw import one, written
from kernel.intervals import Interval
from notices.models import Mail
from tests.claims import october
from tests.claims.history import OCTOBER, at, dollars
from tests.claims.october import AGREEMENT, MONDAY_9TH, OUTAGE, TUESDAY_10TH, filed, sent
from tests.claims.statements.scenes import first_minutes, month_of
from tests.given import events_of
from tests.personas import ACME, ACMES_BUYER, JONAS, MIRA
from tests.workflows.conftest import Follow

NOVEMBER = OCTOBER.next()
DECEMBER_2ND = at("2026-12-02T01:00Z")
JANUARY_2ND = at("2027-01-02T01:00Z")

pytestmark = pytest.mark.usefixtures("october_told")


def effects() -> tuple[Counter[str], int, str]:
    """Count the events of every kind except requests to look again, and the mails; tell Acme's balance."""
    rows = one("SELECT coalesce(array_agg(type), '{}') FROM events WHERE type NOT LIKE 'claims.period_review%%'", ())
    assert rows is not None
    return Counter(rows[0]), Mail.objects.count(), str(ledger.balance(ACME))


def from_the_beginning() -> None:
    """Forget how far the subscriptions have come."""
    written("UPDATE checkpoints SET position = 0", ())


def credited(follow: Follow) -> UUID:
    claim = filed()
    verify.take_up(claim, by=JONAS, now=MONDAY_9TH)
    decide.approve(claim, by=MIRA, now=TUESDAY_10TH)
    follow(TUESDAY_10TH)
    return claim


def test_everything_handled_again_from_the_beginning_changes_nothing(follow: Follow) -> None:
    """A withdrawn claim, a credited one, a corrected month with its difference, a drawn and an adjusted credit."""
    decide.withdraw(filed(), by=ACMES_BUYER, now=MONDAY_9TH)
    follow(MONDAY_9TH)
    credited(follow)
    with october.measured_by(m2026_10=month_of(first_minutes(4509))):
        ask_review(AGREEMENT, OCTOBER, cause="correction", reason="The probe was blind.", now=TUESDAY_10TH)
        close_month(AGREEMENT, OCTOBER, now=TUESDAY_10TH)
        follow(TUESDAY_10TH)
        open_cycles(AGREEMENT, now=DECEMBER_2ND)
        for amount in ("70", "90"):
            october.use(amount, month=NOVEMBER.next(), now=JANUARY_2ND)
            follow(JANUARY_2ND)
        assert str(ledger.balance(ACME).balance) == "10.00 USD"  # type: ignore[union-attr]
        before = effects()
        from_the_beginning()
        follow(JANUARY_2ND + timedelta(days=1))
    assert effects() == before
    assert not Parked.objects.exists()


def test_an_approval_is_posted_once_however_often_it_is_handled(follow: Follow) -> None:
    credited(follow)
    from_the_beginning()
    follow(TUESDAY_10TH + timedelta(days=1))
    assert len(ledger.postings(ACME)) == 1


def test_a_claim_that_was_taken_back_before_anybody_looked_uses_nothing(follow: Follow) -> None:
    claim = filed()
    decide.withdraw(claim, by=ACMES_BUYER, now=MONDAY_9TH)
    follow(MONDAY_9TH)
    entitlement = Entitlement.objects.get(account=ACME)
    assert [type(event) for event in events_of(entitlement.id)] == [EntitlementOpened]
    assert Claim.objects.get(id=filed(now=TUESDAY_10TH)).state == "filed"


def test_a_claim_filed_in_time_uses_the_window_also_where_it_is_handled_after_the_lapse(follow: Follow) -> None:
    """Filed a microsecond before the bound, noticed an hour after it."""
    entitlement = Entitlement.objects.get(account=ACME)
    bound = entitlement.bound.until
    entitlements.attend(entitlement.id, now=bound)
    claim = filed(sent(received_at=bound - timedelta(microseconds=1)), now=bound + timedelta(hours=1))
    follow(bound + timedelta(hours=1))
    used = Entitlement.objects.get(account=ACME)
    assert (used.state, used.claim) == ("used", claim)


def test_a_filing_exactly_at_the_bound_is_late(follow: Follow) -> None:
    bound = Entitlement.objects.get(account=ACME).bound.until
    assert Claim.objects.get(id=filed(now=bound)).refused_code == "late"


def test_usage_that_arrives_while_the_month_closes_is_in_its_statement(follow: Follow) -> None:
    """The close had read the usage before; the log hears of it before the statement is there."""
    with october.measured_by(m2026_11=month_of(first_minutes(2700, month=NOVEMBER), month=NOVEMBER)):
        closing = begin_closing()
        october.use("200", month=NOVEMBER, now=DECEMBER_2ND)
        follow(DECEMBER_2ND)
        assert [one.cause for one in Period.objects.get(id=closing).asked] == ["usage"]
        review(closing, now=DECEMBER_2ND)
        assert len(Period.objects.get(id=closing).asked) == 1, "nobody answers it before the statements are there"
        close(closing, now=DECEMBER_2ND)
        review(closing, now=DECEMBER_2ND)
        follow(DECEMBER_2ND)
    statement = Statement.objects.get(account=ACME, month=NOVEMBER)
    assert statement.figures.base == dollars("200")
    assert Period.objects.get(id=closing).asked == ()


def begin_closing() -> UUID:
    """Begin to close November, as a worker that is interrupted after its first step."""
    open_periods(now=DECEMBER_2ND)
    closing = period_id(AGREEMENT, NOVEMBER)
    consider_close(closing, now=DECEMBER_2ND)
    assert Period.objects.get(id=closing).state == "closing"
    return closing


def test_a_tier_that_changes_while_the_month_closes_is_looked_at_again(follow: Follow) -> None:
    with october.measured_by():
        closing = begin_closing()
        since = at("2026-11-10T00:00Z")
        customers.set_tier(ACME, "enterprise", from_at=since, reason="Upgrade", by=MIRA, now=DECEMBER_2ND)
        follow(DECEMBER_2ND)
        assert {one.cause for one in Period.objects.get(id=closing).asked} == {"tier"}


def test_the_bill_is_drawn_by_what_is_known_now_and_a_late_event_does_not_take_it_back(follow: Follow) -> None:
    credited(follow)
    open_cycles(AGREEMENT, now=DECEMBER_2ND)
    for amount in ("20", "30"):
        october.use(amount, month=NOVEMBER.next(), now=JANUARY_2ND)
    follow(JANUARY_2ND)
    types = [one.type for one in ledger.postings(ACME)]
    assert types.count("claims.credit_drawn") == 1
    assert "claims.draw_adjusted" not in types
    assert str(ledger.balance(ACME).balance) == "20.00 USD"  # type: ignore[union-attr]


def test_a_contested_stretch_is_granted_only_once_it_has_passed(follow: Follow) -> None:
    claim = filed()
    verify.take_up(claim, by=JONAS, now=MONDAY_9TH)
    ahead = Interval(OUTAGE.start, MONDAY_9TH + timedelta(days=1))
    with pytest.raises(TimesInFuture):
        verify.grant_contested(
            claim, stretch=ahead, code="monitoring_failed", reason="It was.", by=MIRA, now=MONDAY_9TH
        )


def test_usage_set_before_the_close_is_stated_at_once(follow: Follow) -> None:
    assert Statement.objects.get(account=ACME, month=OCTOBER).figures.credit == dollars("50")
