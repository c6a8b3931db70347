"""Simulated time: script and deadlines in one order, each carried out at its own moment.

The clock is moved by MAKEGOOD_CLOCK, as an operator of a demo would; tasks run
in this process; sealer and subscriptions are run until nothing is left to do.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app
from celery.exceptions import AlwaysEagerIgnored
from django.db.models import Min

from claims.tasks import open_cycles, tend_periods
from deadlines.models import Deadline
from deadlines.sweeping import sweep_all
from eventstore.sealing import seal
from eventstore.subscriptions import run
from kernel import clock
from notices.models import Mail
from notices.tasks import deliver
from workflows.subscriptions import SUBSCRIPTIONS

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment of the history."""

    at: datetime
    what: str
    do: Callable[[datetime], object]


@contextmanager
def simulated() -> Iterator[None]:
    """Move the clock inside, run tasks in this process, and put both back afterwards."""
    before, eager = os.environ.get(clock.VARIABLE), current_app.conf.task_always_eager
    current_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AlwaysEagerIgnored)  # a nudge by name waits for the worker that comes
            yield
    finally:
        current_app.conf.update(task_always_eager=eager, task_eager_propagates=eager)
        os.environ.pop(clock.VARIABLE, None)
        if before is not None:
            os.environ[clock.VARIABLE] = before


def play(acts: Iterable[Act], *, since: datetime, until: datetime, told: Callable[[Act], None], place: Path) -> None:
    """Carry out the acts in order of time, with everything that falls due between them.

    `place` keeps how far it has come: one that was interrupted goes on there.
    """
    reached = datetime.fromisoformat(place.read_text()) if place.exists() else since
    with simulated():
        for act in sorted(acts, key=lambda one: one.at):
            if reached < act.at <= until:
                _live(reached, act.at)
                _at(act.at)
                told(act)
                act.do(act.at)
                _settle(act.at)
                reached = act.at
                place.write_text(reached.isoformat())
        _live(reached, until)
    place.write_text(until.isoformat())


def _live(start: datetime, end: datetime) -> None:
    """Let everything happen that falls due from start up to end, each at its own moment."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    now = start
    while True:
        due = _next_due()
        moments = [moment for moment in (day, due) if moment is not None and now < moment <= end]
        if not moments:
            return
        now = min(moments)
        _at(now)
        if now == day:
            day += DAY
            tend_periods()
            open_cycles()
        _settle(now)


def _next_due() -> datetime | None:
    waiting = Deadline.objects.filter(held_until=None)
    found: datetime | None = waiting.aggregate(next=Min("next_at"))["next"]
    return found


def _settle(now: datetime) -> None:
    """Do what sweep, worker and log process would do at this moment, until nothing is left."""
    while True:
        done = seal() + sum(run(one) for one in SUBSCRIPTIONS) + sweep_all(now=now) + _deliver(now)
        if not done:
            return


def _deliver(now: datetime) -> int:
    """Hand over the mails that are due, as a worker would be told to."""
    due = list(Mail.objects.filter(attempt_at__lte=now).order_by("queued_at", "id").values_list("id", flat=True))
    for mail in due:
        deliver(str(mail))
    return len(due)


def _at(moment: datetime) -> None:
    """Move the clock to a moment; it runs on from there."""
    os.environ.pop(clock.VARIABLE, None)
    seconds = round((moment - clock.now()).total_seconds()) + 1
    os.environ[clock.VARIABLE] = f"{'+' if seconds >= 0 else '-'}{abs(seconds)}s"
