"""Negotiated terms: drafted, announced or agreed, in force from their day, until theirs; judged as versions are.

The sound agreement counts months in London and asks for 30 days' notice: negotiated terms from 1 July 2026, which
begin at 23:00 UTC on 30 June, are announced by midnight of 1 June in London, 23:00 UTC on 31 May.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from agreements import commands, overrides, overriding, queries
from agreements.errors import (
    AgreedInTheFuture,
    AnotherIsOnItsWay,
    EndsBeforeItBegins,
    ExampleFailed,
    NotADraft,
    NotAgreeable,
    NothingNegotiated,
    NothingToChange,
    NotWithdrawable,
    OverrideDoesNotFit,
    ReasonMissing,
    StartsBeforeItsPredecessor,
    StartsInThePast,
    StartsWithinAPeriod,
    TermsRefused,
    TooLateToAnnounce,
)
from agreements.events import OverrideEnded, VersionTookEffect
from agreements.models import Agreement, Override
from agreements.standing import Standing
from deadlines.models import Deadline
from eventstore import NotFound, history
from eventstore.replaying import replay
from tests.agreements.later import announced_in_time
from tests.agreements.overriding import NOTHING, agreed, negotiated
from tests.agreements.texts import SOUND, bent
from tests.personas import ACME, MIRA, RIVAL

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY = date(2026, 5, 20)
NOTICE_UNTIL = datetime(2026, 5, 31, 23, tzinfo=UTC)
BEGINS = datetime(2026, 6, 30, 23, tzinfo=UTC)
ENDS = datetime(2026, 8, 31, 23, tzinfo=UTC)
STREAM = overrides.override_stream("sound", ACME)
MOMENT = timedelta(microseconds=1)
PUBLIC, OWN = Fraction(995, 1000), Fraction(999, 1000)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_version() -> None:
    queries.forget()
    commands.publish(SOUND, by=MIRA, now=NOW)


def draft(text: str = "", *, now: datetime = NOW) -> None:
    overriding.draft_override(text or negotiated(), ACME, by=MIRA, now=now)


def announce(number: int = 1, *, now: datetime = NOW) -> None:
    overriding.announce_override("sound", ACME, number, by=MIRA, now=now)


def agree(
    number: int = 1, *, now: datetime = NOW, who: str = "Ada", where: str = "Order form 17", on: date = TODAY
) -> None:
    overriding.agree_override("sound", ACME, number, who=who, agreed_on=on, where=where, by=MIRA, now=now)


def withdraw(number: int = 1, *, reason: str = "Not signed.", now: datetime = NOW) -> None:
    overriding.withdraw_override("sound", ACME, number, reason=reason, by=MIRA, now=now)


def settle(*, reached: bool, number: int = 1, now: datetime = NOTICE_UNTIL) -> None:
    missed = () if reached else (ACME,)
    overriding.settle_override_notice("sound", ACME, number, reached=int(reached), not_reached=missed, now=now)


def take_effect(now: datetime) -> None:
    overriding.let_override_take_effect(STREAM, now=now)


def standings() -> list[Standing]:
    return [one.standing for one in overrides.every_override("sound", ACME)]


def target(at: datetime, account: object = ACME) -> Fraction | None:
    found = overrides.terms_in_force_for("sound", account, at)  # type: ignore[arg-type]
    return found.terms.target("plus") if found else None


def deadlines() -> dict[str, datetime]:
    return dict(Deadline.objects.filter(owner=STREAM).values_list("kind", "due_at"))


# Drafts


def test_a_draft_binds_nobody() -> None:
    draft()
    assert standings() == [Standing.DRAFT]
    assert target(BEGINS) == PUBLIC
    assert overrides.override_at("sound", ACME, BEGINS) is None
    assert deadlines() == {}


def test_a_draft_keeps_its_text_and_where_it_is_written() -> None:
    draft(negotiated(until="2026-09-01"))
    (version,) = overrides.every_override("sound", ACME)
    assert version.text == negotiated(until="2026-09-01")
    assert (version.title, version.in_force_from, version.until) == ("Order form 17, §2", BEGINS, ENDS)


def test_the_same_draft_again_changes_nothing() -> None:
    draft()
    draft()
    assert standings() == [Standing.DRAFT]


def test_an_agreement_that_is_not_published_has_nothing_to_negotiate_over() -> None:
    with pytest.raises(NothingToChange):
        draft(bent("overrides: sound", "overrides: other", text=negotiated()))


def test_a_first_version_that_changes_nothing_was_never_negotiated() -> None:
    with pytest.raises(NothingNegotiated):
        draft(NOTHING)


def test_negotiated_terms_are_taken_back_by_a_version_that_changes_nothing() -> None:
    agreed(negotiated(), ACME, now=NOW)
    take_effect(BEGINS)
    agreed(negotiated("2026-09-01", text=NOTHING), ACME, now=BEGINS)
    assert (target(ENDS - MOMENT), target(ENDS)) == (OWN, PUBLIC)


@pytest.mark.parametrize(
    ("begins", "until", "refusal"),
    [
        ("2026-07-02", "", StartsWithinAPeriod),
        ("2026-07-01T00:00Z", "", StartsWithinAPeriod),  # an hour into July in London
        ("2026-05-01", "", StartsInThePast),
        ("2026-07-01", "2026-07-15", EndsBeforeItBegins),
        ("2026-07-01", "2026-07-01", EndsBeforeItBegins),
        ("2026-07-01", "2026-06-01", EndsBeforeItBegins),
    ],
)
def test_negotiated_terms_begin_and_end_with_a_billing_period_and_reach_not_back(
    begins: str, until: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draft(negotiated(begins, until=until))
    assert standings() == []


def test_a_later_version_begins_after_the_one_before_it() -> None:
    agreed(negotiated(), ACME, now=NOW)
    with pytest.raises(StartsBeforeItsPredecessor):
        draft(negotiated(target="99.95%"))


def test_terms_that_do_not_fit_the_agreement_are_refused_with_the_line() -> None:
    with pytest.raises(TermsRefused, match=r"override:9:16: .*There is no tier `gold`"):
        draft(negotiated().replace("plus:", "gold:"))


def test_what_the_running_system_can_not_carry_out_is_refused() -> None:
    with pytest.raises(TermsRefused, match="can not carry this out yet"):
        draft(negotiated().replace("target: {plus: 99.9%}", "credits: {of: fee of the month}"))


def test_an_example_of_the_override_is_tried() -> None:
    with pytest.raises(ExampleFailed):
        draft(negotiated() + "examples: [{name: Ours, given: {tier: plus, uptime: 99.7%}, expect: {missed: false}}]\n")


# Announcing


def test_an_announcement_waits_for_its_mail_and_for_the_last_instant_of_its_notice() -> None:
    draft()
    announce()
    assert standings() == [Standing.ANNOUNCED]
    assert deadlines() == {"agreements.mail": NOW, "agreements.notice": NOTICE_UNTIL}
    overriding.note_override_mailed("sound", ACME, 1, standing=Standing.ANNOUNCED, accounts=1, now=NOW)
    assert deadlines() == {"agreements.notice": NOTICE_UNTIL}


def test_it_is_announced_with_the_notice_of_the_agreement() -> None:
    draft()
    with pytest.raises(TooLateToAnnounce, match=r"30 days' notice.*or note that the customer agreed"):
        announce(now=NOTICE_UNTIL + MOMENT)
    announce(now=NOTICE_UNTIL)


def test_what_reached_the_account_in_time_is_certain_to_come() -> None:
    draft()
    announce()
    settle(reached=True)
    assert standings() == [Standing.NOTIFIED]
    assert (target(BEGINS - MOMENT), target(BEGINS)) == (PUBLIC, OWN)


def test_what_did_not_reach_the_account_never_takes_effect() -> None:
    draft()
    announce()
    settle(reached=False)
    take_effect(BEGINS)
    assert standings() == [Standing.LAPSED]
    assert target(BEGINS) == PUBLIC


def test_only_a_draft_is_announced_and_one_change_at_a_time() -> None:
    draft()
    draft(negotiated("2026-08-01"))
    announce()
    with pytest.raises(NotADraft):
        announce()
    with pytest.raises(AnotherIsOnItsWay):
        announce(2)
    with pytest.raises(AnotherIsOnItsWay):
        agree(2)


# Agreeing


def test_what_the_customer_agreed_to_waits_for_no_notice() -> None:
    draft()
    agree(now=BEGINS - MOMENT, on=date(2026, 6, 30))
    assert standings() == [Standing.AGREED]
    assert target(BEGINS) == OWN
    assert deadlines() == {"agreements.effect": BEGINS, "agreements.mail": BEGINS - MOMENT}


def test_an_announced_version_may_be_agreed_on() -> None:
    draft()
    announce()
    agree()
    settle(reached=False)
    assert standings() == [Standing.AGREED]


def test_the_record_says_who_agreed_when_and_where_that_is_written() -> None:
    draft()
    agree(who=" Ada Acme ", where="Order form 17, signed", on=date(2026, 5, 19))
    consent = overrides.override("sound", ACME, 1).consent
    assert consent is not None
    assert (str(consent.who.reveal()), consent.agreed_on, consent.where) == (
        "Ada Acme",
        date(2026, 5, 19),
        "Order form 17, signed",
    )


def test_an_agreement_without_who_or_where_or_from_tomorrow_is_none() -> None:
    draft()
    with pytest.raises(ReasonMissing):
        agree(who=" ")
    with pytest.raises(ReasonMissing):
        agree(where=" ")
    with pytest.raises(AgreedInTheFuture):
        agree(on=date(2026, 5, 21))
    assert standings() == [Standing.DRAFT]


def test_nobody_agrees_twice_or_to_what_is_over() -> None:
    draft()
    agree()
    with pytest.raises(NotAgreeable):
        agree()
    draft(negotiated("2026-08-01"))
    withdraw()
    announce(2)
    settle(reached=False, number=2, now=datetime(2026, 7, 2, tzinfo=UTC))
    for number in (1, 2):  # withdrawn, lapsed
        with pytest.raises(NotAgreeable):
            agree(number)


def test_consent_that_comes_after_the_start_changes_no_month_that_has_begun() -> None:
    draft()
    with pytest.raises(StartsInThePast):
        agree(now=BEGINS + MOMENT)


# Whose they are


def test_what_was_negotiated_with_one_account_is_nobody_elses() -> None:
    agreed(negotiated(), ACME, now=NOW)
    assert (target(BEGINS), target(BEGINS, RIVAL)) == (OWN, PUBLIC)
    assert list(overrides.overrides_at("sound", BEGINS)) == [ACME]
    for act in (
        lambda: overriding.announce_override("sound", RIVAL, 1, by=MIRA, now=NOW),
        lambda: overriding.withdraw_override("sound", RIVAL, 1, reason="Mine.", by=MIRA, now=NOW),
        lambda: overrides.terms_for("sound", 1, RIVAL, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_terms_are_called_by_both_numbers() -> None:
    agreed(negotiated(), ACME, now=NOW)
    assert overrides.terms_for("sound", 1, ACME, 1).called == "version 1 with negotiated terms 1"
    assert overrides.terms_for("sound", 1, ACME, None).called == "version 1"


# In force, superseded, ended


def test_negotiated_terms_take_effect_and_end_at_their_own_instants() -> None:
    agreed(negotiated(until="2026-09-01"), ACME, now=NOW)
    take_effect(BEGINS)
    assert standings() == [Standing.IN_FORCE]
    assert deadlines()["agreements.effect"] == ENDS
    take_effect(ENDS + timedelta(hours=3))
    assert standings() == [Standing.ENDED]
    began, ended = [one for one in history(STREAM) if isinstance(one.event, VersionTookEffect | OverrideEnded)]
    assert (began.occurred_at, ended.occurred_at) == (BEGINS, ENDS)
    assert (target(ENDS - MOMENT), target(ENDS)) == (OWN, PUBLIC)
    assert "agreements.effect" not in deadlines()


def test_what_was_slept_through_is_recorded_in_its_order() -> None:
    agreed(negotiated(until="2026-09-01"), ACME, now=NOW)
    take_effect(ENDS + timedelta(days=90))
    assert standings() == [Standing.ENDED]


def test_a_version_that_follows_at_the_end_of_another_supersedes_nothing() -> None:
    agreed(negotiated(until="2026-09-01"), ACME, now=NOW)
    take_effect(BEGINS)
    agreed(negotiated("2026-09-01", target="99.95%"), ACME, now=BEGINS)
    take_effect(ENDS)
    assert standings() == [Standing.ENDED, Standing.IN_FORCE]
    assert target(ENDS) == Fraction(9995, 10000)


def test_a_version_that_comes_before_the_end_of_another_supersedes_it() -> None:
    agreed(negotiated(until="2026-09-01"), ACME, now=NOW)
    take_effect(BEGINS)
    agreed(negotiated("2026-08-01", target="99.95%"), ACME, now=BEGINS)
    take_effect(ENDS)
    assert standings() == [Standing.SUPERSEDED, Standing.IN_FORCE]
    assert target(ENDS) == Fraction(9995, 10000)


def test_what_a_version_changes_is_told_against_what_applies_until_then() -> None:
    agreed(negotiated(), ACME, now=NOW)
    take_effect(BEGINS)
    draft(negotiated("2026-09-01", target="99.95%"), now=BEGINS)
    sentences = [one.sentence for one in overrides.changes_of_override("sound", ACME, 2)]
    assert sentences == ["Target of uptime, Plus: 99.95 % instead of 99.9 %."]
    against_all = [one.sentence for one in overrides.negotiated_differences("sound", ACME, 2)]
    assert against_all == ["Target of uptime, Plus: 99.95 % instead of 99.5 %."]


# Withdrawing


def test_a_version_is_withdrawn_before_it_is_in_force_and_who_was_told_is_told() -> None:
    draft()
    withdraw()
    assert deadlines() == {}
    draft()
    agree(2)
    withdraw(2)
    assert standings() == [Standing.WITHDRAWN, Standing.WITHDRAWN]
    assert deadlines() == {"agreements.mail": NOW}
    assert target(BEGINS) == PUBLIC


def test_what_is_in_force_is_not_withdrawn() -> None:
    agreed(negotiated(), ACME, now=NOW)
    with pytest.raises(NotWithdrawable):
        withdraw(now=BEGINS)


# A new version of the agreement


def renamed(begins: str = "2026-09-01") -> str:
    """The next version of the agreement: its one tier has another name."""
    text = bent("in_force_from: 2026-01-01", f"in_force_from: {begins}")
    return bent(
        "target: {plus:",
        "target: {gold:",
        text=bent("tiers: {plus: {title: Plus}}", "tiers: {gold: {title: Gold}}", text=text),
    )


def more(begins: str = "2026-09-01") -> str:
    return bent("pays: 10%", "pays: 15%", text=bent("in_force_from: 2026-01-01", f"in_force_from: {begins}"))


def test_a_change_of_the_agreement_applies_except_where_something_else_was_negotiated() -> None:
    agreed(negotiated(), ACME, now=NOW)
    announced_in_time(more(), now=NOW)
    found = overrides.terms_in_force_for("sound", ACME, ENDS)
    assert found is not None
    assert (found.version, found.override, found.terms.target("plus")) == (2, 1, OWN)
    assert found.terms.credits is not None
    assert found.terms.credits.rows[0].pay.flat_share == Fraction(15, 100)


def test_a_version_on_which_something_negotiated_no_longer_fits_is_not_drafted() -> None:
    agreed(negotiated(), ACME, now=NOW)
    with pytest.raises(OverrideDoesNotFit, match=r"account A-1001 does not fit.*\n.*:9:16: .*no tier `plus`"):
        commands.draft(renamed(), by=MIRA, now=NOW)


def test_nor_announced_where_it_was_negotiated_meanwhile() -> None:
    commands.draft(renamed(), by=MIRA, now=NOW)
    agreed(negotiated(), ACME, now=NOW)
    with pytest.raises(OverrideDoesNotFit):
        commands.announce("sound", 2, by=MIRA, now=NOW)
    assert queries.version("sound", 2).standing == Standing.DRAFT


def test_what_ends_before_a_version_begins_does_not_keep_it_from_coming() -> None:
    agreed(negotiated(until="2026-09-01"), ACME, now=NOW)
    assert announced_in_time(renamed(), now=NOW) == 2


def test_terms_are_negotiated_over_every_version_in_their_time() -> None:
    announced_in_time(renamed(), now=NOW)
    with pytest.raises(TermsRefused, match="no tier `plus`"):
        draft()
    draft(negotiated(until="2026-09-01"))
    draft(negotiated("2026-09-01").replace("plus:", "gold:"))
    assert standings() == [Standing.DRAFT, Standing.DRAFT]


def test_a_version_is_not_withdrawn_from_under_what_was_negotiated_over_it() -> None:
    announced_in_time(renamed(), now=NOW)
    agreed(negotiated("2026-09-01").replace("plus:", "gold:"), ACME, now=NOW)
    with pytest.raises(OverrideDoesNotFit):
        commands.withdraw("sound", 2, reason="A mistake.", by=MIRA, now=NOW)
    withdraw()
    commands.withdraw("sound", 2, reason="A mistake.", by=MIRA, now=NOW)


def test_the_row_is_the_fold_of_its_events_through_all_of_it() -> None:
    agreed(negotiated(until="2026-08-01"), ACME, now=NOW)
    overriding.note_override_mailed("sound", ACME, 1, standing=Standing.AGREED, accounts=1, now=NOW)
    take_effect(BEGINS)
    draft(negotiated("2026-09-01"), now=BEGINS)
    announce(2, now=BEGINS)
    overriding.note_override_told("sound", ACME, 2, told_at=BEGINS, how="By letter.", by=MIRA, now=BEGINS)
    settle(reached=False, number=2, now=datetime(2026, 8, 2, tzinfo=UTC))
    take_effect(datetime(2026, 8, 2, tzinfo=UTC))
    row = Override.objects.get(pk=STREAM)
    folded = Override.fold(STREAM, [recorded.event for recorded in history(STREAM)])
    for field in ("agreement", "account", "state", "version", "versions"):
        assert getattr(row, field) == getattr(folded, field)
    assert standings() == [Standing.ENDED, Standing.LAPSED]


def test_both_are_rebuilt_from_the_log_though_they_share_events() -> None:
    announced_in_time(more(), now=NOW)
    agreed(negotiated(), ACME, now=NOW)
    before = [list(model.objects.values()) for model in (Agreement, Override)]
    replay((Agreement, Override))
    assert [list(model.objects.values()) for model in (Agreement, Override)] == before
