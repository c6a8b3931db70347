"""Runs that an operator asked for at the desk: kept in the cache for a day, and nowhere else."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from django.core.cache import cache

from kernel.money import Money
from kernel.months import Month
from workflows.whatif.report import Report
from workflows.whatif.running import Progress

KEPT_FOR: Final = timedelta(days=1)
LISTED: Final = 20
# A run that says nothing for so long has lost its worker, or waits for one.
SILENT_AFTER: Final = timedelta(minutes=2)
_NEWEST: Final = "whatif:newest"


class State(StrEnum):
    """How a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an operator asked for."""

    draft: str
    text: str
    agreement: str
    since: Month
    until: Month | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as its page shows it."""

    number: int
    state: State
    draft: str
    agreement: str
    since: Month
    until: Month | None
    by: str
    asked_at: datetime
    heard_at: datetime
    progress: Progress | None = None
    sentence: str = ""
    today: Money | None = None
    drafted: Money | None = None
    concerned: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in (State.WAITING, State.RUNNING)

    @property
    def share(self) -> int:
        """How much of it is done, in percent of its months."""
        return 100 * self.progress.done // self.progress.months if self.progress else 0

    def is_silent(self, now: datetime) -> bool:
        """Whether it has said nothing for too long."""
        return not self.is_over and now - self.heard_at > SILENT_AFTER


def keep(asked: Asked, *, now: datetime) -> Run:
    """Keep a question until a worker takes it up, and number it."""
    cache.add(_NEWEST, 0, timeout=None)
    run = Run(
        number=cache.incr(_NEWEST),
        state=State.WAITING,
        draft=asked.draft,
        agreement=asked.agreement,
        since=asked.since,
        until=asked.until,
        by=asked.by,
        asked_at=now,
        heard_at=now,
    )
    _put("text", run.number, asked.text)
    _put("run", run.number, run)
    return run


def found(number: int) -> Run | None:
    """Give a run; None if there is none, or no more."""
    return cast("Run | None", cache.get(_key("run", number)))


def text_of(number: int) -> str:
    """Give the draft of a run; empty if it is no more."""
    return cast("str", cache.get(_key("text", number), ""))


def newest() -> list[Run]:
    """List the runs that are kept, the newest first."""
    last = cast("int", cache.get(_NEWEST, 0))
    keys = [_key("run", number) for number in range(last, max(0, last - LISTED), -1)]
    kept = cache.get_many(keys)
    return [kept[key] for key in keys if key in kept]


def hear(run: Run, progress: Progress, *, now: datetime) -> Run:
    """Keep how far a run is."""
    return _changed(run, state=State.RUNNING, progress=progress, heard_at=now)


def finish(run: Run, report: Report, *, page: str, table: str, now: datetime) -> Run:
    """Keep what a run found: its page and its table, packed."""
    _put("page", run.number, _packed(page))
    _put("table", run.number, _packed(table))
    total = report.total
    return _changed(
        run,
        state=State.DONE,
        until=report.until,
        heard_at=now,
        today=total.today.credit,
        drafted=total.draft.credit,
        concerned=report.concerned,
    )


def refuse(run: Run, sentence: str, *, now: datetime) -> Run:
    """Keep why a run came to nothing."""
    return _changed(run, state=State.REFUSED, sentence=sentence, heard_at=now)


def note_cancelled(run: Run, *, now: datetime) -> Run:
    """Keep that a run was ended."""
    return _changed(run, state=State.CANCELLED, heard_at=now)


def cancel(number: int) -> None:
    """Ask a run to end; it does so before its next page of accounts."""
    _put("cancel", number, "asked")


def is_cancelled(number: int) -> bool:
    """Whether a run was asked to end."""
    return cache.get(_key("cancel", number)) is not None


def page_of(number: int) -> str | None:
    """Give the report of a run as HTML; None where it is not kept."""
    return _unpacked("page", number)


def table_of(number: int) -> str | None:
    """Give the report of a run as CSV; None where it is not kept."""
    return _unpacked("table", number)


def _changed(run: Run, **changes: object) -> Run:
    change = cast("Callable[..., Run]", replace)
    changed = change(run, **changes)
    _put("run", run.number, changed)
    return changed


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(), level=6)


def _unpacked(kind: str, number: int) -> str | None:
    kept = cache.get(_key(kind, number))
    return None if kept is None else zlib.decompress(kept).decode()


def _key(kind: str, number: int) -> str:
    return f"whatif:{kind}:{number}"


def _put(kind: str, number: int, value: object) -> None:
    cache.set(_key(kind, number), value, timeout=int(KEPT_FOR.total_seconds()))
