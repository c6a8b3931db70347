"""Whether what an example gives of a period fits the commitment: what does not would be left out without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agreements.judging.facts import FactsContradict
from agreements.judging.place import Place
from agreements.terms.fitting import DOWNTIME, VALUED
from agreements.terms.given import PeriodGiven
from agreements.terms.levels import Level, Unit

# The measures of which each way of giving a quantity says something.
SAYS: Mapping[str, tuple[str, ...]] = {
    "uptime": ("uptime", "good_events", "slot_average"),
    "value": VALUED,
    "support_misses": ("support_misses",),
    "down": DOWNTIME,
    "outages": DOWNTIME,
    "credited_down": DOWNTIME,
    "down_slots": ("uptime",),
    "slots": ("uptime", "slot_average"),
    "events": ("good_events",),
    "answers": ("good_events",),
    "existed": ("uptime",),
    "resources": ("uptime",),
    "customer_reported": DOWNTIME,
}


def check_given(place: Place, given: PeriodGiven) -> None:
    """Refuse what the commitment does not ask for. Errors: FactsContradict."""
    for fault in _faults(place, given):
        raise FactsContradict(fault)


def _faults(place: Place, given: PeriodGiven) -> Iterator[str]:
    measure = place.commitment.measure
    for field, measures in SAYS.items():
        if field in given.model_fields_set and measure not in measures:
            yield f"`{field}` says nothing of `{place.commitment.name}`, which measures {measure}"
    if given.down is not None and given.outages:
        yield "`down` and `outages` both tell the downtime; one of them is enough"
    if given.value is not None and not _comparable(place, given.value):
        yield f"{given.value} can not be compared with {_wanted(place)}"
    yield from _names(place, given)
    yield from _sizes(place, given)
    yield from _credited(place, given)


def _names(place: Place, given: PeriodGiven) -> Iterator[str]:
    """Fault names that the terms do not know: they would say nothing."""
    covers = [commitment.covers for commitment in place.terms.commitments]
    known = {
        "set-up": (given.lacks, {name for one in covers for name in one.set_up}),
        "size": (given.size, {name for one in covers for name in one.minimum_size}),
        "kind": (given.which, set(place.terms.varies_by)),
    }
    for kind, mine in given.which.items():
        known[kind] = (mine, set(place.terms.varies_by.get(kind, mine)))
    for what, (names, listed) in known.items():
        for name in names:
            if name not in listed:
                yield f"there is no {what} `{name}`"


def _comparable(place: Place, value: Level) -> bool:
    like = place.like
    if like is None:
        return place.commitment.unit in (None, value.unit)
    return value.unit is like.unit and (value.unit is not Unit.NUMBER or value.label == like.label)


def _wanted(place: Place) -> str:
    return f"{place.like}, in which `{place.commitment.name}` is written" if place.like else str(place.commitment.unit)


def _sizes(place: Place, given: PeriodGiven) -> Iterator[str]:
    for name, least in place.commitment.covers.minimum_size.items():
        size = given.size.get(name)
        if size is not None and (
            size.unit is not least.unit or (least.unit is Unit.NUMBER and size.label != least.label)
        ):
            yield f"{name} {size} can not be compared with {least}"


def _credited(place: Place, given: PeriodGiven) -> Iterator[str]:
    """Fault what was credited before per something that no cap counts."""
    credits_ = place.commitment.credits
    caps = (*(credits_.caps if credits_ else ()), *place.terms.credits_together.caps)
    counted = {cap.per for cap in caps}
    own = {"period", place.commitment.period.of_a_cap}
    if counted & own:
        counted |= own
    for per in given.credited_before:
        if per not in counted:
            yield f"no cap counts what was credited before per {per}"
