"""The rules that favour the provider over the plain wording: no faults, but choices to be seen."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.lint.finding import At, Finding
from agreements.lint.targets import leaves_unmatched
from agreements.terms import Document, Terms
from agreements.terms.problems import Path
from agreements.terms.supporting import Clock


def check_choices(document: Document) -> Iterator[Finding]:
    """List every such rule that is in effect, whether it is written or left to its default."""
    for path, value, meaning in _chosen(document):
        written = "is written" if path in document.source.lines else "is the default"
        told = f"`{path[-1]}: {value}` {written}: {meaning}"
        yield At(document, path).choice(str(path[-1]), told, value)


def _chosen(document: Document) -> Iterator[tuple[Path, str, str]]:
    terms = document.terms
    if _checks_count(terms) and terms.measurement.quorum == "all":
        yield ("measurement", "quorum"), "all", "one successful check makes a minute up in which others failed."
    if _checks_count(terms):
        yield from _statuses(terms)
    yield from _credits(document)
    if terms.claims is not None and terms.claims.settling and terms.claims.pause_for_evidence:
        meaning = "the time to settle a claim pauses for parts that were missing at filing."
        yield ("claims", "pause_for_evidence"), "true", meaning
    if _counts_business_hours(terms) and terms.support and terms.support.business_hours_mean == "worked":
        meaning = "business hours pass in opening hours only, not round the clock on business days."
        yield ("support", "business_hours_mean"), "worked", meaning


def _checks_count(terms: Terms) -> bool:
    """Tell whether checks decide what is down: where error rates or counted events do, they say nothing."""
    return any(
        commitment.measure == "good_events"
        or (commitment.measure in ("uptime", "downtime") and any(c.kind != "errors" for c in commitment.down.when))
        for commitment in terms.commitments
    )


def _statuses(terms: Terms) -> Iterator[tuple[Path, str, str]]:
    """List what counts as success without being one.

    Where client errors count, success is read as "no error", and a redirect comes in by that
    reading; where success is access, a redirect is access, and nothing was chosen.
    """
    path: Path = ("measurement", "success_statuses")
    listed = terms.measurement.success_statuses
    if "4xx" in listed:
        yield path, "4xx", "every client error counts as success, also one that the service caused."
    if "4xx" in listed and "3xx" in listed:
        yield path, "3xx", "a redirect counts as success."


def _credits(document: Document) -> Iterator[tuple[Path, str, str]]:
    for number, commitment in enumerate(document.terms.commitments):
        table = commitment.credits
        if table is not None and table.unmatched_miss == "nothing" and leaves_unmatched(document, commitment):
            path: Path = ("commitments", number, "credits", "unmatched_miss")
            yield path, "nothing", "a missed target whose uptime is in no row pays nothing."


def _counts_business_hours(terms: Terms) -> bool:
    cells = terms.support.cells() if terms.support else ()
    return any(cell.within.clock is Clock.BUSINESS_HOURS for _, cell in cells)
