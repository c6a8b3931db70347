"""Changing a thing: load, decide, record; its row and its history are written together or not at all."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from eventstore import AlreadyExists, ConcurrencyConflict, NotFound, TransitionRefused, begin, change, changes
from eventstore.aggregate import Aggregate, NotOpen, evolves
from eventstore.errors import RowBehindLog
from eventstore.verification import verify
from tests.eventstore.conftest import Superuser
from tests.eventstore.parcels import DELIVERED, LOST, PARCEL, SCANNED, SENT
from tests.eventstore.sessions import session
from tests.given import NOW, events_of, given, given_in_log, recorded
from tests.personas import MIRA
from tests.toys.models import Parcel, Sighting

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]
OTHERS = [UUID(int=number) for number in range(100, 150)]


def stored(parcel: UUID = PARCEL) -> Parcel:
    return Parcel.objects.get(id=parcel)


def test_what_is_recorded_is_in_the_log_and_in_the_row() -> None:
    with begin(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
        parcel.record(SENT)
        parcel.record(SCANNED)
        assert parcel.places == ("Kowloon",)
    assert events_of(PARCEL) == [SENT, SCANNED]
    row = stored()
    assert (row.version, row.state, row.to, row.fee, row.places) == (2, "underway", "Acme", SENT.fee, ("Kowloon",))


def test_a_thing_is_changed_from_where_it_is() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
        assert (parcel.version, parcel.state) == (1, "underway")
        parcel.record(SCANNED)
        parcel.record(DELIVERED)
    assert events_of(PARCEL) == [SENT, SCANNED, DELIVERED]
    assert (stored().version, stored().state) == (3, "delivered")
    assert not list(verify())


def test_a_thing_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(NotFound, match="no such parcel"), change(Parcel, PARCEL, by=MIRA, now=NOW):
        raise AssertionError("there is nothing to change")


def test_a_thing_that_is_there_cannot_begin() -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    with pytest.raises(AlreadyExists) as refused, begin(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
        parcel.record(SENT)
    assert refused.value.actual == 2
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_a_change_that_records_nothing_writes_nothing() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
        parcel.to = "nobody"
    assert (stored().version, stored().to) == (1, "Acme")


def test_the_lifecycle_refuses_and_says_what_was_wished() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELIVERED)
    with (
        pytest.raises(TransitionRefused, match="A parcel that is delivered cannot become lost") as refused,
        change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel,
    ):
        parcel.record(LOST)
    assert (refused.value.state, refused.value.wish) == ("delivered", "lost")
    assert events_of(PARCEL) == [SENT, DELIVERED]


def test_a_decision_that_fails_half_way_leaves_nothing() -> None:
    def decide() -> None:
        with change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
            parcel.record(SCANNED)
            raise ZeroDivisionError

    given_in_log(Parcel, PARCEL, SENT)
    with pytest.raises(ZeroDivisionError):
        decide()
    assert events_of(PARCEL) == [SENT]
    assert stored().places == ()


def test_who_decides_on_an_old_row_is_told() -> None:
    def decide_late() -> None:
        with session() as other, change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
            other.do(lambda: given_in_log(Parcel, PARCEL, SCANNED))
            parcel.record(DELIVERED)

    given_in_log(Parcel, PARCEL, SENT)
    with pytest.raises(ConcurrencyConflict) as refused:
        decide_late()
    assert (refused.value.expected, refused.value.actual) == (1, 2)
    assert stored().state == "underway"


def test_a_rule_of_the_rows_own_table_is_no_conflict_and_undoes_the_events() -> None:
    given_in_log(Parcel, PARCEL, SENT, DELIVERED)
    with pytest.raises(IntegrityError, match="toys_a_name_signs_once"):
        given_in_log(Parcel, OTHERS[0], SENT, DELIVERED)
    assert events_of(OTHERS[0]) == []


def test_a_row_behind_its_history_is_taken_for_a_conflict(superuser: Superuser) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    superuser("UPDATE toys_parcels SET version = 1")
    with pytest.raises(ConcurrencyConflict) as refused:
        given_in_log(Parcel, PARCEL, DELIVERED)
    assert (refused.value.expected, refused.value.actual) == (1, 2)


def test_a_row_that_is_gone_is_not_passed_over(superuser: Superuser) -> None:
    def decide() -> None:
        with change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
            superuser("DELETE FROM toys_parcels")
            parcel.record(DELIVERED)

    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    with pytest.raises(RowBehindLog):
        decide()
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_what_is_recorded_outside_of_a_change_is_refused_not_lost() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with pytest.raises(NotOpen):
        stored().record(SCANNED)
    with change(Parcel, PARCEL, by=MIRA, now=NOW) as parcel:
        parcel.record(SCANNED)
    with pytest.raises(NotOpen):
        parcel.record(DELIVERED)


def test_kept_rows_are_written_with_the_events() -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED, SCANNED)
    assert list(Sighting.objects.values_list("parcel", "version", "place")) == [
        (PARCEL, 2, "Kowloon"),
        (PARCEL, 3, "Kowloon"),
    ]


def test_many_things_are_changed_at_once() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with changes(by=MIRA, now=NOW) as batch:
        for other in OTHERS:
            batch.begin(Parcel, other).record(SENT)
        found = batch.load(Parcel, [PARCEL, UUID(int=1)])
        assert list(found) == [PARCEL]
        found[PARCEL].record(SCANNED)
    assert Parcel.objects.filter(id__in=OTHERS, version=1, state="underway").count() == len(OTHERS)
    with changes(by=MIRA, now=NOW) as batch:
        for row in batch.load(Parcel, [PARCEL, *OTHERS]).values():
            row.record(SCANNED)
            row.record(LOST)
    assert events_of(PARCEL) == [SENT, SCANNED, SCANNED, LOST]
    assert Parcel.objects.filter(state="lost").count() == len(OTHERS) + 1
    assert Sighting.objects.count() == len(OTHERS) + 2
    assert not list(verify())


def test_one_conflict_undoes_the_whole_batch() -> None:
    def decide_late() -> None:
        with session() as other, changes(by=MIRA, now=NOW) as batch:
            batch.begin(Parcel, OTHERS[0]).record(SENT)
            batch.load(Parcel, [PARCEL])[PARCEL].record(SCANNED)
            other.do(lambda: given_in_log(Parcel, PARCEL, DELIVERED))

    given_in_log(Parcel, PARCEL, SENT)
    with pytest.raises(ConcurrencyConflict) as refused:
        decide_late()
    assert refused.value.stream == PARCEL
    assert not Parcel.objects.filter(id=OTHERS[0]).exists()


def test_a_batch_has_one_row_for_one_thing() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with changes(by=MIRA, now=NOW) as batch:
        begun = batch.begin(Parcel, OTHERS[0])
        begun.record(SENT)
        first = batch.load(Parcel, [PARCEL, PARCEL])[PARCEL]
        first.record(SCANNED)
        again = batch.load(Parcel, [PARCEL, OTHERS[0]])
        assert (again[PARCEL], again[OTHERS[0]]) == (first, begun)
        again[PARCEL].record(DELIVERED)
        with pytest.raises(AlreadyExists):
            batch.begin(Parcel, PARCEL)
    assert events_of(PARCEL) == [SENT, SCANNED, DELIVERED]


def test_a_batch_without_events_writes_nothing() -> None:
    with changes(by=MIRA, now=NOW) as batch:
        batch.begin(Parcel, PARCEL)
    assert not Parcel.objects.exists()


def test_a_change_whose_transaction_can_only_be_rolled_back_says_so() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), change(Parcel, PARCEL, by=MIRA, now=NOW):
            raise ZeroDivisionError
        with pytest.raises(transaction.TransactionManagementError), change(Parcel, PARCEL, by=MIRA, now=NOW):
            raise AssertionError("it would be undone in silence")


def test_a_history_can_be_given_in_memory() -> None:
    parcel = given(Parcel, PARCEL, SENT, SCANNED)
    parcel.record(DELIVERED)
    assert recorded(parcel) == [DELIVERED]
    assert (parcel.version, parcel.state, parcel.signed_by) == (3, "delivered", "Ada")


def test_two_methods_for_one_type_of_event_are_refused() -> None:
    with pytest.raises(TypeError, match="two methods for one type of event"):

        class Confused(Aggregate):
            @evolves(type(SENT), source="new", target="a")
            def one(self, event: object) -> None: ...

            @evolves(type(SENT), source="a", target="b")
            def other(self, event: object) -> None: ...

            class Meta:
                app_label = "toys"
                abstract = True
