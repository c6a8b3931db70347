"""Personal text: read while its key is there, erased with it; history stays provable."""

from dataclasses import replace
from uuid import UUID

import pytest

from eventstore import ERASED, Private
from eventstore.models import SubjectKey
from eventstore.private import erase, reveal_all
from eventstore.raw import one
from eventstore.replaying import replay
from eventstore.verification import verify
from tests.eventstore.parcels import PARCEL, SENT
from tests.eventstore.sessions import session
from tests.given import events_of, given_in_log
from tests.personas import ACME, RIVAL
from tests.toys.events import ParcelSent
from tests.toys.models import Parcel

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.postgres15]

WORDS = "leave it with Zoë, 2nd floor"


def noted(words: str, *, subject: UUID = ACME) -> Private:
    """Send a parcel with private words on it, and give them as its row holds them."""
    given_in_log(Parcel, PARCEL, replace(SENT, note=Private.seal(words, subject=subject)))
    note = Parcel.objects.get(id=PARCEL).note
    assert isinstance(note, Private)
    return note


def test_words_are_read_from_row_and_history() -> None:
    assert noted(WORDS).reveal() == WORDS
    (sent,) = events_of(PARCEL)
    assert isinstance(sent, ParcelSent)
    assert sent.note is not None
    assert sent.note.reveal() == WORDS


def test_neither_the_log_nor_the_row_holds_the_words() -> None:
    noted(WORDS)
    assert one("SELECT count(*) FROM events WHERE payload LIKE '%%Zoë%%'") == (0,)
    assert one("SELECT count(*) FROM toys_parcels WHERE note LIKE '%%Zoë%%'") == (0,)


def test_erasing_the_key_erases_the_words_and_leaves_history_and_rows_provable() -> None:
    noted(WORDS)
    erase(ACME)
    assert Parcel.objects.get(id=PARCEL).note.reveal() == ERASED
    replay([Parcel])
    assert Parcel.objects.get(id=PARCEL).note.reveal() == ERASED
    assert not list(verify())


def test_one_subjects_erasure_is_nobody_elses() -> None:
    kept, erased = Private.seal("kept", subject=RIVAL), Private.seal("erased", subject=ACME)
    erase(ACME)
    assert (kept.reveal(), erased.reveal()) == ("kept", ERASED)


def test_a_subject_that_returns_gets_a_new_key_and_the_old_words_stay_erased() -> None:
    before = Private.seal("before", subject=ACME)
    erase(ACME)
    after = Private.seal("after", subject=ACME)
    assert (before.reveal(), after.reveal()) == (ERASED, "after")
    assert SubjectKey.objects.count() == 1


def test_many_words_are_read_by_one_query(django_assert_max_num_queries: object) -> None:
    texts = [Private.seal(f"words {number}", subject=(ACME, RIVAL)[number % 2]) for number in range(6)]
    erase(RIVAL)
    assert reveal_all(texts) == ["words 0", ERASED, "words 2", ERASED, "words 4", ERASED]


def test_two_that_seal_at_once_share_the_key() -> None:
    with session() as other:
        first, second = Private.seal("one", subject=ACME), other.do(lambda: Private.seal("two", subject=ACME))
    assert (first.reveal(), second.reveal()) == ("one", "two")
    assert SubjectKey.objects.count() == 1


def test_any_text_can_be_sealed() -> None:
    for text in ("", "a\0b", "新界" * 10_000):
        assert Private.seal(text, subject=ACME).reveal() == text
