"""Examples about a period, or a moment of it, carried out: from what is given to the figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from agreements.example_checks import check_given
from agreements.explaining import Step, walk
from agreements.judging import (
    Facts,
    FactsMissing,
    Moment,
    Outage,
    SlotGroup,
    counts_as_down,
    judge_period,
    judge_together,
)
from agreements.judging.downtime import downtime_of
from agreements.judging.judgement import Judgement
from agreements.judging.measuring import measured
from agreements.judging.place import Place, place_of
from agreements.terms import Terms
from agreements.terms.bases import USAGE_OF_MONTH
from agreements.terms.commitments import EVERY_TIER, TIER, Commitment
from agreements.terms.example_times import GivenTimes
from agreements.terms.examples import Given
from agreements.terms.given import Instance, Lasting, PeriodGiven, Quantity, Slots
from agreements.terms.levels import MINUTE, seconds

Figures = dict[str, object]
# Figures, their explanations, and what a figure that is not told needs.
Told = tuple[Figures, tuple[Step, ...], str]
NO_ANSWER = ("timeouts", "none")


def told_period(terms: Terms, given: Given) -> Told:
    """Tell what follows for the period, where it is about one. Errors: FactsMissing, FactsContradict."""
    if _only_about_times(given):
        return {}, (), ""
    if given.together:
        return _together(terms, given)
    if is_moment(given):
        return _moment(terms, given)
    return _period(terms, given)


def with_classes(terms: Terms, given: Given, figures: Figures) -> Given:
    """Judge the minutes that a month's classes make down, where no other quantity is given."""
    down, leaving = figures.get("down_minutes"), figures.get("leaving_minutes")
    judged = figures.get("uptime") is not None and not given.model_fields_set & set(Quantity.model_fields)
    if given.month is None or not judged or not isinstance(down, int) or not isinstance(leaving, int):
        return given
    counted = given.month.minutes(terms.zone) - leaving
    return given.model_copy(update={"down": seconds(str(down), "minute"), "minutes": counted})


def _only_about_times(given: Given) -> bool:
    stated = given.model_fields_set
    about_period = stated & {*Quantity.model_fields, *Instance.model_fields, "together"}
    return bool(stated & {*GivenTimes.model_fields, "severity", "received"}) and not about_period


def is_moment(given: Given) -> bool:
    """Tell whether a single minute, request or outage is given."""
    found = (given.status, given.took, given.requests, given.error_rate, given.lasted, given.parts)
    return any(one is not None for one in found)


def chosen(terms: Terms, given: PeriodGiven) -> str | None:
    """Name the commitment that is judged: the one named, or the first that fits what is given."""
    if given.commitment is not None or not terms.commitments:
        return given.commitment
    tier = given.tier
    fitting = [one for one in terms.commitments if not one.covers.tiers or tier is None or tier in one.covers.tiers]
    counts = [one for one in fitting if (one.measure == "support_misses") == (given.support_misses is not None)]
    return next((one.name for one in (*counts, *fitting, *terms.commitments)), None)


def facts_of(terms: Terms, given: PeriodGiven) -> Facts:
    """Turn what is given into facts."""
    if (name := chosen(terms, given)) is not None:
        check_given(place_of(terms, name), given)
    fees = dict(given.fees)
    if given.usage is not None:
        fees[USAGE_OF_MONTH] = given.usage
    return Facts(
        tier=_tier(terms, given),
        which=given.which,
        uptime=given.uptime,
        value=_value(given),
        total=_total(terms, given),
        existed=given.existed.value if given.existed else None,
        resources=given.resources,
        down=given.down.value if given.down else None,
        outages=tuple(_outage(one) for one in given.outages),
        used=given.credited_down.value if given.credited_down else Fraction(0),
        down_slots=given.down_slots,
        slots=tuple(_slots(one) for one in given.slots),
        events=given.events,
        failed_events=_failed(terms, given),
        reported=given.customer_reported,
        units=None if given.units is None else Fraction(given.units),
        fee=given.fee,
        fees=fees,
        rate=given.rate,
        billing=given.billing,
        contract_ended=given.contract_ended,
        term_end=given.term_end,
        age=given.age.value if given.age else None,
        size=given.size,
        lacks=frozenset(given.lacks),
        good_standing=given.good_standing,
        credited_before={per: before.money for per, before in given.credited_before.items() if before.money},
        service_before={per: before.service for per, before in given.credited_before.items() if before.service},
    )


def _tier(terms: Terms, given: PeriodGiven) -> str | None:
    """Tell the tier; where none is given, the one that there is, or any where the promise differs by none."""
    name = chosen(terms, given)
    judged = [one for one in terms.commitments if one.name == name]
    differing = [one for one in judged if one.by == TIER and (_by_name(one) or one.covers.tiers)]
    if given.tier is not None or (len(terms.tiers) > 1 and differing):
        return given.tier
    return next((tier for tier in terms.tiers if terms.covers(tier)), next(iter(terms.tiers)))


