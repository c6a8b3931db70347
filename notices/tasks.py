"""What workers do with the outbox: deliver one mail; tell each other of those that are due."""

from uuid import UUID

from celery import shared_task

from kernel import clock
from notices import commands
from notices.rules import Verdict
from notices.smtp import send


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=120, time_limit=150)
def deliver(mail: str) -> Verdict | None:
    """Try to deliver one mail; nothing happens where another worker has it or it is over.

    Delivery is at least once: a worker that is killed after the server took the mail and before
    that is noted sends it again when its lease has run out, with the same Message-ID.
    """
    claimed = commands.claim(UUID(mail), now=clock.now())
    if claimed is None:
        return None
    outcome = send(claimed)
    commands.settle(claimed, outcome, now=clock.now())
    return outcome.verdict


@shared_task(ignore_result=True)
def sweep() -> int:
    """Find mails that are due and that nobody has been told of lately; beat calls this."""
    told = batch = commands.nudge_due(now=clock.now())
    while batch == commands.SWEEP_BATCH:
        batch = commands.nudge_due(now=clock.now())
        told += batch
    return told
