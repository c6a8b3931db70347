"""What is paid, in the words of a table: shares, service time, sums, lost time, all of them by steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from agreements.terms.bands import exact_text, percent_text
from agreements.terms.bases import Base, base
from agreements.terms.levels import Level, Unit, counted, level, seconds
from agreements.terms.rewording import percent_meant, reworded
from agreements.terms.values import NUMBER, Written, refused, text_of
from kernel.money import Money

_TIME = r"seconds?|minutes?|hours?|days?|weeks?"
_PER = re.compile(
    rf"(?P<head>.+?) (?:per|for each|for every) (?:(?P<way>started|full|nearest) )?(?:(?P<size>{NUMBER}) ?)?"
    rf"(?P<unit>%|ms|{_TIME}|units?|outages?|misses|miss)"
    r"(?: (?P<of>of downtime|late|below the target|over the target))?",
    re.ASCII,
)
# Of a quantity that is a plain number, steps of how far the target was missed: 0.1, 10 Mbit/s.
_PER_NUMBER = re.compile(
    rf"(?P<head>.+?) (?:per|for each|for every) (?:(?P<way>started|full|nearest) )?(?P<size>{NUMBER})"
    r"(?: ?(?P<unit>[A-Za-z][A-Za-z/.]*))? (?:below|over) the target",
    re.ASCII,
)
_BEYOND = re.compile(
    rf"(?P<head>.+) beyond (?:(?P<allowance>the allowance)|(?:the first )?(?P<free>{NUMBER} (?:{_TIME})))", re.ASCII
)
_LOST = re.compile(
    rf"(?:(?P<share>{NUMBER} ?%) of |(?P<times>{NUMBER}) times )?the fee for the time lost(?: of (?P<base>.+))?",
    re.ASCII,
)
_SERVICE = re.compile(rf"({NUMBER}) (hour|day|week|month)s? of (?:paid )?service", re.ASCII)
_SHARE = re.compile(rf"(?:({NUMBER}) ?%|(\d+)/([1-9]\d*))(?: of (.+))?", re.ASCII)
_SUM = re.compile(rf"({NUMBER} [A-Z]{{3}})", re.ASCII)
_BARE = re.compile(NUMBER, re.ASCII)
_EXPECTED = (
    "what is paid, such as 10%, 10% of fee of the item, 3 days of service, 50 USD, 5% per started 30 minutes of "
    "downtime, 10 times the fee for the time lost, or nothing"
)

Kind = Literal["nothing", "share", "service", "sum", "time lost", "benefit"]
Way = Literal["started", "full", "nearest", "in proportion"]
Counted = Literal["downtime", "miss", "units", "outages", "misses"]


@dataclass(frozen=True)
class Per:
    """A step that is paid again and again: its size, how a part of one counts, and what is counted."""

    size: Level
    way: Way
    of: Counted

    def number(self, value: Fraction) -> Fraction:
        """Count the steps in a value."""
        exact = value / self.size.value
        whole = {"started": exact.__ceil__, "full": exact.__floor__, "nearest": (exact + Fraction(1, 2)).__floor__}
        return exact if self.way == "in proportion" else Fraction(whole[self.way]())

    def __str__(self) -> str:
        way = "" if self.way == "in proportion" else f"{self.way} "
        single = self.of != "miss" and self.size.unit is Unit.NUMBER and self.size.value == 1
        return f"per {way}{self.size.label if single else self.size}"


@dataclass(frozen=True)
class Pay:
    """What one row pays: `amount` is a share, a number of `unit`s of service, a sum, or a multiple.

    `beyond` is "allowance" where only downtime that exceeds what the target allows is paid for, or
    a length of time that is free.
    """

    text: str
    kind: Kind
    amount: Fraction = Fraction(0)
    unit: str = ""
    of: Base | None = None
    per: Per | None = None
    beyond: Literal["allowance"] | Level | None = None

    def __str__(self) -> str:
        return percent_text(self.amount) if self.flat_share is not None and self.of is None else self.text

    @property
    def flat_share(self) -> Fraction | None:
        """The share, where just a percent is paid, whatever the downtime."""
        return self.amount if self.kind == "share" and self.per is None else None

    def times(self, number: Fraction) -> str:
        """Tell what so many times the amount are."""
        amount = self.amount * number
        if self.kind == "share":
            return percent_text(amount)
        if self.kind == "service":
            return f"{counted(amount, self.unit)} of service"
        return f"{exact_text(amount)} {self.unit}".rstrip()


def pay(value: object) -> Pay:
    """Read what a row pays: 10%, 3 days of service per started hour late, 50 USD, nothing."""
    if isinstance(value, Pay):
        return value
    if isinstance(value, Fraction):
        return Pay(percent_text(value), "share", value)
    text = text_of(value, _EXPECTED)
    if text == "nothing":
        return Pay(text, "nothing")
    head, beyond = _beyond(text)
    head, per = _per(head)
    found = _kinds(head)
    if found is None:
        mend = percent_meant(text) if _BARE.fullmatch(text) else reworded(text, _kinds)
        raise refused(f"{text!r} was not understood.", _EXPECTED, mend)
    if beyond is not None and per is None and found.kind != "time lost":
        raise refused(f"{text!r} pays once, so nothing is beyond anything.", "a step, such as 5% per started hour")
    if found.kind == "time lost" and per is not None and per.of != "downtime":
        raise refused(f"{text!r} counts no time.", "steps of time, such as the fee for the time lost per started hour")
    return Pay(text, found.kind, found.amount, found.unit, found.of, per, beyond)


def _kinds(text: str) -> Pay | None:
    return _lost(text) or _service(text) or _share(text) or _sum(text)


def _beyond(text: str) -> tuple[str, Literal["allowance"] | Level | None]:
    found = _BEYOND.fullmatch(text)
    if found is None:
        return text, None
    return found["head"], "allowance" if found["allowance"] else level(found["free"])


def _per(text: str) -> tuple[str, Per | None]:
    found = _PER.fullmatch(text)
    if found is None:
        return _per_number(text)
    unit, size = found["unit"], found["size"] or "1"
    of = {"late": "miss", "below the target": "miss", "over the target": "miss"}.get(found["of"] or "", "downtime")
    if unit == "%":
        step = Level(Fraction(size) / 100, Unit.SHARE)
        of = "miss"
    elif unit.startswith(("unit", "outage", "miss")):
        of = {"unit": "units", "outa": "outages", "miss": "misses"}[unit[:4]]
        step = Level(Fraction(size), Unit.NUMBER, unit)
    else:
        step = seconds(size, unit)
    return found["head"], Per(_some(step, text), _way(found["way"]), _counted(of))


def _per_number(text: str) -> tuple[str, Per | None]:
    found = _PER_NUMBER.fullmatch(text)
    if found is None:
        return text, None
    step = Level(Fraction(found["size"]), Unit.NUMBER, found["unit"] or "")
    return found["head"], Per(_some(step, text), _way(found["way"]), "miss")


def _some(step: Level, text: str) -> Level:
    if not step.value:
        raise refused(f"{text!r} counts steps of nothing.", "a step that is more than nothing")
    return step


def _way(word: str | None) -> Way:
    ways: dict[str | None, Way] = {"started": "started", "full": "full", "nearest": "nearest"}
    return ways.get(word, "in proportion")


def _counted(word: str) -> Counted:
    known: dict[str, Counted] = {"miss": "miss", "units": "units", "outages": "outages", "misses": "misses"}
    return known.get(word, "downtime")


def _lost(text: str) -> Pay | None:
    found = _LOST.fullmatch(text)
    if found is None:
        return None
    share = level(found["share"]).value if found["share"] else Fraction(found["times"] or 1)
    return Pay(text, "time lost", share, of=base(found["base"]) if found["base"] else None)


def _service(text: str) -> Pay | None:
    found = _SERVICE.fullmatch(text)
    return Pay(text, "service", Fraction(found[1]), found[2]) if found else None


def _share(text: str) -> Pay | None:
    found = _SHARE.fullmatch(text)
    if found is None:
        return None
    amount = Fraction(found[1]) / 100 if found[1] else Fraction(int(found[2]), int(found[3]))
    return Pay(text, "share", amount, of=base(found[4]) if found[4] else None)


def _sum(text: str) -> Pay | None:
    found = _SUM.fullmatch(text)
    if found is None:
        return None
    money = Money.parse(text)
    return Pay(text, "sum", Fraction(money.amount), money.currency)


def benefit(text: str) -> Pay:
    """Read a benefit in words; a number that it begins with is counted: 5 hours of consulting per unit."""
    head, per = _per(text.strip())
    number, _, rest = head.partition(" ")
    if rest and _BARE.fullmatch(number):
        return Pay(text, "benefit", Fraction(number), rest, per=per)
    return Pay(text, "benefit", Fraction(1), text)


PayText = Annotated[
    Pay,
    Written(
        pay,
        "What is paid",
        "",
        ("10%", "3 days of service", "5% per started 30 minutes of downtime", "the fee for the time lost", "nothing"),
    ),
]
