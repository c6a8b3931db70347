"""What Celery beat starts and how often: a tick is a nudge, the rows in PostgreSQL are the promise."""

from typing import Final, TypedDict


class Tick(TypedDict):
    """One entry of Celery's beat schedule; a tick that no worker takes within its period is dropped."""

    task: str
    schedule: float
    options: dict[str, float]


def every(seconds: float, task: str) -> Tick:
    """Start a task by its name in a steady rhythm."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE: Final[dict[str, Tick]] = {
    "billing cycles that begin": every(300, "claims.open_cycles"),
    "months that begin and end": every(60, "claims.tend_periods"),
    "deadlines that are due": every(5, "deadlines.sweep"),
    "answers to programs that are old": every(3600, "customers.forget_answers"),
    "mails that are due": every(15, "notices.tasks.sweep"),
}
