"""The outbox: a mail is queued with its cause, once per person, and says what became of it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from kernel.ids import derived
from notices import commands
from notices.errors import AddressRefused, MailForgotten, UnknownMail
from notices.kinds import Notice
from notices.models import Mail, Standing
from notices.rules import LEASE, MOST_ATTEMPTS, PAUSES, Outcome, Verdict
from tests.notices.letters import FILED, INVITATION

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ABOUT = derived("mail about", "claim C-7")
ADA = "ada@acme.example"
BOB = "bob@acme.example"
SENT = Outcome(Verdict.SENT)
REFUSED = Outcome(Verdict.REFUSED, "550 no such user")
FAILED = Outcome(Verdict.FAILED, "451 come back later")

pytestmark = pytest.mark.django_db


def queue(notice: Notice = FILED, to: Sequence[str] = (ADA,)) -> UUID:
    commands.queue_mail(key=ABOUT, to=to, notice=notice, now=MONDAY)
    return commands.mail_id(ABOUT, to[0])


def claimed(mail: UUID, now: datetime = MONDAY) -> Mail:
    row = commands.claim(mail, now=now)
    assert row is not None
    return row


def stored(mail: UUID) -> Mail:
    return Mail.objects.get(id=mail)


def test_a_mail_is_written_when_it_is_queued() -> None:
    mail = stored(queue())
    assert mail.subject == "Your claim for October 2026 has arrived (C-7)"
    assert mail.text.startswith("Your claim for service credit for October 2026 arrived")
    assert mail.answers_go_to == "admin@apicheap.net"
    assert mail.standing == Standing.WAITING
    assert mail.attempt_at == MONDAY


def test_a_subject_of_long_names_is_cut() -> None:
    mail = stored(queue(replace(INVITATION, inviter="I" * 150, account="A" * 150)))
    assert mail.subject.startswith("I" * 150 + " invites you to AAA")
    assert mail.subject.endswith("A…")


def test_each_person_gets_a_mail_of_their_own() -> None:
    queue(to=(ADA, BOB))
    assert list(Mail.objects.order_by("recipient").values_list("recipient", flat=True)) == [ADA, BOB]
    assert Mail.objects.values("message_id").distinct().count() == 2


def test_the_same_key_never_mails_a_person_twice() -> None:
    queue()
    queue(to=(ADA, BOB))
    queue(to=("ADA@ACME.example",))
    assert Mail.objects.count() == 2


def test_mails_of_many_events_are_written_together_and_each_once() -> None:
    queue()
    with commands.gathered():
        for _ in range(2):
            queue(to=(ADA, BOB))
        assert Mail.objects.count() == 1
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == [ADA, BOB]


def test_nothing_is_left_of_mails_whose_events_failed() -> None:
    @commands.gathered()
    def one_and_then_a_wrong_one() -> None:
        queue()
        queue(to=("nobody",))

    with pytest.raises(AddressRefused):
        one_and_then_a_wrong_one()
    assert not Mail.objects.exists()


def test_where_many_mails_are_queued_a_worker_is_told_of_all_at_once(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
) -> None:
    people = [f"{number}@acme.example" for number in range(commands.TOLD_SINGLY + 1)]
    with django_capture_on_commit_callbacks() as told:
        queue(to=people)
    assert len(told) == 1
    assert commands.nudge_due(now=MONDAY) == len(people)


def test_a_mail_goes_with_the_transaction_that_queued_it() -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_an_address_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(AddressRefused, match="'nobody' is not an address"):
        queue(to=("nobody",))


def test_a_mail_is_claimed_by_one_worker_only() -> None:
    mail = queue()
    assert claimed(mail).attempts == 1
    assert commands.claim(mail, now=MONDAY) is None


def test_a_worker_that_is_killed_holds_a_mail_only_until_its_lease_ends() -> None:
    mail = queue()
    claimed(mail)
    assert commands.claim(mail, now=MONDAY + LEASE - timedelta(microseconds=1)) is None
    assert claimed(mail, now=MONDAY + LEASE).attempts == 2


def test_a_sent_mail_is_over() -> None:
    mail = queue()
    commands.settle(claimed(mail), SENT, now=MONDAY)
    assert stored(mail).standing == Standing.SENT
    assert commands.claim(mail, now=MONDAY + timedelta(days=9)) is None


def test_a_refused_mail_is_not_tried_again_and_says_why() -> None:
    mail = queue()
    commands.settle(claimed(mail), REFUSED, now=MONDAY)
    assert stored(mail).standing == Standing.REFUSED
    assert stored(mail).last_error == "550 no such user"
    assert commands.claim(mail, now=MONDAY + timedelta(days=9)) is None


def test_a_failed_mail_is_tried_again_after_longer_and_longer_pauses_and_then_given_up() -> None:
    mail, now = queue(), MONDAY
    for pause in PAUSES:
        commands.settle(claimed(mail, now), FAILED, now=now)
        assert stored(mail).attempt_at == now + pause
        now += pause
    commands.settle(claimed(mail, now), FAILED, now=now)
    assert stored(mail).standing == Standing.GIVEN_UP
    assert stored(mail).attempts == MOST_ATTEMPTS
    assert stored(mail).given_up_at == now
    assert stored(mail).last_error == "451 come back later"


def test_a_mail_that_kills_each_of_its_workers_is_given_up() -> None:
    mail, now = queue(), MONDAY
    for _ in range(MOST_ATTEMPTS):
        claimed(mail, now)
        now += LEASE
    assert commands.claim(mail, now=now) is None
    assert stored(mail).standing == Standing.GIVEN_UP
    assert stored(mail).last_error == "no attempt came to an end"


def test_a_late_failure_does_not_disturb_the_worker_that_took_over() -> None:
    mail = queue()
    slow = claimed(mail)
    quick = claimed(mail, MONDAY + LEASE)
    commands.settle(slow, FAILED, now=MONDAY + LEASE)
    assert stored(mail).attempt_at == MONDAY + 2 * LEASE
    commands.settle(quick, SENT, now=MONDAY + LEASE)
    commands.settle(slow, REFUSED, now=MONDAY + LEASE)
    assert stored(mail).standing == Standing.SENT


def test_a_late_success_counts_for_the_mail_has_gone() -> None:
    mail = queue()
    slow = claimed(mail)
    claimed(mail, MONDAY + LEASE)
    commands.settle(slow, SENT, now=MONDAY + LEASE)
    assert stored(mail).standing == Standing.SENT


def test_a_given_up_mail_is_sent_again_at_an_operators_wish_with_its_message_id() -> None:
    mail = queue()
    message_id = stored(mail).message_id
    commands.settle(claimed(mail), REFUSED, now=MONDAY)
    commands.send_again(mail, now=MONDAY + timedelta(days=1))
    again = claimed(mail, MONDAY + timedelta(days=1))
    assert (again.attempts, again.message_id, again.text) == (1, message_id, stored(mail).text)


@pytest.mark.parametrize("outcome", [SENT, REFUSED], ids=["sent", "refused"])
def test_a_secret_is_forgotten_once_its_mail_is_over(outcome: Outcome) -> None:
    mail = queue(INVITATION)
    assert "a-secret" in stored(mail).text
    commands.settle(claimed(mail), outcome, now=MONDAY)
    assert (stored(mail).text, stored(mail).html) == ("", "")
    with pytest.raises(MailForgotten):
        commands.send_again(mail, now=MONDAY)


def test_a_mail_that_is_not_there_can_not_be_sent_again() -> None:
    with pytest.raises(UnknownMail):
        commands.send_again(derived("no such mail"), now=MONDAY)


def test_a_mail_can_not_be_over_in_two_ways() -> None:
    mail = queue()
    with pytest.raises(IntegrityError, match="notices_mail_waits_or_has_one_end"), transaction.atomic():
        Mail.objects.filter(id=mail).update(sent_at=MONDAY, refused_at=MONDAY)


def test_the_sweep_repeats_a_nudge_that_was_lost() -> None:
    queue()
    assert commands.nudge_due(now=MONDAY) == 0
    assert commands.nudge_due(now=MONDAY + commands.NUDGE_AGAIN) == 1
    assert commands.nudge_due(now=MONDAY + commands.NUDGE_AGAIN) == 0


def test_the_sweep_tells_of_a_retry_as_soon_as_it_is_due() -> None:
    mail = queue()
    commands.settle(claimed(mail), FAILED, now=MONDAY)
    due = MONDAY + PAUSES[0]
    assert commands.nudge_due(now=due - timedelta(microseconds=1)) == 0
    assert commands.nudge_due(now=due) == 1


def test_the_sweep_tells_of_a_mail_whose_worker_was_killed() -> None:
    mail = queue()
    claimed(mail)
    assert commands.nudge_due(now=MONDAY + LEASE - timedelta(microseconds=1)) == 0
    assert commands.nudge_due(now=MONDAY + LEASE) == 1


def test_the_sweep_leaves_alone_what_is_over() -> None:
    mail = queue()
    commands.settle(claimed(mail), SENT, now=MONDAY)
    assert commands.nudge_due(now=MONDAY + timedelta(days=9)) == 0
