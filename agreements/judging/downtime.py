"""What counts as downtime: a single minute or outage, and the outages of a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts, FactsContradict, FactsMissing, Moment, Outage
from agreements.judging.place import Place
from agreements.terms.downtime import Condition
from agreements.terms.levels import MINUTE, Level

WHOLE = Fraction(1)


@dataclass(frozen=True)
class Downtime:
    """Seconds down in the period, and the steps that they come from."""

    seconds: Fraction
    steps: tuple[Step, ...]


def downtime_of(place: Place, facts: Facts) -> Downtime | None:
    """Tell the downtime of the period; None where nothing is known of it."""
    down = place.commitment.down
    if facts.down is None and not facts.outages:
        return None
    if down.only_reported and not facts.reported:
        return Downtime(Fraction(0), (_not_reported(place),))
    steps = tuple(_outage_step(place, outage) for outage in facts.outages)
    seconds = sum((_counts_for(place, outage) for outage in facts.outages), facts.down or Fraction(0))
    if facts.down is not None:
        steps = (*steps, _stated(place, facts.down))
    if facts.used:
        seconds = max(Fraction(0), seconds - facts.used)
        steps = (*steps, _used(place, facts.used, seconds))
    return Downtime(seconds, steps)


def outages_counted(place: Place, facts: Facts) -> int:
    """Count the outages that are down at all: short ones, or ones that nobody reported, may not be."""
    if place.commitment.down.only_reported and not facts.reported:
        return 0
    return sum(1 for outage in facts.outages if _counts_for(place, outage))


def _counts_for(place: Place, outage: Outage) -> Fraction:
    """Tell for how many seconds an outage counts: an outage that meets one condition counts."""
    lengths = [_length(place, condition, outage) for condition in place.commitment.down.when]
    return max(lengths)


def _length(place: Place, condition: Condition, outage: Outage) -> Fraction:
    if condition.kind == "errors":
        return _length_by_errors(condition, outage)
    partial = place.commitment.down.partial_minutes
    seconds = outage.seconds if partial == "count" else outage.full(Fraction(MINUTE))
    short = condition.kind == "outage" and not _reaches(seconds, condition)
    return Fraction(0) if short or not condition.lasts(seconds) else seconds


def _length_by_errors(condition: Condition, outage: Outage) -> Fraction:
    """An outage tells the error rate of the slots that it fills, and not of those that it touches."""
    slot = condition.slot.value if condition.slot else Fraction(MINUTE)
    full, touched = outage.full(slot), outage.touched(slot)
    if not condition.lasts(touched):
        return Fraction(0)
    if condition.bound == WHOLE or full == outage.seconds:
        return full if condition.lasts(full) else Fraction(0)
    raise FactsMissing(f"the error rate of the {condition.slot or 'minute'} that an outage fills in part")


def _reaches(value: Fraction, condition: Condition) -> bool:
    bound = condition.bound.value if isinstance(condition.bound, Level) else condition.bound
    if bound is None:
        return True
    return value > bound or (condition.includes and value == bound)


def _outage_step(place: Place, outage: Outage) -> Step:
    counted, rule = _counts_for(place, outage), place.commitment.down
    lasted = words.time(outage.seconds)
    what = " or ".join(condition.text for condition in rule.when)
    partial = "; minutes that were down in part do not count" if rule.partial_minutes == "do_not_count" else ""
    return Step(
        rule="Outage",
        inputs=(("lasted", lasted), ("counts", what)),
        clause=place.clause("down"),
        result=words.time(counted),
        sentence=f"An outage of {lasted} counts for {words.time(counted)}: down is {what}{partial}.",
    )


def _stated(place: Place, down: Fraction) -> Step:
    told = words.time(down)
    return Step(
        rule="Downtime",
        inputs=(("down", told),),
        clause=place.clause("down"),
        result=told,
        sentence=f"{told} were down and not excused.",
    )


def _used(place: Place, used: Fraction, left: Fraction) -> Step:
    return Step(
        rule="Downtime credited before",
        inputs=(("credited before", words.time(used)),),
        clause=place.clause("period"),
        result=words.time(left),
        sentence=f"{words.time(used)} were credited before and are used up: {words.time(left)} are left.",
    )


def _not_reported(place: Place) -> Step:
    return Step(
        rule="Downtime",
        inputs=(("reported", "no"),),
        clause=place.clause("down", "only_reported"),
        result="0 minutes",
        sentence="The customer did not report it, and only what is reported counts: 0 minutes.",
    )


def counts_as_down(place: Place, moment: Moment) -> tuple[bool, Step]:
    """Tell whether a minute, slot, answer or outage counts as down, and why. Errors: FactsMissing."""
    rule = place.commitment.down
    if moment.parts is not None and rule.parts is not None:
        return _parts(place, moment)
    verdicts = [one for condition in rule.when for one in _tried(condition, moment)]
    if not verdicts:
        raise FactsMissing("a figure that tells whether it is down: " + " or ".join(map(str, rule.when)))
    down = any(verdict for verdict, _ in verdicts)
    why = next(told for verdict, told in verdicts if verdict is down)
    step = Step(
        rule="Down",
        inputs=tuple(_known(moment)),
        clause=place.clause("down"),
        result="down" if down else "up",
        sentence=f"{why}, so it {'counts' if down else 'does not count'} as down.",
    )
    return down, step


def _parts(place: Place, moment: Moment) -> tuple[bool, Step]:
    failing, of, rule = moment.parts_failing or 0, moment.parts or 0, place.commitment.down.parts
    if rule is None or failing > of:
        raise FactsContradict(f"{failing} of {of} parts can not fail")
    down = rule.down(failing, of)
    step = Step(
        rule="Down",
        inputs=(("parts failing", str(failing)), ("parts", str(of)), ("must fail together", str(rule))),
        clause=place.clause("down", "parts"),
        result="down" if down else "up",
        sentence=(
            f"{failing} of {of} parts failed together and {rule} must, "
            f"so it {'counts' if down else 'does not count'} as down."
        ),
    )
    return down, step


def _known(moment: Moment) -> Iterator[tuple[str, str]]:
    if moment.requests is not None:
        yield "requests", f"{moment.requests:,}"
        yield "failed", f"{moment.failed or 0:,}"
    if moment.error_rate is not None:
        yield "error rate", words.share(moment.error_rate)
    if moment.took is not None:
        yield "answered within", words.time(moment.took)
    if moment.answered is not None:
        yield "answer", "success" if moment.answered else "failure"
    if moment.lasted is not None:
        yield "lasted", words.time(moment.lasted.seconds)


def _tried(condition: Condition, moment: Moment) -> Iterator[tuple[bool, str]]:
    """Try a condition on what is known of the moment; nothing where it says nothing about it."""
    if moment.answered is False:
        yield True, "The answer was a failure"
    if condition.kind == "failed" and moment.answered:
        yield False, "The answer was a success"
    if condition.kind == "slow" and moment.took is not None:
        told = f"The answer took {words.time(moment.took)}"
        yield from _long_enough(condition, moment, told, reached=_reaches(moment.took, condition))
    if condition.kind == "outage" and moment.lasted is not None:
        down = _reaches(moment.lasted.seconds, condition)
        yield down, f"It lasted {words.time(moment.lasted.seconds)}, and down is {condition}"
    if condition.kind == "errors":
        yield from _tried_errors(condition, moment)


def _tried_errors(condition: Condition, moment: Moment) -> Iterator[tuple[bool, str]]:
    rate = moment.error_rate
    if moment.requests is not None:
        if (moment.failed or 0) > moment.requests:
            raise FactsContradict(f"{moment.failed} of {moment.requests} requests can not have failed")
        if moment.requests < max(1, condition.least_requests):
            yield False, f"There were {moment.requests:,} requests, and down is {condition}"
            return
        rate = Fraction(moment.failed or 0, moment.requests)
    if rate is not None:
        told = f"The error rate was {words.share(rate)}"
        yield from _long_enough(condition, moment, told, reached=_reaches(rate, condition))


def _long_enough(condition: Condition, moment: Moment, told: str, *, reached: bool) -> Iterator[tuple[bool, str]]:
    """Ask of what is bad enough whether it went on for long enough; nothing where that is not known."""
    if condition.lasting is None or not reached:
        yield reached, f"{told}, and down is {condition}"
    elif moment.lasted is not None:
        lasted = moment.lasted.seconds
        yield condition.lasts(lasted), f"{told} for {words.time(lasted)}, and down is {condition}"
