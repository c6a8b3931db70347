"""A second reading of an explanation: every figure is computed again from its step's own inputs, in the plainest way.

It reads the words of a step as a customer would, with a pocket calculator, and knows nothing of how they were made.
A step whose rule it does not know is a fault: nobody has thought about how to check it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from agreements.explaining import Step, walk

CENT: Final = Decimal("0.01")
CUT: Final = "…"
MILLIONTH: Final = Fraction(1, 1_000_000)
# Rules that add up: their result is that of the stretches below them.
SUMS: Final = ("Planned windows", "Unknown", "Down and excused", "Excused, counts as up", "Down", "Not measured")
MONEY: Final = ("Amount", "Rounding", "Cap", "Minimum")
AWAITED: Final = "awaiting usage"
# What the judge says of the best case of a month that runs: its own figures, not those of the minutes so far.
JUDGED: Final = ("Uptime", "Target", "Row")
LEAVING: Final = ("planned windows", "unknown", "down and excused")


def recomputed(root: Step) -> Fraction | None:
    """Check every step of a statement's tree, and give the uptime that its minutes make."""
    for step in walk(root):
        assert step.rule in CHECKS, f"nobody checks {step.rule}: {step.sentence}"
        assert step.sentence
        CHECKS[step.rule](step, root)
    paid = [step for step in root.steps if step.rule in MONEY and step.inputs and step.result != AWAITED]
    for before, after in pairwise(paid):
        taken = dict(after.inputs)["exact" if after.rule == "Rounding" else "credit"]
        assert taken == before.result, after
    return exact_uptime(root)


def recomputed_so_far(root: Step) -> int | None:
    """Check the tree of a month that runs, and give the minutes that its target still allows; None without one."""
    for step in walk(root):
        assert step.rule in CHECKS, step.rule
        if step.rule not in JUDGED:
            CHECKS[step.rule](step, root)
    allowed = [step for step in root.steps if step.rule == "Allowance"]
    if not allowed:
        assert root.result == "no target"
        return None
    left = minutes(allowed[0].result) - number(allowed[0], "down")
    assert root.result == ("missed" if left < 0 else f"{left:,} {'minute' if left == 1 else 'minutes'} left")
    return left


def exact_uptime(root: Step) -> Fraction | None:
    """Divide the good minutes by those that count."""
    step = one(root, "Share of good minutes")
    counted, good = number(step, "counted minutes"), number(step, "good minutes")
    return Fraction(good, counted) if counted else None


def one(root: Step, rule: str) -> Step:
    """Give the only step of the rule."""
    (found,) = (step for step in walk(root) if step.rule == rule)
    return found


def number(step: Step, name: str) -> int:
    """Read a number among the inputs: 43,200."""
    return int(dict(step.inputs)[name].replace(",", ""))


def minutes(text: str) -> int:
    """Read a number of minutes: 43,200 minutes."""
    count, unit = text.split(" ")
    assert unit == ("minute" if count == "1" else "minutes")
    return int(count.replace(",", ""))


def instant(text: str) -> datetime:
    """Read an instant: 1 September 2026, 07:13 (UTC)."""
    found = re.fullmatch(r"(.+, \d\d:\d\d) \((.+)\)", text)
    assert found, text
    local = datetime.strptime(found[1], "%d %B %Y, %H:%M").replace(tzinfo=ZoneInfo(found[2]))
    return local.astimezone(UTC)


def share(text: str) -> Fraction:
    """Read a percent: 99.5 %; one that was cut off is read as far as it is written."""
    assert text.endswith(" %")
    return Fraction(text[:-2].rstrip(CUT)) / 100


def cut_off(value: Fraction) -> str:
    """Write a share as far as six places go, and mark one that goes on."""
    whole, rest = divmod(value * 100, MILLIONTH)
    digits = f"{Decimal(whole) / 1_000_000:f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{Decimal(whole) / 1_000_000:.6f}{CUT} %" if rest else f"{digits} %"


