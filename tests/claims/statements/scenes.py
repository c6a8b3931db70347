"""The scene of these tests: October 2026 under apicheap's terms, and short ways to write it down."""

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Final
from uuid import UUID

from agreements.terms import Terms, load
from claims.events.statement import Classes, Figures, TierHeld
from claims.rules.filing_bound import FilingRule, filing_rule
from customers.events import Holding
from kernel.ids import derived
from kernel.intervals import EMPTY, Ranges, minute_of
from kernel.minutes import MonthMinutes, Outage
from kernel.money import Money
from kernel.months import Month

TERMS_FILE: Final = Path(__file__).parents[3] / "agreements" / "terms" / "apicheap-2026-03-30.yaml"
OCTOBER: Final = Month(2026, 10)
SEPTEMBER: Final = Month(2026, 9)
FINDING: Final = derived("finding", "of", "a", "test")


def terms(*changes: tuple[str, str]) -> Terms:
    """Give apicheap's terms with pieces of the text replaced; each must be there once."""
    return load(terms_text(*changes))


def terms_text(*changes: tuple[str, str]) -> str:
    """Give the text of apicheap's terms with pieces replaced."""
    text = TERMS_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the terms"
        text = text.replace(old, new)
    return text


def rule(*changes: tuple[str, str]) -> FilingRule:
    """Give what the terms say about filing."""
    found = filing_rule(terms(*changes))
    assert found is not None
    return found


def at(written: str) -> datetime:
    """Read an instant: 2026-10-05T14:00Z."""
    return datetime.fromisoformat(written)


def minute(written: str) -> int:
    """Number the minute that begins at this instant."""
    return minute_of(at(written))


def stretch(start: str, end: str) -> Ranges:
    """Collect the minutes from one instant to another: stretch("2026-10-05T13:00Z", "2026-10-05T14:00Z")."""
    return Ranges.of((minute(start), minute(end)))


def first_minutes(count: int, *, month: Month = OCTOBER) -> Ranges:
    """Collect this many minutes from the first of a UTC month."""
    first = minute_of(month.start(ZONE))
    return Ranges.of((first, first + count))


ZONE: Final = load(TERMS_FILE.read_text(encoding="utf-8")).zone


def month_of(
    down: Ranges = EMPTY,
    *,
    month: Month = OCTOBER,
    outages: tuple[Outage, ...] | None = None,
    **classes: Ranges,
) -> MonthMinutes:
    """Write down a UTC month; each stretch of downtime is an outage of its own unless told otherwise."""
    found = tuple(outage(start, end) for start, end in down) if outages is None else outages
    first, last = month.first_minute(ZONE), month.last_minute(ZONE)
    return MonthMinutes(first=first, last=last, down=down, outages=found, **classes)


def outage(start: int, end: int | None, *, unexcused: Ranges | None = None) -> Outage:
    """Write down an outage of which every minute is unexcused; without an end it is open."""
    minutes = Ranges.of((start, start + 1 if end is None else end)) if unexcused is None else unexcused
    return Outage(
        start_minute=start,
        end_minute=end,
        unexcused=minutes,
        last_unexcused=minutes.end - 1 if minutes else None,
    )


def holding(tier: str, start: str = "2026-04-01T00:00Z", end: str | None = None) -> Holding:
    """Write down that a tier was held."""
    return Holding(tier, at(start), at(end) if end else None)


def held_all_october(tier: str) -> tuple[TierHeld, ...]:
    """Write down that a tier was held in every minute of October."""
    return (TierHeld(tier=tier, first=OCTOBER.first_minute(ZONE), last=OCTOBER.last_minute(ZONE)),)


def dollars(amount: str) -> Money:
    """Give an amount in apicheap's currency."""
    return Money.of(amount, "USD")


def figures(**known: object) -> Figures:
    """Write down a statement that missed its target and pays, except for what is told otherwise."""
    fields: dict[str, object] = {
        "finding": FINDING,
        "classes": Classes(window=0, unknown=0, excused_leaving=0, excused_as_up=0, down=2232, up=42408, unmeasured=0),
        "uptime": Fraction(95, 100),
        "tier": "pro",
        "tiers": held_all_october("pro"),
        "target": Fraction(995, 1000),
        "row": "95.0% to 99.0%",
        "percent": Fraction(1, 10),
        "base": None,
        "credit": None,
        "cap": None,
        "code": "awaiting_usage",
        "clause": "§3.1",
        "terms_version": 1,
    }
    return Figures(**{**fields, **known})  # type: ignore[arg-type]


def account(name: str) -> UUID:
    """Name an account."""
    return derived("account", name)
