"""Whether the pieces of a commitment fit each other: units, names, bases, and what each measure has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agreements.terms.bases import Base, is_known
from agreements.terms.commitments import EVERY_TIER, MEASURES, SHARES_UP, TIER, Commitment
from agreements.terms.levels import Level, Unit
from agreements.terms.model import Terms
from agreements.terms.paying import Pay
from agreements.terms.problems import Path, nearest
from agreements.terms.rewording import percent_meant
from agreements.terms.tables import Credits, Row

Fault = tuple[Path, str, str, str]

VALUED = ("latency", "loss", "quality", "capacity", "repair_time", "response_time", "quantity")
# The measures that a field belongs to; beside another measure it would say nothing.
BELONGS = {
    "percentile": VALUED,
    "better": ("quantity",),
    "down": ("uptime", "downtime", "slot_average"),
    "total": ("uptime",),
    "slots": ("uptime", "slot_average"),
    "empty": ("uptime", "good_events", "slot_average"),
}
DOWNTIME = ("uptime", "downtime")
OVER_UNIT = {"downtime": Unit.TIME, "downtime_beyond_allowance": Unit.TIME, "miss_in_percent": Unit.SHARE}
PERCENT_EXPECTED = "a percent from 0% to 100%, such as 99.5%"


def unknown(path: Path, name: str, kind: str, known: Iterable[str]) -> Iterator[Fault]:
    """Fault a name that is not among the known ones, and tell the nearest."""
    listed = list(known)
    if name not in listed:
        mend = nearest(name, listed) or f"add `{name}` there, or name another"
        yield path, f"There is no {kind} `{name}`.", "one of " + ", ".join(listed), mend


def misfits(terms: Terms, commitment: Commitment, at: Path) -> Iterator[Fault]:
    """Give every fault within one commitment."""
    yield from _names(terms, commitment, at)
    yield from _fields(commitment, at)
    yield from _targets(commitment, at)
    if commitment.credits is not None:
        yield from _credits(terms, commitment, commitment.credits, (*at, "credits"))


def names_of(terms: Terms, commitment: Commitment) -> Iterable[str]:
    """Give the names that targets and tables of the commitment may differ by."""
    return terms.tiers if commitment.by == TIER else terms.varies_by.get(commitment.by, {})


def _names(terms: Terms, commitment: Commitment, at: Path) -> Iterator[Fault]:
    if commitment.by != TIER:
        yield from unknown((*at, "by"), commitment.by, "kind", (TIER, *terms.varies_by))
    known = names_of(terms, commitment)
    for name in commitment.target or ():
        if name != EVERY_TIER:
            yield from unknown((*at, "target", name), name, commitment.by, known)
    for name in commitment.credits.tables if commitment.credits else ():
        yield from unknown((*at, "credits", "tables", name), name, commitment.by, known)
    for number, tier in enumerate(commitment.covers.tiers):
        yield from unknown((*at, "covers", "tiers", number), tier, "tier", terms.tiers)
    for kind, names in commitment.covers.only.items():
        yield from unknown((*at, "covers", "only", kind), kind, "kind", terms.varies_by)
        for number, name in enumerate(names):
            path = (*at, "covers", "only", kind, number)
            yield from unknown(path, name, kind, terms.varies_by.get(kind, {}))


def _fields(commitment: Commitment, at: Path) -> Iterator[Fault]:
    for field, measures in BELONGS.items():
        if field in commitment.model_fields_set and commitment.measure not in measures:
            told = f"`{field}` says nothing beside `measure: {commitment.measure}`."
            yield (*at, field), told, "beside it one of " + ", ".join(measures), f"remove `{field}`"
    if commitment.measure == "slot_average" and commitment.slots is None:
        told = "Nothing says how long the slots are that are averaged."
        yield (*at, "measure"), told, "a length beside it, such as slots: 1 hour", "add `slots`"
    if commitment.measure == "quantity" and commitment.what is None:
        yield (*at, "measure"), "Nothing says which quantity is meant.", "its name in words", "add `what`"


def _targets(commitment: Commitment, at: Path) -> Iterator[Fault]:
    for name, target in (commitment.target or {}).items():
        path = (*at, "target", name, target.kind)
        yield from _unit(path, target.bound, commitment.unit, commitment.measure)
        better = MEASURES[commitment.measure][1]
        if better is not None and better is not target.more_is_better:
            wanted = "at_least or above" if better else "at_most or below"
            more = "more" if better else "less"
            told = f"Of {commitment.measure}, {more} is better, so `{target.kind}` can not be its target."
            mend = "" if better else f"write {{at_most: {target.bound}}}"
            yield path, told, wanted, mend


def _unit(path: Path, found: Level, wanted: Unit | None, measure: str) -> Iterator[Fault]:
    if wanted is Unit.SHARE and found.unit is Unit.NUMBER:
        yield path, f"'{found}' was not understood.", PERCENT_EXPECTED, percent_meant(str(found))
    elif wanted is not None and found.unit is not wanted:
        yield path, f"{found} can not be compared with {measure}.", f"{wanted}", ""
    elif found.unit is Unit.SHARE and found.value > 1 and measure in SHARES_UP:
        yield path, f"{found} is more than the whole.", PERCENT_EXPECTED, ""


def _credits(terms: Terms, commitment: Commitment, table: Credits, at: Path) -> Iterator[Fault]:
    if table.of is not None:
        yield from _base(terms, (*at, "of"), table.of)
    for below, rows in table.each_table():
        for number, row in enumerate(rows):
            path = (*at, *below, number)
            yield from _row(commitment, table, row, path)
            yield from _pay(terms, commitment, table, row.pay, (*path, "pays"))
    kinds = {(row.pay.kind, row.pay.unit) for _, rows in table.each_table() for row in rows if row.pay.amount}
    if table.over == "miss_in_percent" and any(not target.share for target in (commitment.target or {}).values()):
        told = "A target of nothing can not be missed by a percent of it."
        yield (*at, "over"), told, "over: miss", "write `over: miss`"
    if table.unmatched_miss == "smallest_credit" and len(kinds) > 1:
        told = "The rows pay in different ways, so none is the smallest."
        yield (*at, "unmatched_miss"), told, "nothing or undecided, or rows that pay in one way", ""
    yield from _labels(commitment, table, at)
    yield from _caps(terms, table, at)
    yield from _spans(commitment, table, at)


def _row(commitment: Commitment, table: Credits, row: Row, path: Path) -> Iterator[Fault]:
    wanted, measure = OVER_UNIT.get(table.over), table.over.replace("_", " ")
    if table.over in ("value", "miss"):
        wanted, measure = commitment.unit or _unit_of(commitment), commitment.measure
    for name in ("from_", "above", "below", "up_to"):
        bound = getattr(row, name)
        if bound is not None:
            yield from _unit((*path, name.rstrip("_")), bound, wanted, measure)


def _labels(commitment: Commitment, table: Credits, at: Path) -> Iterator[Fault]:
    """Fault plain numbers in another unit than the target's: 7000 W beside 8 kW."""
    bounds = [target.bound for target in (commitment.target or {}).values()]
    found: list[tuple[Path, Level]] = []
    for below, rows in table.each_table():
        for number, row in enumerate(rows):
            path = (*at, *below, number)
            if table.over in ("value", "miss"):
                found += [(path, bound) for bound in row.bounds]
            if row.pay.per is not None and row.pay.per.of == "miss":
                found.append(((*path, "pays"), row.pay.per.size))
    like = (bounds or [level for _, level in found])[:1]
    for path, level in found:
        if level.unit is Unit.NUMBER and like[0].unit is Unit.NUMBER and level.label != like[0].label:
            told = f"{level} and {like[0]} are in different units, which are not converted."
            yield path, told, f"a value in the unit of {like[0]}", ""


