"""The outbox under real workers: started together, killed in the middle, and without their Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import TypeVar
from uuid import UUID

import pytest
import redis
from django.db import connection
from kombu.exceptions import OperationalError

from config.celery import app as celery_app
from config.queues import ERRANDS
from config.services.redis import Server
from kernel import clock
from kernel.ids import derived
from notices import commands, tasks
from notices.models import Mail, Standing
from notices.rules import LEASE, PAUSES
from notices.smtp import CUT_OFF
from tests.notices import mail_servers
from tests.notices.letters import FILED
from tests.notices.mail_servers import Accepting, Hanging
from tests.processes import Launcher
from tests.waiting import eventually

ADA = "ada@acme.example"
T = TypeVar("T")

pytestmark = pytest.mark.usefixtures("database")


def queue(about: object = "claim C-7") -> UUID:
    key = derived("mail about", about)
    commands.queue_mail(key=key, to=[ADA], notice=FILED, now=clock.now())
    return commands.mail_id(key, ADA)


def standing(mail: UUID) -> Standing:
    return Mail.objects.get(id=mail).standing


def leaving_by(port: int) -> dict[str, str]:
    return {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}


def together(work: Callable[[], T], times: int) -> list[T]:
    """Do the same in as many threads, all at once; give what each came to."""
    start = Barrier(times)
    results: list[T] = []

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_many_workers_that_claim_at_once_one_has_the_mail() -> None:
    mail, now = queue(), clock.now()
    claims = together(lambda: commands.claim(mail, now=now), 8)
    assert len(claims) == 8
    assert len([row for row in claims if row]) == 1
    assert Mail.objects.get(id=mail).attempts == 1


def test_two_sweeps_at_once_tell_of_each_mail_once() -> None:
    mails, later = [queue(number) for number in range(40)], clock.now() + commands.NUDGE_AGAIN
    told = together(lambda: commands.nudge_due(now=later), 4)
    assert sum(told) == len(mails)


def test_a_worker_delivers_what_a_transaction_queued(processes: Launcher) -> None:
    server = Accepting()
    with mail_servers.running(server) as port:
        processes.worker(extra=leaving_by(port))
        mail = queue()
        eventually(lambda: standing(mail) == Standing.SENT)
    assert [arrived["To"] for arrived in server.arrived] == [ADA]


def test_two_workers_that_are_told_many_times_send_one_mail(processes: Launcher, redis_url: str) -> None:
    server = Accepting()
    with mail_servers.running(server) as port:
        mails = [queue(number) for number in range(10)]
        for mail in mails * 5:
            tasks.deliver.delay(str(mail))
        workers = [processes.worker(extra=leaving_by(port)) for _ in range(2)]
        eventually(lambda: all(standing(mail) == Standing.SENT for mail in mails))
        with redis.Redis.from_url(redis_url) as told:
            eventually(lambda: not told.llen(ERRANDS))
        for worker in workers:
            worker.stop()
    assert len(server.arrived) == len({arrived["Message-ID"] for arrived in server.arrived}) == 10


def test_a_mail_whose_worker_is_killed_while_it_sends_is_sent_when_the_lease_ends(processes: Launcher) -> None:
    hanging = Hanging()
    with mail_servers.running(hanging) as port:
        worker = processes.worker(extra=leaving_by(port))
        mail = queue()
        assert hanging.reached.wait(20)
        worker.kill()
        assert standing(mail) == Standing.WAITING
    server = Accepting()
    with mail_servers.running(server) as port:
        later = {"MAKEGOOD_CLOCK": "+10m"}
        processes.worker(extra={**leaving_by(port), **later})
        tasks.sweep.delay()
        eventually(lambda: standing(mail) == Standing.SENT)
    assert server.arrived[0]["Message-ID"] == Mail.objects.get(id=mail).message_id
    assert Mail.objects.get(id=mail).attempts == 2


def test_an_attempt_that_is_cut_off_has_failed_like_any_other(processes: Launcher, redis_server: Server) -> None:
    mail = queue()
    redis_server.flush()
    with mail_servers.dripping() as port:
        processes.worker(extra=leaving_by(port))
        began = clock.now()
        tasks.deliver.apply_async((str(mail),), soft_time_limit=2, time_limit=15)
        eventually(lambda: Mail.objects.get(id=mail).last_error == CUT_OFF)
    row = Mail.objects.get(id=mail)
    assert (row.attempts, row.standing) == (1, Standing.WAITING)
    assert row.attempt_at is not None
    assert PAUSES[0] < row.attempt_at - began < LEASE, "the first pause, not the end of the lease"


def test_a_flushed_redis_loses_no_mail(processes: Launcher, redis_server: Server) -> None:
    mail = queue()
    redis_server.flush()
    server = Accepting()
    with mail_servers.running(server) as port:
        processes.worker(extra={**leaving_by(port), "MAKEGOOD_CLOCK": "+10m"})
        tasks.sweep.delay()
        eventually(lambda: standing(mail) == Standing.SENT)
    assert len(server.arrived) == 1


@pytest.fixture
def redis_that_is_away(tmp_path: Path) -> Iterator[None]:
    """Point Celery at a Redis that does not answer."""
    point_celery_at(f"redis+socket://{tmp_path}/no-redis.sock")
    yield
    point_celery_at("memory://")


def point_celery_at(broker: str) -> None:
    """Let nothing of an earlier connection be used again."""
    celery_app.close()
    celery_app.conf.update(broker_url=broker)
    celery_app.amqp._producer_pool = None  # type: ignore[attr-defined]


@pytest.mark.usefixtures("redis_that_is_away")
def test_a_mail_is_queued_while_redis_is_away() -> None:
    with pytest.raises(OperationalError):
        tasks.sweep.apply_async(retry=False)
    assert standing(queue()) == Standing.WAITING
