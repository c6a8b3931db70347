"""The beat of the deadlines."""

from celery import shared_task

from deadlines.sweeping import sweep
from kernel import clock

ROUNDS = 50


@shared_task(name="deadlines.sweep", ignore_result=True)
def sweep_due() -> None:
    """Carry out what is due; may run on any number of workers at once, and twice."""
    for _ in range(ROUNDS):
        if not sweep(now=clock.now()):
            return
    sweep_due.delay()