def money(text: str) -> Decimal:
    """Read an amount: 1,234.50 USD."""
    amount, _ = text.split(" ")
    return Decimal(amount.replace(",", "").rstrip(CUT))


def inside(value: Fraction, band: str) -> bool:
    """Tell whether a value is in a row: from 95 % to below 99 %, below 90 %, from 99 %."""
    for words, holds in BANDS.items():
        if found := re.fullmatch(words, band):
            return holds(value, *(share(text) for text in found.groups()))
    raise AssertionError(band)


BANDS: Final[Mapping[str, Callable[..., bool]]] = {
    r"from (\S+ %) to below (\S+ %)": lambda value, low, high: low <= value < high,
    r"below (\S+ %)": lambda value, high: value < high,
    r"from (\S+ %)": lambda value, low: low <= value,
}


def _length(step: Step, _: Step) -> None:
    start, end = (instant(dict(step.inputs)[name]) for name in ("from", "to"))
    assert minutes(step.result) == (end - start).total_seconds() / 60


def _sum(step: Step, _: Step) -> None:
    parts = [minutes(one.result) for one in step.steps if one.rule.startswith("Stretch")]
    assert minutes(step.result) == sum(parts)
    starts = [instant(dict(one.inputs)["from"]) for one in step.steps if one.rule == "Stretch"]
    assert starts == sorted(starts)


def _exclusion(step: Step, root: Step) -> None:
    whole = next(above for above in walk(root) if step in above.steps)
    assert 0 < minutes(step.result) <= minutes(whole.result)


def _counted(step: Step, _: Step) -> None:
    below = {one.rule.lower(): minutes(one.result) for one in step.steps}
    whole = below.pop("passed" if "passed" in below else "the month")
    assert number(step, "minutes in all") == whole
    assert {name: number(step, name) for name, _ in step.inputs if name in LEAVING} == below
    assert minutes(step.result) == whole - sum(below.values())


