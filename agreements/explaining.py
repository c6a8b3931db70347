"""An explanation: a decision as a tree of steps, which every page and program shows alike.

The root is the decision itself; below each step stand the steps that its inputs come from. It is
plain data: values are in words, so that who shows it computes nothing and looks nothing up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kernel import shown

Inputs = tuple[tuple[str, str], ...]
Data = dict[str, Any]

INDENT = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the rule applied, what went into it, where the rule stands, and what came out.

    `rule` names the rule in a few words ("Target", "Cap"), `inputs` are names and values,
    `result` is the value that the step gives, and `sentence` tells all of it to a customer.
    `clause` is "" where the document is silent; `steps` tell where the inputs come from, in order.
    """

    rule: str
    result: str
    sentence: str
    inputs: Inputs = ()
    clause: str = ""
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Write percents for people, whatever the file writes."""
        object.__setattr__(self, "result", shown.percents(self.result))
        object.__setattr__(self, "sentence", shown.percents(self.sentence))
        object.__setattr__(self, "inputs", tuple((name, shown.percents(value)) for name, value in self.inputs))


def walk(step: Step) -> Iterator[Step]:
    """Give the step and every step below it, the decision first."""
    yield step
    for below in step.steps:
        yield from walk(below)


def find(step: Step, rule: str) -> Step | None:
    """Give the first step of this rule, if one was applied."""
    return next((one for one in walk(step) if one.rule == rule), None)


def as_data(step: Step) -> Data:
    """Give the tree as mappings, lists and texts, ready for JSON."""
    return {
        "rule": step.rule,
        "result": step.result,
        "sentence": step.sentence,
        "inputs": [{"name": name, "value": value} for name, value in step.inputs],
        "clause": step.clause,
        "steps": [as_data(below) for below in step.steps],
    }


def from_data(data: Mapping[str, Any]) -> Step:
    """Read what `as_data` gave, such as from a stored report."""
    return Step(
        rule=data["rule"],
        result=data["result"],
        sentence=data["sentence"],
        inputs=tuple((one["name"], one["value"]) for one in data["inputs"]),
        clause=data["clause"],
        steps=tuple(from_data(below) for below in data["steps"]),
    )


def lines(step: Step, *, depth: int = 0) -> Iterator[str]:
    """Tell the tree as text, one step a line, each below the one that it serves."""
    clause = f" ({step.clause})" if step.clause else ""
    yield f"{INDENT * depth}{step.rule}: {step.sentence}{clause}"
    for below in step.steps:
        yield from lines(below, depth=depth + 1)