def _unit_of(commitment: Commitment) -> Unit | None:
    bounds = [target.bound.unit for target in (commitment.target or {}).values()]
    return bounds[0] if bounds else None


def _pay(terms: Terms, commitment: Commitment, table: Credits, pay: Pay, path: Path) -> Iterator[Fault]:
    if pay.of is not None:
        yield from _base(terms, path, pay.of)
    if pay.kind == "share" and pay.of is None and table.of is None:
        told = f"{pay} is paid, and nothing says of what."
        yield path, told, "a base beside the rows, such as of: usage of the month", "add `of`"
    if pay.kind == "sum" and pay.unit != terms.currency:
        yield path, f"{pay} is not in {terms.currency}, the agreement's currency.", f"a sum in {terms.currency}", ""
    if pay.kind == "time lost" and commitment.measure not in DOWNTIME:
        yield path, f"No time is lost under `measure: {commitment.measure}`.", "uptime or downtime", ""
    if pay.beyond == "allowance" and not (commitment.target and commitment.measure in DOWNTIME):
        yield path, "No target allows any downtime here.", "a target for uptime or downtime", "add `target`"
    yield from _steps(commitment, pay, path)


def _steps(commitment: Commitment, pay: Pay, path: Path) -> Iterator[Fault]:
    if pay.per is None:
        return
    if pay.per.of == "downtime" and commitment.measure not in DOWNTIME:
        told = f"{commitment.measure} has no downtime, so `{pay}` counts nothing."
        yield path, told, "steps of what the target was missed by, such as per started hour late", ""
    if pay.per.of == "misses" and commitment.measure != "support_misses":
        yield path, f"{commitment.measure} counts no misses.", "`measure: support_misses`", ""
    if pay.per.of == "miss":
        if not commitment.target:
            yield path, "There is no target to be missed by a step.", "a target beside the credits", "add `target`"
        wanted = commitment.unit or _unit_of(commitment)
        yield from _unit(path, pay.per.size, wanted, commitment.measure)


