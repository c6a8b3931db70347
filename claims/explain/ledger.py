"""Each posting of credit as steps: what was set apart, what a bill took, and what the balance became (SEMANTICS 15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from agreements.explaining import Inputs, Step
from claims.events.ledger import CreditDrawn, CreditPosted, CycleOpened, DrawAdjusted, PostingReversed
from eventstore import Event
from kernel import shown
from kernel.money import Money


def explain_posting(event: Event) -> Step:
    """Tell how the amounts of a posting came about. Errors: LookupError for an event that posts nothing."""
    return _EXPLAINED[type(event)](event)


def _posted(event: CreditPosted) -> Step:
    month, amount = shown.month(event.month), shown.money(event.amount)
    before = event.earned - event.amount
    capped = (("cap of the month", shown.money(event.cap)),) if event.cap is not None else ()
    less = f", beside {shown.money(before)} that were credited for it before" if before else ""
    return Step(
        rule="Credit posted",
        inputs=(("credited for the month", shown.money(event.earned)), ("of it before", shown.money(before)), *capped),
        result=amount,
        sentence=f"{amount} are credited for {month}, by version {event.statement_version} of its statement{less}.",
        steps=(_balance(event.balance, ("credited", event.amount)),),
    )


def _opened(event: CycleOpened) -> Step:
    cycle, reserved = shown.month(event.cycle), shown.money(event.reserved)
    return Step(
        rule="Reserve",
        inputs=(("balance", shown.money(event.reserved + event.balance)),),
        result=reserved,
        sentence=f"The cycle of {cycle} began, and all of the balance is set aside for its bill: {reserved}.",
        steps=(_balance(event.balance, ("set aside", -event.reserved)),),
    )


def _drawn(event: CreditDrawn) -> Step:
    reserved, usage, drawn = (shown.money(one) for one in (event.reserved, event.usage, event.drawn))
    returned = shown.money(event.returned)
    back = Step(
        rule="Return",
        inputs=(("set aside", reserved), ("drawn", drawn)),
        result=returned,
        sentence=f"What the bill left of {reserved} goes back to the balance: {returned}.",
        steps=(_balance(event.balance, ("returned", event.returned)),),
    )
    return Step(
        rule="Draw",
        inputs=(("set aside", reserved), ("usage", usage)),
        result=drawn,
        sentence=(
            f"The bill of {shown.month(event.cycle)} takes what was set aside, {reserved}, "
            f"and no more than its usage, {usage}: {drawn}."
        ),
        steps=(back,),
    )


def _adjusted(event: DrawAdjusted) -> Step:
    reserved, usage, drawn = (shown.money(one) for one in (event.reserved, event.usage, event.drawn))
    there = event.balance + event.drawn - event.before
    return Step(
        rule="Draw changed",
        inputs=(
            ("set aside", reserved),
            ("usage", usage),
            ("drawn before", shown.money(event.before)),
            ("balance", shown.money(there)),
        ),
        result=drawn,
        sentence=(
            f"The usage of {shown.month(event.cycle)} became {usage}: of {reserved} set aside its bill takes {drawn}, "
            f"and no more than was drawn before, {shown.money(event.before)}, and the balance can add."
        ),
        steps=(_balance(event.balance, ("drawn before", event.before), ("drawn now", -event.drawn)),),
    )


def _reversed(event: PostingReversed) -> Step:
    month, amount = shown.month(event.month), shown.money(event.amount)
    return Step(
        rule="Reversal",
        inputs=(("posting", str(event.posting)), ("credited for the month", shown.money(event.earned + event.amount))),
        result=amount,
        sentence=f"Posting {event.posting} is undone, {amount} for {month}: {event.reason}",
        steps=(_balance(event.balance, ("undone", -event.amount)),),
    )


def _balance(after: Money, *changes: tuple[str, Money]) -> Step:
    """Tell the balance before and after."""
    before = after
    for _, change in changes:
        before -= change
    inputs: Inputs = (("before", shown.money(before)), *((name, shown.money(change)) for name, change in changes))
    return Step(
        rule="Balance",
        inputs=inputs,
        result=shown.money(after),
        sentence=f"The balance was {shown.money(before)} and became {shown.money(after)}.",
    )


_EXPLAINED: Final[Mapping[type[Event], Callable[[Any], Step]]] = {
    CreditPosted: _posted,
    CycleOpened: _opened,
    CreditDrawn: _drawn,
    DrawAdjusted: _adjusted,
    PostingReversed: _reversed,
}
