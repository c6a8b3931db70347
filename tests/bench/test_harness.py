"""A benchmark says nothing where its reference is unsteady, and fails where a bound is missed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.harness import PAIRS, Comparison, Row, UnsteadyReference, compared, figure, ratio, report, table, timing

Round = Callable[[], float]


def taking(*seconds: float) -> Round:
    """Give a round that takes these seconds, one after another, the last for ever."""
    left = list(seconds)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def against(*, at_least: float | None = None, aim: float | None = None) -> Comparison:
    return Comparison(name="an append", reference="a plain INSERT", operations=10, at_least=at_least, aim=aim)


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    assert ratio([1.0, 2.0, 4.0], [2.0, 3.0, 4.0]) == 1.5  # of 2.0, 1.5 and 1.0


@pytest.mark.parametrize(("slowest", "is_refused"), [(2.0, False), (2.01, True)])
def test_a_reference_that_varies_more_than_twofold_is_refused(slowest: float, *, is_refused: bool) -> None:
    row = compared(against(), ours=taking(1.0), reference=taking(1.0, 1.0, slowest, 1.0))
    assert (row.verdict == "refused") is is_refused
    assert (row.value is None) is is_refused
    assert row.failed is is_refused


def test_an_unsteady_reference_gives_no_ratio() -> None:
    with pytest.raises(UnsteadyReference):
        ratio([1.0, 1.0], [1.0, 3.0])


def test_the_warm_up_does_not_count() -> None:
    row = compared(against(), ours=taking(99.0, 1.0), reference=taking(99.0, 2.0))
    assert row.value == 2.0


def test_our_own_variation_is_shown_but_refuses_nothing() -> None:
    row = compared(against(), ours=taking(1.0, 1.0, 10.0, 1.0), reference=taking(2.0))
    assert row.value == 2.0
    assert max(row.rounds["ours"]) == 10.0


def test_rounds_are_paired_and_take_turns_at_going_first() -> None:
    order: list[str] = []

    def noting(name: str) -> Round:
        def run() -> float:
            order.append(name)
            return 1.0

        return run

    compared(against(), ours=noting("o"), reference=noting("r"))
    warm_up, pairs = order[:2], ["".join(order[place : place + 2]) for place in range(2, len(order), 2)]
    assert warm_up == ["o", "r"]
    assert len(pairs) == PAIRS
    assert set(pairs) == {"or", "ro"}
    assert pairs[0] != pairs[1]


def test_there_are_never_fewer_than_five_pairs() -> None:
    what = Comparison(name="quick", reference="slow", pairs=1)
    assert len(compared(what, ours=taking(1.0), reference=taking(1.0)).rounds["ours"]) == 5


@pytest.mark.parametrize(("at_least", "verdict"), [(None, ""), (2.0, "met"), (2.1, "missed")])
def test_a_bound_is_met_or_missed(at_least: float | None, verdict: str) -> None:
    row = compared(against(at_least=at_least, aim=9.0), ours=taking(1.0), reference=taking(2.0))
    assert row.verdict == verdict
    assert row.failed is (verdict == "missed")


@pytest.mark.parametrize(
    ("at_most", "at_least", "verdict"),
    [(30.0, None, "met"), (29.9, None, "missed"), (None, 30.0, "met"), (None, 30.1, "missed"), (None, None, "")],
)
def test_a_figure_keeps_its_bounds(at_most: float | None, at_least: float | None, verdict: str) -> None:
    assert figure("closing a month", 30.0, "s", at_most=at_most, at_least=at_least).verdict == verdict


def test_timing_takes_the_time_of_the_work() -> None:
    done: list[int] = []
    assert timing(lambda: done.append(1))() > 0
    assert done == [1]


def test_results_are_a_table_that_people_can_read() -> None:
    row = compared(against(at_least=1.5, aim=3.0), ours=taking(0.001), reference=taking(0.002))
    *_, line = table([row])
    assert [cell.strip() for cell in line.split("|")[1:-1]] == [
        "an append",
        "2.00 times",
        "100 µs",
        "200 µs (a plain INSERT)",
        "at least 1.50 times",
        "at least 3.00 times",
        "met",
    ]


@pytest.mark.parametrize(("limit", "status"), [(60.0, 0), (20.0, 1)])
def test_a_report_is_printed_kept_and_fails_with_its_rows(
    limit: float, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured() -> Iterator[Row]:
        yield figure("closing a month", 30.0, "s", at_most=limit)

    kept = tmp_path / "results.json"
    monkeypatch.setenv("BENCH_JSON", str(kept))
    assert report(measured(), "holidays") == status
    results = json.loads(kept.read_text())
    assert [Row(**row).name for row in results["rows"]] == ["closing a month"]
    assert "holidays" in results["versions"]
    assert "| closing a month | 30 s |" in capsys.readouterr().out
