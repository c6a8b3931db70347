"""Differences and outcomes as the what-if report writes them."""

from __future__ import annotations

from typing import Final

from django import template

from claims.events.statement import Figures
from kernel import shown
from kernel.money import Money
from workflows.whatif.report import credit_of, misses

MINUS: Final = "\N{MINUS SIGN}"

register = template.Library()


@register.filter
def amount(value: Money) -> str:
    """Write an amount whose currency stands elsewhere."""
    return f"{value.amount:,f}"


@register.filter
def signed_amount(value: Money) -> str:
    """Write a difference whose currency stands elsewhere: +10.00, or 0.00."""
    return f"{_sign(value)}{amount(abs(value))}"


@register.filter
def signed(value: Money) -> str:
    """Write a difference: +10.00 USD."""
    return f"{_sign(value)}{shown.money(abs(value))}"


@register.filter
def direction(value: Money) -> str:
    """Name the class of a difference: the draft pays more, less or the same."""
    return {"+": "more", MINUS: "less"}.get(_sign(value), "same")


@register.filter
def outcome(figures: Figures) -> str:
    """Write what a month came to: met, missed with nothing owed, or what is owed."""
    credit = credit_of(figures)
    if credit is not None:
        return f"{shown.percent(figures.percent)}, {shown.money(credit)}"
    if figures.percent is not None:
        return f"{shown.percent(figures.percent)}, amount awaits usage"
    return "missed, nothing owed" if misses(figures) else figures.code.replace("_", " ")


def _sign(value: Money) -> str:
    if not value.amount:
        return ""
    return "+" if value.amount > 0 else MINUS
