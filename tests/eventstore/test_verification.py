"""Verification: whatever was changed behind the log is found, and the first difference is named."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from deadlines.models import Deadline
from eventstore import once
from eventstore.sealing import seal
from eventstore.verification import verify, verify_log
from kernel.ids import derived
from tests.eventstore import shapes  # noqa: F401 — its events must be known
from tests.eventstore.conftest import Superuser
from tests.eventstore.parcels import DELIVERED, PARCEL, SCANNED, SENT
from tests.given import NOW, given_in_log
from tests.personas import MIRA
from tests.toys import commands
from tests.toys.commands import parcel_id
from tests.toys.models import Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

OTHER = parcel_id("other")
UNKNOWN = UUID(int=7)


@pytest.fixture
def parcels(database: object) -> None:
    """Two parcels: one sealed, underway and delivered; one sealed half way."""
    given_in_log(Parcel, PARCEL, SENT, SCANNED, DELIVERED)
    given_in_log(Parcel, OTHER, SENT)
    seal()
    with once(derived("a command")):
        commands.scan(OTHER, "Central", now=NOW)


def found() -> list[str]:
    return [str(difference) for difference in verify()]


@pytest.mark.usefixtures("parcels")
def test_a_true_log_has_no_difference() -> None:
    seal()
    assert found() == []


LOG_TAMPERED = {
    "an event's text": (
        "UPDATE events SET payload = replace(payload, '4.90', '0.90') WHERE stream = '{parcel}' AND version = 1",
        "stream {parcel} version 1 (toys.parcel_sent): the event is not the one that was recorded: its hash differs",
    ),
    "who did it": (
        "UPDATE events SET meta = replace(meta, 'makegood', 'somebody') WHERE stream = '{parcel}' AND version = 2",
        "stream {parcel} version 2 (toys.parcel_scanned): the event is not the one that was recorded",
    ),
    "when it happened": (
        "UPDATE events SET occurred_at = occurred_at - interval '1 microsecond' WHERE version = 3",
        "stream {parcel} version 3 (toys.parcel_delivered): the event is not the one that was recorded",
    ),
    "when it was recorded": (
        "UPDATE events SET recorded_at = recorded_at - interval '1 day' WHERE version = 3",
        "stream {parcel} version 3 (toys.parcel_delivered): the event is not the one that was recorded",
    ),
    "its type": (
        "UPDATE events SET type = 'toys.parcel_lost' WHERE version = 3",
        "stream {parcel} version 3 (toys.parcel_lost): the event is not the one that was recorded",
    ),
    "the text, and its hash computed anew": (
        """UPDATE events SET payload = '{{"place":"elsewhere"}}', hash = sha256('new') WHERE version = 2""",
        "stream {parcel} version 2 (toys.parcel_scanned): the event is not the one that was recorded",
    ),
    "an event removed from the middle": (
        "DELETE FROM events WHERE stream = '{parcel}' AND version = 2",
        "stream {parcel} version 3 (toys.parcel_delivered): version 2 is missing from the stream",
    ),
    "an event removed from the beginning": (
        "DELETE FROM events WHERE stream = '{parcel}' AND version = 1",
        "stream {parcel} version 2 (toys.parcel_scanned): version 1 is missing from the stream",
    ),
    "the end of a sealed stream": (
        "DELETE FROM events WHERE stream = '{parcel}' AND version = 3",
        "stream {parcel} version 3: the event was removed from the log",
    ),
    "a whole sealed stream": (
        "DELETE FROM events WHERE stream = '{parcel}'",
        "stream {parcel} version 1: the event was removed from the log",
    ),
    "the end of a stream that was not sealed yet": (
        "DELETE FROM events WHERE stream = '{other}' AND version = 2",
        "stream {other} version 2: the event of command {command} was removed",
    ),
    "a position": ("DELETE FROM positions WHERE position = 2", "position 2: it is missing"),
    "a position's event": (
        "UPDATE positions SET stream = '{other}', version = 2 WHERE position = 3",
        "seal 1: what it sealed is not what stands in the log",
    ),
    "a seal's hash": ("UPDATE seals SET hash = sha256('new')", "seal 1: what it sealed is not what stands in the log"),
    "a seal's mark": ("UPDATE seals SET id = id + 1", "seal 1: the mark up to which it sealed is not its last event"),
    "a seal": ("DELETE FROM seals", "position 1: it belongs to no seal"),
    "an event's place": (
        "UPDATE events SET xid = '3' WHERE stream = '{other}' AND version = 2",
        "stream {other} version 2: it lies before the last seal and was never numbered",
    ),
}


@pytest.mark.usefixtures("parcels")
@pytest.mark.parametrize(("statement", "sentence"), LOG_TAMPERED.values(), ids=LOG_TAMPERED)
def test_what_was_changed_in_the_log_is_found(statement: str, sentence: str, superuser: Superuser) -> None:
    names = {"parcel": PARCEL, "other": OTHER, "command": derived("a command")}
    superuser(statement.format(**names))
    wanted = sentence.format(**names)
    assert [difference for difference in found() if difference.startswith(wanted)], found()
    assert [str(difference) for difference in verify_log() if str(difference).startswith(wanted)]


def test_the_cut_end_of_an_unsealed_stream_without_a_command_shows_in_its_row(superuser: Superuser) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    superuser("DELETE FROM events WHERE version = 2")
    assert f"toys_parcels {PARCEL}: version is 2, its history says 1" in found()
    superuser("DELETE FROM events")
    assert f"toys_parcels {PARCEL}: the row has no event behind it" in found()


ROWS_TAMPERED = {
    "a field": (
        "UPDATE toys_parcels SET fee = '0.90 EUR' WHERE id = '{parcel}'",
        "toys_parcels {parcel}: fee is Money(amount=Decimal('0.90'), currency='EUR'), its history says Money(",
    ),
    "its state": (
        "UPDATE toys_parcels SET state = 'lost' WHERE id = '{parcel}'",
        "toys_parcels {parcel}: state is 'lost', its history says 'delivered'",
    ),
    "a removed row": ("DELETE FROM toys_parcels WHERE id = '{parcel}'", "toys_parcels {parcel}: the row is missing"),
    "a row of nothing": (
        """INSERT INTO toys_parcels (id, version, state, "to", fee, due_at, warn_at, places)
           VALUES ('{unknown}', 1, 'underway', '', '1.00 EUR', now(), '[]', '[]')""",
        "toys_parcels {unknown}: the row has no event behind it",
    ),
    "a kept row": (
        "UPDATE toys_sightings SET place = 'nowhere' WHERE parcel = '{parcel}'",
        "place is 'nowhere', its history says 'Kowloon'",
    ),
    "a removed kept row": ("DELETE FROM toys_sightings WHERE parcel = '{parcel}'", "the row is missing"),
    "a kept row too many": (
        "INSERT INTO toys_sightings VALUES ('{unknown}', '{parcel}', 9, 'nowhere')",
        "toys_sightings {unknown}: the row has no event behind it",
    ),
    "a kept row of nothing": (
        "INSERT INTO toys_sightings VALUES ('{unknown}', '{unknown}', 9, 'nowhere')",
        "toys_sightings {unknown}: the row has no event behind it",
    ),
    "a moved timer": ("UPDATE deadlines SET due_at = due_at + interval '1 day'", "due_at is datetime.datetime("),
    "a removed timer": ("DELETE FROM deadlines", "the row is missing"),
}


@pytest.mark.usefixtures("parcels")
@pytest.mark.parametrize(("statement", "sentence"), ROWS_TAMPERED.values(), ids=ROWS_TAMPERED)
def test_what_was_changed_in_rows_is_found(statement: str, sentence: str, superuser: Superuser) -> None:
    assert Deadline.objects.filter(owner=OTHER).count() == 1
    names = {"parcel": PARCEL, "unknown": UNKNOWN}
    superuser(statement.format(**names))
    (difference,) = found()
    assert sentence.format(**names) in difference


UNREADABLE = {
    "another shape": ("schema_version = 9", 1, "has version 9, this program knows 1"),
    "an unknown type": ("type = 'toys.forgotten'", 2, "no event type is named 'toys.forgotten'"),
    "an unknown first type": ("type = 'toys.forgotten'", 1, "no aggregate knows an event named 'toys.forgotten'"),
    "an event of something else": (
        """type = 'tests.price_named', payload = '{"dollars":50}'""",
        2,
        "PriceNamed is no event of a parcel",
    ),
}


@pytest.mark.parametrize(("change", "version", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_event_that_cannot_be_read_is_a_difference_not_an_end(
    change: str, version: int, sentence: str, superuser: Superuser
) -> None:
    given_in_log(Parcel, PARCEL, SENT, SCANNED)
    given_in_log(Parcel, OTHER, SENT)
    superuser(f"UPDATE events SET {change} WHERE stream = '{PARCEL}' AND version = {version}")
    superuser("UPDATE toys_parcels SET \"to\" = 'Rival' WHERE id = %s", (OTHER,))
    differences = found()
    assert [one for one in differences if one.startswith(f"stream {PARCEL}: ") and sentence in one], differences
    assert f"toys_parcels {OTHER}: to is 'Rival', its history says 'Acme'" in differences


@pytest.mark.usefixtures("parcels")
def test_the_command_says_that_all_is_well() -> None:
    said = StringIO()
    call_command("verify", stdout=said)
    assert said.getvalue() == "5 events verified: every hash, seal and row is as recorded\n"


@pytest.mark.usefixtures("parcels")
def test_the_command_names_the_first_difference_and_fails(superuser: Superuser) -> None:
    superuser("UPDATE toys_parcels SET fee = '0.90 EUR'")
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", most=1, stdout=said)
    assert ended.value.code == 1
    assert said.getvalue().startswith("difference: toys_parcels ")
    assert said.getvalue().count("\n") == 1


def test_the_command_can_leave_the_rows_out(superuser: Superuser) -> None:
    given_in_log(Parcel, PARCEL, SENT, by=MIRA)
    superuser("UPDATE toys_parcels SET fee = '0.90 EUR'")
    said = StringIO()
    call_command("verify", log_only=True, stdout=said)
    assert said.getvalue() == "1 events verified: every hash and seal is as recorded\n"
