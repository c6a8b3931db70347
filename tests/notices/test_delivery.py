"""Mail meets real servers: one that takes it, refuses it, puts it off, hangs, and drops the line."""

from collections.abc import Callable
from uuid import UUID

import pytest
from pytest_django import Settings

from kernel import clock
from kernel.ids import derived
from notices import commands
from notices.models import Mail, Standing
from notices.rules import PAUSES, Verdict
from notices.tasks import deliver
from tests.notices import mail_servers
from tests.notices.letters import FILED
from tests.notices.mail_servers import Accepting, AnsweringMails, AnsweringRecipients, DroppingController

pytestmark = pytest.mark.django_db
LeavesBy = Callable[[int], None]


@pytest.fixture
def mail() -> UUID:
    key = derived("mail about", "claim C-7")
    commands.queue_mail(key=key, to=["ada@acme.example"], notice=FILED, now=clock.now())
    return commands.mail_id(key, "ada@acme.example")


def stored(mail: UUID) -> Mail:
    return Mail.objects.get(id=mail)


def deliver_by(port: int, leaves_by: LeavesBy, mail: UUID) -> Verdict | None:
    leaves_by(port)
    return deliver(str(mail))


def test_a_server_that_takes_it_has_the_mail_in_both_forms(mail: UUID, mail_leaves_by: LeavesBy) -> None:
    server = Accepting()
    with mail_servers.running(server) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.SENT
    [arrived] = server.arrived
    row = stored(mail)
    assert row.standing == Standing.SENT
    assert arrived["To"] == "ada@acme.example"
    assert arrived["Subject"] == "Your claim for October 2026 has arrived (C-7)"
    assert arrived["Reply-To"] == "admin@apicheap.net"
    assert arrived["Message-ID"] == row.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert "List-Id" not in arrived
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content().replace("\r\n", "\n") for part in arrived.iter_parts())
    assert (text.strip(), html.strip()) == (row.text.strip(), row.html.strip())


def test_a_mail_that_was_sent_is_not_sent_again_by_a_second_task(mail: UUID, mail_leaves_by: LeavesBy) -> None:
    server = Accepting()
    with mail_servers.running(server) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.SENT
        assert deliver(str(mail)) is None
    assert len(server.arrived) == 1


@pytest.mark.parametrize(
    "server",
    [AnsweringRecipients(answer="550 5.1.1 no such user"), AnsweringMails(answer="554 5.7.1 not in this house")],
    ids=["recipient", "mail"],
)
def test_a_refusal_is_final_and_shown(server: Accepting, mail: UUID, mail_leaves_by: LeavesBy) -> None:
    with mail_servers.running(server) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.REFUSED
    assert stored(mail).standing == Standing.REFUSED
    assert stored(mail).last_error.startswith(("550 5.1.1 no such user", "554 5.7.1 not in this house"))


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 <ada@acme.example>: Relay access denied",
        "530 5.7.0 Authentication required",
        "550 5.7.1 Client host rejected",
        "550 5.1.8 <makegood@localhost>: Sender address rejected: Domain not found",
    ],
)
def test_what_a_server_has_against_us_is_tried_again(answer: str, mail: UUID, mail_leaves_by: LeavesBy) -> None:
    with mail_servers.running(AnsweringRecipients(answer=answer)) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
    assert stored(mail).standing == Standing.WAITING
    assert stored(mail).last_error == answer


@pytest.mark.parametrize(
    "server",
    [AnsweringRecipients(answer="451 4.7.1 greylisted"), AnsweringMails(answer="452 4.3.1 disk full")],
    ids=["recipient", "mail"],
)
def test_a_temporary_failure_is_tried_again_until_the_server_takes_it(
    server: Accepting, mail: UUID, mail_leaves_by: LeavesBy, later: Callable[[str], None]
) -> None:
    with mail_servers.running(server) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
    assert stored(mail).standing == Standing.WAITING
    assert stored(mail).last_error.startswith(("451 4.7.1 greylisted", "452 4.3.1 disk full"))
    assert deliver(str(mail)) is None, "the first pause has not passed"
    later("+2m")
    taking = Accepting()
    with mail_servers.running(taking) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.SENT
    assert taking.arrived[0]["Message-ID"] == stored(mail).message_id
    assert stored(mail).last_error == ""


def test_a_server_that_says_nothing_is_left_after_the_timeout(mail: UUID, mail_leaves_by: LeavesBy) -> None:
    with mail_servers.silent() as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
    assert "timed out" in stored(mail).last_error
    assert stored(mail).standing == Standing.WAITING


def test_a_server_that_hangs_while_it_has_the_mail_is_left_after_the_timeout(
    mail: UUID, mail_leaves_by: LeavesBy
) -> None:
    server = mail_servers.Hanging()
    with mail_servers.running(server) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
        assert server.reached.is_set()
    assert "SMTPServerDisconnected" in stored(mail).last_error


def test_a_server_that_drops_the_line_in_the_middle_is_tried_again(mail: UUID, mail_leaves_by: LeavesBy) -> None:
    with mail_servers.running(Accepting(), DroppingController) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
    assert "SMTPServerDisconnected" in stored(mail).last_error
    assert stored(mail).standing == Standing.WAITING


def test_a_server_that_is_not_there_is_tried_again(mail: UUID, mail_leaves_by: LeavesBy) -> None:
    assert deliver_by(mail_servers.free_port(), mail_leaves_by, mail) == Verdict.FAILED
    assert "ConnectionRefusedError" in stored(mail).last_error


def test_a_wrong_password_of_ours_is_not_the_recipients_fault(
    mail: UUID, mail_leaves_by: LeavesBy, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "makegood", "wrong"
    with mail_servers.running(Accepting()) as port:
        assert deliver_by(port, mail_leaves_by, mail) == Verdict.FAILED
    assert stored(mail).standing == Standing.WAITING


def test_a_mail_that_no_server_takes_for_two_days_is_given_up_and_shown(
    mail: UUID, mail_leaves_by: LeavesBy, later: Callable[[str], None]
) -> None:
    mail_leaves_by(mail_servers.free_port())
    minutes = 0
    for pause in (*PAUSES, None):
        assert deliver(str(mail)) == Verdict.FAILED
        if pause:
            minutes += int(pause.total_seconds()) // 60 + 1
            later(f"+{minutes}m")
    assert stored(mail).standing == Standing.GIVEN_UP
    assert "ConnectionRefusedError" in stored(mail).last_error
