"""Timers follow from their owner's row: they appear, move and vanish in the transaction of its events."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from deadlines.models import Deadline
from deadlines.queries import held, next_due, open_for
from deadlines.timers import Timer
from eventstore import SYSTEM, change, changes
from tests.eventstore.parcels import DELAYED, DELIVERED, PARCEL, SCANNED, SENT, TOMORROW
from tests.eventstore.sessions import session
from tests.given import NOW, given_in_log
from tests.toys.commands import parcel_id, send
from tests.toys.events import LatenessForeseen, ParcelDelivered
from tests.toys.models import ARRIVAL, Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

WARNINGS = (NOW + timedelta(hours=6), NOW + timedelta(hours=12))
OTHERS = [parcel_id(number) for number in range(40)]


def test_a_timer_appears_with_the_event_that_asks_for_it() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    (deadline,) = Deadline.objects.all()
    assert (deadline.owner, deadline.kind, deadline.due_at) == (PARCEL, ARRIVAL, TOMORROW)
    assert deadline.late_from == deadline.next_at == TOMORROW


def test_it_next_needs_attention_at_its_first_warning() -> None:
    send(PARCEL, due_at=TOMORROW, warn_at=WARNINGS, by=SYSTEM, now=NOW)
    assert Deadline.objects.get().next_at == WARNINGS[0]
    given_in_log(Parcel, PARCEL, LatenessForeseen(moment=WARNINGS[0]))
    assert Deadline.objects.get().next_at == WARNINGS[1]
    given_in_log(Parcel, PARCEL, LatenessForeseen(moment=WARNINGS[1]))
    assert Deadline.objects.get().next_at == TOMORROW


def test_it_moves_with_the_row() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELAYED)
    assert Deadline.objects.get().due_at == DELAYED.due_at


def test_a_moved_timer_is_no_longer_held() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    Deadline.objects.update(attempts=3, held_until=TOMORROW)
    given_in_log(Parcel, PARCEL, SCANNED)
    assert Deadline.objects.get().attempts == 3
    given_in_log(Parcel, PARCEL, DELAYED)
    deadline = Deadline.objects.get()
    assert (deadline.attempts, deadline.held_until) == (0, None)


def test_it_vanishes_when_the_row_no_longer_asks_for_it() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    given_in_log(Parcel, parcel_id("other"), SENT)
    given_in_log(Parcel, PARCEL, DELIVERED)
    assert [deadline.owner for deadline in Deadline.objects.all()] == [parcel_id("other")]


def test_one_that_is_asked_for_and_met_in_one_transaction_never_appears() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELIVERED)
    assert not Deadline.objects.exists()


def test_a_change_that_is_rolled_back_leaves_the_timers_as_they_were() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with transaction.atomic():
        given_in_log(Parcel, PARCEL, DELAYED)
        given_in_log(Parcel, parcel_id("other"), SENT)
        transaction.set_rollback(True)
    with transaction.atomic():
        given_in_log(Parcel, PARCEL, DELIVERED)
        transaction.set_rollback(True)
    assert [(one.owner, one.due_at) for one in Deadline.objects.all()] == [(PARCEL, TOMORROW)]


def test_the_timers_of_many_things_are_written_together() -> None:
    with changes(by=SYSTEM, now=NOW) as batch:
        for other in OTHERS:
            batch.begin(Parcel, other).record(SENT)
    assert Deadline.objects.filter(next_at=TOMORROW).count() == len(OTHERS)
    with changes(by=SYSTEM, now=NOW) as batch:
        for number, row in enumerate(batch.load(Parcel, OTHERS).values()):
            row.record((ParcelDelivered(signed_by=f"Ada {number}"), DELAYED, SCANNED, SCANNED)[number % 4])
    assert Deadline.objects.count() == 30
    assert Deadline.objects.filter(next_at=DELAYED.due_at).count() == 10


def test_a_change_that_leaves_a_timer_alone_does_not_wait_for_who_holds_it() -> None:
    """A sweep holds due rows for as long as its batch takes."""
    given_in_log(Parcel, PARCEL, SENT)
    with session() as sweeper, sweeper.transaction():
        sweeper.do(lambda: list(Deadline.objects.select_for_update()))
        with change(Parcel, PARCEL, by=SYSTEM, now=NOW) as parcel:
            parcel.record(SCANNED)
    assert Deadline.objects.get().next_at == TOMORROW


def test_instants_of_any_zone_are_one_instant() -> None:
    send(PARCEL, due_at=TOMORROW.astimezone(ZoneInfo("Asia/Hong_Kong")), by=SYSTEM, now=NOW)
    assert Deadline.objects.get().due_at == TOMORROW


def test_a_timer_that_would_be_looked_at_too_late_is_refused() -> None:
    with pytest.raises(IntegrityError, match="deadlines_look_no_later_than_late"):
        Deadline.objects.create(id=PARCEL, owner=PARCEL, kind="a", due_at=NOW, late_from=NOW, next_at=TOMORROW)


def test_the_next_attention_is_the_earliest_moment() -> None:
    timer = Timer(kind="a", due_at=TOMORROW, late_from=TOMORROW, warnings=(WARNINGS[1], WARNINGS[0]))
    assert timer.next_at == WARNINGS[0]
    assert Timer(kind="a", due_at=TOMORROW, late_from=TOMORROW).next_at == TOMORROW


def test_others_ask_for_open_deadlines_as_plain_data() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    given_in_log(Parcel, parcel_id("other"), SENT, DELAYED)
    found = open_for([PARCEL, parcel_id("other"), parcel_id("unknown")])
    assert {owner: [one.due_at for one in deadlines] for owner, deadlines in found.items()} == {
        PARCEL: [TOMORROW],
        parcel_id("other"): [DELAYED.due_at],
    }
    first = next_due(PARCEL)
    assert first is not None
    assert (first.kind, first.late_from) == (ARRIVAL, TOMORROW)
    assert next_due(parcel_id("unknown")) is None
    assert held() == []
