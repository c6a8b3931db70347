"""A later version: drafted, announced with its notice, in force from its day, superseding the one before it.

The sound agreement counts months in London and asks for 30 days' notice (the default): a version from 1 July 2026,
which begins at 23:00 UTC on 30 June, is announced by midnight of 1 June in London, 23:00 UTC on 31 May.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection

from agreements import commands, queries
from agreements.errors import (
    AnotherIsOnItsWay,
    CurrencyChanged,
    NotADraft,
    NotAnnounced,
    NothingToChange,
    NotWithdrawable,
    ReasonMissing,
    StartsBeforeItsPredecessor,
    StartsInThePast,
    StartsWithinAPeriod,
    TermsRefused,
    ToldInTheFuture,
    TooLateToAnnounce,
)
from agreements.events import VersionTookEffect
from agreements.models import Agreement
from agreements.standing import Standing
from deadlines.models import Deadline
from eventstore import NotFound, history
from kernel.ids import derived
from tests.agreements.texts import SOUND, bent
from tests.personas import ACME, MIRA, RIVAL

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
NOTICE_UNTIL = datetime(2026, 5, 31, 23, tzinfo=UTC)
BEGINS = datetime(2026, 6, 30, 23, tzinfo=UTC)
STREAM = derived("agreement", "sound")
MOMENT = timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_version() -> None:
    queries.forget()
    commands.publish(SOUND, by=MIRA, now=NOW)


def later(begins: str = "2026-07-01", pays: str = "15%") -> str:
    return bent("in_force_from: 2026-01-01", f"in_force_from: {begins}", text=bent("pays: 10%", f"pays: {pays}"))


def draft(begins: str = "2026-07-01", *, pays: str = "15%", now: datetime = NOW) -> None:
    commands.draft(later(begins, pays), by=MIRA, now=now)


def announce(number: int = 2, *, now: datetime = NOW) -> None:
    commands.announce("sound", number, by=MIRA, now=now)


def settle(*not_reached: UUID, number: int = 2, now: datetime = NOTICE_UNTIL) -> None:
    commands.settle_notice("sound", number, reached=3, not_reached=not_reached, now=now)


def withdraw(number: int = 2, *, reason: str = "A mistake.", now: datetime = NOW) -> None:
    commands.withdraw("sound", number, reason=reason, by=MIRA, now=now)


def take_effect(now: datetime) -> None:
    commands.take_effect(STREAM, now=now)


def standings() -> list[Standing]:
    return [one.standing for one in queries.every_version("sound")]


def in_force(at: datetime) -> int:
    found = queries.terms_in_force("sound", at)
    return found.version if found else 0


def deadlines() -> dict[str, datetime]:
    return dict(Deadline.objects.filter(owner=STREAM).values_list("kind", "due_at"))


# Drafts


def test_a_draft_binds_nobody() -> None:
    draft()
    assert standings() == [Standing.IN_FORCE, Standing.DRAFT]
    assert in_force(BEGINS) == 1
    assert [one.number for one in queries.versions("sound")] == [1]
    assert deadlines() == {}


def test_a_draft_keeps_its_text() -> None:
    draft()
    assert queries.terms_version("sound", 2).document.source.text == later()


def test_the_same_draft_again_changes_nothing() -> None:
    draft()
    draft()
    assert len(standings()) == 2


def test_a_draft_that_was_withdrawn_can_be_drafted_again() -> None:
    draft()
    withdraw()
    draft()
    assert standings() == [Standing.IN_FORCE, Standing.WITHDRAWN, Standing.DRAFT]


def test_an_agreement_without_a_version_has_nothing_to_change() -> None:
    with pytest.raises(NothingToChange):
        commands.draft(bent("agreement: sound", "agreement: other"), by=MIRA, now=NOW)


def test_a_draft_with_faults_is_refused() -> None:
    with pytest.raises(TermsRefused):
        draft(pays="15")


@pytest.mark.parametrize(
    ("begins", "refusal"),
    [
        ("2026-07-02", StartsWithinAPeriod),
        ("2026-07-01T00:00Z", StartsWithinAPeriod),  # an hour into July in London
        ("2026-05-01", StartsInThePast),
        ("2026-01-01T00:00Z", StartsBeforeItsPredecessor),
        ("2025-12-01", StartsBeforeItsPredecessor),
    ],
)
def test_a_later_version_begins_with_a_billing_period_and_reaches_not_back(
    begins: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draft(begins)
    assert len(standings()) == 1


# Announcing


def test_a_later_version_keeps_the_currency_in_which_customers_hold_credit() -> None:
    with pytest.raises(CurrencyChanged):
        commands.draft(bent("currency: EUR", "currency: USD", text=later()), by=MIRA, now=NOW)


def test_an_announcement_waits_for_its_mails_and_for_the_last_instant_of_its_notice() -> None:
    draft()
    announce()
    assert standings()[-1] == Standing.ANNOUNCED
    assert deadlines() == {"agreements.mail": NOW, "agreements.notice": NOTICE_UNTIL}
    commands.note_mailed("sound", 2, standing=Standing.ANNOUNCED, accounts=3, now=NOW)
    assert deadlines() == {"agreements.notice": NOTICE_UNTIL}


@pytest.mark.parametrize(
    ("begins", "last"),
    [
        ("2026-07-01", "2026-05-31T23:00Z"),  # 1 June 00:00 in London, an hour before UTC
        ("2026-08-01", "2026-07-01T23:00Z"),  # 31 July has 31 days: 2 July
        ("2026-11-01", "2026-10-01T23:00Z"),  # the clocks go back between: 2 October, still in summer time
        ("2027-03-01", "2027-01-30T00:00Z"),  # 30 days before 1 March
    ],
)
def test_the_notice_is_counted_in_days_of_the_agreements_zone(begins: str, last: str) -> None:
    until = datetime.fromisoformat(last)
    draft(begins)
    with pytest.raises(TooLateToAnnounce, match="30 days' notice"):
        announce(now=until + MOMENT)
    announce(now=until)
    assert queries.version("sound", 2).notice_until == until


def test_the_notice_that_counts_is_that_of_the_version_in_force_and_not_the_new_ones() -> None:
    text = later() + "changes: {notice: 1 day}\n"
    commands.draft(text, by=MIRA, now=NOW)
    with pytest.raises(TooLateToAnnounce):
        announce(now=NOTICE_UNTIL + MOMENT)


def test_only_a_draft_is_announced() -> None:
    draft()
    announce()
    with pytest.raises(NotADraft):
        announce()
    with pytest.raises(NotADraft):
        announce(1)


def test_a_second_change_waits_until_the_first_is_in_force() -> None:
    draft("2026-07-01")
    draft("2026-08-01")
    announce(2)
    with pytest.raises(AnotherIsOnItsWay):
        announce(3)
    settle()
    take_effect(BEGINS)
    announce(3, now=BEGINS)
    assert standings() == [Standing.SUPERSEDED, Standing.IN_FORCE, Standing.ANNOUNCED]


def test_a_draft_whose_time_has_passed_while_it_lay_there_is_not_announced() -> None:
    draft()
    with pytest.raises(StartsInThePast):
        announce(now=BEGINS + MOMENT)


def test_a_version_that_is_not_there_is_not_announced() -> None:
    with pytest.raises(NotFound):
        announce(7)


# Whether it went out in time


def test_what_went_out_to_everybody_in_time_is_certain_to_come() -> None:
    draft()
    announce()
    settle()
    assert standings()[-1] == Standing.NOTIFIED
    assert (in_force(BEGINS - MOMENT), in_force(BEGINS)) == (1, 2)


def test_what_did_not_reach_one_account_in_time_never_takes_effect() -> None:
    draft()
    announce()
    settle(ACME)
    take_effect(BEGINS)
    assert standings() == [Standing.IN_FORCE, Standing.LAPSED]
    assert queries.version("sound", 2).not_reached == (ACME,)
    assert in_force(BEGINS) == 1


def test_nothing_is_settled_before_the_last_instant() -> None:
    draft()
    announce()
    settle(ACME, now=NOTICE_UNTIL - MOMENT)
    assert standings()[-1] == Standing.ANNOUNCED


def test_what_is_settled_stays_settled() -> None:
    draft()
    announce()
    settle()
    settle(ACME)
    assert standings()[-1] == Standing.NOTIFIED


def test_until_it_is_settled_an_announcement_binds_nobody() -> None:
    draft()
    announce()
    assert in_force(BEGINS) == 1


def test_an_account_that_was_told_otherwise_is_noted_with_how() -> None:
    draft()
    announce()
    commands.note_told("sound", 2, RIVAL, told_at=NOW, how="By letter.", by=MIRA, now=NOW)
    (told,) = queries.version("sound", 2).told
    assert (told.account, told.told_at, told.how) == (RIVAL, NOW, "By letter.")


def test_telling_otherwise_needs_how_and_an_announcement_and_lies_not_ahead() -> None:
    draft()
    with pytest.raises(NotAnnounced):
        commands.note_told("sound", 2, RIVAL, told_at=NOW, how="By letter.", by=MIRA, now=NOW)
    announce()
    with pytest.raises(ReasonMissing):
        commands.note_told("sound", 2, RIVAL, told_at=NOW, how=" ", by=MIRA, now=NOW)
    with pytest.raises(ToldInTheFuture):
        commands.note_told("sound", 2, RIVAL, told_at=NOW + MOMENT, how="By letter.", by=MIRA, now=NOW)


# In force and superseded


def test_a_version_takes_effect_at_its_own_instant_and_supersedes_the_one_before() -> None:
    draft()
    announce()
    settle()
    assert deadlines()["agreements.effect"] == BEGINS
    take_effect(BEGINS - MOMENT)
    assert standings() == [Standing.IN_FORCE, Standing.NOTIFIED]
    take_effect(BEGINS + timedelta(hours=5))
    assert standings() == [Standing.SUPERSEDED, Standing.IN_FORCE]
    _, second = [one for one in history(STREAM) if isinstance(one.event, VersionTookEffect)]
    assert second.event == VersionTookEffect(number=2, superseded=1)
    assert second.occurred_at == BEGINS
    assert "agreements.effect" not in deadlines()


def test_taking_effect_twice_changes_nothing() -> None:
    draft()
    announce()
    settle()
    take_effect(BEGINS)
    before = len(history(STREAM))
    take_effect(BEGINS)
    assert len(history(STREAM)) == before


def test_terms_that_are_in_force_know_nothing_of_drafts() -> None:
    draft()
    assert [len(one.versions) for one in queries.current()] == [1]


# Withdrawing


@pytest.mark.parametrize("steps", [(), (announce,), (announce, settle)])
def test_a_version_is_withdrawn_before_it_is_in_force(steps: tuple[object, ...]) -> None:
    draft()
    for step in steps:
        step()  # type: ignore[operator]
    withdraw(now=BEGINS - MOMENT)
    assert standings()[-1] == Standing.WITHDRAWN
    take_effect(BEGINS)
    assert in_force(BEGINS) == 1


def test_customers_hear_of_a_withdrawal_only_where_they_were_told_of_the_version() -> None:
    draft()
    withdraw()
    assert deadlines() == {}
    draft("2026-08-01")
    announce(3)
    withdraw(3)
    assert deadlines() == {"agreements.mail": NOW}


def test_a_mail_that_tells_the_announcement_does_not_stand_for_the_withdrawal() -> None:
    draft()
    announce()
    withdraw()
    commands.note_mailed("sound", 2, standing=Standing.ANNOUNCED, accounts=3, now=NOW)
    assert deadlines() == {"agreements.mail": NOW}
    commands.note_mailed("sound", 2, standing=Standing.WITHDRAWN, accounts=3, now=NOW)
    assert deadlines() == {}


def test_what_is_in_force_or_over_is_not_withdrawn() -> None:
    draft()
    announce()
    settle()
    for number, now in ((1, NOW), (2, BEGINS)):
        with pytest.raises(NotWithdrawable):
            withdraw(number, now=now)
    take_effect(BEGINS)
    with pytest.raises(NotWithdrawable):
        withdraw(2, now=BEGINS)


def test_a_withdrawal_says_why() -> None:
    draft()
    with pytest.raises(ReasonMissing):
        withdraw(reason="  ")


def test_the_row_of_an_agreement_is_the_fold_of_its_events_through_all_of_it() -> None:
    draft()
    announce()
    commands.note_mailed("sound", 2, standing=Standing.ANNOUNCED, accounts=3, now=NOW)
    commands.note_told("sound", 2, RIVAL, told_at=NOW, how="By letter.", by=MIRA, now=NOW)
    settle()
    take_effect(BEGINS)
    draft("2026-09-01", now=BEGINS)
    announce(3, now=BEGINS)
    settle(ACME, number=3, now=datetime(2026, 8, 2, tzinfo=UTC))
    draft("2026-10-01", now=BEGINS)
    withdraw(4)
    row = Agreement.objects.get(pk=STREAM)
    folded = Agreement.fold(STREAM, [recorded.event for recorded in history(STREAM)])
    for field in ("name", "title", "state", "version", "versions"):
        assert getattr(row, field) == getattr(folded, field)
    assert standings() == [Standing.SUPERSEDED, Standing.IN_FORCE, Standing.LAPSED, Standing.WITHDRAWN]


def test_versions_from_before_versions_had_a_standing_are_woken_on_their_day() -> None:
    """Rows of an older installation have no deadline until the migration gives them one."""
    Deadline.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_agreement SET versions = (versions::jsonb #- '{0,standing}')::text")
    migration = import_module("agreements.migrations.0002_versions_on_their_way")
    migration.wake(None, SimpleNamespace(connection=connection))
    row = Agreement.objects.get(pk=STREAM)
    asked = Agreement.keeps[0].expected(row, [])
    columns = ("id", "owner", "kind", "due_at", "late_from", "next_at")
    assert list(Deadline.objects.values_list(*columns)) == [
        tuple(getattr(one, name) for name in columns) for one in asked
    ]
    take_effect(NOW)
    assert standings() == [Standing.IN_FORCE]
