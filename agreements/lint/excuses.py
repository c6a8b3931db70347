"""What is excused: allowances, windows and notice against each other, and exclusions in words only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from agreements.lint.finding import At, Finding
from agreements.terms import Document, Terms, Treatment
from agreements.terms.excusing import Allowance, Excuse
from agreements.terms.levels import Level
from agreements.terms.limits import length_text
from agreements.terms.problems import Path
from agreements.terms.supporting import EVERY_TIER

# The most days, weeks, months and quarters that each span can touch; a month of 31 days can touch six weeks.
TOUCHED: Mapping[tuple[str, str], int] = {
    ("day", "week"): 7,
    ("day", "month"): 31,
    ("day", "quarter"): 92,
    ("day", "year"): 366,
    ("week", "month"): 6,
    ("week", "quarter"): 14,
    ("week", "year"): 54,
    ("month", "quarter"): 3,
    ("month", "year"): 12,
    ("quarter", "year"): 4,
}
PLANNED = "planned_maintenance"
EMERGENCY = "emergency_maintenance"

_EXCLUDES = re.compile(
    r"\bexclud|\bexclusion|\bexempt|\bnot (?:be )?(?:counted?|considered|included?)\b"
    r"|\bdo(?:es)? not (?:count|include|constitute)\b",
    re.IGNORECASE,
)
_ABOUT_DOWNTIME = re.compile(r"\b(?:downtime|outages?|unavailab\w+|availability|uptime)\b", re.IGNORECASE)
# The words by which an exclusion names a category.
_NAMED: Mapping[str, re.Pattern[str]] = {
    PLANNED: re.compile(r"\bmaintenance\b", re.IGNORECASE),
    "force_majeure": re.compile(r"\bforce majeure\b|\bnatural disaster", re.IGNORECASE),
    "third_party": re.compile(r"\bthird[- ]part(?:y|ies)\b|\bupstream\b", re.IGNORECASE),
    "customer_action": re.compile(r"\b(?:customer|client)(?:'s|\u2019s)? (?:act|misuse|error)", re.IGNORECASE),
    "ddos": re.compile(r"\bdenial[- ]of[- ]service\b|\bDDoS\b", re.IGNORECASE),
}


def check_excuses(document: Document) -> Iterator[Finding]:
    """Check the categories of excused time, and how maintenance is announced."""
    for name, excuse in document.terms.excuses.items():
        at: Path = ("excused", name, "allowance")
        for tier, allowance in excuse.allowance.items():
            here = at if (*at, tier) not in document.source.lines else (*at, tier)
            yield from _allowance(document, here, allowance)
        yield from _tiers_without_allowance(document, name, excuse)
        yield from _no_effect(document, name, excuse)
    yield from _notice(document)
    yield from _without_notice(document)
    yield from _emergency(document)
    yield from _exclusions_in_words(document)


def _allowance(document: Document, path: Path, allowance: Allowance) -> Iterator[Finding]:
    limits = dict(allowance.limits())
    spans = [(unit, limits[f"per_{unit}"]) for unit in _units() if f"per_{unit}" in limits]
    for (short, less), (long, more) in pairwise(spans):
        at = At(document, (*path, f"per_{long}"))
        told_less, told_more = length_text(less), length_text(more)
        if more < less:
            told = f"{told_more} per {long} are less than {told_less} per {short}, which can so never be used up."
            yield at.warning("allowance_smaller_by_longer_span", told, told_more, told_less)
        elif more > less * TOUCHED[short, long]:
            told = f"With {told_less} per {short}, {told_more} per {long} can never be used up."
            yield at.note("allowance_never_reached", told, told_more, told_less)
    yield from _each_stretch(document, path, allowance.each, spans)
    for (short, fewer), (long, many) in pairwise(allowance.times()):
        if many < fewer:
            told = f"{many} times per {long} are fewer than {fewer} times per {short}, which can so never be used up."
            at = At(document, (*path, f"times_per_{long}"))
            yield at.warning("allowance_smaller_by_longer_span", told, many, fewer)


def _units() -> tuple[str, ...]:
    return ("day", "week", "month", "quarter", "year")


def _each_stretch(
    document: Document, path: Path, each: timedelta | None, spans: list[tuple[str, timedelta]]
) -> Iterator[Finding]:
    for unit, most in spans:
        if each is not None and most < each:
            told = f"{length_text(most)} per {unit} are less than the {length_text(each)} that each stretch may have."
            at = At(document, (*path, "each"))
            yield at.warning("allowance_smaller_by_longer_span", told, length_text(most), length_text(each))
            return


def _tiers_without_allowance(document: Document, name: str, excuse: Excuse) -> Iterator[Finding]:
    """Find tiers for which a category is without limit while others have an allowance."""
    terms = document.terms
    if not excuse.allowance or EVERY_TIER in excuse.allowance or not _promised(terms):
        return
    for tier in terms.tiers:
        held = terms.covers(tier) and (not excuse.tiers or tier in excuse.tiers)
        if held and tier not in excuse.allowance:
            told = (
                f"{terms.tiers[tier].title} has no allowance for {name}, while other tiers have one: for it, all of "
                "it is excused."
            )
            yield At(document, ("excused", name, "allowance")).warning("tier_without_allowance", told, name, tier)


def _promised(terms: Terms) -> bool:
    return any(commitment.target for commitment in terms.commitments)


def _no_effect(document: Document, name: str, excuse: Excuse) -> Iterator[Finding]:
    """Find outages that are excused although they are too short to be down at all."""
    conditions = [one for commitment in document.terms.commitments for one in commitment.down.when]
    bounds = [one.bound.value for one in conditions if one.kind == "outage" and isinstance(one.bound, Level)]
    length = excuse.repaired_within or excuse.shorter_than
    if length is None or not bounds or len(bounds) < len(conditions):
        return
    if length.total_seconds() < min(bounds):
        told = (
            f"Outages of {length_text(length)} are excused by {name}, and no outage that short counts as down: "
            "the category has no effect."
        )
        yield At(document, ("excused", name)).note("excuse_without_effect", told, name, length_text(length))


# Notice


def _notice(document: Document) -> Iterator[Finding]:
    terms = document.terms
    planned, excuse = terms.maintenance.planned, terms.excuses.get(PLANNED)
    excused = excuse is not None and excuse.treatment is not Treatment.COUNTS_AS_DOWN
    own = any(_is_maintenance(name, each) for name, each in terms.excuses.items() if name != EMERGENCY)
    if planned.ahead is not None and not own:
        told = (
            f"Planned maintenance is announced {planned.ahead} ahead, and no category {PLANNED} says how it counts: "
            "it is downtime."
        )
        yield At(document, ("maintenance", "planned", "notice")).warning("maintenance_not_excused", told, planned.ahead)
    if not excused or excuse is None:
        return
    if planned.ahead is None and (not excuse.windows or any(window.announced for window in excuse.windows)):
        within = " within its allowance" if excuse.allowance else ""
        told = f"Planned maintenance is excused{within} if it is announced at all before it begins: none is too late."
        yield At(document, ("excused", PLANNED)).note("maintenance_without_notice", told)
    if not terms.notice_channels and not planned.schedule_page:
        told = "Planned maintenance is announced by a page only, and no page is named: no announcement counts."
        at = At(document, ("maintenance", "planned", "announce_by"))
        yield at.warning("nothing_announces", told, *planned.announce_by)


def _without_notice(document: Document) -> Iterator[Finding]:
    """Find windows and allowances by which maintenance is excused past the rule of notice."""
    ahead = document.terms.maintenance.planned.ahead
    if ahead is None:
        return
    for name, excuse in document.terms.excuses.items():
        for number, window in enumerate(excuse.windows):
            if not window.announced:
                told = (
                    f"A fixed window excuses maintenance without an announcement, and maintenance is to be announced "
                    f"{ahead} ahead: say `announced: true`, or that fixed windows need no notice."
                )
                at = At(document, ("excused", name, "windows", number))
                yield at.warning("window_against_notice", told, ahead)
        if name not in (PLANNED, EMERGENCY) and excuse.allowance and _is_maintenance(name, excuse):
            told = (
                f"{name} excuses maintenance within an allowance of its own, and the notice of {ahead} is asked for "
                f"{PLANNED} only: such maintenance needs none."
            )
            at = At(document, ("excused", name, "allowance"))
            yield at.warning("allowance_against_notice", told, name, ahead)


def _is_maintenance(name: str, excuse: Excuse) -> bool:
    return "maintenance" in f"{name} {excuse.means or ''}".lower()


def _emergency(document: Document) -> Iterator[Finding]:
    terms = document.terms
    emergency, excuse = terms.maintenance.emergency, terms.excuses.get(EMERGENCY)
    if "notice_given" in emergency.excuse_needs and emergency.advance_notice == "none":
        told = "Emergency maintenance is excused only if notice was given, and no notice is promised."
        at = At(document, ("maintenance", "emergency", "excuse_needs"))
        yield at.warning("emergency_against_notice", told, "notice_given", "none")
    if excuse is None:
        own = any("emergency" in f"{name} {each.means or ''}".lower() for name, each in terms.excuses.items())
        if emergency.model_fields_set and not own:
            told = (
                f"Emergency maintenance is provided for, and no category {EMERGENCY} says how it counts: "
                "it is downtime."
            )
            yield At(document, ("maintenance", "emergency")).warning("maintenance_not_excused", told, EMERGENCY)
    elif excuse.treatment is not Treatment.COUNTS_AS_DOWN and not _is_limited(terms, excuse):
        told = "Emergency maintenance is excused without a notice, a limit or a condition that must be on record."
        yield At(document, ("excused", EMERGENCY)).note("emergency_without_limit", told)


def _is_limited(terms: Terms, excuse: Excuse) -> bool:
    emergency = terms.maintenance.emergency
    lengths = excuse.repaired_within or excuse.shorter_than or excuse.first_of_each
    limits = lengths or excuse.allowance or excuse.allowance_with or excuse.windows
    return bool(limits or emergency.excuse_needs or emergency.advance_notice != "none")


# Exclusions in words


def _exclusions_in_words(document: Document) -> Iterator[Finding]:
    """Find sentences that exclude something from downtime for which there is no category."""
    for path, text in sentences(document):
        if not (_EXCLUDES.search(text) and _ABOUT_DOWNTIME.search(text)):
            continue
        named = [name for name, words in _NAMED.items() if words.search(text)]
        excuses = document.terms.excuses
        means = " ; ".join(f"{name.replace('_', ' ')}: {excuse.means or ''}" for name, excuse in excuses.items())
        missing = [name for name in named if name not in excuses and not _NAMED[name].search(means)]
        if missing or (not named and not excuses):
            which = f"no category {' or '.join(missing)}" if missing else "no category of `excused`"
            told = f"The words exclude something from downtime, and {which} says how it counts: it is downtime."
            yield At(document, path).warning("exclusion_without_category", told, *(missing or [text]))


def sentences(document: Document) -> Iterator[tuple[Path, str]]:
    """Give the document's own sentences about what is promised, measured and announced."""
    for number, sentence in enumerate(document.terms.sentences):
        yield ("sentences", number, "says"), sentence.says
    for path, notes in document.source.annotations.items():
        if path and path[0] in ("commitments", "measurement", "maintenance") and "words" in notes:
            yield path, notes["words"]
