"""Which queue a task waits in: whatever piles up among the errands, nothing that is due waits behind it."""

from typing import Final, TypedDict

from kombu import Exchange, Queue


class Route(TypedDict):
    """Where Celery sends a task."""

    queue: str


# Deadlines, months, agreements: what has a moment at which it is due.
DUE: Final = "makegood"
# What waits for somebody else's server, or is long and can wait.
ERRANDS: Final = "errands"

# A worker that is told no queue serves both; the Procfile has one for each.
QUEUES: Final = tuple(Queue(name, Exchange(name, type="direct"), routing_key=name) for name in (DUE, ERRANDS))

ROUTES: Final[dict[str, Route]] = {
    "customers.forget_answers": {"queue": ERRANDS},
    "notices.tasks.deliver": {"queue": ERRANDS},
    "notices.tasks.sweep": {"queue": ERRANDS},
    "workflows.run_what_if": {"queue": ERRANDS},
}
