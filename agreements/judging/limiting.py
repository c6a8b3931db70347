"""Caps and the least that is paid: what is left of an award, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts, FactsMissing
from agreements.judging.paying import fee_of, in_money
from agreements.judging.place import Place
from agreements.terms.bands import exact_text
from agreements.terms.bases import Base
from agreements.terms.caps import Cap, Minimum
from agreements.terms.levels import DAY
from agreements.terms.periods import SINGLE
from kernel.money import Money, share, share_down

# Per what a cap also counts what was credited before, unless that is the commitment's own period.
EARLIER = ("month", "quarter", "invoice", "twelve months", "incident")
# The months of a period; an outage, a case or an event is of the month in which it falls.
MONTHS = {"calendar month": 1, "billing month": 1, "calendar quarter": 3, "calendar year": 12}
MONTHS |= dict.fromkeys(SINGLE, 1)
SHORTEST_MONTH = Fraction(28) - Fraction(1, 24)
DAYS = {"hour": Fraction(1, 24), "day": Fraction(1), "week": Fraction(7)}


_Kind = TypeVar("_Kind")


@dataclass(frozen=True, kw_only=True)
class Limited:
    """A credit after its caps; `cap` is the lowest that was compared, `awaited` a fee that is not known."""

    credit: Money | None
    cap: Money | None = None
    awaited: str = ""
    steps: tuple[Step, ...] = ()


def limited(place: Place, exact: Fraction, caps: Iterable[Cap], facts: Facts) -> Limited:
    """Round a sum once and keep it within every cap, less what was credited under it before."""
    credit = in_money(exact, place.terms.currency)
    steps = [_rounding(exact, credit)] if Fraction(credit.amount) != exact else []
    least: Money | None = None
    for number, cap in enumerate(caps):
        most, awaited = _most(place, cap, facts)
        if most is None:
            return Limited(credit=None, awaited=awaited, steps=tuple(steps))
        left = _left(most, _before(place, cap, facts))
        steps.append(_cap_step(place, cap, number, most, left, credit, facts))
        credit = min(credit, left)
        least = left if least is None else min(least, left)
    return Limited(credit=credit, cap=least, steps=tuple(steps))


def due(place: Place, part: Fraction, base: Money) -> tuple[Money, Money | None]:
    """Tell what `limited` and `paid_out` make of a part of the base, and the lowest cap, without telling why."""
    table, facts = place.commitment.credits, Facts(fee=base)
    credit, least = share(base, part), None
    for cap in table.caps if table else ():
        most, awaited = _most(place, cap, facts)
        if most is None:
            raise FactsMissing(awaited)
        least = most if least is None else min(least, most)
    credit = credit if least is None else min(credit, least)
    reached = table is None or table.minimum is None or table.minimum.reached(credit)
    return (credit if reached else Money.zero(base.currency)), least


def _rounding(exact: Fraction, credit: Money) -> Step:
    told = words.exact_sum(exact, credit.currency)
    return Step(
        rule="Rounding",
        inputs=(("exact", told),),
        result=words.money(credit),
        sentence=f"{told} are rounded once, half even: {words.money(credit)}.",
    )


def _most(place: Place, cap: Cap, facts: Facts) -> tuple[Money | None, str]:
    """Tell the sum of a cap, a share rounded down; None and the fee where one is not known."""
    if cap.kind == "sum":
        return Money.of(exact_text(cap.amount), place.terms.currency), ""
    base = _base_of(place, cap)
    fee = fee_of(place, base, facts)
    if fee is None:
        return None, str(base or "fee")
    if cap.kind == "share":
        return share_down(fee, cap.amount), ""
    part = _part_of_period(place, cap.amount, cap.unit, facts)
    return (None, "length of the period") if part is None else (share_down(fee, part), "")


def _base_of(place: Place, cap: Cap) -> Base | None:
    return cap.base or (place.commitment.credits.of if place.commitment.credits else None)


def _part_of_period(place: Place, amount: Fraction, unit: str, facts: Facts) -> Fraction | None:
    """Tell which part of the period's fee so much service is worth."""
    if unit == "month":
        months = MONTHS.get(place.commitment.period.name)
        return amount / months if months else None
    if facts.total is None:
        return None
    return amount * DAYS[unit] * DAY / facts.total


def worth(place: Place, service: tuple[Fraction, str], facts: Facts) -> Fraction | None:
    """Tell what service time is worth: its share of the fee of the period; None where it is not known."""
    amount, unit = service
    part = _part_of_period(place, amount, unit, facts)
    fee = fee_of(place, place.commitment.credits.of if place.commitment.credits else None, facts)
    return None if part is None or fee is None else Fraction(fee.amount) * part


def _said(place: Place, cap: Cap, told: Mapping[str, _Kind]) -> _Kind | None:
    """Find what is told per what a cap counts; the commitment's own period has two names."""
    own = ("period", place.commitment.period.of_a_cap)
    names = own if cap.per in own else (cap.per,)
    return next((told[name] for name in names if name in told), None)


def _before(place: Place, cap: Cap, facts: Facts) -> Money | None:
    """Tell what was credited before under a cap. Errors: FactsMissing, where it was service time."""
    if _said(place, cap, facts.service_before) is not None:
        raise FactsMissing(f"what was credited before in money, to compare it with {cap}")
    return _said(place, cap, facts.credited_before)


