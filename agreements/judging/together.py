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
from agreements.judging.limiting import limited, service_limited
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
    if _open(judged, rule):
        sentence = "The terms leave open what one of the commitments pays, and with it what they pay together."
        return _total(judged, Outcome.UNDECIDED, sentence, clause)
    chosen = _chosen(paying, rule)
    code = _code(chosen, judged)
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


def _open(judged: Sequence[Judgement], rule: str) -> bool:
    """Tell whether a commitment of which the terms leave open what it pays could change what is paid."""
    if rule != "first_counts":
        return any(one.code is Outcome.UNDECIDED for one in judged)
    first = next((one for one in judged if one.pays or one.code is Outcome.UNDECIDED), None)
    return first is not None and first.code is Outcome.UNDECIDED


def _code(chosen: Sequence[Judgement], judged: Sequence[Judgement]) -> Outcome:
    """Name the whole: of commitments that pay nothing, the first that was missed, else one that was met."""
    if chosen:
        waiting = any(one.code is Outcome.AWAITING_USAGE for one in chosen)
        return Outcome.AWAITING_USAGE if waiting else Outcome.BELOW_TARGET
    codes = [one.code for one in judged]
    missed = [one.code for one in judged if one.missed and one.code is not Outcome.MET]
    return missed[0] if missed else Outcome.MET if Outcome.MET in codes or not codes else codes[0]


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
        return _service_capped(terms, total, total.service, facts)
    if not caps or total.credit is None:
        return total
    found = limited(Place(terms, 0), Fraction(total.credit.amount), caps, facts)
    if found.credit is None:
        raise FactsMissing(f"the {found.awaited}")
    return replace(_within(terms, total, words.money(found.credit), found.steps), credit=found.credit)


def _service_capped(terms: Terms, total: Total, service: tuple[Fraction, str], facts: Facts) -> Total:
    """Keep service time within the cap of all. Errors: FactsMissing, beside money, which it can not be added to."""
    if total.credit:
        raise FactsMissing("a cap that can be compared with money and service time at once")
    left, steps = service_limited(Place(terms, 0), service, terms.credits_together.caps, facts)
    return replace(_within(terms, total, words.service(*left), steps), service=left)


def _within(terms: Terms, total: Total, result: str, steps: Sequence[Step]) -> Total:
    clause = terms.clause("credits_together", "cap")
    root = replace(
        total.explanation,
        result=result,
        sentence=f"{total.sentence} Within the cap: {result}.",
        steps=(*total.explanation.steps, *(replace(step, clause=clause) for step in steps)),
    )
    return replace(total, sentence=root.sentence, explanation=root)
