"""How an answer is read: the same values as in a terms file, and short lists of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from agreements.drafting.draft import Step
from agreements.terms import values
from agreements.terms.bands import percent_text
from agreements.terms.limits import Reach, Within, within
from agreements.terms.office import country, weekly_hours
from agreements.terms.problems import nearest
from agreements.terms.promising import Promise, promise
from agreements.terms.rewording import name_meant

T = TypeVar("T")
Earlier = Mapping[str, Any]

NONE = ("none", "no", "nothing", "-")
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
LONGEST_DAYS = 3660

_TARGET = re.compile(r"(?P<tier>.*?)[\s:=]*(?P<value>\d+(?:[.,]\d+)?\s?%?|none|no)", re.IGNORECASE)
_STEP = re.compile(r"(?P<pays>\S+ ?%?) (?:below|under) (?:the )?(?P<below>.+)", re.IGNORECASE)
_MUCH = re.compile(r"\d{4,}")


class NotUnderstood(ValueError):
    """An answer was not understood; the text says why, and what is expected."""

    def __init__(self, sentence: str, expected: str = "", mend: str = "") -> None:
        super().__init__(" ".join(filter(None, (sentence, expected and f"Expected: {expected}.", _mended(mend)))))


def _mended(mend: str) -> str:
    return mend if mend.endswith("?") or not mend else f"To mend it, {mend}."


def understood(read: Callable[[str], T], text: str) -> T:
    """Read a value of the format, telling its refusal as that of an answer."""
    try:
        return read(text)
    except PydanticCustomError as error:
        told = error.context or {}
        raise NotUnderstood(told["sentence"], told["expected"], told["mend"]) from error


def line(text: str) -> str:
    """Read a text of one line."""
    if not text or not text.isprintable():
        raise NotUnderstood("Nothing stands here." if not text else "This holds signs that can not be seen.", "a text")
    return text


def day(text: str) -> date:
    """Read a date of this century."""
    found = understood(values.day, text)
    if not FIRST <= found < LAST:
        raise NotUnderstood(f"{found} is far away.", f"a date from {FIRST} on, and before {LAST}")
    return found


def tiers(text: str) -> dict[str, str]:
    """Read the names of tiers, the lowest first: Basic, Pro, Enterprise."""
    return _named([line(part) for part in _parts(text)])


def _named(titles: list[str]) -> dict[str, str]:
    named = {name_of(title): title for title in titles}
    if len(named) < len(titles):
        raise NotUnderstood("A name stands here twice.", "each name once")
    return named


def name_of(title: str) -> str:
    """Make the name that programs use of a title: Enterprise Plus is enterprise_plus."""
    made = re.sub("_+", "_", name_meant(title).removeprefix("write ").replace("-", "_"))
    if not made or made in ("every_tier", "every_severity"):
        raise NotUnderstood(f"Of {title!r} no name can be made.", "a name with letters, such as Pro")
    return made


def targets(text: str, earlier: Earlier) -> dict[str, Fraction | None]:
    """Read the promised uptime: 99.9% for every tier, or Basic 99.5%, Pro 99.9%, Free none."""
    known: Mapping[str, str] = earlier["tiers"]
    found: dict[str, Fraction | None] = {}
    for part in _parts(text):
        match = _TARGET.fullmatch(part)
        if match is None:
            raise NotUnderstood(f"{part!r} was not understood.", _targets_expected(known))
        share = None if match["value"].lower() in NONE else _uptime(match["value"].strip())
        if not match["tier"]:
            return _for_all(known, share, text)
        name = _known(match["tier"], known)
        if name in found:
            raise NotUnderstood(f"{known[name]} stands here twice.", _targets_expected(known))
        found[name] = share
    if missing := [title for name, title in known.items() if name not in found]:
        raise NotUnderstood(f"{missing[0]} has no target.", _targets_expected(known), f"add {missing[0]} none")
    return {name: found[name] for name in known}


def _for_all(known: Mapping[str, str], share: Fraction | None, text: str) -> dict[str, Fraction | None]:
    if len(_parts(text)) > 1:
        raise NotUnderstood("It is not said whose target this is.", _targets_expected(known))
    return dict.fromkeys(known, share)


def _known(title: str, known: Mapping[str, str]) -> str:
    name = name_of(title)
    if name not in known:
        raise NotUnderstood(f"There is no tier {title}.", _targets_expected(known), nearest(name, known))
    return name


def _targets_expected(known: Mapping[str, str]) -> str:
    return "one percent for all, or one for each: " + ", ".join(f"{title} 99.9%" for title in known.values())


def _uptime(text: str) -> Fraction:
    share = understood(values.percent, text)
    if share <= Fraction(1, 10):
        raise NotUnderstood(f"{text} is hardly a promise.", "a percent above 10%, such as 99.9%")
    return share


def steps(text: str, earlier: Earlier) -> tuple[Step, ...]:
    """Read what misses pay: 10% below target, 25% below 99%; none."""
    if text.lower() in NONE:
        return ()
    found = [_step(part) for part in _parts(text)]
    if found[0].below is not None or any(step.below is None for step in found[1:]):
        raise NotUnderstood("The first row is for every missed target.", STEPS_EXPECTED)
    lowest = min(target for target in earlier["targets"].values() if target is not None)
    bounds = [lowest, *(step.below for step in found[1:] if step.below is not None)]
    for above, below in pairwise(bounds):
        if below > above or (below == above and below != lowest):
            told = f"{percent_text(below)} is not below {percent_text(above)}."
            raise NotUnderstood(told, f"rows from the lowest target ({percent_text(lowest)}) down")
    if any(after.pays <= before.pays for before, after in pairwise(found)):
        raise NotUnderstood("A lower uptime pays no more than a higher one.", "rows that pay more and more")
    return tuple(found)


STEPS_EXPECTED = "rows such as 10% below target, 25% below 99%, 50% below 95%; or none"


def _step(text: str) -> Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise NotUnderstood(f"{text!r} was not understood.", STEPS_EXPECTED)
    pays = understood(values.percent, match["pays"].strip())
    if not pays:
        raise NotUnderstood(f"{text!r} pays nothing.", STEPS_EXPECTED)
    if match["below"].lower() in ("target", "its target"):
        return Step(pays)
    return Step(pays, understood(values.percent, match["below"]))


def cap(text: str, earlier: Earlier) -> Fraction | None:
    """Read the most that is credited in a month, as a share of its usage."""
    if text.lower() in NONE:
        return None
    share = understood(values.percent, text)
    most = max(step.pays for step in earlier["credits"])
    if share < most:
        told = f"A row pays {percent_text(most)}, and a cap of {percent_text(share)} would keep it from being paid."
        raise NotUnderstood(told, f"at least {percent_text(most)}, or none")
    return share


def claim_window(text: str) -> Within:
    """Read how long a claim may be filed: in days or months."""
    limit = _limit(text)
    if limit.reach not in (Reach.DAYS, Reach.MONTHS):
        raise NotUnderstood(f"{text!r} is not counted in days or months.", "such as 30 days or 2 months")
    return limit


def settlement(text: str) -> Within:
    """Read by when a claim is settled: in business days or days."""
    limit = _limit(text)
    if limit.reach not in (Reach.BUSINESS_DAYS, Reach.DAYS):
        raise NotUnderstood(f"{text!r} is not counted in days.", "such as 10 business days or 30 days")
    return limit


def _limit(text: str) -> Within:
    _not_too_much(text)
    limit = understood(within, text)
    if limit.reach in (Reach.DAYS, Reach.MONTHS, Reach.BUSINESS_DAYS) and not 0 < limit.amount <= LONGEST_DAYS:
        raise NotUnderstood(f"{text!r} is no time to do anything in, or a very long one.", "such as 30 days")
    return limit


def _not_too_much(text: str) -> None:
    if _MUCH.search(text):
        raise NotUnderstood(f"{text!r} is very long.", "a time of at most three digits")


def notice(text: str) -> str | None:
    """Read how long before its start planned maintenance is announced: 48 hours."""
    if text.lower() in NONE:
        return None
    _not_too_much(text)
    if not understood(values.duration, text):
        raise NotUnderstood(f"{text!r} is no notice.", "hours, such as 48 hours, or none")
    return text


def mail(text: str) -> str | None:
    """Read a mail address, or none."""
    return None if text.lower() in NONE else line(understood(values.mail_address, text))


def support(text: str) -> dict[str, tuple[str, Promise]]:
    """Read promised answers by severity: Urgent 1 hour, Normal 2 business days; none."""
    if text.lower() in NONE:
        return {}
    _not_too_much(text)
    found = [_promised(part) for part in _parts(text)]
    named = _named([title for title, _ in found])
    return {name: (title, promised) for (name, title), (_, promised) in zip(named.items(), found, strict=True)}


SUPPORT_EXPECTED = "severities with their times, such as Urgent 1 hour, Normal 2 business days; or none"


def _promised(text: str) -> tuple[str, Promise]:
    words = text.replace(":", " ").split()
    for count in range(1, len(words)):
        try:
            return line(" ".join(words[:count])), promise(" ".join(words[count:]))
        except PydanticCustomError:
            continue
    raise NotUnderstood(f"{text!r} was not understood.", SUPPORT_EXPECTED)


def hours(text: str) -> dict[str, str | list[str]]:
    """Read opening hours: monday-friday 09:00-17:00, saturday 10:00-12:00."""
    week: dict[str, list[str]] = {}
    for part in _parts(text):
        days, _, window = part.partition(" ")
        week.setdefault(days, []).append(window.strip())
    written = {days: windows[0] if len(windows) == 1 else windows for days, windows in week.items()}
    open_time = understood(weekly_hours, written)  # type: ignore[arg-type]
    if sum(map(_length, (window for windows in open_time.values() for window in windows))) < LEAST_OPEN:
        raise NotUnderstood("This is open for less than five hours a week.", HOURS_EXPECTED)
    return written


LEAST_OPEN = 300
HOURS_EXPECTED = "days and hours, such as monday-friday 09:00-17:00, saturday 10:00-12:00"


def _length(window: tuple[str, str]) -> int:
    opens, closes = (int(hour) * 60 + int(minute) for hour, minute in (each.split(":") for each in window))
    return (closes - opens) % (24 * 60) or 24 * 60


def holidays(text: str) -> str | None:
    """Read the country whose public holidays are no business days, or none."""
    return None if text.lower() in NONE else understood(country, text.upper())


def _parts(text: str) -> list[str]:
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    parts = [part.strip() for part in re.split(r"[,;](?!\d)", text)]
    if not all(parts):
        raise NotUnderstood("Nothing stands between two commas.", "a list with commas between its parts")
    yield from parts
