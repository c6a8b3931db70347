"""Paired measurements: ours against a reference in one run, as a ratio that may be refused.

How to write a benchmark. A module of this package has a function `measure() -> Iterator[Row]`; `python -m bench` finds
it by itself, and `python -m bench.name` runs it alone if the module ends with

    if __name__ == "__main__":
        sys.exit(report(measure()))

A comparison is two rounds, each a function that does its work once and returns the seconds that it took:

    yield compared(
        Comparison(name="due after 24 business hours", reference="businesstimedelta", operations=300, at_least=20.0),
        ours=timing(lambda: [calendar.add_worked(start, DAY) for start in starts]),
        reference=timing(lambda: [start + theirs for start in starts]),
    )

`timing` makes a round of a function without arguments; work that must prepare something first, or that runs in
processes of its own, measures itself and returns the seconds. After a warm-up, rounds are paired: each pair runs both,
in alternating order, so that a machine that slows down slows both. The ratio is the median over the pairs of
reference seconds / our seconds, that is: how many times our rate is the reference's. A run whose reference varies more
than twofold says nothing: its row is refused. That both sides do the same work is for the module to assert. A figure
without a peer, such as a latency or a peak of memory, is a `figure(...)` with its bound.

`report` prints the machine, the versions and a table in Markdown, writes JSON where BENCH_JSON names a file, and gives
the exit status: 1 if a row was refused or missed its bound. An aim is shown and never fails a run.
"""

from __future__ import annotations

import gc
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import median
from time import perf_counter

Round = Callable[[], float]

PAIRS = 7
FEWEST_PAIRS = 5
# Beyond this factor between its fastest and slowest round, a reference says nothing.
STEADY = 2.0


class UnsteadyReference(Exception):
    """The reference's own rounds differ more than twofold: this machine is too busy to compare on."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What is compared with which reference: how often a round does it, and which ratio is required or aimed at."""

    name: str
    reference: str
    operations: int = 1
    at_least: float | None = None
    aim: float | None = None
    pairs: int = PAIRS


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of results; `value` is a ratio or a figure, in the unit given."""

    name: str
    value: float | None
    unit: str
    ours: str = ""
    reference: str = ""
    bound: str = ""
    aim: str = ""
    verdict: str = ""
    rounds: dict[str, list[float]] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the row was refused or missed its bound."""
        return self.verdict not in ("", "met")


def timing(work: Callable[[], object]) -> Round:
    """Make a round of a function: collect garbage first, then time it without."""

    def timed() -> float:
        gc.collect()
        gc.disable()
        try:
            begin = perf_counter()
            work()
            return perf_counter() - begin
        finally:
            gc.enable()

    return timed


def compared(what: Comparison, *, ours: Round, reference: Round) -> Row:
    """Run the pairs and compare; an unsteady reference gives a refused row."""
    mine, theirs = _run_pairs(ours, reference, max(what.pairs, FEWEST_PAIRS))
    rounds = {"ours": mine, "reference": theirs}
    try:
        value = ratio(mine, theirs)
    except UnsteadyReference:
        return Row(name=what.name, value=None, unit="times", verdict="refused", rounds=rounds)
    return Row(
        name=what.name,
        value=value,
        unit="times",
        ours=_duration(median(mine) / what.operations),
        reference=f"{_duration(median(theirs) / what.operations)} ({what.reference})",
        bound=_at_least(what.at_least),
        aim=_at_least(what.aim),
        verdict=_verdict(value, at_least=what.at_least),
        rounds=rounds,
    )


def ratio(ours: list[float], reference: list[float]) -> float:
    """Give the median over the pairs of reference seconds / our seconds; refuse an unsteady reference."""
    if max(reference) > STEADY * min(reference):
        raise UnsteadyReference
    return median(theirs / mine for mine, theirs in zip(ours, reference, strict=True))


def figure(
    name: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None, aim: str = ""
) -> Row:
    """Give a figure that has no peer, and the bound that it must keep."""
    bounds = [
        f"{word} {_number(bound)} {unit}" for word, bound in (("at most", at_most), ("at least", at_least)) if bound
    ]
    verdict = _verdict(value, at_most=at_most, at_least=at_least)
    return Row(name=name, value=value, unit=unit, bound=", ".join(bounds), aim=aim, verdict=verdict)


def _run_pairs(ours: Round, reference: Round, pairs: int) -> tuple[list[float], list[float]]:
    ours()
    reference()
    mine: list[float] = []
    theirs: list[float] = []
    for pair in range(pairs):
        turns = [(ours, mine), (reference, theirs)]
        for run, seconds in turns if pair % 2 else reversed(turns):
            seconds.append(run())
    return mine, theirs


def machine() -> str:
    """Name the processor, its cores, the memory and the system."""
    described = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def versions(*distributions: str) -> str:
    """Name the versions of Python and of these distributions."""
    named = [f"{name} {metadata.version(name)}" for name in distributions]
    return ", ".join([f"Python {platform.python_version()}", *named])


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Write the rows as a Markdown table."""
    yield "| what | result | ours | reference | required | aim | |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        result = "-" if row.value is None else f"{_number(row.value)} {row.unit}"
        cells = (row.name, result, row.ours, row.reference, row.bound, row.aim, row.verdict)
        yield f"| {' | '.join(cells)} |"


def report(rows: Iterable[Row], *distributions: str) -> int:
    """Print machine, versions and table as results come in; write BENCH_JSON; give the exit status."""
    described = {"machine": machine(), "versions": versions(*distributions)}
    print("; ".join(described.values()), flush=True)
    measured: list[Row] = []
    for line in table(_kept(rows, measured)):
        print(line, flush=True)
    if target := os.environ.get("BENCH_JSON"):
        results = {
            "machine": machine(),
            "versions": versions(*distributions),
            "rows": [asdict(row) for row in measured],
        }
        Path(target).write_text(json.dumps(results, indent=1) + "\n")
    return int(any(row.failed for row in measured))


def _kept(rows: Iterable[Row], keep: list[Row]) -> Iterator[Row]:
    for row in rows:
        keep.append(row)
        yield row


def _verdict(value: float, *, at_most: float | None = None, at_least: float | None = None) -> str:
    if at_most is None and at_least is None:
        return ""
    too_much = at_most is not None and value > at_most
    too_little = at_least is not None and value < at_least
    return "missed" if too_much or too_little else "met"


def _at_least(value: float | None) -> str:
    return "" if value is None else f"at least {_number(value)} times"


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"


def _duration(seconds: float) -> str:
    for factor, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= factor:
            return f"{_number(seconds / factor)} {unit}"
    return f"{_number(seconds * 1e6)} µs"
