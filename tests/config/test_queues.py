"""What may wait has workers of its own: a backlog there holds up nothing that is due."""

from uuid import UUID

import pytest

from config.celery import app
from config.queues import DUE, ERRANDS
from config.schedule import SCHEDULE
from deadlines.models import Deadline
from kernel import clock
from kernel.ids import derived
from notices import commands
from notices.models import Mail, Standing
from tests.deadlines.test_workers import MANY, MINUTE, all_are_met, each_is_lost_once_at_its_own_time, sent
from tests.notices import mail_servers
from tests.notices.letters import FILED
from tests.notices.mail_servers import Accepting
from tests.processes import Launcher
from tests.waiting import eventually

ADA = "ada@acme.example"
PROCESSES = 2  # of each worker, unless MAKEGOOD_WORKERS says otherwise
HANGING_MAILS = 60  # a hanging mail takes 15 seconds: with two at a time, seven minutes


def queue(number: int) -> UUID:
    key = derived("mail about", number)
    commands.queue_mail(key=key, to=[ADA], notice=FILED, now=clock.now())
    return commands.mail_id(key, ADA)


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


@pytest.mark.usefixtures("database")
def test_mails_to_a_server_that_hangs_hold_up_no_deadline(processes: Launcher) -> None:
    due_at = clock.now() - 10 * MINUTE
    sent(due_at=due_at)
    with mail_servers.silent() as port:
        for number in range(HANGING_MAILS):
            queue(number)
        processes.installed_workers(extra={"EMAIL_URL": f"smtp://127.0.0.1:{port}"})
        eventually(lambda: Mail.objects.filter(attempts=1).count() == PROCESSES)
        assert Deadline.objects.count() == len(MANY)
        processes.beat()
        eventually(all_are_met, within=40)
    assert each_is_lost_once_at_its_own_time(due_at)
    assert Mail.objects.filter(attempts=0).exists(), "the mails were still in the way"


@pytest.mark.usefixtures("database")
def test_an_installation_sends_its_mails(processes: Launcher) -> None:
    server = Accepting()
    with mail_servers.running(server) as port:
        processes.installed_workers(extra={"EMAIL_URL": f"smtp://127.0.0.1:{port}"})
        mail = queue(1)
        eventually(lambda: Mail.objects.get(id=mail).standing == Standing.SENT)
    assert [arrived["To"] for arrived in server.arrived] == [ADA]


def test_only_what_may_wait_is_an_errand() -> None:
    errands = {task for task in app.tasks if queue_of(task) == ERRANDS}
    assert errands == {
        "customers.forget_answers",
        "notices.tasks.deliver",
        "notices.tasks.sweep",
        "workflows.run_what_if",
    }
    assert {tick["task"] for tick in SCHEDULE.values()} - errands == {
        "claims.open_cycles",
        "claims.tend_periods",
        "deadlines.sweep",
    }
    assert queue_of("claims.tend_period") == queue_of("workflows.attend_agreement") == DUE
