"""What counts as down: each condition in words that have one meaning, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from agreements.terms.levels import Level, seconds
from agreements.terms.part import Part
from agreements.terms.values import NUMBER, Written, percent, refused, text_of

_UNIT = r"seconds?|minutes?|hours?"
_PLAIN = re.compile(r"a (?:failed|down) minute", re.ASCII)
_OUTAGE = re.compile(rf"an outage (of at least|longer than) ({NUMBER}) (?:consecutive )?({_UNIT})", re.ASCII)
_ERRORS = re.compile(
    rf"(?:(?:a (?P<one>minute|hour)|(?P<size>{NUMBER}) (?P<unit>{_UNIT})) with )?"
    rf"an error rate (?P<bound>above|of at least) (?P<rate>{NUMBER} ?%)"
    rf"(?:,? and at least (?P<least>\d+) requests?)?",
    re.ASCII,
)
_ALL = re.compile(
    rf"(?:a (?P<one>minute|hour)|(?P<size>{NUMBER}) (?P<unit>{_UNIT})) in which "
    r"(?:every (?:attempt|request) fails|all (?:attempts|requests) fail)",
    re.ASCII,
)
_SLOW = re.compile(
    rf"(?:an answer (slower than|that takes at least)|no answer within) ({NUMBER}) (ms|milliseconds?|{_UNIT})", re.ASCII
)
# Of errors and slow answers, how long they must go on: an error rate above 5% for at least 10 consecutive minutes.
_LASTING = re.compile(
    rf"(?P<head>.+?) for (?P<bound>at least|more than|longer than) (?P<size>{NUMBER}) (?:consecutive )?"
    rf"(?P<unit>{_UNIT})",
    re.ASCII,
)
_PARTS = re.compile(
    rf"(any|all|at least (\d+)|more than ({NUMBER} ?%)|at least ({NUMBER} ?%)) ?(?:of the parts)?", re.ASCII
)
_WAYS = (
    "a failed minute; an outage of at least 5 minutes; an outage longer than 30 seconds; a minute with an error rate "
    "above 5% and at least 100 requests; an error rate above 5% for at least 10 minutes; a minute in which every "
    "attempt fails; an answer slower than 5 seconds"
)


@dataclass(frozen=True)
class Condition:
    """One way of being down: `kind` failed, outage, errors, slow; the bound belongs to it or not.

    `lasting` is for how long errors or slow answers must go on before they are down, all of them then.
    """

    kind: Literal["failed", "outage", "errors", "slow"]
    text: str
    bound: Level | Fraction | None = None
    includes: bool = False
    slot: Level | None = None
    least_requests: int = 0
    lasting: Level | None = None
    lasting_includes: bool = False

    def lasts(self, seconds_: Fraction) -> bool:
        """Tell whether it went on for long enough."""
        if self.lasting is None:
            return True
        return seconds_ > self.lasting.value or (self.lasting_includes and seconds_ == self.lasting.value)

    def __str__(self) -> str:
        return self.text


def condition(value: object) -> Condition:
    """Read a condition: an outage longer than 5 minutes. What has no measure is refused."""
    if isinstance(value, Condition):
        return value
    text = text_of(value, _WAYS)
    if (found := _LASTING.fullmatch(text)) and (head := condition(found["head"])).kind in ("errors", "slow"):
        lasting, includes = seconds(found["size"], found["unit"]), found["bound"] == "at least"
        return replace(head, text=text, lasting=lasting, lasting_includes=includes)
    if _PLAIN.fullmatch(text):
        return Condition("failed", text)
    if found := _OUTAGE.fullmatch(text):
        return Condition("outage", text, seconds(found[2], found[3]), includes=found[1] == "of at least")
    if found := _SLOW.fullmatch(text):
        return Condition("slow", text, seconds(found[2], found[3]), includes=found[1] == "that takes at least")
    if found := _ALL.fullmatch(text):
        return Condition("errors", text, Fraction(1), includes=True, slot=_slot(found), least_requests=1)
    if found := _ERRORS.fullmatch(text):
        least = int(found["least"] or 0)
        includes = found["bound"] == "of at least"
        return Condition("errors", text, percent(found["rate"]), includes, slot=_slot(found), least_requests=least)
    raise refused(f"{text!r} says nothing that can be measured.", _WAYS)


def _slot(found: re.Match[str]) -> Level | None:
    if found["one"]:
        return seconds("1", found["one"])
    return seconds(found["size"], found["unit"]) if found["size"] else None


@dataclass(frozen=True)
class Together:
    """How many parts must fail together: any, all, at least a number, or a share of them."""

    text: str
    number: int = 0
    share: Fraction | None = None
    includes: bool = True

    def __str__(self) -> str:
        return self.text

    def down(self, failing: int, of: int) -> bool:
        """Tell whether so many failing parts, of all, are down together."""
        if self.text == "all":
            return of > 0 and failing == of
        if self.share is None:
            return failing >= max(1, self.number)
        reached = Fraction(failing, of) if of else Fraction(0)
        return reached > self.share or (self.includes and failing > 0 and reached == self.share)


def together(value: object) -> Together:
    """Read how many parts must fail together: all, at least 2, more than 25%."""
    if isinstance(value, Together):
        return value
    expected = "any, all, at least 2, at least 50%, or more than 25%"
    found = _PARTS.fullmatch(text_of(value, expected))
    if found is None:
        raise refused(f"{value!r} was not understood.", expected)
    if found[2]:
        return Together(found[1], number=int(found[2]))
    if found[3] or found[4]:
        return Together(found[1], share=percent(found[3] or found[4]), includes=bool(found[4]))
    return Together(found[1])


ConditionText = Annotated[
    Condition, Written(condition, "What counts as down", "", ("a failed minute", "an outage longer than 5 minutes"))
]
TogetherText = Annotated[
    Together, Written(together, "How many parts", "", ("any", "all", "at least 2", "more than 25%"))
]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | Condition) else value


Conditions = Annotated[
    tuple[ConditionText, ...],
    BeforeValidator(_listed, json_schema_input_type=ConditionText | tuple[ConditionText, ...]),
    Field(min_length=1),
]


class Down(Part):
    """What counts as down."""

    when: Conditions = (Condition("failed", "a failed minute"),)
    """The conditions; where several stand, each of them is enough."""
    parts: TogetherText | None = None
    """How many of the parts must fail together; without, the service fails as one."""
    partial_minutes: Literal["count", "do_not_count"] = "count"
    """Whether a minute that was down only in part counts, by the time that it was down."""
    only_reported: bool = False
    """Whether only what the customer has reported counts."""


def _long_down(value: Any) -> Any:
    return value if isinstance(value, Mapping | Down) else {"when": value}


DownRule = Annotated[
    Down, BeforeValidator(_long_down, json_schema_input_type=ConditionText | tuple[ConditionText, ...] | Down)
]
