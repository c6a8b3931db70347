"""The riskiest figures of the judge against a second computation, written plainly and in another way."""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from operator import ge, gt, le, lt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.allowances import admitted
from agreements.cycles import months_after_end
from agreements.judging import Facts, judge_period
from agreements.terms import Terms, load
from agreements.terms.excusing import Allowance
from agreements.terms.given import span
from kernel.intervals import Ranges
from kernel.money import Money
from tests.agreements.kinds import UPTIME, text

FEW = settings(max_examples=60)
ZONES = ("UTC", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca")
years = st.integers(min_value=2024, max_value=2032)
months = st.integers(min_value=1, max_value=12)
cents = st.integers(min_value=0, max_value=10**7).map(lambda amount: Decimal(amount) / 100)


@cache
def terms(commitment: str) -> Terms:
    return load(text(commitment, "uptime: 100%", "missed: false"))


def usd(amount: Decimal) -> Money:
    return Money(amount, "USD")


# The length of a period


@pytest.mark.parametrize("zone", ZONES)
@given(year=years, month=months)
@FEW
def test_a_month_has_the_minutes_between_its_midnights(zone: str, year: int, month: int) -> None:
    there = ZoneInfo(zone)
    begins = datetime(year, month, 1, tzinfo=there).astimezone(UTC)
    ends = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=there).astimezone(UTC)
    assert span(f"{year}-{month:02}").minutes(there) == (ends - begins) / timedelta(minutes=1)
    quarter = (month - 1) // 3
    of_quarter = [span(f"{year}-{one:02}").minutes(there) for one in range(3 * quarter + 1, 3 * quarter + 4)]
    assert span(f"{year}-Q{quarter + 1}").minutes(there) == sum(of_quarter)


@given(year=years, month=months, later=st.integers(min_value=1, max_value=15))
def test_whole_months_after_a_month_end_with_a_month(year: int, month: int, later: int) -> None:
    last = date(year, month, calendar.monthrange(year, month)[1])
    found = months_after_end(last, later)
    assert (found.year * 12 + found.month) - (year * 12 + month) == later
    assert (found + timedelta(days=1)).day == 1


# Bands

LOWER = {"from": ge, "above": gt}
UPPER = {"below": lt, "up_to": le}


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """Draw rows that follow each other downward; each border belongs to one of its rows."""
    borders = sorted(draw(st.sets(st.integers(min_value=9000, max_value=9999), min_size=1, max_size=5)), reverse=True)
    rows: list[dict[str, str]] = []
    upper: tuple[str, str] | None = None
    for number, border in enumerate(borders):
        low = draw(st.sampled_from(sorted(LOWER)))
        rows.append({low: percent(border), **(dict([upper]) if upper else {}), "pays": f"{number + 1}%"})
        upper = ("below" if low == "from" else "up_to", percent(border))
    rows.append({**(dict([upper]) if upper else {}), "pays": f"{len(borders) + 1}%"})
    return rows


def percent(hundredths: int) -> str:
    return f"{Decimal(hundredths) / 100}%"


@given(rows=tables(), data=st.data(), places=st.none() | st.integers(min_value=0, max_value=3))
@FEW
def test_a_band_is_found_as_its_bounds_are_written(
    rows: list[dict[str, str]], data: st.DataObject, places: int | None
) -> None:
    written = "".join(f"\n    - {{{', '.join(f'{name}: {value}' for name, value in row.items())}}}" for row in rows)
    rounding = "" if places is None else f"rounding: {places} decimals\n"
    borders = [value for row in rows for name, value in row.items() if name != "pays"]
    near = Decimal(data.draw(st.sampled_from(borders)).removesuffix("%"))
    uptime = near + Decimal(data.draw(st.integers(min_value=-1200, max_value=1200))) / 100_000
    judged = judge_period(
        terms(f"{UPTIME}{rounding}target: 100%\ncredits:\n  of: fee of the month\n  rows:{written}"),
        Facts(tier="pro", uptime=Fraction(min(uptime, Decimal(100))) / 100),
    )
    compared = min(uptime, Decimal(100))
    if places is not None:
        compared = compared.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    paid = next(row["pays"] for row in rows if holds(row, compared)) if compared < 100 else "0%"
    assert judged.value == Fraction(compared) / 100
    assert (judged.percent or 0) == Fraction(paid.removesuffix("%")) / 100


