"""How a value that was not understood is probably meant: 48h is 48 hours, 99,5 % is 99.5%."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = {"twenty-four": 24, "thirty": 30, "forty-five": 45, "forty-eight": 48, "sixty": 60, "ninety": 90}
_IN_WORDS = {word: number for number, word in enumerate(_NUMBERS)} | _TENS | {"a": 1, "an": 1}
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs"), "seconds"),
    **dict.fromkeys(("m", "min", "mins"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs"), "hours"),
    **dict.fromkeys(("d", "calendar days", "calendar day"), "days"),
    **dict.fromkeys(("bd", "working days", "working day", "workdays", "business-days"), "business days"),
    **dict.fromkeys(("percent", "per cent", "pct", "prozent"), "%"),
}
# What word processors make of quotes, hyphens and blanks.
_QUOTES, _DASHES, _BLANKS = '\u201c\u201d\u201e\u2018\u2019"', "\u2013\u2014", "\u00a0\u202f"
_SIGNS = str.maketrans(dict.fromkeys(_QUOTES, "") | dict.fromkeys(_DASHES, "-") | dict.fromkeys(_BLANKS, " "))
_CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "dollar": "USD", "euro": "EUR", "pound": "GBP"}
_AMOUNT = re.compile(r"(?P<sign>[^\d\s]*) ?(?P<digits>\d[\d.,' ]*?) ?(?P<after>[^\d\s]*)")
_DATES = ("%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%B %d, %Y", "%B %d %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))? ?- ?(\d{1,2})(?::(\d\d))?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def reworded(text: str, understood: Callable[[str], object]) -> str:
    """Tell how a value may be written that is understood; "" where nothing comes near."""
    return next((f"write {near}" for near in _candidates(text) if near != text and understood(near)), "")


def _candidates(text: str) -> Iterator[str]:
    plain = " ".join(text.translate(_SIGNS).split())
    yield plain
    yield plain.lower()
    yield plain.upper()
    point = re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", plain.lower())
    yield point
    yield re.sub(r"[a-z]+", _weekday, point.replace(" - ", "-").replace(" to ", "-"))
    if hours := _HOURS.fullmatch(point):
        opens, after, closes, past = hours.groups()
        yield f"{int(opens):02d}:{after or '00'}-{int(closes):02d}:{past or '00'}"
    point = re.sub(r"^[a-z-]+ \((\d+)\)", r"\1", point)
    yield point
    word, _, rest = point.partition(" ")
    if word in _IN_WORDS:
        point = f"{_IN_WORDS[word]} {rest}"
        yield point
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?\(?([a-z% -]+?)\.?\)?", point, re.ASCII)
    if found:
        unit = _UNITS.get(found[2].strip(), found[2].strip())
        yield f"{found[1]}%" if unit == "%" else f"{found[1]} {unit}"
    days = re.fullmatch(r"(\d+) days?", point, re.ASCII)
    if days:
        yield f"{int(days[1]) * 24} hours"


def _weekday(word: re.Match[str]) -> str:
    return next((day for day in _WEEKDAYS if len(word[0]) > 1 and day.startswith(word[0])), word[0])


def percent_meant(text: str) -> str:
    """Tell how a bare number is a percent; of one below 1 both readings, because no one can know which."""
    if re.fullmatch(r"0?\.\d+", text, re.ASCII):
        return f"did you mean {(Decimal(text) * 100).normalize():f}% or {text}%?"
    return f"write {text}%"


def name_meant(text: str) -> str:
    """Tell a name that programs can use: Sound Agreement is sound-agreement."""
    made = re.sub(r"[^a-z0-9_]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    return f"write {made.strip('-_')}" if re.match("[a-z]", made.strip("-_")) else ""


def money_meant(text: str) -> str:
    """Tell how an amount is written: $1,200.50 is 1200.50 USD; without a currency, what is missing."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return ""
    named = (found["sign"] or found["after"]).lower()
    currency = _CURRENCIES.get(named.rstrip("s"), named.upper() if re.fullmatch("[a-z]{3}", named) else "")
    digits = re.sub(r"[,' ](?=\d{3}(?!\d))", "", found["digits"].strip())
    digits = re.sub(r",(\d{1,2})$", r".\1", digits)
    if not re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return ""
    return f"write {digits} {currency}" if currency else f"write {digits} with its currency, such as {digits} USD"


def currency_meant(text: str) -> str:
    """Tell the three letters of a currency that was written as a sign or a word."""
    word = text.translate(_SIGNS).strip().lower()
    found = _CURRENCIES.get(word) or _CURRENCIES.get(word.rstrip("s"))
    return f"write {found or word.upper()}" if found or re.fullmatch("[a-z]{3}", word) else ""


def date_meant(text: str) -> str:
    """Tell how a date is written; of 3/4/2026 both readings, because no one can know which."""
    plain = text.strip()
    if slashed := _SLASHED.fullmatch(plain):
        first, second, year = (int(part) for part in slashed.groups())
        readings = {found for found in (_date(year, first, second), _date(year, second, first)) if found}
        told = " or ".join(str(found) for found in sorted(readings))
        return f"did you mean {told}?" if len(readings) > 1 else f"write {told}" if readings else ""
    if monthly := re.fullmatch(r"([1-9]\d{3})-(0[1-9]|1[0-2])-(?:29|30|31)", plain, re.ASCII):
        year, month = int(monthly[1]), int(monthly[2])
        return f"did you mean {date(year, month, monthrange(year, month)[1])}?"
    for form in _DATES:
        try:
            return f"write {datetime.strptime(plain, form).date()}"  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
