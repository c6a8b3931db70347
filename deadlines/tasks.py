"""The beat of the deadlines."""

from celery import shared_task

from deadlines.sweeping import BATCH, sweep
from kernel import clock

ROUNDS = 50


@shared_task(name="deadlines.sweep", ignore_result=True)
def sweep_due() -> None:
    """Carry out what is due; may run on any number of workers at once, and twice."""
    for _ in range(ROUNDS):
        taken = sweep(now=clock.now())
        if not taken:
            return
    if taken == BATCH:
        sweep_due.delay()