def _by_name(commitment: Commitment) -> bool:
    return bool(set(commitment.target or ()) - {EVERY_TIER} or (commitment.credits and commitment.credits.tables))


def _value(given: Quantity) -> Fraction | None:
    if given.support_misses is not None:
        return Fraction(given.support_misses)
    return given.value.value if given.value else None


def _total(terms: Terms, given: Quantity) -> Fraction | None:
    if given.minutes is not None:
        return Fraction(given.minutes * MINUTE)
    if given.length is not None:
        return given.length.value
    return Fraction(given.period.minutes(terms.zone) * MINUTE) if given.period else None


def _outage(given: Lasting) -> Outage:
    return Outage(seconds=given.length.value, offset=given.offset)


def _slots(given: Slots) -> SlotGroup:
    if given.error_rate is not None:
        return SlotGroup(number=given.number, error_rate=given.error_rate)
    if not given.requests:
        return SlotGroup(number=given.number, error_rate=None)
    rate = Fraction(given.failed, given.requests)
    return SlotGroup(number=given.number, error_rate=rate, requests=given.requests, failed=given.failed)


def _failed(terms: Terms, given: Quantity) -> int | None:
    """Count the failed events; of answers, those that the agreement does not call a success."""
    if not given.answers:
        return given.failed
    return sum(number for answer, number in given.answers.items() if not _succeeds(terms, answer))


def _succeeds(terms: Terms, answer: str) -> bool:
    if answer in NO_ANSWER:
        return False
    if answer.endswith("xx"):
        return answer in terms.measurement.success_statuses
    return terms.measurement.success(int(answer))


def _moment(terms: Terms, given: Given) -> Told:
    figures: Figures = {}
    success = terms.measurement.success(given.status) if given.status is not None else None
    moment = Moment(
        requests=given.requests,
        failed=given.failed,
        error_rate=given.error_rate,
        took=given.took.value if given.took else None,
        answered=success,
        lasted=_outage(given.lasted) if given.lasted else None,
        parts_failing=given.parts_failing,
        parts=given.parts,
    )
    name = chosen(terms, given)
    if name is None:
        return {"success": success}, (), ""
    down, step = counts_as_down(place_of(terms, name), moment)
    figures["down"] = down
    if success is not None:
        figures["success"] = not down
    return figures, (step,), ""


def _period(terms: Terms, given: Given) -> Told:
    name, facts = chosen(terms, given), facts_of(terms, given)
    figures: Figures = {}
    steps: tuple[Step, ...] = ()
    if name is not None:
        place = place_of(terms, name)
        measuring = list(_measured(place, facts))
        figures |= dict(figure for figure, _ in measuring)
        steps = tuple({id(step): step for _, step in measuring}.values())
    try:
        judgement = judge_period(terms, facts, commitment=name)
    except FactsMissing as missing:
        return figures, steps, str(missing)
    told = set(walk(judgement.explanation))
    return figures | _judged(judgement), (judgement.explanation, *(step for step in steps if step not in told)), ""


def _measured(place: Place, facts: Facts) -> Iterator[tuple[tuple[str, object], Step]]:
    """Give the figures that need no tier and no target, each with its step."""
    try:
        known = measured(place, facts)
    except FactsMissing:
        known = None
    down = downtime_of(place, facts)
    if down is not None and down.steps:
        yield ("down_minutes", down.seconds / MINUTE), down.steps[-1]
    if known is None or known.least is not None:
        return
    share = place.commitment.measure in ("uptime", "good_events", "slot_average")
    yield ("uptime" if share else "value", known.value), known.step
    if known.down is not None and known.total is not None:
        yield ("downtime_share", known.down / known.total), known.step


def _judged(judgement: Judgement) -> Figures:
    nothing = judgement.credit is not None and not judgement.credit and judgement.service is None
    return {
        "target": judgement.target,
        "missed": judgement.missed,
        "outcome": judgement.code,
        "row": judgement.row,
        "pays": Fraction(0) if judgement.percent is None and nothing else judgement.percent,
        "credit": judgement.credit,
        "service": judgement.service,
        "benefit": judgement.benefit,
        "form": judgement.form,
        "new_term_end": judgement.new_term_end,
    }


def _together(terms: Terms, given: Given) -> Told:
    judged = [judge_period(terms, facts_of(terms, one), commitment=chosen(terms, one)) for one in given.together]
    whole = judge_together(terms, judged, facts_of(terms, given))
    figures: Figures = {
        "outcome": whole.code,
        "pays": whole.percent,
        "credit": whole.credit,
        "service": whole.service,
        "benefit": whole.benefit,
    }
    return figures, (whole.explanation,), ""