def _left(most: Money, before: Money | None) -> Money:
    return most if before is None else max(Money.zero(most.currency), most - before)


def _cap_step(place: Place, cap: Cap, number: int, most: Money, left: Money, credit: Money, facts: Facts) -> Step:
    before = _before(place, cap, facts)
    told = f"At most {cap}: {words.money(most)}"
    if before is not None:
        told += f", of which {words.money(before)} were credited before: {words.money(left)} are left"
    elif cap.per in EARLIER and cap.per != place.commitment.period.of_a_cap:
        told += " (nothing credited before was stated)"
    verdict = f"{words.money(credit)} are cut to {words.money(left)}" if credit > left else "the credit is within it"
    return Step(
        rule="Cap",
        inputs=(("cap", str(cap)), ("credit", words.money(credit))),
        clause=place.clause("credits", "cap", number),
        result=words.money(min(credit, left)),
        sentence=f"{told}; {verdict}.",
        steps=_at_most(place, cap, number, most, facts),
    )


def _at_most(place: Place, cap: Cap, number: int, most: Money, facts: Facts) -> tuple[Step, ...]:
    """Tell what a cap comes to that is a share of a fee: rounded down, so that it is never exceeded."""
    if cap.kind != "share":
        return ()
    fee = fee_of(place, _base_of(place, cap), facts)
    if fee is None:
        return ()
    exact, part = words.exact_sum(Fraction(fee.amount) * cap.amount, fee.currency), words.share(cap.amount)
    return (
        Step(
            rule="At most",
            inputs=(("fee", words.money(fee)), ("share", part)),
            clause=place.clause("credits", "cap", number),
            result=words.money(most),
            sentence=f"{part} of {words.money(fee)} are {exact}, rounded down to {words.money(most)}.",
        ),
    )


def service_limited(
    place: Place, service: tuple[Fraction, str], caps: Iterable[Cap], facts: Facts
) -> tuple[tuple[Fraction, str], tuple[Step, ...]]:
    """Keep service time within every cap. Errors: FactsMissing, where a cap in money can not be compared."""
    amount, unit = service
    steps: list[Step] = []
    for number, cap in enumerate(caps):
        most = _in_service(place, cap, unit, facts, amount)
        told = words.service(amount, unit)
        earlier = _said(place, cap, facts.service_before)
        less = f", of which {words.service(*earlier)} were credited before" if earlier else ""
        verdict = f"{told} are cut to {words.service(most, unit)}" if amount > most else f"{told} are within it"
        amount = min(amount, most)
        steps.append(
            Step(
                rule="Cap",
                inputs=(("cap", str(cap)), ("credit", told)),
                clause=place.clause("credits", "cap", number),
                result=words.service(amount, unit),
                sentence=f"At most {cap}{less}; {verdict}.",
            )
        )
    return (amount, unit), tuple(steps)


def _in_service(place: Place, cap: Cap, unit: str, facts: Facts, wanted: Fraction) -> Fraction:
    """Tell the service time that a cap leaves, by what a unit of it is worth where the cap is money."""
    if cap.kind == "service":
        if _said(place, cap, facts.credited_before) is not None:
            raise FactsMissing(f"what was credited before in service time, to compare it with {cap}")
        before = _said(place, cap, facts.service_before)
        most = _in_unit(place, (cap.amount, cap.unit), unit, facts, wanted)
        return most if before is None else max(Fraction(0), most - _in_unit(place, before, unit, facts))
    one = worth(place, (Fraction(1), unit), facts)
    money, awaited = _most(place, cap, facts)
    if not one or money is None:
        raise FactsMissing(awaited or f"the fee and the length of the period, to compare {unit}s with {cap}")
    return Fraction(_left(money, _before(place, cap, facts)).amount) / one


def _in_unit(
    place: Place, service: tuple[Fraction, str], unit: str, facts: Facts, wanted: Fraction | None = None
) -> Fraction:
    """Tell service time in another unit; a month is as long as the period says.

    Where nobody said how long, the shortest month will do if it has room for what is wanted.
    """
    amount, own = service
    if own == unit:
        return amount
    if {own, unit} <= set(DAYS):
        return amount * DAYS[own] / DAYS[unit]
    part, one = _part_of_period(place, amount, own, facts), _part_of_period(place, Fraction(1), unit, facts)
    if part is None or not one:
        least = amount * SHORTEST_MONTH / DAYS[unit] if own == "month" else Fraction(0)
        if wanted is None or wanted > least:
            raise FactsMissing(f"which month it is or how long, to compare {own}s with {unit}s of service")
        return least
    return part / one


def paid_out(place: Place, minimum: Minimum | None, credit: Money) -> tuple[Money, tuple[Step, ...]]:
    """Pay nothing where the credit is smaller than the least that is paid out."""
    if minimum is None or not credit:
        return credit, ()
    reached = minimum.reached(credit)
    paid = credit if reached else Money.zero(credit.currency)
    verdict = "so it is paid out" if reached else "so nothing is paid"
    step = Step(
        rule="Minimum",
        inputs=(("minimum", str(minimum)), ("credit", words.money(credit))),
        clause=place.clause("credits", "minimum"),
        result=words.money(paid),
        sentence=f"Paid out is {minimum}; the credit is {words.money(credit)}, {verdict}.",
    )
    return paid, (step,)
