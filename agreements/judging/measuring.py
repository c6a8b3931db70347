"""The measured quantity of a period: uptime from downtime, events or slots, and its rounding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.downtime import Downtime, counts_as_down, downtime_of
from agreements.judging.facts import Facts, FactsContradict, FactsMissing, Moment, SlotGroup
from agreements.judging.place import Place
from agreements.terms.levels import MINUTE, UNITS, Level, Places, Unit

ALL = Fraction(1)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A measured value with its step; `total` and `down` are seconds, None where they are not known.

    Where the length of the period is not known, `value` is the best and `least` the worst that it
    can be.
    """

    value: Fraction
    step: Step
    total: Fraction | None = None
    down: Fraction | None = None
    least: Fraction | None = None


def measured(place: Place, facts: Facts) -> Measured | None:
    """Tell the measured value; None where nothing was measured. Errors: FactsMissing, FactsContradict."""
    commitment = place.commitment
    if commitment.measure == "good_events":
        return _good_events(place, facts)
    if commitment.measure == "slot_average":
        return _slot_average(place, facts)
    if commitment.measure == "uptime":
        return _uptime(place, facts)
    if commitment.measure == "downtime":
        return _downtime(place, facts)
    return _value(place, facts)


def noun(place: Place) -> str:
    """Name what is measured as a sentence names it: uptime, latency (95th percentile)."""
    commitment = place.commitment
    if commitment.measure in ("uptime", "good_events", "slot_average"):
        return "uptime"
    name = commitment.what or commitment.measure.replace("_", " ")
    if commitment.measure == "support_misses":
        return "number of support misses"
    return f"{name} ({commitment.percentile}th percentile)" if commitment.percentile else name


def _uptime(place: Place, facts: Facts) -> Measured | None:
    total = _total(place, facts)
    if facts.uptime is not None:
        return _given(place, facts.uptime, total, facts.down)
    if facts.down_slots is not None:
        return _slots(place, facts.down_slots, total)
    if facts.slots:
        return _slots_by_rate(place, facts, total)
    down = downtime_of(place, facts)
    if down is None:
        return None
    if place.commitment.slots is not None and down.seconds:
        return _of_slots_at_best(place, place.commitment.slots, down, total)
    if total is None:
        return _of_any_length(place, down)
    if down.seconds > total.seconds:
        raise FactsContradict(f"{words.time(down.seconds)} down are more than the total of {total.told}")
    return _of_time(place, down, total)


@dataclass(frozen=True)
class _Total:
    seconds: Fraction
    told: str
    step: Step


def _total(place: Place, facts: Facts) -> _Total | None:
    rule = place.commitment.total
    seconds, why = facts.total, f"The {place.commitment.period} has"
    if rule.minutes is not None:
        seconds, why = rule.minutes * MINUTE, "Whatever the length of the period, the total is"
    elif rule.name == "existed" and facts.existed is not None:
        seconds, why = facts.existed, "The total is the time for which the resource existed:"
    elif rule.name == "pooled" and seconds is not None:
        seconds *= facts.resources
        why = f"The minutes of {words.counted_number(Fraction(facts.resources), 'resource')} are pooled:"
    if seconds is None:
        return None
    if not seconds:
        return None
    told = words.time(seconds)
    note = ""
    if rule.name == "period" and facts.existed is not None and facts.existed < seconds:
        note = " The time for which the resource did not exist stays in it and counts as up."
    step = Step(
        rule="Total",
        inputs=(("total", str(rule.fixed) if rule.fixed else rule.name),),
        clause=place.clause("total"),
        result=told,
        sentence=f"{why} {told}.{note}",
    )
    return _Total(seconds, told, step)


