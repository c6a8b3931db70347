"""Subscriptions: each sealed event is handled once in effect, in order, and one that fails stops nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from eventstore import ConcurrencyConflict, Subscription, history
from eventstore.appending import append
from eventstore.models import Checkpoint, Parked
from eventstore.raw import written
from eventstore.reading import Recorded
from eventstore.sealing import seal
from eventstore.subscriptions import ATTEMPTS, checkpoint, register, retry, run, run_all
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT
from tests.eventstore.sessions import session, wait_for_lock
from tests.eventstore.staging import scans
from tests.given import NOW, events_of, given_in_log
from tests.personas import MIRA
from tests.toys import commands
from tests.toys.commands import parcel_id
from tests.toys.events import ParcelDelivered, ParcelScanned
from tests.toys.models import Parcel, Seen
from tests.toys.subscriptions import WATCHING

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

Sealed = Callable[..., None]
UNREADABLE = ParcelScanned(place="?")


def seen() -> list[int]:
    """Tell which positions the watching subscription wrote down, in the order in which it did."""
    return list(Seen.objects.order_by("id").values_list("position", flat=True))


def test_it_sees_the_events_of_its_types_in_order_and_each_once(sealed: Sealed) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED)
    sealed(WATCHING)
    given_in_log(Parcel, PARCEL, SCANNED, DELIVERED)
    sealed(WATCHING)
    assert seen() == [2, 3, 4]
    assert checkpoint(WATCHING) == 5


def test_it_passes_over_what_is_not_its_business(sealed: Sealed) -> None:
    for number in range(30):
        given_in_log(Parcel, parcel_id(number), SENT)
    small = Subscription("small", WATCHING.handlers, window=10)
    seal()
    assert [run(small) for _ in range(4)] == [10, 10, 10, 0]
    assert (checkpoint(small), seen()) == (30, [])


def test_the_events_of_a_transaction_share_what_is_around_them(sealed: Sealed) -> None:
    shared: list[list[int]] = []

    @contextmanager
    def around() -> Iterator[None]:
        before = len(seen())
        yield
        shared.append(seen()[before:])

    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED, SCANNED)
    sealed(Subscription("sharing", WATCHING.handlers, batch=2, around=around))
    assert shared == [[2, 3], [4]]


def test_a_new_subscription_begins_at_the_beginning(sealed: Sealed) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED)
    sealed(WATCHING)
    sealed(Subscription("late", WATCHING.handlers))
    assert seen() == [2, 3, 2, 3]


def test_a_batch_and_its_checkpoint_are_one_transaction(sealed: Sealed) -> None:
    """The work of a batch that fails is undone; its events are handled again, one by one."""
    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED, UNREADABLE, SCANNED)
    sealed(WATCHING)
    assert seen() == [2, 3, 5]
    assert checkpoint(WATCHING) == 5


def test_an_event_that_fails_is_tried_again_then_parked_and_shown(sealed: Sealed) -> None:
    given_in_log(Parcel, PARCEL, SENT, UNREADABLE)
    sealed(WATCHING)
    (parked,) = Parked.objects.all()
    assert (parked.subscription, parked.position, parked.stream, parked.version) == ("toys.watching", 2, PARCEL, 2)
    assert (parked.type, parked.error, parked.attempts) == ("toys.parcel_scanned", "Unreadable: ?", ATTEMPTS)


def test_a_parked_event_that_fails_again_stays(sealed: Sealed) -> None:
    given_in_log(Parcel, PARCEL, SENT, UNREADABLE)
    sealed(WATCHING)
    with pytest.raises(Exception, match=r"\?"):
        retry(Parked.objects.get())
    assert Parked.objects.get().attempts == ATTEMPTS + 1


@dataclass
class Helper:
    """A handler that fails until it is mended."""

    broken: bool = True
    handled: list[int] = field(default_factory=list)

    def __call__(self, _event: ParcelScanned, recorded: Recorded) -> None:
        if self.broken:
            raise ValueError("not a number:\0")
        self.handled.append(recorded.position or 0)


def test_a_parked_event_is_handled_once_when_its_handler_is_mended(sealed: Sealed) -> None:
    helper = Helper()
    helped = Subscription("helped", {ParcelScanned: helper})
    register(helped)
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    sealed(helped)
    parked, helper.broken = Parked.objects.get(), False
    assert parked.error == "ValueError: not a number:"
    retry(parked)
    retry(parked)
    assert helper.handled == [2]
    assert not Parked.objects.exists()


def test_what_a_handler_records_names_its_cause_and_the_root(sealed: Sealed) -> None:
    echo = parcel_id("echo")
    ended: list[str] = []

    def answer(_event: ParcelScanned, _recorded: Recorded) -> None:
        given_in_log(Parcel, echo, SENT, DELIVERED)

    first = Subscription("first", {ParcelScanned: answer})
    second = Subscription("second", {ParcelDelivered: lambda _, recorded: ended.append(recorded.meta["correlation"])})
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    sealed(first, second)
    assert [event.meta["causation"] for event in history(echo)] == [f"{PARCEL}/2"] * 2
    assert ended == [f"{PARCEL}/2"]


def test_a_handler_that_meets_a_conflict_is_run_again_in_a_fresh_transaction(sealed: Sealed) -> None:
    with session() as other:
        interruptions = [SCANNED, SCANNED, SCANNED]

        def deliver(_event: ParcelScanned, recorded: Recorded) -> None:
            if recorded.version > 2:
                return
            with transaction.atomic():
                seen_version = len(history(PARCEL))
                if interruptions:
                    other.do(lambda: given_in_log(Parcel, PARCEL, interruptions.pop()))
                append(scans(PARCEL, after=seen_version), by=MIRA)

        given_in_log(Parcel, PARCEL, SENT, SCANNED)
        sealed(Subscription("delivering", {ParcelScanned: deliver}))
    assert events_of(PARCEL) == [SENT, *[SCANNED] * 5]
    assert not Parked.objects.exists()


def test_a_conflict_that_never_ends_does_not_stop_the_rest(sealed: Sealed) -> None:
    def conflicting(_event: ParcelScanned, recorded: Recorded) -> None:
        if recorded.version == 2:
            raise ConcurrencyConflict(PARCEL, expected=1, actual=2)
        written("INSERT INTO toys_seen (position, parcel, version) VALUES (%s, %s, 1)", (recorded.position, PARCEL))

    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED)
    sealed(Subscription("conflicting", {ParcelScanned: conflicting}))
    assert seen() == [3]
    assert Parked.objects.get().position == 2


def test_two_processes_that_run_one_subscription_handle_each_event_once() -> None:
    given_in_log(Parcel, PARCEL, SENT, *[SCANNED] * 20)
    seal()
    with session() as first, session() as second:
        backend = second.backend
        with first.transaction():
            assert first.do(lambda: run(WATCHING)) == 21
            waiting = second.start(lambda: run(WATCHING))
            wait_for_lock(backend)
        waiting.result(10)
    assert seen() == list(range(2, 22))


def test_work_is_undone_where_the_checkpoint_was_moved_meanwhile(sealed: Sealed) -> None:
    given_in_log(Parcel, PARCEL, SENT)
    sealed(WATCHING)
    given_in_log(Parcel, PARCEL, SCANNED)
    seal()
    with session() as other:
        backend = other.backend
        with transaction.atomic():
            Checkpoint.objects.filter(name=WATCHING.name).update(position=2)
            late = other.start(lambda: run(WATCHING))
            wait_for_lock(backend)
        late.result(10)
    assert (checkpoint(WATCHING), seen()) == (2, [])


def test_a_stopped_process_ends_after_its_batch() -> None:
    given_in_log(Parcel, PARCEL, SENT, *[SCANNED] * 20)
    seal()
    patient = Subscription("patient", WATCHING.handlers, batch=5)
    run(patient, stopped=lambda: checkpoint(patient) >= 6)
    assert (checkpoint(patient), len(seen())) == (6, 5)
    run_all([patient])
    assert (checkpoint(patient), len(seen())) == (21, 20)


def test_a_command_that_a_handler_calls_takes_part_in_its_transaction(sealed: Sealed) -> None:
    def deliver_then_fail(_event: ParcelScanned, _recorded: Recorded) -> None:
        commands.deliver(PARCEL, signed_by="Ada", now=NOW)
        raise ZeroDivisionError

    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    sealed(Subscription("failing", {ParcelScanned: deliver_then_fail}))
    assert events_of(PARCEL) == [SENT, SCANNED]
