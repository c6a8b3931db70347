"""Several commitments judged for one period: their credits add up, or one of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts, FactsMissing
from agreements.judging.judgement import Judgement, Outcome
from agreements.judging.limiting import limited
from agreements.judging.place import Place
from agreements.terms import Terms
from kernel.money import Money

RULES = {
    "add_up": "the credits add up",
    "larger_counts": "the largest of the credits counts",
    "first_counts": "the first that pays excludes the others",
    "undecided": "the terms leave open how they become one",
}


@dataclass(frozen=True, kw_only=True)
class Total:
    """What several commitments owe together; None: not money, or not known yet."""

    code: Outcome
    sentence: str
    clause: str
    explanation: Step
    percent: Fraction | None = None
    credit: Money | None = None
    base: str = ""
    service: tuple[Fraction, str] | None = None
    benefit: str | None = None


def judge_together(terms: Terms, judged: Sequence[Judgement], facts: Facts) -> Total:
    """Make one credit of several judgements of a period. Errors: FactsMissing, where a cap can not be known."""
    clause = terms.clause("credits_together")
    paying = [one for one in judged if one.pays]
    rule = terms.credits_together.credits
    if len(paying) > 1 and rule == "undecided":
        sentence = f"{len(paying)} commitments pay, and {RULES[rule]}."
        return _total(judged, Outcome.UNDECIDED, sentence, clause)
    if len(paying) <= 1:
        sentence = "One of the commitments pays." if paying else "None of the commitments pays."
    else:
        sentence = f"{len(paying)} commitments pay, and {RULES[rule]}."
    chosen = _chosen(paying, rule)
    code = _code(chosen)
    made = _total(judged, code, sentence, clause)
    made = replace(
        made,
        percent=_percents(chosen),
        base=next((one.base for one in chosen), ""),
        credit=_credits(terms, chosen),
        service=_services(chosen),
        benefit=" and ".join(one.benefit for one in chosen if one.benefit) or None,
    )
    return _capped(terms, _told(made), facts)


def _chosen(paying: Sequence[Judgement], rule: str) -> Sequence[Judgement]:
    if rule == "add_up" or len(paying) <= 1:
        return paying
    if rule == "first_counts":
        return paying[:1]
    if all(one.credit is not None for one in paying):
        return [max(paying, key=lambda one: one.credit.amount if one.credit else Decimal(0))]
    if all(one.percent is not None for one in paying):
        return [max(paying, key=lambda one: one.percent or Fraction(0))]
    if len({one.service[1] for one in paying if one.service}) == 1 and all(one.service for one in paying):
        return [max(paying, key=lambda one: one.service or (Fraction(0), ""))]
    raise FactsMissing("amounts that can be compared, to tell the larger credit")


def _code(chosen: Sequence[Judgement]) -> Outcome:
    waiting = any(one.code is Outcome.AWAITING_USAGE for one in chosen)
    return Outcome.AWAITING_USAGE if waiting else Outcome.BELOW_TARGET if chosen else Outcome.MET


def _percents(chosen: Sequence[Judgement]) -> Fraction | None:
    """Add up shares of one base; shares of several are no share of anything."""
    if any(one.percent is None for one in chosen) or len({one.base for one in chosen}) > 1:
        return None
    return sum((one.percent or Fraction(0) for one in chosen), Fraction(0))


def _credits(terms: Terms, chosen: Sequence[Judgement]) -> Money | None:
    """Add up what is money; None where an amount is awaited, or only service and benefits are owed."""
    found = [one.credit for one in chosen if one.credit is not None]
    if any(one.code is Outcome.AWAITING_USAGE for one in chosen) or (chosen and not found):
        return None
    return sum(found, Money.zero(terms.currency))


def _services(chosen: Sequence[Judgement]) -> tuple[Fraction, str] | None:
    units = {one.service[1] for one in chosen if one.service}
    if len(units) > 1:
        raise FactsMissing(f"how {' and '.join(sorted(units))}s of service are added up")
    if not units:
        return None
    return sum((one.service[0] for one in chosen if one.service), Fraction(0)), units.pop()


def _total(judged: Sequence[Judgement], code: Outcome, sentence: str, clause: str) -> Total:
    steps = tuple(one.explanation for one in judged)
    root = Step(rule="Credits together", result=code.value, sentence=sentence, clause=clause, steps=steps)
    return Total(code=code, sentence=sentence, clause=clause, explanation=root)


def _told(total: Total) -> Total:
    owed = [words.money(total.credit)] if total.credit else []
    owed += [words.service(*total.service)] if total.service else []
    owed += [total.benefit] if total.benefit else []
    if total.credit is None and total.percent:
        owed.append(f"{words.share(total.percent)} of the {total.base}")
    if total.code is Outcome.AWAITING_USAGE:
        owed.append("an amount that is awaited")
    result = " and ".join(owed) or "nothing"
    sentence = f"{total.sentence} Together: {result}."
    return replace(total, sentence=sentence, explanation=replace(total.explanation, result=result, sentence=sentence))


def _capped(terms: Terms, total: Total, facts: Facts) -> Total:
    caps = terms.credits_together.caps
    if caps and total.service is not None:
        raise FactsMissing("a cap that can be compared with service time")
    if not caps or total.credit is None:
        return total
    clause = terms.clause("credits_together", "cap")
    found = limited(Place(terms, 0), Fraction(total.credit.amount), caps, facts)
    if found.credit is None:
        raise FactsMissing(f"the {found.awaited}")
    result = words.money(found.credit)
    root = replace(
        total.explanation,
        result=result,
        sentence=f"{total.sentence} Within the cap: {result}.",
        steps=(*total.explanation.steps, *(replace(step, clause=clause) for step in found.steps)),
    )
    return replace(total, credit=found.credit, sentence=root.sentence, explanation=root)
