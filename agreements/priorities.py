"""Which severity a request has: by impact and urgency, and by what is known about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from agreements.explaining import Step
from agreements.terms import Terms
from agreements.terms.prioritizing import FactRule, Priority


@dataclass(frozen=True, kw_only=True)
class Prioritized:
    """The severity of a request, and how it was found; None where the terms give none."""

    severity: str | None
    step: Step


def severity_of(
    terms: Terms,
    *,
    stated: str | None = None,
    impact: str | None = None,
    urgency: str | None = None,
    facts: Collection[str] = (),
) -> Prioritized:
    """Find the severity: by the matrix, else as stated, else `otherwise`; then by each rule of facts in order."""
    support = terms.support
    priority = support.priority if support else None
    if support is None or priority is None:
        told = "The agreement does not say how the severity of a request is found."
        return Prioritized(severity=None, step=Step(rule="Priority", result="none", sentence=told))
    severity, first = _by_matrix(terms, priority, impact, urgency)
    begun = severity or stated or priority.otherwise
    severity, steps = _by_facts(terms, priority, begun, frozenset(facts), list(support.severities))
    told = f"The severity is {severity}." if severity else "Nothing that is known gives a severity."
    known = {"stated": stated, "impact": impact, "urgency": urgency, "facts": ", ".join(sorted(facts))}
    root = Step(
        rule="Priority",
        result=severity or "none",
        sentence=told,
        inputs=tuple((name, told) for name, told in known.items() if told),
        clause=terms.clause("support", "priority"),
        steps=(*first, *steps),
    )
    return Prioritized(severity=severity, step=root)


def _by_matrix(
    terms: Terms, priority: Priority, impact: str | None, urgency: str | None
) -> tuple[str | None, tuple[Step, ...]]:
    if impact is None or urgency is None or not priority.matrix:
        return None, ()
    severity = priority.matrix.get(impact, {}).get(urgency)
    told = (
        f"Impact {impact} at urgency {urgency} is {severity}."
        if severity
        else (f"The matrix has no cell for impact {impact} at urgency {urgency}.")
    )
    step = Step(
        rule="Impact and urgency",
        result=severity or "none",
        sentence=told,
        inputs=(("impact", impact), ("urgency", urgency)),
        clause=terms.clause("support", "priority", "matrix", impact, urgency),
    )
    return severity, (step,)


def _by_facts(
    terms: Terms, priority: Priority, severity: str | None, facts: frozenset[str], order: list[str]
) -> tuple[str | None, tuple[Step, ...]]:
    steps: list[Step] = []
    for number, rule in enumerate(priority.rules):
        if not rule.holds(facts):
            continue
        severity = _changed(rule, severity, order)
        known = " and ".join(priority.facts.get(fact, fact) for fact in rule.when)
        steps.append(
            Step(
                rule="Fact",
                result=severity or "none",
                sentence=f"{known}: {_effect(rule)}.",
                inputs=(("facts", ", ".join(rule.when)),),
                clause=terms.clause("support", "priority", "rules", number),
            )
        )
        if rule.always is not None:
            break
    return severity, tuple(steps)


def _changed(rule: FactRule, severity: str | None, order: list[str]) -> str | None:
    """Give the severity after a rule; the severities stand with the most urgent first."""
    if rule.always is not None or severity is None:
        return rule.always
    bound = rule.at_most or rule.at_least
    if bound is None:
        return severity
    choose = max if rule.at_most else min
    return choose(severity, bound, key=order.index)


def _effect(rule: FactRule) -> str:
    if rule.always is not None:
        return f"the severity is {rule.always}"
    if rule.at_most is not None:
        return f"the severity is at most {rule.at_most}"
    return f"the severity is at least {rule.at_least}"
