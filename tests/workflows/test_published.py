"""To whom a correction or a revoked exclusion of a month that is not closed gives time to claim (SEMANTICS 20)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from agreements import queries as agreements
from claims.commands import closing, periods
from claims.commands.entitlements import attend
from claims.events.entitlement import EntitlementBoundMoved
from claims.queries.entitlements import EntitlementView, newest
from claims.rules.identity import period_id
from customers import commands as customers
from customers.commands import Opening
from eventstore import history
from kernel.ids import ServiceId
from kernel.intervals import Interval
from tests.personas import ACME, JONAS, MIRA, RIVAL
from tests.uptime.given import OCTOBER, PUBLISHED, checked, daily, november, october, published, service
from uptime import commands
from uptime.events import Category, Finding
from workflows import following

OUTAGE = Interval(october(5, 10), october(5, 14))
EIGHT_HOURS_ON_THE_6TH = Interval(october(6, 10), october(6, 18))


@pytest.fixture
def api(db: None) -> Iterator[ServiceId]:
    """Give Acme and Rival, both Pro, a service that was up until the 28th, and the period of October."""
    agreements.forget()
    published()
    for number in ("acme", "rival"):
        opening = Opening(number=number, name=number, agreement="apicheap", tier="pro", from_at=PUBLISHED)
        customers.open_account(opening, by=MIRA, now=PUBLISHED)
    found = service("web")
    checked(found, *daily(OCTOBER, days=range(1, 29)))
    periods.open_period("apicheap", OCTOBER, now=october(1))
    yield found
    agreements.forget()


@pytest.fixture
def down(api: ServiceId) -> ServiceId:
    """Let it be down for four hours on the 5th, where Pro may be down for 223 minutes."""
    checked(api, (OUTAGE.start, 503), (OUTAGE.end, 200))
    reviewed(api, october(6, 1))
    return api


def reviewed(api: ServiceId, now: datetime) -> str:
    """Measure October, do what follows from it, and tell where the month stands."""
    commands.measure(api, OCTOBER, by=JONAS, now=now)
    closing.note_measurement("apicheap", OCTOBER, now=now)
    return closing.tend(period_id("apicheap", OCTOBER), now=now)


def corrected(api: ServiceId, finding: Finding, stretch: Interval, *accounts: UUID, now: datetime) -> None:
    """Publish a correction, and do what follows from it."""
    correction = commands.correct(api, finding, stretch, reason="It was.", accounts=accounts, by=JONAS, now=now)
    (recorded,) = history(correction)
    following.correction_recorded(recorded.event, recorded, now)  # type: ignore[arg-type]
    closing.tend(period_id("apicheap", OCTOBER), now=now)


def entitlement(account: UUID) -> EntitlementView:
    found = newest(account, "apicheap", OCTOBER)
    assert found is not None
    return found


def told(account: UUID) -> tuple[int, datetime, str]:
    """Tell which entitlement of the account is the newest, until when it is, and what its days count from."""
    found = entitlement(account)
    assert found.bound is not None
    return found.number, found.bound.until, found.bound.by


BY_THE_OUTAGE = (1, november(5), "incident")
# Day 30 after 20 October is Thursday 19 November.
BY_THE_CORRECTION = (1, november(20), "publication")


def test_a_correction_for_somebody_else_changes_nothing(down: ServiceId) -> None:
    corrected(down, Finding.UP, Interval(october(5, 10), october(5, 10, 1)), RIVAL, now=october(20, 2))
    assert told(ACME) == BY_THE_OUTAGE
    corrected(down, Finding.DOWN, EIGHT_HOURS_ON_THE_6TH, RIVAL, now=october(20, 3))
    assert (told(ACME), told(RIVAL)) == (BY_THE_OUTAGE, BY_THE_CORRECTION)


@pytest.mark.parametrize(
    ("finding", "stretch"),
    [
        (Finding.UP, Interval(october(5, 10), october(5, 10, 1))),
        (Finding.UP, Interval(october(12, 10), october(12, 11))),
        (Finding.DOWN, OUTAGE),
        (Finding.DOWN, Interval(october(4, 10), october(4, 10, 1))),
    ],
    ids=["a minute less", "what was up anyway", "what was measured so", "a minute more in the same row"],
)
def test_one_that_shows_no_higher_credit_changes_nothing(down: ServiceId, finding: Finding, stretch: Interval) -> None:
    corrected(down, finding, stretch, now=october(20, 2))
    assert told(ACME) == BY_THE_OUTAGE


def test_one_that_shows_a_higher_credit_gives_thirty_days_from_its_publication(down: ServiceId) -> None:
    corrected(down, Finding.DOWN, EIGHT_HOURS_ON_THE_6TH, now=october(20, 2))
    assert told(ACME) == told(RIVAL) == BY_THE_CORRECTION
    moved = history(entitlement(ACME).id)[-1].event
    assert isinstance(moved, EntitlementBoundMoved)
    assert moved.reason == "a correction was published"


def test_one_that_first_shows_a_miss_gives_thirty_days_from_its_publication(api: ServiceId) -> None:
    reviewed(api, october(6, 1))
    corrected(api, Finding.DOWN, OUTAGE, ACME, now=october(20, 2))
    assert told(ACME) == BY_THE_CORRECTION
    assert newest(RIVAL, "apicheap", OCTOBER) is None


def test_a_miss_that_was_measured_meanwhile_is_not_the_corrections(api: ServiceId) -> None:
    """Nobody had reviewed the outage yet when the correction, of one minute of another day, was published."""
    checked(api, (OUTAGE.start, 503), (OUTAGE.end, 200))
    commands.measure(api, OCTOBER, by=JONAS, now=october(6, 1))
    corrected(api, Finding.DOWN, Interval(october(4, 10), october(4, 10, 1)), now=october(20, 2))
    assert told(ACME) == BY_THE_OUTAGE


def test_what_was_open_lapses_at_its_day_whatever_is_corrected_after_it(down: ServiceId) -> None:
    """The month waits: nobody measured its last days."""
    assert reviewed(down, november(2, 1)) == "waiting"
    attend(entitlement(ACME).id, now=november(5))
    corrected(down, Finding.UP, Interval(october(5, 10), october(5, 10, 1)), now=november(7, 9))
    assert (entitlement(ACME).number, entitlement(ACME).state) == (1, "lapsed")


def test_what_the_first_statement_shows_by_a_correction_has_thirty_days_as_well(api: ServiceId) -> None:
    """Nobody measured the last days; they are found to have been down, and with that the month closes."""
    assert reviewed(api, november(2, 1)) == "waiting"
    assert newest(ACME, "apicheap", OCTOBER) is None
    corrected(api, Finding.DOWN, Interval(october(29), november(1)), now=november(7, 9))
    assert closing.tend(period_id("apicheap", OCTOBER), now=november(7, 10)) == "closed"
    # Day 30 after 7 November is Monday 7 December.
    assert told(ACME) == (1, datetime(2026, 12, 8, tzinfo=UTC), "publication")


def test_a_revoked_exclusion_gives_thirty_days_where_it_shows_the_miss(down: ServiceId) -> None:
    exclusion = proposed(down, OUTAGE)
    commands.approve(exclusion, by=MIRA, now=october(7))
    followed(exclusion, october(7, 1))
    assert entitlement(ACME).state == "ended"
    commands.revoke(exclusion, reason="It was ours.", by=MIRA, now=october(20, 2))
    followed(exclusion, october(20, 2))
    assert told(ACME) == (2, *BY_THE_CORRECTION[1:])


def test_a_revoked_exclusion_that_shows_no_more_changes_nothing(down: ServiceId) -> None:
    exclusion = proposed(down, Interval(october(5, 10), october(5, 10, 1)))
    commands.approve(exclusion, by=MIRA, now=october(7))
    commands.revoke(exclusion, reason="It was ours.", by=MIRA, now=october(20, 2))
    followed(exclusion, october(20, 2))
    assert told(ACME) == BY_THE_OUTAGE


def proposed(api: ServiceId, stretch: Interval) -> UUID:
    return commands.propose(
        api, Category.THIRD_PARTY, [stretch], reason="The provider upstream.", evidence="", by=JONAS, now=october(6, 2)
    )


def followed(exclusion: UUID, now: datetime) -> None:
    """Do what follows from the last step of an exclusion."""
    recorded = history(exclusion)[-1]
    following.exclusion_changed(recorded.event, recorded, now)
    closing.tend(period_id("apicheap", OCTOBER), now=now)