def _given(place: Place, uptime: Fraction, total: _Total | None, stated: Fraction | None = None) -> Measured:
    rounded, told = _rounded(place, uptime)
    step = Step(
        rule="Uptime",
        inputs=(("uptime", words.share(uptime)),),
        clause=place.clause("measure"),
        result=words.share(rounded),
        sentence=f"The uptime of the {place.commitment.period} was {words.share(uptime)}{told}.",
    )
    down = (ALL - uptime) * total.seconds if total else stated
    if stated is not None and stated != down:
        raise FactsContradict(
            f"{words.time(stated)} down of {total.told if total else 'it'} are not {words.share(uptime)}"
        )
    return Measured(value=rounded, step=step, total=total.seconds if total else None, down=down)


def _of_time(place: Place, down: Downtime, total: _Total) -> Measured:
    lost = down.seconds / total.seconds
    steps = (total.step, *down.steps)
    if places := place.commitment.rounding.downtime_share:
        exact, lost = lost, places.percent(lost)
        steps = (*steps, _rounding_step(place, "Share of downtime", exact, lost, places))
    rounded, told = _rounded(place, ALL - lost)
    up = total.seconds - down.seconds
    step = Step(
        rule="Uptime",
        inputs=(("total", total.told), ("down", words.time(down.seconds))),
        clause=place.clause("measure"),
        result=words.share(rounded),
        sentence=f"{words.time(up)} of {total.told} were up: {words.share(ALL - lost)}{told}.",
        steps=steps,
    )
    return Measured(value=rounded, step=step, total=total.seconds, down=down.seconds)


def _of_any_length(place: Place, down: Downtime) -> Measured:
    """Tell between which shares the uptime is, whatever the length of the period."""
    period = place.commitment.period
    if period.bounds is None:
        raise FactsMissing(f"how long the {period} is")
    shortest, longest = (minutes * MINUTE for minutes in period.bounds)
    if not down.seconds:
        return _never_down(place, down)
    if down.seconds > shortest:
        raise FactsMissing(f"how long the {period} is")
    worst, _ = _rounded(place, ALL - down.seconds / shortest)
    best, _ = _rounded(place, ALL - down.seconds / longest)
    step = Step(
        rule="Uptime",
        inputs=(("down", words.time(down.seconds)),),
        clause=place.clause("measure"),
        result=f"from {words.share(worst)} to {words.share(best)}",
        sentence=(
            f"Whatever the length of the {period}, {words.time(down.seconds)} down leave an uptime from "
            f"{words.share(worst)} to {words.share(best)}."
        ),
        steps=down.steps,
    )
    return Measured(value=best, least=worst, step=step, down=down.seconds)


def _of_slots_at_best(place: Place, slots: Level, down: Downtime, total: _Total | None) -> Measured:
    """Tell the most that the uptime can be: time down fills at least so many slots, and may touch more."""
    period = place.commitment.period
    seconds = total.seconds if total else period.bounds[1] * MINUTE if period.bounds else None
    if seconds is None or down.seconds > seconds:
        raise FactsMissing(f"how many slots were down of how many in the {period}")
    lost = (down.seconds / slots.value).__ceil__()
    best, _ = _rounded(place, max(Fraction(0), ALL - lost * slots.value / seconds))
    step = Step(
        rule="Uptime",
        inputs=(("down", words.time(down.seconds)), ("slots", str(slots))),
        clause=place.clause("slots"),
        result=f"at most {words.share(best)}",
        sentence=(
            f"{words.time(down.seconds)} down are at least {lost:,} slots of {slots}, and may touch more, "
            f"in a {period} of {'' if total else 'at most '}{words.time(seconds)}: "
            f"the uptime is at most {words.share(best)}."
        ),
        steps=(*((total.step,) if total else ()), *down.steps),
    )
    return Measured(value=best, least=Fraction(0), step=step, total=total.seconds if total else None, down=down.seconds)


def _never_down(place: Place, down: Downtime) -> Measured:
    sentence = f"Nothing of the {place.commitment.period} was down: 100%."
    clause = place.clause("measure")
    step = Step(
        rule="Uptime", inputs=(("down", "0"),), clause=clause, result="100%", sentence=sentence, steps=down.steps
    )
    return Measured(value=ALL, step=step, down=down.seconds)


