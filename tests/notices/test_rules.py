"""What a server's answer means, and when a mail is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.ids import derived
from notices import rules
from notices.rules import Verdict

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (421, Verdict.FAILED),  # shutting down
        (450, Verdict.FAILED),  # mailbox busy
        (451, Verdict.FAILED),  # greylisted
        (452, Verdict.FAILED),  # out of space
        (500, Verdict.REFUSED),
        (550, Verdict.REFUSED),  # no such user
        (552, Verdict.REFUSED),  # too large
        (554, Verdict.REFUSED),  # not accepted
        (-1, Verdict.FAILED),  # no code at all
    ],
)
def test_five_hundreds_are_final_and_everything_else_is_tried_again(code: int, verdict: Verdict) -> None:
    assert rules.recipient_outcome(code, "words") == rules.Outcome(verdict, f"{code} words")


@pytest.mark.parametrize(
    ("attempts", "after"),
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=30)),
        (4, timedelta(hours=2)),
        (5, timedelta(hours=5)),
        (6, timedelta(hours=10)),
        (7, timedelta(hours=24)),
    ],
)
def test_each_failure_is_followed_by_a_longer_pause(attempts: int, after: timedelta) -> None:
    assert rules.next_attempt(attempts, NOON) == NOON + after


def test_the_eighth_failure_is_the_last() -> None:
    assert rules.next_attempt(8, NOON) is None
    assert rules.MOST_ATTEMPTS == 8


def test_an_address_is_written_to_once_however_it_is_written() -> None:
    assert rules.recipients(("ada@acme.example", " Ada@Acme.Example ", "bob@acme.example")) == (
        "Ada@Acme.Example",
        "bob@acme.example",
    )


def test_a_message_id_stays_the_same_and_shows_no_id_of_ours() -> None:
    mail = derived("mail", 1)
    assert rules.message_id(mail, "sla.example") == rules.message_id(mail, "sla.example")
    assert rules.message_id(mail, "sla.example") != rules.message_id(derived("mail", 2), "sla.example")
    assert str(mail) not in rules.message_id(mail, "sla.example")
    assert rules.message_id(mail, "sla.example").endswith("@sla.example>")
