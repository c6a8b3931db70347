"""Every deadline of a claim is told with the days that count and those that do not (SEMANTICS 18, 19, 28)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from agreements.explaining import Step, find, walk
from agreements.rendering import as_text
from claims.commands.claims import decide, verify
from claims.commands.claims.appeal import appeal
from claims.commands.claims.deadlines import move_deadline
from claims.explain.deadlines import of_claim, of_entitlement
from claims.explain.settling import Awaited, explain_settlement
from claims.queries import claims
from claims.queries.entitlements import newest
from claims.rules import settlement as rules
from kernel import shown
from kernel.dates import DAY
from kernel.intervals import Interval
from kernel.months import Month
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.claims.plain_steps import instant
from tests.claims.statements.scenes import terms
from tests.personas import ACME, ACMES_BUYER, MIRA

TERMS = terms()
RULE = rules.settlement_rule(TERMS)
ZONE = RULE.calendar.zone


def trees(claim: UUID) -> dict[str, Step]:
    """Explain the deadlines of a claim, by name."""
    return {one.name: one.tree for one in of_claim(claims.claim(claim), now=october.TUESDAY_10TH)}


def days_of(tree: Step) -> tuple[list[date], list[date]]:
    """Read which days are said to count and which to be skipped, in the order in which they stand."""
    business = find(tree, "Business days")
    assert business
    told = [(step.rule, a_day(step.result)) for step in business.steps]
    assert [day for _, day in told] == sorted(day for _, day in told)
    return [day for rule, day in told if rule == "Business day"], [day for rule, day in told if rule == "Skipped"]


def a_day(text: str) -> date:
    """Read a date: Monday, 23 November 2026."""
    return datetime.strptime(text, "%A, %d %B %Y").date()  # noqa: DTZ007 — a date has no zone


def counted_plainly(tree: Step) -> None:
    """Walk the calendar day by day from day 0, as the steps say, to the end that the root names."""
    zero = find(tree, "Day 0")
    assert zero
    counted, skipped = days_of(tree)
    day = a_day(zero.result)
    for after in sorted([*counted, *skipped]):
        day += DAY
        assert after == day, "no day is left out and none is told twice"
    numbers = [dict(step.inputs)["number"] for step in walk(tree) if step.rule == "Business day"]
    assert numbers == [str(number) for number in range(1, len(counted) + 1)]
    assert dict(tree.inputs)["within"] == f"{len(counted)} business days"
    moved = find(tree, "Moved")
    late = instant((moved.result if moved else tree.result).removeprefix("before "))
    assert moved or late.astimezone(ZONE) - timedelta(seconds=1) < datetime.combine(
        counted[-1] + DAY, datetime.min.time(), ZONE
    )
    assert moved or (late - timedelta(seconds=1)).astimezone(ZONE).date() == counted[-1]


received = st.integers(0, 90 * 24 * 60).map(lambda minutes: at("2026-10-05T00:00Z") + timedelta(minutes=minutes))


@given(received_at=received, wait=st.integers(0, 20 * 24), begun=st.integers(1, 10 * 24))
def test_the_days_come_out_again_when_the_calendar_is_walked(received_at: datetime, wait: int, begun: int) -> None:
    start = received_at + timedelta(hours=begun)
    pauses = rules.pause(start, start + timedelta(hours=wait))
    month = Month(2026, 10)
    zero = rules.day_zero(received_at, month, RULE)
    awaited = Awaited(
        settlement=rules.settle(zero, RULE, pauses=pauses),
        received_on=RULE.calendar.day_of(received_at),
        month_ended_on=month.last_day,
        pauses=pauses,
    )
    tree = explain_settlement(awaited, TERMS)
    counted_plainly(tree)
    told = dict(tree.steps[0].inputs)
    assert a_day(tree.steps[0].result) == max(a_day(told["claim received"]), a_day(told["month's last day"]))
    counted, skipped = days_of(tree)
    paused = [day for day in skipped if inside(pauses, day)]
    assert all(RULE.calendar.is_business_day(day) for day in counted)
    assert all(not RULE.calendar.is_business_day(day) or day in paused for day in skipped)
    assert not any(inside(pauses, day) for day in counted)


def inside(pauses: tuple[Interval, ...], day: date) -> bool:
    """Tell whether a date lies wholly in a pause."""
    midnights = [datetime.combine(one, datetime.min.time(), ZONE) for one in (day, day + DAY)]
    return any(pause.start <= midnights[0] and midnights[1] <= pause.end for pause in pauses)


def test_a_claim_tells_its_decision_and_by_when_it_was_to_be_filed(october_closed: None) -> None:
    claim = october.filed()
    found = trees(claim)
    assert list(found) == ["settle", "file"]
    counted_plainly(found["settle"])
    assert found["settle"].sentence == (
        "10 business days are promised; the first instant that is late is 24 November 2026, 00:00 (Asia/Hong_Kong)."
    )
    assert found["file"].result == "Monday, 23 November 2026"


def test_a_wait_for_the_customer_tells_its_pause_and_when_it_ends(october_closed: None) -> None:
    claim = october.filed(october.sent(times=()))
    verify.take_up(claim, by=MIRA, now=october.MONDAY_9TH)
    verify.ask_for_evidence(claim, parts=("evidence",), question="Send a log.", by=MIRA, now=october.MONDAY_9TH)
    found = trees(claim)
    assert list(found) == ["settle", "answer", "file"]
    counted_plainly(found["settle"])
    counted_plainly(found["answer"])
    due = claims.claim(claim).request
    assert due
    assert found["answer"].result == f"before {shown.instant(due.answer_due_at, ZONE)}"
    pause = find(found["settle"], "Pause")
    assert pause
    assert [instant(value) for _, value in pause.inputs] == [due.asked_at, due.answer_due_at]
    assert pause.result == "14 days"
    assert "does not count: pause, Tuesday." in as_text(found["settle"])


def test_a_moved_deadline_tells_what_was_counted_and_that_it_was_moved(october_closed: None) -> None:
    claim = october.filed()
    later = at("2026-12-01T16:00Z")
    move_deadline(claim, due_at=later, reason="We wait for a report.", by=MIRA, now=october.TUESDAY_10TH)
    tree = trees(claim)["settle"]
    moved = find(tree, "Moved")
    assert moved
    assert moved.sentence == (
        "Counted was to 24 November 2026, 00:00 (Asia/Hong_Kong); "
        "an operator moved it to 2 December 2026, 00:00 (Asia/Hong_Kong), by name and reason."
    )
    assert tree.result == f"before {shown.instant(later, ZONE)}"


def test_a_rejection_tells_the_time_to_appeal_and_an_appeal_its_own_ten_days(db: None) -> None:
    """Rejected on Tuesday 10 November: day 30 is Thursday 10 December."""
    october.publish()
    october.open_accounts(acme="pro")
    october.use("200")
    with october.measured_by():
        claim = october.filed(october.sent(times=()))
        october.close()
        verify.take_up(claim, by=MIRA, now=october.MONDAY_9TH)
        decide.reject(claim, code="met", sentence="October met its target.", by=MIRA, now=october.TUESDAY_10TH)
        assert trees(claim)["appeal"].result == "Thursday, 10 December 2026"
        appeal(claim, words="It was down.", by=ACMES_BUYER, now=at("2026-11-12T10:00Z"))
        settle = trees(claim)["settle"]
    counted_plainly(settle)
    assert settle.steps[0].sentence == (
        "Day 0 is Thursday, 12 November 2026, the day on which the appeal was received. It does not count."
    )


def test_an_entitlement_tells_its_bound_and_the_days_after_the_news(october_closed: None) -> None:
    entitlement = newest(ACME, october.AGREEMENT, OCTOBER)
    assert entitlement
    assert entitlement.bound
    (deadline,) = of_entitlement(entitlement)
    assert deadline.due_at == entitlement.bound.until == october.BOUND
    rules_told = [step.rule for step in deadline.tree.steps]
    assert rules_told == ["Day 0", "Counted days", "Roll", "At least until"]
