"""What the words of an exclusion take in: a cause, or downtime itself.

Words name no cause if each of them only says that something is down, of what, or joins such words.
A term that the agreement defines is read as its definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from agreements.lint.excuses import sentences
from agreements.terms import Document


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DOWN = _listed(
    "downtime downtimes outage outages unavailability unavailable interruption interruptions disruption disruptions "
    "inaccessible inaccessibility unreachable"
)
_UNSCHEDULED = _listed("unscheduled unplanned unannounced unexpected unforeseen")
_SCHEDULED = _listed("scheduled planned announced")
_JOINING = _listed(
    "a an the any all each every other such whatsoever of in to for on with by due caused because as result resulting "
    "from arising attributable is are was were be been being has have becomes time times period periods minute minutes "
    "when where which that while during it its this these those our provider service services platform or and"
)
# The words after "are excluded" that say from what.
_FROM = _listed("toward towards into calculation calculating computation computing considered counted")
_UP = re.compile(r"\b(?:uptime|availability)\b", re.IGNORECASE)
_CALCULATED = re.compile(r"\b(?:calculat|comput|measur|percentage)", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:downtimes?|outages?|unavailab\w+)\b", re.IGNORECASE)
_CAUSE = re.compile(r"\b(?:due to|caused by|because of|as a result of|resulting from|arising from)\b", re.IGNORECASE)

# Downtime does not include ...; Downtime excludes ...
_AFTER = re.compile(
    r"\b(?:(?:do(?:es)?|shall|will|must) not (?:include|comprise|cover)|exclud(?:es?|ing))\b", re.IGNORECASE
)
# ... are not counted; ... shall be excluded from the calculation; ... do not constitute downtime
_BEFORE = re.compile(
    r"\b(?:(?:is|are) (?:not (?:counted|considered|included)|excluded|exempt(?:ed)?)"
    r"|(?:shall|will|must) (?:not be (?:counted|considered|included)|be (?:excluded|exempt(?:ed)?))"
    r"|(?:do(?:es)?|shall|will|must) not (?:count|constitute))\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"[\"\u201c']?(?P<term>[A-Z][\w-]*(?: [A-Z][\w-]*)*)[\"\u201d']? "
    r"(?:means|mean|refers to|is defined as|are defined as) (?P<meaning>[^.;]+)"
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019]s)?", re.UNICODE)
_NOT_UP = re.compile(r"\b(?:not|cannot be|can not be) (?:available|accessible|reachable)\b", re.IGNORECASE)
_NOT_SCHEDULED = re.compile(
    r"\b(?:not(?: been)?|other than|outside(?: of)?|except(?: for)?)(?: any| the)? "
    r"(?:scheduled|planned|announced)(?: (?:downtimes?|maintenance|outages?))?\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;:]|\.\.\.|\u2026|\([a-z0-9]+\)|\b(?:and|or|nor)\b)\s*", re.IGNORECASE)


class Takes(Enum):
    """What an exclusion without a cause takes out."""

    ALL = auto()
    UNSCHEDULED = auto()


@dataclass(frozen=True)
class Reading:
    """How an agreement's words are read: its own names beside the common ones, and its definitions."""

    names: frozenset[str]
    defined: Mapping[str, str]

    def takes(self, words: str) -> Takes | None:
        """Tell that words take in downtime itself; None where they name a cause or another limit."""
        read = set(_tokens(self._with_meanings(words)))
        known = _DOWN | _UNSCHEDULED | _JOINING | self.names
        if not read & _DOWN or read & _SCHEDULED or not read <= known:
            return None
        return Takes.UNSCHEDULED if read & _UNSCHEDULED or set(_tokens(words)) & _UNSCHEDULED else Takes.ALL

    def taken(self, text: str) -> tuple[str, Takes] | None:
        """Find the first thing excluded in a text that is downtime itself."""
        for parts in _excluded(text):
            for number, part in enumerate(parts):
                takes = self.takes(part)
                if takes is not None and not self._limited_later(part, takes, parts[number + 1 :]):
                    return part, takes
        return None

    def _limited_later(self, part: str, takes: Takes, later: list[str]) -> bool:
        """Tell of "outages or interruptions caused by X" that the first is limited with the last."""
        if takes is Takes.UNSCHEDULED or _CAUSE.search(part):
            return False
        return any(set(_tokens(one)) & _DOWN and self.takes(one) is None for one in later)

    def _with_meanings(self, words: str) -> str:
        for term, meaning in self.defined.items():
            words = meaning.join(re.split(rf"\b{re.escape(term)}\b", words))
        return words


def reading_of(document: Document) -> Reading:
    """Read an agreement's names and its definitions; the name of one service among several limits."""
    terms = document.terms
    named = [terms.contacts.legal_name or ""]
    if len(terms.services) == 1:
        named += [f"{name} {service.title}" for name, service in terms.services.items()]
    texts = [text for _, text in sentences(document)]
    defined = {found["term"]: found["meaning"] for text in texts for found in _DEFINES.finditer(text)}
    defined.pop("Downtime", None)
    return Reading(frozenset(_tokens(" ".join(named))), defined)


def _excluded(text: str) -> Iterator[list[str]]:
    """Give what each sentence excludes from downtime, thing by thing and in its own words."""
    for sentence in re.split(r"(?<=[^.])\.(?:\s|$)", text):
        if (verb := _AFTER.search(sentence)) and _about_downtime(sentence[: verb.start()]):
            yield _parts(sentence[verb.end() :])
        elif (verb := _BEFORE.search(sentence)) and _from_downtime(sentence[verb.end() :]):
            yield _parts(sentence[: verb.start()])


def _about_downtime(head: str) -> bool:
    """Tell that a sentence speaks of downtime: that uptime does not include it is no exclusion."""
    return bool(_ABOUT.search(head)) and not _UP.search(head)


def _from_downtime(tail: str) -> bool:
    """Tell that the words after "are not counted" only say from what, and that this is no share of uptime."""
    known = _DOWN | _JOINING | _FROM | {"uptime", "availability", "percentage", "monthly"}
    if not set(_tokens(tail)) <= known:
        return False
    return not _UP.search(tail) or bool(_CALCULATED.search(tail))


def _parts(listed: str) -> list[str]:
    parts = [part.strip(" \"'\u201c\u201d") for part in _BETWEEN.split(listed)]
    return [part for part in parts if part]


def _tokens(text: str) -> list[str]:
    said = _NOT_SCHEDULED.sub("unscheduled", _NOT_UP.sub("unavailable", text))
    return [word.lower() for word in _WORD.findall(said)]
