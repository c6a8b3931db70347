"""A stream's events are numbered in their order, however early a transaction took its id."""

import pytest
from django.db import transaction

from eventstore import ConcurrencyConflict
from eventstore.appending import append
from eventstore.errors import BegunTooEarly
from eventstore.raw import execute, written
from eventstore.sealing import seal
from tests.eventstore.sessions import session
from tests.eventstore.staging import OTHER_STREAM, STREAM, scans, versions
from tests.personas import MIRA
from tests.toys.subscriptions import SEEN

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]


def sealed_versions() -> list[int]:
    """Seal everything and tell the stream's versions in the order of their positions."""
    while seal():
        pass
    return [version for (version,) in execute("SELECT version FROM positions ORDER BY position")]


def test_who_took_an_id_before_the_event_it_builds_on_was_written_is_refused_and_then_succeeds_afresh() -> None:
    with session() as early, session() as other:
        with early.transaction():
            early.takes_an_id()
            other.do(lambda: append(scans(), by=MIRA))
            with pytest.raises(BegunTooEarly) as refused:
                early.do(lambda: append(scans(after=1), by=MIRA))
            early.do(lambda: transaction.set_rollback(True))
        assert isinstance(refused.value, ConcurrencyConflict)
        assert early.do(lambda: append(scans(after=1), by=MIRA)) == 2
    assert sealed_versions() == [1, 2]


def test_that_is_so_while_a_third_transaction_holds_the_horizon() -> None:
    with session() as third, session() as early, session() as other:
        with third.transaction():
            third.takes_an_id()
            with early.transaction():
                early.takes_an_id()
                other.do(lambda: append(scans(), by=MIRA))
                with pytest.raises(BegunTooEarly):
                    early.do(lambda: append(scans(after=1), by=MIRA))
                early.do(lambda: transaction.set_rollback(True))
            assert early.do(lambda: append(scans(after=1), by=MIRA)) == 2
            assert sealed_versions() == []
        assert sealed_versions() == [1, 2]


def test_an_id_taken_in_a_savepoint_is_the_transactions_id() -> None:
    with session() as early, session() as other:
        with early.transaction():
            with early.transaction():
                early.do(lambda: written(SEEN, (1, STREAM, 1)))
            other.do(lambda: append(scans(), by=MIRA))
            with early.transaction():
                with pytest.raises(BegunTooEarly):
                    early.do(lambda: append(scans(after=1), by=MIRA))
                early.do(lambda: transaction.set_rollback(True))
        assert early.do(lambda: append(scans(after=1), by=MIRA)) == 2
    assert sealed_versions() == [1, 2]


def test_an_append_in_a_savepoint_is_ordered_by_the_transaction() -> None:
    with session() as writer, session() as other:
        with writer.transaction():
            with writer.transaction():
                writer.do(lambda: append(scans(), by=MIRA))
            with writer.transaction():
                writer.do(lambda: append(scans(after=1), by=MIRA))
                writer.do(lambda: transaction.set_rollback(True))
            writer.do(lambda: append(scans(after=1, count=2), by=MIRA))
        other.do(lambda: append(scans(after=3), by=MIRA))
    assert sealed_versions() == [1, 2, 3, 4]


def test_one_transaction_may_append_to_a_stream_again_and_again() -> None:
    with transaction.atomic():
        for version in range(5):
            append(scans(after=version), by=MIRA)
    assert sealed_versions() == versions() == [1, 2, 3, 4, 5]


def test_an_early_transaction_may_begin_streams_of_its_own() -> None:
    with session() as early, session() as other, early.transaction():
        early.takes_an_id()
        other.do(lambda: append(scans(), by=MIRA))
        early.do(lambda: append(scans(OTHER_STREAM, count=2), by=MIRA))
    assert sorted(sealed_versions()) == [1, 1, 2]
