"""An award settled: within caps and minimum, in the form that is due, and a term that is extended."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts, FactsMissing
from agreements.judging.limiting import DAYS, limited, paid_out, service_limited, worth
from agreements.judging.paying import Award
from agreements.judging.place import Place
from agreements.terms.tables import Credits
from kernel.money import Money

IN_MONEY = ("account_balance", "invoice_credit", "refund")
FORMS = {
    "account_balance": "a balance at the account",
    "invoice_credit": "a credit on an invoice",
    "extension": "time added to the term",
    "refund": "a refund",
    "in_kind": "a benefit in kind",
}
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What is due; `awaited` names what the amount still waits for."""

    credit: Money | None = None
    cap: Money | None = None
    service: tuple[Fraction, str] | None = None
    awaited: str = ""
    form: str = ""
    new_term_end: date | None = None
    steps: tuple[Step, ...] = ()


def settled(place: Place, table: Credits, owed: Award, facts: Facts) -> Settled:
    """Settle an award. Errors: FactsMissing, where a cap needs what is not known."""
    if owed.benefit is not None:
        return Settled(form="in_kind")
    form, form_steps = form_of(place, table, facts)
    if owed.service is not None:
        return _service(place, table, owed.service, facts, form, form_steps)
    if owed.exact is None:
        return Settled(awaited=owed.awaited, form=form, steps=form_steps)
    return _money(place, table, owed.exact, facts, form, form_steps)


def _money(
    place: Place, table: Credits, exact: Fraction, facts: Facts, form: str, form_steps: tuple[Step, ...]
) -> Settled:
    found = limited(place, exact, table.caps, facts)
    if found.credit is None:
        return Settled(awaited=found.awaited, form=form, steps=(*found.steps, *form_steps))
    credit, least = paid_out(place, table.minimum, found.credit)
    return Settled(credit=credit, cap=found.cap, form=form, steps=(*found.steps, *least, *form_steps))


def _service(
    place: Place,
    table: Credits,
    service: tuple[Fraction, str],
    facts: Facts,
    form: str,
    form_steps: tuple[Step, ...],
) -> Settled:
    """Settle service time: added to the term, or, where the form is money and the fee known, its worth."""
    capped, steps = service_limited(place, service, table.caps, facts)
    if form in IN_MONEY and table.of is not None:
        value = worth(place, capped, facts)
        if value is None:
            awaited = f"{table.of} and the length of the period"
            return Settled(service=capped, awaited=awaited, form=form, steps=(*steps, *form_steps))
        money = limited(place, value, (), facts)
        told = _worth_step(place, capped, value)
        paid, least = paid_out(place, table.minimum, money.credit or Money.zero(place.terms.currency))
        all_steps = (*steps, told, *money.steps, *least, *form_steps)
        return Settled(service=capped, credit=paid, form=form, steps=all_steps)
    end, end_steps = _extended(place, capped, facts, form)
    return Settled(service=capped, form=form, new_term_end=end, steps=(*steps, *form_steps, *end_steps))


def _worth_step(place: Place, service: tuple[Fraction, str], value: Fraction) -> Step:
    told, sum_ = words.service(*service), words.exact_sum(value, place.terms.currency)
    return Step(
        rule="Amount",
        inputs=(("service", told),),
        clause=place.clause("credits", "of"),
        result=sum_,
        sentence=f"{told} are worth their share of the fee of the period: {sum_}.",
    )


def form_of(place: Place, table: Credits, facts: Facts) -> tuple[str, tuple[Step, ...]]:
    """Tell how a credit is given to this customer; a step only where the terms make a difference."""
    if not table.form_by_billing and table.form_at_contract_end is None:
        return table.form, ()
    form, field, why = table.form, "form", "no other form was agreed for this customer"
    if facts.contract_ended and table.form_at_contract_end is not None:
        form, field, why = table.form_at_contract_end, "form_at_contract_end", "the contract has ended"
    elif facts.billing is not None and facts.billing in table.form_by_billing:
        form, field, why = table.form_by_billing[facts.billing], "form_by_billing", f"billing is {facts.billing}"
    step = Step(
        rule="Form",
        inputs=(
            ("billing", facts.billing or "not stated"),
            ("contract ended", "yes" if facts.contract_ended else "no"),
        ),
        clause=place.clause("credits", field),
        result=FORMS[form],
        sentence=f"It is given as {FORMS[form]}: {why}.",
    )
    return form, (step,)


def _extended(
    place: Place, service: tuple[Fraction, str], facts: Facts, form: str
) -> tuple[date | None, tuple[Step, ...]]:
    if form != "extension" or facts.term_end is None:
        return None, ()
    end = _later(facts.term_end, *service)
    told = words.service(*service)
    step = Step(
        rule="New end of the term",
        inputs=(("end of the term", words.day(facts.term_end)), ("added", told)),
        clause=place.clause("credits", "form"),
        result=words.day(end),
        sentence=f"{told} are added to the term that ends on {words.day(facts.term_end)}: {words.day(end)}.",
    )
    return end, (step,)


def _later(day: date, amount: Fraction, unit: str) -> date:
    if unit == "month" and amount.denominator == 1:
        year, month = divmod(day.year * _MONTHS_IN_YEAR + day.month - 1 + amount.numerator, _MONTHS_IN_YEAR)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    days = amount * DAYS[unit] if unit in DAYS else Fraction(1, 2)
    if days.denominator != 1:
        raise FactsMissing(f"the date on which {words.service(amount, unit)} more would end: they are no whole days")
    return day + timedelta(days=days.numerator)
