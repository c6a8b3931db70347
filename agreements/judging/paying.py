"""What a row pays, before caps: a sum, service time, or a benefit, with the steps that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from agreements.explaining import Inputs, Step
from agreements.judging import words
from agreements.judging.downtime import outages_counted
from agreements.judging.facts import Facts, FactsContradict, FactsMissing
from agreements.judging.measuring import Measured
from agreements.judging.place import Place
from agreements.terms.bands import exact_text
from agreements.terms.bases import VOUCHERS, Base
from agreements.terms.commitments import Target
from agreements.terms.levels import Level, Places
from agreements.terms.paying import Pay, Per
from kernel.money import Money, share

ONE = Fraction(1)


@dataclass(frozen=True, kw_only=True)
class Award:
    """What is owed: `exact` is a sum before it is rounded, `service` an amount of a unit of service.

    `percent` is the share of the base where one is paid; `awaited` names the fee that is not known.
    """

    percent: Fraction | None = None
    exact: Fraction | None = None
    service: tuple[Fraction, str] | None = None
    benefit: str | None = None
    base: str = ""
    awaited: str = ""
    steps: tuple[Step, ...] = ()


def fee_of(place: Place, base: Base | None, facts: Facts) -> Money | None:
    """Tell what a base is worth; None where a fee that it needs is not known."""
    own = place.commitment.credits.of if place.commitment.credits else None
    if base is None or (base == own and facts.fee is not None):
        return facts.fee
    stated = {own.text: facts.fee} if own is not None and facts.fee is not None else {}
    found = [stated.get(name, facts.fees.get(name)) for name in base.names]
    known = [fee for fee in found if fee is not None]
    if len(known) < len(found):
        return None
    chosen = min(known) if base.choice == "lesser" else max(known)
    if not base.without_vouchers:
        return chosen
    vouchers = facts.fees.get(VOUCHERS)
    return None if vouchers is None else chosen - vouchers


def award(place: Place, pay: Pay, facts: Facts, known: Measured, target: Target | None) -> Award:
    """Tell what a row pays. Errors: FactsMissing, where a step needs what is not known."""
    if pay.kind == "time lost":
        return _time_lost(place, pay, facts, known, target)
    number, steps = _multiplied(place, pay, facts, known, target)
    if pay.kind == "share":
        made = _of_base(place, pay, number, facts)
        return replace(made, steps=(*steps, *made.steps))
    if pay.kind == "sum":
        return Award(exact=pay.amount * number, steps=steps)
    if pay.kind == "service":
        return Award(service=(pay.amount * number, pay.unit), steps=steps)
    if pay.kind == "benefit":
        return Award(benefit=_benefit(pay, number), steps=steps)
    return Award(percent=Fraction(0), exact=Fraction(0), steps=steps)


def _benefit(pay: Pay, number: Fraction) -> str:
    return f"{words.number(pay.amount * number)} {pay.unit}" if pay.per else pay.text


def _base_of(place: Place, pay: Pay) -> Base | None:
    return pay.of or (place.commitment.credits.of if place.commitment.credits else None)


def _of_base(place: Place, pay: Pay, number: Fraction, facts: Facts) -> Award:
    base = _base_of(place, pay)
    percent = pay.amount * number
    fee = fee_of(place, base, facts)
    if fee is None:
        return Award(percent=percent, base=str(base), awaited=_named(base))
    exact = Fraction(fee.amount) * percent
    step = Step(
        rule="Amount",
        inputs=((_named(base), words.money(fee)), ("percent", words.share(percent))),
        clause=place.clause("credits", "of"),
        result=words.exact_sum(exact, fee.currency),
        sentence=f"{words.share(percent)} of {words.money(fee)}, the {_named(base)}, are "
        f"{words.exact_sum(exact, fee.currency)}.",
    )
    return Award(percent=percent, base=str(base), exact=exact, steps=(step,))


def _named(base: Base | None) -> str:
    if base is None:
        return "fee"
    return "month's usage" if base.text == "usage of the month" else base.text.removeprefix("the ")


def _time_lost(place: Place, pay: Pay, facts: Facts, known: Measured, target: Target | None) -> Award:
    base = _base_of(place, pay)
    lost, steps = _lost(place, pay, known, target)
    if pay.per is not None:
        whole = pay.per.number(lost) * pay.per.size.value
        steps, lost = (*steps, _whole_steps(place, pay.per, lost, whole)), whole
    if facts.rate is not None:
        if facts.rate.currency != place.terms.currency:
            raise FactsContradict(f"{facts.rate} is not in {place.terms.currency}")
        exact = facts.rate.exact(lost) * pay.amount
        told = f"{words.time(lost)} lost at {facts.rate}"
        inputs: Inputs = (("lost", words.time(lost)), ("rate", str(facts.rate)))
    else:
        fee = fee_of(place, base, facts)
        if fee is None:
            return Award(awaited=_named(base), steps=steps)
        if known.total is None:
            raise FactsMissing(f"how long the {place.commitment.period} is")
        part = _of_total(place, lost / known.total)
        exact = Fraction(fee.amount) * part * pay.amount
        told = f"{words.time(lost)} of {words.time(known.total)} are {words.share(part)} of {words.money(fee)}"
        inputs = (("lost", words.time(lost)), ("total", words.time(known.total)), (_named(base), words.money(fee)))
    times = "" if pay.amount == ONE else f", times {exact_text(pay.amount)}"
    step = Step(
        rule="Amount",
        inputs=inputs,
        clause=place.clause("credits"),
        result=words.exact_sum(exact, place.terms.currency),
        sentence=f"{told}{times}: {words.exact_sum(exact, place.terms.currency)}.",
    )
    return Award(exact=exact, steps=(*steps, step))


def _whole_steps(place: Place, per: Per, lost: Fraction, whole: Fraction) -> Step:
    return Step(
        rule="Steps",
        inputs=(("lost", words.time(lost)), ("step", str(per.size)), ("parts of a step", per.way)),
        clause=place.clause("credits"),
        result=words.time(whole),
        sentence=f"{words.time(lost)} count as {words.time(whole)}, {per}.",
    )


def _of_total(place: Place, part: Fraction) -> Fraction:
    places = place.commitment.credits.multiplier_rounding if place.commitment.credits else None
    return places.percent(part) if places else part


def _lost(place: Place, pay: Pay, known: Measured, target: Target | None) -> tuple[Fraction, tuple[Step, ...]]:
    if known.down is None:
        uptime = place.commitment.measure == "uptime"
        raise FactsMissing(f"how long the {place.commitment.period} is" if uptime else "how long it was down")
    return _beyond(place, pay, known, target, known.down)


def allowed(place: Place, known: Measured, target: Target | None) -> Fraction:
    """Tell the seconds of downtime that the target allows."""
    if target is None:
        raise FactsMissing("a target, which says what downtime is allowed")
    if place.commitment.measure == "downtime":
        return target.share
    if known.total is None:
        raise FactsMissing(f"how long the {place.commitment.period} is")
    return (1 - target.share) * known.total


def _beyond(
    place: Place, pay: Pay, known: Measured, target: Target | None, down: Fraction
) -> tuple[Fraction, tuple[Step, ...]]:
    """Leave out the downtime that is not paid for."""
    if pay.beyond is None:
        return down, ()
    free = pay.beyond.value if isinstance(pay.beyond, Level) else allowed(place, known, target)
    left = max(Fraction(0), down - free)
    why = "are free" if isinstance(pay.beyond, Level) else "are what the target allows"
    step = Step(
        rule="Downtime that is paid for",
        inputs=(("down", words.time(down)), ("free", words.time(free))),
        clause=place.clause("credits"),
        result=words.time(left),
        sentence=f"Of {words.time(down)} down, {words.time(free)} {why}: {words.time(left)} are paid for.",
    )
    return left, (step,)


def _multiplied(
    place: Place, pay: Pay, facts: Facts, known: Measured, target: Target | None
) -> tuple[Fraction, tuple[Step, ...]]:
    """Count the steps that are paid for; once, where the row has none."""
    if pay.per is None:
        return ONE, ()
    value, before = _counted(place, pay, facts, known, target)
    number = pay.per.number(value)
    places = place.commitment.credits.multiplier_rounding if place.commitment.credits else None
    rounded = places.plain(number) if places else number
    return rounded, (*before, _steps_step(place, pay, pay.per, value, number, rounded, places))


def _steps_step(
    place: Place, pay: Pay, per: Per, value: Fraction, number: Fraction, rounded: Fraction, places: Places | None
) -> Step:
    told = words.in_unit(per.size, None, value) if per.of not in ("units", "outages", "misses") else words.number(value)
    way = {"in proportion": "in proportion"}.get(per.way, f"{per.way} ones only" if per.way == "full" else per.way)
    rounding = f", rounded to {places}: {words.number(rounded)}" if places else ""
    return Step(
        rule="Steps",
        inputs=(("counted", told), ("step", str(per.size)), ("parts of a step", way)),
        clause=place.clause("credits"),
        result=words.number(rounded),
        sentence=(
            f"{told} are {words.number(number)} times the step of {per.size} ({way}){rounding}; "
            f"so often the row pays, in all {pay.times(rounded)}."
        ),
    )


def _counted(
    place: Place, pay: Pay, facts: Facts, known: Measured, target: Target | None
) -> tuple[Fraction, tuple[Step, ...]]:
    of = pay.per.of if pay.per else "downtime"
    if of == "downtime":
        return _lost(place, pay, known, target)
    if of == "misses":
        return known.value, ()
    if of == "outages":
        if not facts.outages:
            raise FactsMissing("the outages")
        return Fraction(outages_counted(place, facts)), ()
    if of == "units":
        if facts.units is None:
            raise FactsMissing("the number of units")
        return facts.units, ()
    if target is None:
        raise FactsMissing("a target that is missed")
    return _free(pay, target.miss(known.value)), ()


def _free(pay: Pay, missed: Fraction) -> Fraction:
    return max(Fraction(0), missed - pay.beyond.value) if isinstance(pay.beyond, Level) else missed


def in_money(exact: Fraction, currency: str) -> Money:
    """Round a sum once, half even, to the minor unit (SEMANTICS 13)."""
    return share(Money.of(1, currency), exact)