def _good(step: Step, _: Step) -> None:
    below = {one.rule: minutes(one.result) for one in step.steps}
    counted, good = number(step, "counted minutes"), number(step, "good minutes")
    assert counted == below["Counted minutes"]
    assert number(step, "down") == below.get("Down", 0)
    assert good == counted - below.get("Down", 0)
    assert step.result == (cut_off(Fraction(good, counted)) if counted else "not measurable")
    if counted:
        shown = Decimal(good * 100_000 // counted) / 1000
        assert f"{shown:.3f} %" in step.sentence


def _uptime(step: Step, _: Step) -> None:
    (good,) = step.steps
    assert dict(step.inputs)["uptime"] == step.result == good.result


def _target(step: Step, root: Step) -> None:
    at_least = re.fullmatch(r"at least (\S+ %)", dict(step.inputs)["target"])
    uptime = exact_uptime(root)
    assert at_least
    assert uptime is not None
    assert step.result == ("met" if uptime >= share(at_least[1]) else "missed")
    assert ("misses" in step.sentence) == (step.result == "missed")


def _allowance(step: Step, _: Step) -> None:
    target, counted = share(dict(step.inputs)["target"]), number(step, "counted minutes")
    allowed = minutes(step.result)
    assert counted - allowed >= target * counted > counted - allowed - 1 or target == 1
    assert ("is missed" in step.sentence) == (number(step, "down") > allowed)


def _row(step: Step, root: Step) -> None:
    uptime = exact_uptime(root)
    assert uptime is not None
    if "row" in dict(step.inputs):
        assert inside(uptime, dict(step.inputs)["row"])


def _amount(step: Step, root: Step) -> None:
    known = dict(step.inputs)
    if step.result == AWAITED:
        assert known["percent"] in step.sentence
        return
    assert one(root, "Row").result in (known["percent"], "no row")
    assert money(step.result) == money(known["month's usage"]) * _decimal(share(known["percent"]))


def _rounding(step: Step, _: Step) -> None:
    assert money(step.result) == money(dict(step.inputs)["exact"]).quantize(CENT, ROUND_HALF_EVEN)


def _cap(step: Step, root: Step) -> None:
    known = dict(step.inputs)
    if not known:
        assert one(root, "Amount").result == AWAITED
        return
    sum_of_cap = re.match(r"([\d.,]+) [A-Z]{3}", known["cap"])
    most = money(step.steps[0].result) if step.steps else Decimal(sum_of_cap[1] if sum_of_cap else "NaN")
    assert money(step.result) == min(money(known["credit"]), most)
    assert ("are cut to" in step.sentence) == (money(known["credit"]) > most)


def _at_most(step: Step, root: Step) -> None:
    known = dict(step.inputs)
    cap = next(above for above in walk(root) if step in above.steps)
    assert dict(cap.inputs)["cap"].startswith(known["share"])
    assert known["fee"] == dict(one(root, "Amount").inputs)["month's usage"]
    exact = money(known["fee"]) * _decimal(share(known["share"]))
    assert money(step.result) == exact.quantize(CENT, ROUND_DOWN)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _minimum(step: Step, _: Step) -> None:
    known = dict(step.inputs)
    least = re.match(r"(at least|above) ([\d.,]+)", known["minimum"])
    assert least
    credit, bound = money(known["credit"]), Decimal(least[2].replace(",", ""))
    reached = credit >= bound if least[1] == "at least" else credit > bound
    assert money(step.result) == (credit if reached else 0)
    assert ("nothing is paid" in step.sentence) == (not reached)


def _tier(step: Step, _: Step) -> None:
    held = [below.result for below in step.steps]
    assert step.result == "none" or step.result in held
    if "best tier" in step.sentence:
        assert any(minutes(dict(one.inputs)["down in it"]) for one in step.steps if one.result == step.result)


def _held(step: Step, root: Step) -> None:
    assert minutes(dict(step.inputs)["down in it"]) <= number(one(root, "Share of good minutes"), "down")


def _credit(step: Step, _: Step) -> None:
    paid = [below.result for below in step.steps if below.rule in MONEY]
    if step.result == "nothing":
        assert not paid
    elif "awaits" in step.sentence:
        assert AWAITED in paid
    else:
        assert step.result == paid[-1]


def _certain(step: Step, _: Step) -> None:
    best = Fraction(number(step, "minutes of the month") - number(step, "down"), number(step, "minutes of the month"))
    assert f"the uptime is {cut_off(best)} at best" in step.sentence
    uptime = next(one for one in step.steps if one.rule == "Uptime")
    row = next(one for one in step.steps if one.rule == "Row")
    assert uptime.result == cut_off(best)
    assert inside(best, dict(row.inputs)["row"])
    assert row.result == step.result


def _told(step: Step, _: Step) -> None:
    assert step.result


def _terms(step: Step, _: Step) -> None:
    assert re.fullmatch(r"version \d+ with negotiated terms \d+", step.result)
    assert step.result in step.sentence
    assert step.clause


CHECKS: Final[Mapping[str, Callable[[Step, Step], None]]] = {
    "Credit": _credit,
    "Terms": _terms,
    "Tier": _tier,
    "Tier held": _held,
    "Uptime": _uptime,
    "Share of good minutes": _good,
    "Counted minutes": _counted,
    "The month": _length,
    "Passed": _length,
    "So far": _told,
    "Certain": _certain,
    "Stretch": _length,
    "Stretches after these": _told,
    "Exclusion": _exclusion,
    **dict.fromkeys(SUMS, _sum),
    "Target": _target,
    "Allowance": _allowance,
    "Row": _row,
    "Amount": _amount,
    "Rounding": _rounding,
    "Cap": _cap,
    "At most": _at_most,
    "Minimum": _minimum,
}
