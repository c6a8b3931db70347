"""What the linter says of random tables is what an independent evaluation says at and between all their bounds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from agreements.judging import Outcome, judge
from agreements.lint import Finding
from agreements.lint.bands import check_table
from agreements.lint.targets import check_targets
from kernel.money import Money
from tests.agreements.lint_faults import rounded, rows, target
from tests.agreements.texts import bent, document


@dataclass(frozen=True)
class Written:
    """One row as it is written: its bounds, each with whether it belongs."""

    low: tuple[str, int] | None
    high: tuple[str, int] | None

    def text(self, unit: str, pays: int) -> str:
        bounds = [f"{name}: {value}{unit}" for name, value in filter(None, (self.low, self.high))]
        return ", ".join([*bounds, f"pays: {pays}%"])

    def holds(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low[1] or (self.low[0] == "from" and value == self.low[1])
        below = self.high is None or value < self.high[1] or (self.high[0] == "up_to" and value == self.high[1])
        return above and below


numbers = st.integers(min_value=1, max_value=12)
lows = st.none() | st.tuples(st.sampled_from(["from", "above"]), numbers)
highs = st.none() | st.tuples(st.sampled_from(["below", "up_to"]), numbers)
tables = st.lists(st.builds(Written, lows, highs), min_size=1, max_size=5)
targets = st.tuples(st.sampled_from(["at_least", "above"]), numbers)


def probes(table: list[Written], wanted: tuple[str, int], most: int | None) -> Iterator[Fraction]:
    """Give every bound and a value between each two, before the first and after the last."""
    written = {bound[1] for row in table for bound in (row.low, row.high) if bound}
    cuts = sorted({0, *written, wanted[1], 100 if most is None else most})
    cuts = [cut for cut in cuts if most is None or cut <= most]
    yield from map(Fraction, cuts)
    yield from (Fraction(one + two, 2) for one, two in itertools.pairwise(cuts))


def in_words(value: Fraction, band: str, unit: str) -> bool:
    """Read a band back from its words, so that what is told is tried and not what was computed."""
    if band == "any":
        return True
    shorter = band.replace("to below", "below").replace(f" {unit}s", unit).replace(f" {unit}", unit)
    words = shorter.replace("up to", "up_to").split()
    return all(
        {
            "exactly": value == bound,
            "from": value >= bound,
            "above": value > bound,
            "below": value < bound,
            "up_to": value <= bound,
        }[word]
        for word, bound in zip(words[::2], (Fraction(word.removesuffix(unit)) for word in words[1::2]), strict=True)
    )


def told(findings: list[Finding], code: str, place: int) -> list[str]:
    return [finding.values[place] for finding in findings if finding.code == code]


def agrees(text: str, table: list[Written], wanted: tuple[str, int], unit: str, most: int | None, missed: str) -> None:
    read = document(text)
    findings = [*check_table(read), *check_targets(read)]
    in_two, unpaid = told(findings, "overlapping_rows", 0), told(findings, "target_unpaid", 2)
    between, empty = told(findings, "gap_between_rows", 0), told(findings, "empty_row", 0)
    values = list(probes(table, wanted, most))
    for value in values:
        holding = [row for row in table if row.holds(value)]
        misses = Written((missed, wanted[1]), None).holds(value) if missed in ("from", "above") else False
        misses = misses or (missed in ("below", "up_to") and Written(None, (missed, wanted[1])).holds(value))
        assert any(in_words(value, band, unit) for band in in_two) is (len(holding) > 1), (value, in_two)
        in_none = any(in_words(value, band, unit) for band in (*unpaid, *between))
        assert in_none is (misses and not holding), (value, unpaid, between)
    assert len(empty) == sum(not any(row.holds(value) for value in values) for row in table)


@given(table=tables, wanted=targets)
def test_an_uptime_is_in_no_row_or_in_two_exactly_where_the_linter_says_so(
    table: list[Written], wanted: tuple[str, int]
) -> None:
    written = rows(*(row.text("%", number + 1) for number, row in enumerate(table)))
    text = target(f"{{plus: {{{wanted[0]}: {wanted[1]}%}}}}", written)
    agrees(text, table, wanted, "%", 100, "below" if wanted[0] == "at_least" else "up_to")


@given(table=tables, wanted=st.tuples(st.sampled_from(["at_most", "below"]), numbers))
def test_a_time_is_in_no_row_or_in_two_exactly_where_the_linter_says_so(
    table: list[Written], wanted: tuple[str, int]
) -> None:
    minutes = bent("measure: uptime\n", "measure: repair_time\n")
    written = rows(*(row.text(" minutes", number + 1) for number, row in enumerate(table)), text=minutes)
    text = target(f"{{plus: {{{wanted[0]}: {wanted[1]} minutes}}}}", written)
    agrees(text, table, wanted, "minute", None, "above" if wanted[0] == "at_most" else "from")


tenths = st.integers(min_value=985, max_value=999)
fine_tables = st.lists(
    st.builds(
        Written,
        st.none() | st.tuples(st.sampled_from(["from", "above"]), tenths),
        st.none() | st.tuples(st.sampled_from(["below", "up_to"]), tenths),
    ),
    min_size=1,
    max_size=4,
)


@given(table=fine_tables, wanted=tenths, uptime=st.integers(min_value=98_400, max_value=100_000))
def test_a_rounded_uptime_is_left_open_exactly_where_the_linter_says_so(
    table: list[Written], wanted: int, uptime: int
) -> None:
    bounds = [[f"{name}: {value / 10}%" for name, value in row] for row in written(table)]
    text = rounded("1 decimal", rows(*(", ".join([*each, "pays: 5%"]) for each in bounds)))
    read = document(text.replace("{plus: 99.5%}", f"{{plus: {wanted / 10}%}}"))
    judgement = judge(read.terms, tier="plus", uptime=Fraction(uptime, 100_000), base=Money.of("100", "EUR"))
    findings = [*check_table(read), *check_targets(read)]
    nearest = Fraction((Fraction(uptime, 100) + Fraction(1, 2)).__floor__(), 10)
    open_bands = [*told(findings, "target_unpaid", 2), *told(findings, "gap_between_rows", 0)]
    assert any(in_words(nearest, band, "%") for band in open_bands) is (judgement.code is Outcome.UNDECIDED)


def written(table: list[Written]) -> list[list[tuple[str, int]]]:
    return [[bound for bound in (row.low, row.high) if bound] for row in table]
