"""Values as people read them; the zone stands beside every time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from fractions import Fraction
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from kernel import shown
from kernel.money import Money
from kernel.months import Month
from portal import days

register = template.Library()

STATES = {
    "filed": "Filed",
    "verifying": "Being checked",
    "waiting": "Waiting for you",
    "approved": "Approved",
    "credited": "Credited",
    "rejected": "Rejected",
    "appealed": "Appealed",
    "withdrawn": "Withdrawn",
    "refused": "Not accepted",
}
PARTS = {"times": "the times of the downtime", "evidence": "evidence"}
TONES = {
    "credited": "good",
    "approved": "good",
    "waiting": "warn",
    "rejected": "bad",
    "refused": "bad",
}


@register.filter
def month(value: Month) -> str:
    """Write a month: October 2026."""
    return shown.month(value)


@register.filter
def instant(value: datetime, zone: tzinfo) -> SafeString:
    """Write an instant with its zone, readable by machines, too."""
    return mark_safe(  # noqa: S308 — digits, month names and a zone of ours
        f'<time datetime="{value.isoformat()}">{shown.instant(value, zone)}</time>'
    )


@register.filter
def last_day(bound: datetime, zone: tzinfo) -> str:
    """Name the last day in time before an exclusive bound."""
    return shown.last_day(bound, zone)


@register.filter
def uptime(value: Fraction | None) -> str:
    """Write uptime, rounded down."""
    return shown.uptime(value)


@register.filter
def percent(value: Fraction | None) -> str:
    """Write a percent with the places that it has."""
    return shown.percent(value)


@register.filter
def percents(text: str) -> str:
    """Write the percents of a text with their space."""
    return shown.percents(text)


@register.filter
def money(value: Money | None) -> str:
    """Write an amount."""
    return shown.money(value)


@register.filter
def minutes(value: int) -> str:
    """Write a number of minutes."""
    return shown.minutes(value)


@register.filter
def left(until: datetime, now: datetime) -> str:
    """Write how long it is from now."""
    return shown.span(until - now)


@register.filter
def state(value: str) -> str:
    """Name a claim's state."""
    return STATES.get(value, value)


@register.filter
def tone(value: str) -> str:
    """Tell how a claim's state is coloured."""
    return TONES.get(value, "")


@register.filter
def signed(value: Money | None) -> str:
    """Write what an amount changed by: with its sign, and a dash where it did not change."""
    if value is None or not value.amount:
        return "\N{EN DASH}"
    return f"+{shown.money(value)}" if value.amount > 0 else shown.money(value).replace("-", "\N{MINUS SIGN}")


@register.filter
def count(value: int) -> str:
    """Write a number: 4,680."""
    return f"{value:,}"


@register.filter
def day(value: date | str) -> str:
    """Write a date: 30 March 2026."""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day} {shown.MONTHS[found.month - 1]} {found.year}"


@register.filter
def parts(names: Iterable[str]) -> str:
    """Name the parts of a claim."""
    return " and ".join(PARTS.get(one, one) for one in names)


@register.simple_tag
def last_day_in(bound: datetime, counted_in: str, zone: tzinfo) -> str:
    """Name the last day before a bound that is counted in another zone than the page's."""
    return days.last_day(bound, counted_in, zone)


@register.filter
def lookup(table: dict[Any, Any], key: Any) -> Any:
    """Take a value out of a table."""
    return table.get(key)
