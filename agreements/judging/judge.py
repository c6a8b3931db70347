"""One period judged: who is covered, the measured value, the target, the row, what is paid.

Pure: the same terms and the same facts always give the same judgement, and every figure of it has
its step in the explanation.
"""

from __future__ import annotations

from fractions import Fraction

from agreements.explaining import Step
from agreements.judging.case import Case
from agreements.judging.covered import not_covered
from agreements.judging.facts import Facts, FactsMissing
from agreements.judging.judgement import Judgement, Outcome
from agreements.judging.limiting import due
from agreements.judging.measuring import measured, noun
from agreements.judging.place import Place, place_of
from agreements.judging.rows import by_row
from agreements.terms import Terms
from agreements.terms.commitments import TIER, Target
from kernel.money import Money


def judge(terms: Terms, *, tier: str | None, uptime: Fraction | None, base: Money | None) -> Judgement:
    """Judge a month of the first commitment by its tier, its exact uptime and the base of a credit."""
    return judge_period(terms, Facts(tier=tier, uptime=uptime, fee=base))


def judge_period(terms: Terms, facts: Facts, *, commitment: str | None = None) -> Judgement:
    """Judge one period by one commitment, the first one unless it is named.

    Errors: FactsMissing and FactsContradict, where the terms ask for what the facts do not tell.
    """
    if not terms.commitments:
        return _without_commitment(terms)
    place = place_of(terms, commitment)
    case = Case(place=place, facts=facts)
    if facts.tier is None and place.commitment.by == TIER:
        sentence = "No tier was held while the service was down, so no credit is due."
        return case.nothing(Outcome.NO_TIER, sentence)
    if facts.tier is not None and not terms.covers(facts.tier):
        title = terms.tiers[facts.tier].title if facts.tier in terms.tiers else facts.tier
        sentence = f"The {title} tier is not covered."
        return case.nothing(Outcome.NOT_COVERED, sentence, clause=terms.clause("tiers", facts.tier))
    if reason := not_covered(place, facts):
        return case.with_step(reason).nothing(Outcome.NOT_COVERED, reason.sentence, clause=reason.clause)
    return _promised(case)


def _without_commitment(terms: Terms) -> Judgement:
    sentence, nothing = "No uptime is promised, so none can be missed.", Money.zero(terms.currency)
    clause = terms.clause("commitments")
    step = Step(rule="Credit", result="nothing", sentence=sentence, clause=clause)
    return Judgement(code=Outcome.NO_TARGET, sentence=sentence, clause=clause, explanation=step, credit=nothing)


def amount(terms: Terms, part: Fraction, base: Money) -> tuple[Money, Money | None]:
    """Take a part of the base, rounded once, within the caps and the minimum, and tell the cap (SEMANTICS 13)."""
    return due(place_of(terms, None), part, base)


def _promised(case: Case) -> Judgement:
    """Compare what was measured with what was promised."""
    place, table = case.place, case.place.commitment.credits
    name, target = _target(place, case.facts)
    case = case.with_target(name, target)
    known = measured(place, case.facts)
    if known is not None:
        case = case.with_value(known)
    if target is None and (table is None or table.paid_for == "missed_target"):
        return case.nothing(Outcome.NO_TARGET, f"No {noun(place)} is promised, so none can be missed.")
    if known is None:
        sentence = f"Nothing was measured in the {_period(place)}, so it has no {noun(place)}."
        return case.nothing(Outcome.NOT_MEASURABLE, sentence)
    if target is None:
        return by_row(case, f"The {noun(place)} was {place.told(known.value)}.")
    met = target.met(known.value)
    if known.least is not None and target.met(known.least) is not met:
        raise FactsMissing(f"how long the {_period(place)} is")
    case = case.with_step(_target_step(case, target, met=met))
    told = f"The {noun(place)} {'meets' if met else 'misses'} {case.promise}."
    if not met or (table is not None and table.paid_for == "any_row"):
        return by_row(case, told)
    return case.nothing(Outcome.MET, told)


def _period(place: Place) -> str:
    name = str(place.commitment.period)
    return "month" if name == "calendar month" else name


def _target(place: Place, facts: Facts) -> tuple[str, Target | None]:
    """Choose the target: of several names the lowest or the highest, as the commitment says."""
    names = _names(place, facts)
    found = [(target, name) for name in names if (target := place.commitment.target_of(name))]
    if not found:
        return (names[0] if names else ""), None
    pick = min if place.commitment.mix == "lowest" else max
    target, name = pick(found, key=lambda each: each[0].share)
    return name, target


def _names(place: Place, facts: Facts) -> tuple[str, ...]:
    if place.commitment.by == TIER:
        return (facts.tier,) if facts.tier else ()
    found = facts.which.get(place.commitment.by)
    if not found:
        raise FactsMissing(f"the {place.commitment.by}")
    return found


def _target_step(case: Case, target: Target, *, met: bool) -> Step:
    place, value = case.place, case.value_told
    own = case.name in (place.commitment.target or {})
    whose = f" for {place.title(case.name)}" if own else ""
    return Step(
        rule="Target",
        inputs=((noun(place), value), ("target", str(target))),
        clause=place.clause(*case.target_path),
        result="met" if met else "missed",
        sentence=f"{value} {'meets' if met else 'misses'} the target of {target}{whose}.{_mixed(case)}",
    )


def _mixed(case: Case) -> str:
    names = _names(case.place, case.facts)
    if len(names) <= 1:
        return ""
    titles = ", ".join(case.place.title(name) for name in names)
    return f" Of the targets of {titles} the {case.place.commitment.mix} counts."
