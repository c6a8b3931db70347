"""A claim's history in the customer's words: nothing that happened to it is left out by accident."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from claims.events import claim, ledger
from claims.queries.claims import Happening
from eventstore import Event
from portal import happenings, postings
from tests.claims import history
from tests.claims.history import MONDAY

ZONE = ZoneInfo("UTC")


def events_in(module: object) -> set[type[Event]]:
    found = (one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Event))
    return {one for one in found if one is not Event}


def told(event: Event) -> list[happenings.Told]:
    one = Happening(version=1, type="", event=event, actor="", occurred_at=MONDAY, recorded_at=MONDAY)
    return happenings.told([one], ZONE)


def test_every_event_of_a_claim_is_told_or_named_as_internal() -> None:
    assert events_in(claim) == set(happenings.TELLERS) | happenings.INTERNAL
    assert not set(happenings.TELLERS) & happenings.INTERNAL


def test_every_event_of_the_ledger_is_told() -> None:
    assert events_in(ledger) == set(postings.TELLERS)


def test_the_events_tried_below_are_all_there_are() -> None:
    assert {type(one) for one in history.EVERY_EVENT} == events_in(claim)


@pytest.mark.parametrize(
    "event",
    [
        one
        for one in history.EVERY_EVENT
        if type(one) not in happenings.INTERNAL
        and not isinstance(one, claim.EvidenceRequested | claim.EvidenceAdded | claim.ClaimAppealed)
    ],
    ids=lambda one: type(one).__name__,
)
def test_each_is_told_without_a_word_from_inside(event: Event) -> None:
    (line,) = told(event)

    assert line.title
    inside = ("None", "Ranges(", "Interval(", "Money(", "Fraction(", "UUID(", "Month(", "mira", "jonas")
    assert not any(word in line.words for word in inside)


@pytest.mark.parametrize(
    ("then", "words"), [("escalate", "It has been escalated."), ("approve", "approved by our own measurement")]
)
def test_a_miss_is_told_with_what_the_agreement_makes_of_it(then: str, words: str) -> None:
    (line,) = told(replace(history.MISSED, then=then))
    assert words in line.words


def test_an_internal_step_is_not_told() -> None:
    assert told(history.PREPARED_BY_MIRA) == []
    assert told(history.WARNED) == []


def test_a_moved_deadline_is_told_with_the_new_day_and_the_old_one() -> None:
    (line,) = told(history.MOVED)

    assert line.title == "Last day to decide moved"
    assert "We decide by Monday, 23 November 2026 (Asia/Hong_Kong)" in line.words


def test_a_late_decision_is_told_as_such() -> None:
    (line,) = told(history.MISSED)

    assert line.title == "We are late"
    assert "due at 23 November 2026, 16:00 (UTC)" in line.words