def _slots(place: Place, down_slots: int, total: _Total | None) -> Measured:
    size = place.commitment.slots
    if size is None or total is None:
        raise FactsMissing("how long the slots and the period are")
    number = total.seconds / size.value
    if number.denominator != 1 or down_slots > number:
        raise FactsContradict(f"{down_slots} slots of {size} do not go into {total.told}")
    rounded, told = _rounded(place, ALL - down_slots / number)
    step = Step(
        rule="Uptime",
        inputs=(("slots", words.number(number)), ("slots down", words.number(Fraction(down_slots)))),
        clause=place.clause("measure"),
        result=words.share(rounded),
        sentence=(
            f"{words.number(number - down_slots)} of {words.number(number)} slots of {size} were up: "
            f"{words.share(ALL - down_slots / number)}{told}."
        ),
        steps=(total.step,),
    )
    return Measured(value=rounded, step=step, total=total.seconds, down=down_slots * size.value)


def _slots_by_rate(place: Place, facts: Facts, total: _Total | None) -> Measured | None:
    """Count the slots that are down by their error rates; those of a total that were not given are up."""
    empty = sum(group.number for group in facts.slots if group.error_rate is None)
    given = sum(group.number for group in facts.slots)
    down = sum(group.number for group in facts.slots if _slot_down(place, group))
    size = _slot_size(place)
    number = Fraction(given) if total is None else total.seconds / size
    if number < given or number.denominator != 1:
        raise FactsContradict(f"{given} slots do not go into {total.told if total else 'the period'}")
    counted = number - (empty if place.commitment.empty == "left_out" else 0)
    if not counted:
        return None
    rounded, told = _rounded(place, ALL - down / counted)
    others = f", {words.number(number - given)} others were not stated to be down" if number != given else ""
    none = f", {empty:,} had no requests" if empty else ""
    step = Step(
        rule="Uptime",
        inputs=(("slots", words.number(counted)), ("slots down", f"{down:,}")),
        clause=place.clause("down"),
        result=words.share(rounded),
        sentence=(
            f"{down:,} of {words.number(counted)} slots of {words.time(size)} were down "
            f"({' or '.join(map(str, place.commitment.down.when))}{none}{others}): "
            f"{words.share(ALL - down / counted)} up{told}."
        ),
        steps=(total.step,) if total else (),
    )
    return Measured(value=rounded, step=step, total=counted * size, down=down * size)


def _slot_down(place: Place, group: SlotGroup) -> bool:
    if group.error_rate is None:
        return False
    if group.requests is not None:
        moment = Moment(requests=group.requests, failed=group.failed)
    else:
        moment = Moment(error_rate=group.error_rate)
    return counts_as_down(place, moment)[0]


def _slot_size(place: Place) -> Fraction:
    if place.commitment.slots is not None:
        return place.commitment.slots.value
    sizes = {condition.slot.value for condition in place.commitment.down.when if condition.slot}
    return sizes.pop() if len(sizes) == 1 else Fraction(MINUTE)


def _good_events(place: Place, facts: Facts) -> Measured | None:
    if facts.uptime is not None:
        return _given(place, facts.uptime, None)
    if facts.events is None:
        return None
    failed = facts.failed_events or 0
    if failed > facts.events:
        raise FactsContradict(f"{failed} of {facts.events} events can not have failed")
    if not facts.events:
        return _no_events(place)
    good = Fraction(facts.events - failed, facts.events)
    rounded, told = _rounded(place, good)
    step = Step(
        rule="Uptime",
        inputs=(("events", f"{facts.events:,}"), ("failed", f"{failed:,}")),
        clause=place.clause("measure"),
        result=words.share(rounded),
        sentence=f"{facts.events - failed:,} of {facts.events:,} counted events were good: {words.share(good)}{told}.",
    )
    return Measured(value=rounded, step=step)