def holds(row: dict[str, str], value: Decimal) -> bool:
    bounds = {**LOWER, **UPPER}
    return all(bounds[name](value, Decimal(bound.removesuffix("%"))) for name, bound in row.items() if name in bounds)


# Steps


def steps_plainly(way: str, down: int, size: int) -> Fraction:
    """Count steps of `size` in `down`, both whole numbers of one unit."""
    whole, left = divmod(down, size)
    if way == "started":
        return Fraction(whole + (1 if left else 0))
    if way == "full":
        return Fraction(whole)
    if way == "nearest":
        return Fraction(whole + (1 if 2 * left >= size else 0))
    return Fraction(down, size)


@given(
    way=st.sampled_from(["started", "full", "nearest", ""]),
    size=st.sampled_from([1, 7, 15, 30, 60]),
    steps=st.integers(min_value=0, max_value=40),
    off=st.integers(min_value=-61, max_value=61),
    beyond=st.sampled_from(["", " beyond the allowance", " beyond 20 minutes"]),
    days=st.sampled_from([28, 29, 30, 31]),
    fee=cents,
    cap=st.sampled_from([10, 33, 100]),
)
@settings(max_examples=300)
def test_steps_are_counted_and_paid(
    way: str, size: int, steps: int, off: int, beyond: str, days: int, fee: Decimal, cap: int
) -> None:
    down = max(1, steps * size * 60 + off)
    total = days * 86_400
    judged = judge_period(
        terms(
            f"{UPTIME}target: 99.9%\ncredits:\n  of: fee of the month\n"
            f"  rows: [{{pays: '3.7% per {way} {size} minutes{beyond}'}}]\n  cap: {cap}% of fee of the month".replace(
                "per  ", "per "
            )
        ),
        Facts(tier="pro", total=Fraction(total), down=Fraction(down), fee=usd(fee)),
    )
    # In thousandths of a second, so that the allowance of 0.1% is whole.
    free = {"": 0, " beyond the allowance": total, " beyond 20 minutes": 1_200_000}[beyond]
    paid_for = max(0, 1000 * down - free)
    missed = 1000 * down > total
    number = steps_plainly(way, paid_for, size * 60_000) if missed else Fraction(0)
    assert judged.missed is missed
    assert (judged.percent or 0) == number * Fraction(37, 1000)
    exact = fee * Decimal(37) / 1000 * number.numerator
    sum_ = (exact / number.denominator).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    most = (fee * cap / 100).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    assert judged.credit == usd(min(sum_, most))


@given(
    target=st.integers(min_value=1, max_value=50),
    over=st.integers(min_value=0, max_value=200),
)
def test_the_overshoot_is_a_percent_of_the_target(target: int, over: int) -> None:
    commitment = (
        "measure: repair_time\nperiod: case\ntarget: {at_most: " + f"{target} hours" + "}\ncredits:\n"
        "  of: fee of the month\n  over: miss_in_percent\n"
        "  rows: [{up_to: 25%, pays: 1%}, {above: 25%, below: 100%, pays: 2%}, {from: 100%, pays: 3%}]"
    )
    value = target * 60 + over * target * 60 // 100
    judged = judge_period(terms(commitment), Facts(tier="pro", value=Fraction(value * 60)))
    beyond = 100 * (value - target * 60)
    if not beyond:
        assert judged.missed is False
        return
    expected = 1 if beyond <= 25 * target * 60 else 3 if beyond >= 100 * target * 60 else 2
    assert judged.percent == Fraction(expected, 100)


# Caps and minimum


