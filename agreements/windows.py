"""When a claim may be filed, and the ticket before it: the window, and how it was found.

Pure: the same terms and the same occasions always give the same window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from agreements.counting import Counting, End, count, day_zero, start
from agreements.explaining import Step
from agreements.happening import Happened, NotTold
from agreements.terms import Terms
from agreements.terms.claiming import ClaimTerms
from agreements.terms.limits import Limit, Opening, Reach, Within
from agreements.terms.problems import Path
from kernel import shown
from kernel.dates import DAY, start_of

AT_ONCE = Within("at once", Reach.ELAPSED)


@dataclass(frozen=True, kw_only=True)
class Window:
    """From when until when something may be done, in UTC; None where nothing bounds it.

    `last_day` is the last day in time, `last_instant` the last instant in time and `late_from` the
    first that is late. `rolled_from` is the day that was counted, where it rolled to another.
    """

    opens_at: datetime | None = None
    last_day: date | None = None
    last_instant: datetime | None = None
    late_from: datetime | None = None
    rolled_from: date | None = None
    step: Step

    def holds(self, instant: datetime) -> bool:
        """Tell whether the instant is in time."""
        opened = self.opens_at is None or instant >= self.opens_at
        return opened and (self.late_from is None or instant < self.late_from)


def window_of(terms: Terms, limit: Limit, happened: Happened, *, path: Path, rule: str) -> Window:
    """Give the window of any time limit, open from the start. Errors: NotTold."""
    return _window(count(Counting(terms=terms, limit=limit, happened=happened, path=path, rule=rule)))


def filing_window(terms: Terms, happened: Happened) -> Window | None:
    """Tell when a claim may be filed; None where the agreement wants none (SEMANTICS 16).

    Errors: NotTold where what the limit is counted from is not known.
    """
    claims = terms.claims
    limit = claims.filing_limit if claims else None
    if claims is None or limit is None:
        return None
    opens_at, opening = _opening(terms, claims, happened)
    known = happened if opens_at is None else happened.adding(opening=opens_at)
    end, others = _filing_end(terms, claims, limit, known)
    return _explained(_window(end, opens_at=opens_at), others, opening)


def ticket_window(terms: Terms, happened: Happened) -> Window | None:
    """Tell until when the ticket before a claim may be opened; None where none is asked for."""
    if terms.claims is None or terms.claims.ticket is None:
        return None
    return window_of(terms, terms.claims.ticket, happened, path=("claims", "ticket"), rule="Ticket")


def _filing_end(terms: Terms, claims: ClaimTerms, limit: Limit, happened: Happened) -> tuple[End, tuple[End, ...]]:
    """Give the end that counts, and the others that were counted: no later than one, at least until one."""
    first = Counting(
        terms=terms,
        limit=limit,
        happened=happened,
        path=("claims", "file_within"),
        around=("claims",),
        rule="Claim window",
        same_date=claims.month_ends == "same_date",
    )
    ends = [count(first)]
    end = ends[0]
    for field, rule, choose in _SECOND:
        second: Limit | None = getattr(claims, field)
        if second is not None:
            path: Path = ("claims", field)
            ends.append(count(Counting(terms=terms, limit=second, happened=happened, path=path, rule=rule)))
            end = choose((end, ends[-1]), key=_late_from)
    return end, tuple(one for one in ends if one is not end)


def _late_from(end: End) -> datetime:
    """Give the first late instant; what has no end comes after all that have."""
    return end.late_from or datetime.max.replace(tzinfo=UTC)


_SECOND: tuple[tuple[str, str, Callable[..., End]], ...] = (
    ("no_later_than", "No later than", min),
    ("at_least_until", "At least until", max),
)


def _opening(terms: Terms, claims: ClaimTerms, happened: Happened) -> tuple[datetime | None, tuple[Step, ...]]:
    if claims.opens is None:
        return None, ()
    opens_at, below = opened_at(terms, claims.opens, happened)
    told = shown.instant(opens_at, terms.zone)
    step = Step(
        rule="Opening",
        result=told,
        sentence=f"A claim may be filed from {told} on.",
        inputs=(("opens", _opening_text(claims.opens)),),
        clause=terms.clause("claims", "opens"),
        steps=(below,),
    )
    return opens_at, (step,)


def _opening_text(opening: Opening) -> str:
    if opening.once is not None:
        return f"once {opening.once} have passed"
    return "at once" if opening.on_day is None else f"on day {opening.on_day}"


def opened_at(terms: Terms, opening: Opening, happened: Happened) -> tuple[datetime, Step]:
    """Tell the instant at which a window opens, and what it was counted from. Errors: NotTold."""
    limit = Limit(within=opening.once or AT_ONCE, counted_from=opening.counted_from)
    asked = Counting(terms=terms, limit=limit, happened=happened, path=("claims", "opens"), rule="Opening")
    if opening.once is None:
        if opening.on_day is None:
            return start(asked)
        day, step = day_zero(asked)
        return start_of(day + opening.on_day * DAY, terms.zone), step
    end = count(asked)
    passed = end.last_instant if opening.once.reach in (Reach.ELAPSED, Reach.WORKED) else end.late_from
    if passed is None:
        raise NotTold("opening")
    return passed, end.step.steps[0]


def _window(end: End, *, opens_at: datetime | None = None) -> Window:
    return Window(
        opens_at=opens_at,
        last_day=end.last_day,
        last_instant=end.last_instant,
        late_from=end.late_from,
        rolled_from=end.rolled_from,
        step=end.step,
    )


def _explained(window: Window, others: tuple[End, ...], opening: tuple[Step, ...]) -> Window:
    """Tell the whole window: the end that counts, what else was counted, and the opening."""
    steps = (*window.step.steps, *(end.step for end in others), *opening)
    return replace(window, step=replace(window.step, rule="Claim window", steps=steps))