def _no_events(place: Place) -> Measured | None:
    if place.commitment.empty == "left_out":
        return None
    step = Step(
        rule="Uptime",
        inputs=(("events", "0"),),
        clause=place.clause("empty"),
        result="100%",
        sentence="There were no events, and a period without events counts as 100%.",
    )
    return Measured(value=ALL, step=step)


def _slot_average(place: Place, facts: Facts) -> Measured | None:
    if facts.uptime is not None:
        return _given(place, facts.uptime, None)
    empty = sum(group.number for group in facts.slots if group.error_rate is None)
    filled = [group for group in facts.slots if group.error_rate is not None]
    counted = sum(group.number for group in filled)
    number = counted if place.commitment.empty == "left_out" else counted + empty
    if not number:
        return None
    errors = sum((group.number * (group.error_rate or Fraction(0)) for group in filled), Fraction(0))
    rounded, told = _rounded(place, ALL - errors / number)
    treated = "are left out" if place.commitment.empty == "left_out" else "count as 100%"
    step = Step(
        rule="Uptime",
        inputs=(("slots", f"{number:,}"), ("empty slots", f"{empty:,}"), ("sum of error rates", words.share(errors))),
        clause=place.clause("measure"),
        result=words.share(rounded),
        sentence=(
            f"The error rate is averaged over {number:,} slots of {place.commitment.slots}, each weighing the same"
            f"{f'; {empty:,} without requests {treated}' if empty else ''}: "
            f"{words.share(errors / number)}. The uptime is {words.share(ALL - errors / number)}{told}."
        ),
    )
    return Measured(value=rounded, step=step)


def _downtime(place: Place, facts: Facts) -> Measured | None:
    down = downtime_of(place, facts)
    if down is None:
        return None
    step = Step(
        rule="Downtime",
        inputs=(("down", words.time(down.seconds)),),
        clause=place.clause("measure"),
        result=words.time(down.seconds),
        sentence=f"The service was down for {words.time(down.seconds)}.",
        steps=down.steps,
    )
    return Measured(value=down.seconds, step=step, total=facts.total, down=down.seconds)


def _value(place: Place, facts: Facts) -> Measured | None:
    if facts.value is None:
        return None
    exact = facts.value
    places = place.commitment.rounding.value
    value = exact if places is None else _plainly(places, place, exact)
    name = noun(place)
    shown = place.told(exact)
    told = "" if places is None else f", rounded to {places}: {place.told(value)}"
    step = Step(
        rule=name[0].upper() + name[1:],
        inputs=((name, shown),),
        clause=place.clause("measure"),
        result=place.told(value),
        sentence=f"The {name} of the {place.commitment.period} was {shown}{told}.",
    )
    return Measured(value=value, step=step)


def _plainly(places: Places, place: Place, value: Fraction) -> Fraction:
    """Round a value in the unit that the file writes it in."""
    like = place.like
    if like is not None and like.unit is Unit.TIME:
        return places.plain(value / UNITS[like.label]) * UNITS[like.label]
    share = like.unit is Unit.SHARE if like is not None else place.commitment.unit is Unit.SHARE
    return places.percent(value) if share else places.plain(value)


def _rounded(place: Place, uptime: Fraction) -> tuple[Fraction, str]:
    places = place.commitment.rounding.value
    if places is None:
        return uptime, ""
    rounded = places.percent(uptime)
    return rounded, f", rounded to {places}: {words.share(rounded)}"


def _rounding_step(place: Place, rule: str, exact: Fraction, rounded: Fraction, places: Places) -> Step:
    return Step(
        rule=rule,
        inputs=(("exact", words.share(exact)), ("rounding", str(places))),
        clause=place.clause("rounding"),
        result=words.share(rounded),
        sentence=f"{words.share(exact)} is rounded to {places}: {words.share(rounded)}.",
    )
