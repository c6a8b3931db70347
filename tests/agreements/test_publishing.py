"""Published versions: kept as events with their text, never changed, in force from their instant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agreements import commands, queries
from agreements.errors import ExampleFailed, NeedsAnnouncement, TermsRefused
from agreements.events import TermsPublished
from agreements.models import Agreement
from agreements.standing import Standing
from deadlines.models import Deadline
from eventstore import SYSTEM, NotFound, history
from kernel.ids import derived
from tests.agreements.texts import APICHEAP, SOUND, bent
from tests.personas import MIRA

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
STREAM = derived("agreement", "sound")

pytestmark = pytest.mark.django_db


def publish(text: str, *, now: datetime = NOW) -> None:
    commands.publish(text, by=MIRA, now=now)


def starting(begins: str, *, text: str = SOUND) -> str:
    return bent("in_force_from: 2026-01-01", f"in_force_from: {begins}", text=text)


def published() -> list[TermsPublished]:
    return [event for recorded in history(STREAM) if isinstance(event := recorded.event, TermsPublished)]


def test_a_version_is_kept_with_its_exact_text_and_holidays() -> None:
    publish(SOUND)
    (event,) = published()
    assert (event.agreement, event.number, event.text) == ("sound", 1, SOUND)
    assert (event.document_date, event.in_force_from) == (date(2026, 1, 1), FIRST)
    assert date(2026, 12, 25) in {holiday.day for holiday in event.holidays}


def test_publishing_the_same_text_again_changes_nothing() -> None:
    publish(SOUND)
    publish(SOUND)
    assert len(published()) == 1


def test_a_later_version_is_not_published_but_drafted_and_announced() -> None:
    publish(SOUND)
    with pytest.raises(NeedsAnnouncement):
        publish(starting("2026-07-01"))
    assert len(published()) == 1


def test_a_first_version_is_in_force_from_its_day_without_an_announcement() -> None:
    publish(SOUND)
    (version,) = queries.every_version("sound")
    assert version.standing == Standing.IN_FORCE
    assert not Deadline.objects.exists()


def test_a_first_version_may_begin_at_any_instant() -> None:
    publish(starting("2024-04-01T10:30Z"))
    assert queries.versions("sound")[0].in_force_from == datetime(2024, 4, 1, 10, 30, tzinfo=UTC)


def test_terms_with_faults_are_not_published() -> None:
    with pytest.raises(TermsRefused, match="mend: write 10%"):
        publish(bent("pays: 10%", "pays: 10"))


def test_terms_with_errors_that_the_linter_finds_are_not_published() -> None:
    with pytest.raises(TermsRefused, match="is in two rows"):
        publish(bent("{below: 99.0%, pays: 25%}", "{below: 99.1%, pays: 25%}"))


def test_terms_that_contradict_their_examples_are_not_published() -> None:
    with pytest.raises(ExampleFailed, match=r"credit should be 51\.00 USD and is 50\.00 USD"):
        publish(bent("pays: 25%, credit: 50.00 USD", "pays: 25%, credit: 51.00 USD", text=APICHEAP))
    assert queries.current() == []


def test_a_published_version_does_not_follow_a_change_of_the_holiday_list() -> None:
    publish(SOUND)
    (event,) = published()
    found = queries.terms_version("sound", 1)
    assert dict(found.terms.holidays) == {holiday.day: holiday.name for holiday in event.holidays}


def test_a_version_that_is_not_there_is_not_found() -> None:
    publish(SOUND)
    with pytest.raises(NotFound):
        queries.terms_version("sound", 2)
    assert queries.terms_in_force("another", NOW) is None


def test_the_row_of_an_agreement_is_the_fold_of_its_events() -> None:
    publish(SOUND)
    row = Agreement.objects.get(pk=STREAM)
    folded = Agreement.fold(STREAM, [recorded.event for recorded in history(STREAM)])
    for field in ("name", "title", "state", "version", "versions"):
        assert getattr(row, field) == getattr(folded, field)


def test_agreements_are_listed_by_name() -> None:
    commands.publish(APICHEAP, by=SYSTEM, now=NOW)
    publish(SOUND)
    assert [(listed.name, len(listed.versions)) for listed in queries.current()] == [("apicheap", 1), ("sound", 1)]
