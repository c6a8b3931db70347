"""Terms by which nothing is downtime: conditions that nothing meets, and exclusions that leave nothing over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from agreements.fixed_windows import windows_between
from agreements.lint.excuses import sentences
from agreements.lint.finding import At, Finding
from agreements.lint.takes_in import Takes, reading_of
from agreements.terms import Commitment, Document, Terms, Treatment
from agreements.terms.commitments import SHARES_UP
from agreements.terms.excusing import CATEGORIES, Excuse
from agreements.terms.problems import Path
from kernel.intervals import Ranges, minute_of

# Every place that a weekday can have in its month, and every change of the clocks, comes within five years.
LOOKED_AT = timedelta(days=5 * 366)
WHOLE = Fraction(1)


def check_downtime(document: Document) -> Iterator[Finding]:
    """Find terms that promise uptime and by which, taken literally, no minute could be down."""
    for number, commitment in enumerate(document.terms.commitments):
        if commitment.measure in SHARES_UP:
            yield from _never_met(document, ("commitments", number, "down"), commitment)
    if any(commitment.target and commitment.measure in SHARES_UP for commitment in document.terms.commitments):
        yield from _all_hours(document)
        yield from _categories(document)
        yield from _words(document)


def _never_met(document: Document, path: Path, commitment: Commitment) -> Iterator[Finding]:
    """Find conditions of which none can be met: a share of more than the whole."""
    down, at = commitment.down, At(document, path)
    if down.parts is not None and down.parts.share == WHOLE and not down.parts.includes:
        yield at.warning(
            "nothing_is_down", f"{down.parts} of the parts never fail: nothing is downtime.".capitalize(), down.parts
        )
    elif all(one.kind == "errors" and one.bound == WHOLE and not one.includes for one in down.when):
        told = " and ".join(f"`{one}`" for one in down.when)
        yield at.warning("nothing_is_down", f"Nothing can ever meet {told}: nothing is downtime.", *down.when)


# Fixed windows


def _all_hours(document: Document) -> Iterator[Finding]:
    """Find the tiers for which fixed windows excuse every minute, compared as exact ranges of minutes."""
    terms = document.terms
    tiers: list[str | None] = [tier for tier in terms.tiers if terms.covers(tier)] or [None]
    held = {tier: _windows(terms, tier) for tier in tiers}
    emptied = [tier for tier, windows in held.items() if windows and not _left(terms, windows)]
    if not emptied:
        return
    for_whom = "" if emptied == tiers else f" for {' and '.join(terms.tiers[tier].title for tier in emptied if tier)}"
    name = held[emptied[0]][0][0]
    told = f"Fixed windows excuse every minute of the week{for_whom}, without a limit: nothing is downtime."
    yield At(document, ("excused", name, "windows")).warning(
        "nothing_is_down", told, *(tier for tier in emptied if tier)
    )


def _windows(terms: Terms, tier: str | None) -> list[tuple[str, Excuse]]:
    """Give the categories with windows that excuse the tier's minutes without an announcement or a limit."""
    return [
        (name, excuse)
        for name, excuse in terms.excuses.items()
        if _excuses_without_limit(excuse)
        and (not excuse.tiers or tier in excuse.tiers)
        and any(not window.announced for window in excuse.windows)
    ]


def _excuses_without_limit(excuse: Excuse) -> bool:
    limited = excuse.allowance or excuse.allowance_with
    return excuse.treatment is not Treatment.COUNTS_AS_DOWN and not limited


def _left(terms: Terms, excuses: list[tuple[str, Excuse]]) -> Ranges:
    first = minute_of(terms.in_force_from)
    last = minute_of(terms.in_force_from + LOOKED_AT)
    held = Ranges.union(
        windows_between(window, first, last, zone=terms.zone)
        for _, excuse in excuses
        for window in excuse.windows
        if not window.announced
    )
    return Ranges.of((first, last)) - held


# Words


def _categories(document: Document) -> Iterator[Finding]:
    """Find categories of the agreement's own whose meaning names no cause, but downtime itself."""
    for name, excuse in document.terms.excuses.items():
        if name in CATEGORIES or excuse.means is None or excuse.tiers or not _excuses_without_limit(excuse):
            continue
        if excuse.windows or excuse.repaired_within or excuse.shorter_than or excuse.first_of_each:
            continue
        takes = reading_of(document).takes(excuse.means)
        if takes is not None:
            at = At(document, ("excused", name))
            yield at.warning("nothing_is_down", _told(document, f"{name} excuses", excuse.means, takes), excuse.means)


def _words(document: Document) -> Iterator[Finding]:
    """Find sentences that exclude downtime itself from downtime."""
    reading = reading_of(document)
    for path, text in sentences(document):
        if (found := reading.taken(text)) is not None:
            words, takes = found
            told = _told(document, "The document's words exclude from downtime", words, takes)
            yield At(document, path).warning("nothing_is_down", told, words)


def _told(document: Document, head: str, words: str, takes: Takes) -> str:
    """Tell what is left: where only unscheduled downtime is taken out, what was scheduled, if it counts at all."""
    planned = document.terms.excuses.get("planned_maintenance")
    scheduled_counts = planned is None or not _excuses_without_limit(planned)
    left = "only what was scheduled" if takes is Takes.UNSCHEDULED and scheduled_counts else "nothing"
    return f"{head} \u201c{words}\u201d, which names no cause but is what downtime is: literally, {left} is downtime."
