"""The row of a table that a value falls into, and what follows where it falls into none."""

from __future__ import annotations

from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.case import Case
from agreements.judging.facts import FactsMissing
from agreements.judging.judgement import Judgement, Outcome
from agreements.judging.measuring import noun
from agreements.judging.paying import allowed, award
from agreements.judging.settled import settled
from agreements.terms import Credits, Row
from agreements.terms.levels import Unit

NOTHING = Fraction(0)
OVER = {
    "downtime": "downtime",
    "downtime_beyond_allowance": "downtime beyond the allowance",
    "miss": "miss of the target",
    "miss_in_percent": "miss in percent of the target",
}
UNITS = {"downtime": Unit.TIME, "downtime_beyond_allowance": Unit.TIME, "miss_in_percent": Unit.SHARE}
UNMATCHED = {
    "nothing": "nothing is paid",
    "smallest_credit": "the smallest credit is paid",
    "undecided": "the terms leave open what is paid",
}


def by_row(case: Case, told: str) -> Judgement:
    """Find the row, and pay what it pays; `told` says how the value stands to the target."""
    table = case.place.commitment.credits
    if table is None:
        return case.nothing(Outcome.NO_CREDITS, f"{told.removesuffix('.')}, and no credit is promised.")
    rows = table.table_for((case.name,))
    metric = _metric(case, table)
    row = table.row_for(metric, rows)
    least = case.measured.least
    if least is not None and (table.over != "value" or table.row_for(least, rows) is not row):
        raise FactsMissing(f"how long the {case.place.commitment.period} is")
    if row is not None:
        case = case.with_step(_row_step(case, table, row, rows, metric))
        return _paid(case, table, row, told, Outcome.BELOW_TARGET)
    case = case.with_step(_no_row_step(case, table, metric))
    if not case.missed:
        return case.nothing(Outcome.MET, f"{told} No row of the table pays it.")
    return _unmatched(case, table, rows, f"{told.removesuffix('.')}, and no row of the table names it")


def _metric(case: Case, table: Credits) -> Fraction:
    """Tell the value that the bands are over. Errors: FactsMissing."""
    known = case.measured
    if table.over == "value":
        return known.value
    if table.over in ("downtime", "downtime_beyond_allowance"):
        if known.down is None:
            raise FactsMissing("how long it was down")
        free = allowed(case.place, known, case.target) if table.over != "downtime" else NOTHING
        return max(NOTHING, known.down - free)
    if case.target is None:
        raise FactsMissing("a target that is missed")
    missed = case.target.miss(known.value)
    return missed if table.over == "miss" else missed / case.target.share


def _metric_told(case: Case, table: Credits, metric: Fraction) -> str:
    if table.over in ("value", "miss"):
        return case.value_told if table.over == "value" else case.place.told(metric)
    return words.in_unit(None, UNITS[table.over], metric)


def _row_path(case: Case, table: Credits, row: Row, rows: tuple[Row, ...]) -> tuple[str | int, ...]:
    number = next(number for number, each in enumerate(rows) if each is row)
    below = ("rows",) if table.rows else ("tables", case.name)
    return ("credits", *below, number)


def _row_step(case: Case, table: Credits, row: Row, rows: tuple[Row, ...], metric: Fraction) -> Step:
    shown, of = _metric_told(case, table, metric), OVER.get(table.over, noun(case.place))
    deepest = " It is the deepest of the thresholds that are passed." if table.rows_are == "thresholds" else ""
    where = "" if table.over == "value" else f"The {of} was {shown}. "
    return Step(
        rule="Row",
        inputs=((of, shown), ("row", row.label)),
        clause=case.place.clause(*_row_path(case, table, row, rows)),
        result=row.gives or str(row.pay),
        sentence=f"{where}{shown} is in the row {row.label}, which {_pays(row)}.{deepest}",
    )


def _no_row_step(case: Case, table: Credits, metric: Fraction) -> Step:
    shown, of = _metric_told(case, table, metric), OVER.get(table.over, noun(case.place))
    rule = UNMATCHED[table.unmatched_miss] if case.missed else "nothing is paid"
    return Step(
        rule="Row",
        inputs=((of, shown),),
        clause=case.place.clause("credits", "unmatched_miss"),
        result="no row",
        sentence=f"{shown} is in no row of the table: {rule}.",
    )


def _pays(row: Row) -> str:
    return f"gives {row.gives}" if row.gives else f"pays {row.pay}"


def _unmatched(case: Case, table: Credits, rows: tuple[Row, ...], told: str) -> Judgement:
    """Judge a missed target whose value is in no row, as `unmatched_miss` says."""
    if table.unmatched_miss == "smallest_credit" and rows:
        row = min(rows, key=lambda row: (not row.pay.amount, row.pay.amount))
        return _paid(case, table, row, f"{told}; the smallest credit is paid.", Outcome.UNMATCHED_MISS)
    if table.unmatched_miss == "undecided":
        return case.undecided(f"{told}; the terms leave open what is paid.")
    return case.nothing(Outcome.UNMATCHED_MISS, f"{told}: nothing is paid.", clause=case.place.clause("credits"))


def _paid(case: Case, table: Credits, row: Row, told: str, code: Outcome) -> Judgement:
    """Pay what the row pays, within caps and minimum, in the form that is due."""
    owed = award(case.place, row.pay, case.facts, case.measured, case.target)
    due = settled(case.place, table, owed, case.facts)
    waits = f" The amount awaits the {due.awaited}." if due.awaited else ""
    return case.pays(
        Outcome.AWAITING_USAGE if due.awaited else code,
        f"{told} The row {row.label} {_pays(row)}.{waits}",
        clause=case.place.clause(*_row_path(case, table, row, table.table_for((case.name,)))),
        row=row.label,
        owed=owed,
        due=due,
    )