def _caps(terms: Terms, table: Credits, at: Path) -> Iterator[Fault]:
    kinds = {row.pay.kind for _, rows in table.each_table() for row in rows if row.pay.amount}
    for number, cap in enumerate(table.caps):
        path = (*at, "cap") if len(table.caps) == 1 else (*at, "cap", number)
        if cap.base is not None:
            yield from _base(terms, path, cap.base)
        if cap.kind == "sum" and cap.unit != terms.currency:
            yield path, f"{cap} is not in {terms.currency}, the agreement's currency.", f"a sum in {terms.currency}", ""
        if table.of is None and (cap.kind == "service") != ("service" in kinds) and kinds - {"benefit"}:
            told = f"{cap} can not be compared with what the rows pay."
            yield path, told, "a cap of the kind that is paid, or a base (`of`) that tells what a day is worth", ""
    if table.minimum is not None and table.minimum.amount.currency != terms.currency:
        told = f"{table.minimum} is not in {terms.currency}, the agreement's currency."
        yield (*at, "minimum"), told, f"a sum in {terms.currency}", ""


def _spans(commitment: Commitment, table: Credits, at: Path) -> Iterator[Fault]:
    """Fault a cap over a shorter time than the period, which can not be kept."""
    shorter = {"calendar quarter": ("month",), "calendar year": ("month", "quarter")}
    for number, cap in enumerate(table.caps):
        path = (*at, "cap") if len(table.caps) == 1 else (*at, "cap", number)
        if cap.per in shorter.get(commitment.period.name, ()):
            told = f"A cap per {cap.per} says nothing of a {commitment.period}."
            yield path, told, "a cap of the period, such as 100% of fee of the period", ""


def _base(terms: Terms, path: Path, base: Base) -> Iterator[Fault]:
    for name in base.names:
        if not is_known(name):
            yield from unknown(path, name, "base", terms.bases)
