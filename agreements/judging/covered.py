"""Whether a promise is made to this customer and this resource."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts, FactsMissing
from agreements.judging.place import Place
from agreements.terms.covering import Covered


def not_covered(place: Place, facts: Facts) -> Step | None:
    """Give the first reason for which nothing is promised here; None where it is covered."""
    return next(_reasons(place, facts), None)


def _reasons(place: Place, facts: Facts) -> Iterator[Step]:
    covers = place.commitment.covers
    if covers.tiers and facts.tier is not None and facts.tier not in covers.tiers:
        title = place.terms.tiers[facts.tier].title
        yield _step(place, "tiers", ("tier", title), f"The {title} tier is not covered by `{place.commitment.name}`.")
    for kind, names in covers.only.items():
        yield from _kind(place, kind, names, facts)
    yield from _resource(place, covers, facts)
    for name, meaning in covers.set_up.items():
        if name in facts.lacks:
            yield _step(place, "set_up", (name, "no"), f"It lacks the set-up that is required: {meaning}.")
    if covers.good_standing and not facts.good_standing:
        told = "The account is not in good standing, so nothing is promised to it."
        yield _step(place, "good_standing", ("good standing", "no"), told)


def _resource(place: Place, covers: Covered, facts: Facts) -> Iterator[Step]:
    if covers.minimum_age is not None and facts.age is not None and facts.age < covers.minimum_age.value:
        age = words.in_unit(covers.minimum_age, None, facts.age)
        told = f"It existed for {age}, and what existed for less than {covers.minimum_age} is not covered."
        yield _step(place, "minimum_age", ("age", age), told)
    for name, least in covers.minimum_size.items():
        size = facts.size.get(name)
        if size is not None and size.unit is not least.unit:
            raise FactsMissing(f"the size `{name}` in the unit of {least}")
        if size is not None and size.value < least.value:
            told = f"A size of {size} is below the {least} ({name}) from which it is covered."
            yield _step(place, "minimum_size", (name, str(size)), told)


def _kind(place: Place, kind: str, names: tuple[str, ...], facts: Facts) -> Iterator[Step]:
    mine = facts.which.get(kind)
    if mine is None:
        raise FactsMissing(f"the {kind}")
    if not set(mine) & set(names):
        told = f"The {kind} {', '.join(mine)} is not covered: only {', '.join(names)}."
        yield _step(place, "only", (kind, ", ".join(mine)), told)


def _step(place: Place, field: str, known: tuple[str, str], sentence: str) -> Step:
    return Step(
        rule="Covered",
        inputs=(known,),
        clause=place.clause("covers", field),
        result="not covered",
        sentence=sentence,
    )
