"""How a rule of the terms, and its value, are called for people who read what differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from pydantic import BaseModel

from agreements.terms import Terms
from agreements.terms.source import Plain
from kernel import shown

_CHOICE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")

Place = tuple[str | int, ...]
ANY: Final = "*"

# What a rule is called, by its place; `*` is any name, and {0}, {1} are the titles of those.
CALLED: Final[Mapping[Place, str]] = {
    ("title",): "Title",
    ("document_date",): "Date of the document",
    ("in_force_from",): "In force from",
    ("time_zone",): "Time zone of months and days",
    ("currency",): "Currency",
    ("tiers",): "Tiers",
    ("tiers", ANY, "title"): "Tier {0}, its name",
    ("tiers", ANY, "covered"): "Tier {0}, whether it is promised uptime and credit",
    ("services",): "Services",
    ("services", ANY, "title"): "Service {0}, its name",
    ("measurement", "success_statuses"): "Answers that count as success",
    ("measurement", "no_data"): "Minutes without a measurement",
    ("commitments",): "Promises",
    ("commitments", ANY, "target"): "Target of {0}",
    ("commitments", ANY, "target", ANY): "Target of {0}, {1}",
    ("commitments", ANY, "target", ANY, "at_least"): "Target of {0}, {1}",
    ("commitments", ANY, "target", ANY, "maximum_downtime"): "Downtime that the target of {0} is said to allow {1}",
    ("commitments", ANY, "target", ANY, "negotiable"): "Whether the target of {0} is negotiable for {1}",
    ("commitments", ANY, "period"): "Period of {0}",
    ("commitments", ANY, "credits", "of"): "What the credit for {0} is a share of",
    ("commitments", ANY, "credits", "rows", ANY): "Credit for {0}, row {1}",
    ("commitments", ANY, "credits", "cap"): "Most credit for {0}",
    ("commitments", ANY, "credits", "minimum"): "Least credit for {0}",
    ("commitments", ANY, "credits", "unmatched_miss"): "A missed target of {0} that no row pays",
    ("claims", "file_within"): "Time to claim a credit",
    ("claims", "settle_within"): "Time in which a claim is decided and credited",
    ("claims", "appeal_within"): "Time to appeal",
    ("claims", "min_after_known"): "Least time to claim after a miss is known",
    ("claims", "roll"): "Whether the time to claim rolls to a business day",
    ("claims", "on_missed_deadline"): "A claim that is not decided in time",
    ("claims", "request", "to"): "Where claims are sent",
    ("excused", ANY, "treatment"): "How {0} is treated",
    ("excused", ANY, "means"): "What {0} means",
    ("maintenance", "planned", "notice"): "Notice before planned maintenance",
    ("maintenance", "planned", "announce_by"): "How planned maintenance is announced",
    ("support", "response", ANY, ANY): "First reply to {0}, {1}",
    ("support", "severities"): "Severities",
    ("business_hours", "time_zone"): "Time zone of business hours",
    ("business_hours", "hours"): "Business hours",
    ("changes", "notice"): "Notice before the agreement changes, in days",
    ("remedies", "sole_remedy"): "Whether credit is the only remedy",
    ("sentences", ANY): "Sentence {0}",
    ("examples", ANY): "Example “{0}”",
}


def what_is(place: Place, terms: Terms) -> str:
    """Name the rule at a place: by a name of its own, or by the words of the way to it."""
    for length in range(len(place), 0, -1):
        for pattern, called in CALLED.items():
            if len(pattern) == length and _fits(pattern, place):
                titles = [_title(place[:at], step, terms) for at, step in enumerate(place) if _is_any(pattern, at)]
                rest = "".join(f", {_title(place[:at], place[at], terms)}" for at in range(length, len(place)))
                return called.format(*titles) + rest
    words = [_title(place[:at], step, terms) for at, step in enumerate(place)]
    return ", ".join([words[0].capitalize(), *words[1:]]) if words else "The agreement"


def _fits(pattern: Place, place: Place) -> bool:
    return all(expected in (ANY, step) for expected, step in zip(pattern, place, strict=False))


def _is_any(pattern: Place, at: int) -> bool:
    return at < len(pattern) and pattern[at] == ANY


def _title(before: Place, step: str | int, terms: Terms) -> str:
    """Call a step as customers know it: tiers, services and severities by their titles, rows by number."""
    if isinstance(step, int):
        return str(step + 1)
    if before[:1] == ("examples",):
        return step
    for find in _TITLES:
        if title := find(terms, step):
            return title
    return step.replace("_", " ")


def _tier(terms: Terms, name: str) -> str | None:
    return terms.tiers[name].title if name in terms.tiers else None


def _service(terms: Terms, name: str) -> str | None:
    return terms.services[name].title if name in terms.services else None


def _severity(terms: Terms, name: str) -> str | None:
    return terms.support.severities.get(name) if terms.support else None


_TITLES: Final[tuple[Callable[[Terms, str], str | None], ...]] = (_tier, _service, _severity)


def in_order(names: Plain, place: Place, terms: Terms) -> str:
    """List names in their order, as customers know them."""
    return ", ".join(_title(place, str(name), terms) for name in names) if isinstance(names, tuple) else told(names)


def by_default(terms: Terms, at: Place | None) -> str | None:
    """Tell what applies where a file leaves a rule out: its default, if that is a plain value."""
    value: object = terms
    for step in at or ():
        if isinstance(value, BaseModel):
            fields = type(value).model_fields
            names = [name for name, field in fields.items() if step in (name, field.alias)]
            value = getattr(value, names[0]) if names else None
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            return None
    match value:
        case timedelta():
            return shown.span(value)
        case bool() | int() | str():
            return told(value)
        case _:
            return None


def told(value: Plain) -> str:
    """Write a value for people; a choice such as counts_as_up is written as words."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(_item(one) for one in value) if value else "nothing"
        case dict():
            inner = (f"{name.replace('_', ' ')} {_item(one)}" for name, one in value.items())
            return ", ".join(inner) if value else "nothing"
        case _:
            return str(value).replace("_", " ") if _CHOICE.fullmatch(str(value)) else shown.percents(str(value))


def _item(value: Plain) -> str:
    """Set apart what would run into its neighbours."""
    written = told(value)
    if isinstance(value, tuple | dict):
        return f"({written})"
    return f"“{written}”" if "," in written else written
