"""Prepared statements that the server forgot, as behind a pooler or after DISCARD ALL, are prepared again."""

import os
import re

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from eventstore.raw import execute, one
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT
from tests.given import events_of, given_in_log
from tests.toys.models import Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

DOUBLED = "SELECT 2 * %s"


def server_forgets(words: str = "DISCARD ALL") -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)


def test_outside_a_transaction_it_is_as_if_nothing_had_been_forgotten() -> None:
    assert one(DOUBLED, (2,)) == (4,)
    server_forgets()
    assert one(DOUBLED, (3,)) == (6,)


def test_a_command_writes_on_a_connection_whose_statements_are_gone() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    server_forgets()
    given_in_log(Parcel, PARCEL, SCANNED)
    server_forgets()
    with transaction.atomic():
        given_in_log(Parcel, PARCEL, DELIVERED)
    assert events_of(PARCEL) == [SENT, SCANNED, DELIVERED]


@transaction.atomic
def scanned_while_the_server_forgets() -> None:
    given_in_log(Parcel, PARCEL, SCANNED)
    server_forgets("DEALLOCATE ALL")
    one(DOUBLED, (3,))


def test_a_transaction_that_has_begun_is_lost_as_a_whole_and_the_next_one_works() -> None:
    given_in_log(Parcel, PARCEL, SENT)
    assert one(DOUBLED, (2,)) == (4,)
    with pytest.raises(DatabaseError, match="does not exist"):
        scanned_while_the_server_forgets()
    assert events_of(PARCEL) == [SENT]

    with transaction.atomic():
        given_in_log(Parcel, PARCEL, SCANNED)
        assert one(DOUBLED, (3,)) == (6,)
    assert events_of(PARCEL) == [SENT, SCANNED]


def test_what_was_forgotten_once_is_prepared_once() -> None:
    for _ in range(3):
        one(DOUBLED, (2,))
    server_forgets()
    for _ in range(3):
        one(DOUBLED, (2,))
    assert execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 2 *%%'") == [(1,)]


def test_no_two_processes_name_their_statements_alike() -> None:
    """A pooler may give the session of one to the other, who would run what it never wrote."""
    one(DOUBLED, (2,))
    names = execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'makegood%%'")
    assert names
    assert all(re.fullmatch(rf"makegood_[0-9a-f]{{8}}_{os.getpid()}_\d+", name) for (name,) in names)


def test_another_error_is_told_as_it_is() -> None:
    with pytest.raises(DatabaseError) as refusal:
        one("SELECT 1 / %s", (0,))
    assert isinstance(refusal.value.__cause__, psycopg.errors.DivisionByZero)
