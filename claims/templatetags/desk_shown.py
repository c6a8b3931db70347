"""Values as operators read them at the desk; the zone stands beside every time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kernel import shown
from kernel.money import Money
from kernel.months import Month

register = template.Library()


@register.filter
def instant(value: datetime | None, zone: str = "UTC") -> SafeString | str:
    """Write an instant with its zone, readable by machines, too."""
    if value is None:
        return ""
    written = shown.instant(value, UTC if zone == "UTC" else ZoneInfo(zone))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written)


@register.filter
def day(value: date) -> str:
    """Write a date with its weekday."""
    return shown.day(value)


@register.filter
def last_day(bound: datetime, zone: str) -> str:
    """Name the last day in time before an exclusive bound."""
    return shown.last_day(bound, ZoneInfo(zone))


@register.filter
def month(value: Month) -> str:
    """Write a month: October 2026."""
    return shown.month(value)


@register.filter
def money(value: Money | None) -> str:
    """Write an amount."""
    return shown.money(value)


@register.filter
def uptime(value: Fraction | None) -> str:
    """Write uptime, rounded down."""
    return shown.uptime(value)


@register.filter
def percent(value: Fraction | None) -> str:
    """Write a percent with the places that it has."""
    return shown.percent(value)


@register.filter
def minutes(value: int) -> str:
    """Write a number of minutes."""
    return shown.minutes(value)


@register.filter
def count(value: int) -> str:
    """Write a number: 44,640."""
    return f"{value:,}"


@register.filter
def words(value: str) -> str:
    """Write a code as words: awaiting_usage becomes awaiting usage."""
    return value.replace("_", " ")