@given(
    fee=cents,
    share=st.integers(min_value=1, max_value=200),
    caps=st.lists(st.tuples(st.sampled_from(["month", "invoice", "twelve months"]), st.integers(1, 99)), max_size=3),
    before=st.dictionaries(st.sampled_from(["month", "invoice", "twelve months"]), cents),
    least=st.none() | st.tuples(st.sampled_from(["at least", "above"]), st.integers(1, 500)),
)
@settings(max_examples=150)
def test_the_lowest_of_what_is_left_is_paid_unless_it_is_too_little(
    fee: Decimal,
    share: int,
    caps: list[tuple[str, int]],
    before: dict[str, Decimal],
    least: tuple[str, int] | None,
) -> None:
    listed = ", ".join(f"{of}% of fee of the month per {per}" for per, of in caps)
    minimum = f"\n  minimum: {least[0]} {least[1]} USD" if least else ""
    judged = judge_period(
        terms(
            f"{UPTIME}target: 99.9%\ncredits:\n  of: fee of the month\n  rows: [{{pays: {share}%}}]\n"
            f"  cap: [{listed}]{minimum}"
        ),
        Facts(
            tier="pro",
            uptime=Fraction(9, 10),
            fee=usd(fee),
            credited_before={per: usd(amount) for per, amount in before.items()},
        ),
    )
    credit = (fee * share / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    for per, of in caps:
        most = (fee * of / 100).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
        credit = min(credit, max(Decimal(0), most - before.get(per, Decimal(0))))
    if least and (credit < least[1] or (credit == least[1] and least[0] == "above")):
        credit = Decimal(0)
    assert judged.credit == usd(credit)


# Allowances of maintenance

MADRID = ZoneInfo("Europe/Madrid")
FIRST = int(datetime(2027, 1, 1, tzinfo=MADRID).timestamp()) // 60
LAST = int(datetime(2027, 7, 1, tzinfo=MADRID).timestamp()) // 60
hours = st.none() | st.integers(min_value=1, max_value=8)


@given(
    stretches=st.lists(
        st.tuples(st.integers(min_value=FIRST, max_value=LAST), st.integers(min_value=1, max_value=300)), max_size=12
    ),
    day=hours,
    week=hours,
    month=hours,
    quarter=hours,
)
@FEW
def test_a_minute_is_admitted_where_every_limit_has_room(
    stretches: list[tuple[int, int]], day: int | None, week: int | None, month: int | None, quarter: int | None
) -> None:
    limits = {"per_day": day, "per_week": week, "per_month": month, "per_quarter": quarter}
    stated = {name: timedelta(hours=most) for name, most in limits.items() if most is not None}
    if not stated:
        return
    used = Ranges((start, start + length) for start, length in stretches)
    room: Counter[tuple[str, object]] = Counter()
    let: list[int] = []
    for minute in (minute for start, end in used for minute in range(start, end)):
        at = datetime.fromtimestamp(minute * 60, MADRID)
        keys = {
            "per_day": at.date(),
            "per_week": at.isocalendar()[:2],
            "per_month": (at.year, at.month),
            "per_quarter": (at.year, (at.month - 1) // 3),
        }
        mine = [(name, keys[name]) for name in stated]
        if all(room[key] < stated[key[0]] / timedelta(minutes=1) for key in mine):
            room.update(mine)
            let.append(minute)
    found = admitted(used, Allowance.model_validate(stated), zone=MADRID)
    assert [minute for start, end in found for minute in range(start, end)] == let


@given(down=st.integers(0, 90_000), used=st.integers(0, 90_000), days=st.sampled_from([7, 30, 90]))
@FEW
def test_downtime_that_was_credited_is_used_up(down: int, used: int, days: int) -> None:
    total = days * 86_400
    commitment = f"measure: uptime\nperiod: trailing {days} days\ntarget: 99.5%"
    facts = Facts(tier="pro", total=Fraction(total), down=Fraction(down), used=Fraction(used))
    judged = judge_period(terms(commitment), facts)
    assert judged.missed is (1000 * max(0, down - used) > 5 * total)
