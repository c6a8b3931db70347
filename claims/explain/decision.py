"""What a statement decides as one tree: minutes, uptime, tier, target, row, credit, cap, rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from agreements.explaining import Step, find, walk
from agreements.judging import Judgement, judge, words
from agreements.queries import PublishedTerms
from agreements.terms import Terms
from claims.events.finding import ExclusionUsed
from claims.events.statement import Figures, TierHeld
from claims.explain.minutes import COUNTED, GOOD, MONTH, good_minutes, whole_month
from claims.explain.shown import Line
from claims.rules.allowance import allowance
from claims.rules.statement import AT_MONTH_END, awaits_usage, owed
from kernel import shown
from kernel.intervals import instant_of
from kernel.minutes import MonthMinutes
from kernel.months import Month

NOTHING: Final = Fraction(0)
# The steps of the tree that stand in the list of the computation, in its order: rule, name, title.
LISTED: Final = (
    ("Terms", "terms", "Terms"),
    (MONTH, "month", "The month"),
    (COUNTED, "counted", "Counted minutes"),
    (GOOD, "uptime", "Uptime"),
    ("Tier", "tier", "Tier"),
    ("Target", "target", "Target"),
    ("Allowance", "allowance", "Allowance"),
    ("Credit", "judgement", "Judgement"),
    ("Amount", "amount", "Credit"),
    ("Rounding", "rounding", "Rounding"),
    ("Cap", "cap", "Cap"),
    ("Minimum", "minimum", "Minimum"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a version of a statement says, and what it was made from."""

    figures: Figures
    minutes: MonthMinutes
    terms: Terms
    month: Month
    exclusions: tuple[ExclusionUsed, ...] = ()
    negotiated: Step | None = None


def judged_by(published: PublishedTerms) -> Step | None:
    """Tell that the account has terms of its own and where they are written; None where it has not (SEMANTICS 26)."""
    if published.override is None:
        return None
    return Step(
        rule="Terms",
        clause=published.where,
        result=published.called,
        sentence=f"The account is judged by {published.called}.",
    )


def decision(decided: Decided) -> Step:
    """Explain what the statement says: the judge's own steps, and below them where their inputs come from."""
    figures, terms = decided.figures, decided.terms
    judged = judge(terms, tier=figures.tier, uptime=figures.uptime, base=figures.base)
    root = judged.explanation
    whole = whole_month(decided.minutes, terms, decided.month)
    measured = good_minutes(decided.minutes, terms, whole, decided.exclusions)
    below = {"Uptime": (measured,), "Target": tuple(_allowance(decided))}
    steps = [replace(one, steps=(*one.steps, *below.get(one.rule, ()))) for one in root.steps]
    apart = () if find(root, "Uptime") else (measured,)
    own = () if decided.negotiated is None else (decided.negotiated,)
    return replace(root, steps=(*own, _tier(decided), *apart, *steps, *_awaited(decided), *_stated(figures, judged)))


def _stated(figures: Figures, judged: Judgement) -> Iterator[Step]:
    """Own up to it where the judge of today says otherwise than the statement did, which stands as it was told."""
    same_credit = figures.credit is None or figures.credit == judged.credit
    if figures.percent == owed(judged) and same_credit:
        return
    told = shown.money(figures.credit) if figures.credit is not None else words.share(figures.percent or NOTHING)
    yield Step(
        rule="Stated",
        inputs=(("computed now", judged.explanation.result),),
        result=told,
        sentence=f"The statement says {told}, and that stands; by the rules of today it would be computed as above.",
    )


def listed(tree: Step) -> tuple[Line, ...]:
    """Give the computation as a list, from the length of the month to the amount."""
    return tuple(
        Line(name=name, title=title, sentence=step.sentence, clause=step.clause)
        for rule, name, title in LISTED
        for step in walk(tree)
        if step.rule == rule
    )


def _tier(decided: Decided) -> Step:
    """Tell which tier judges the month, and what was held (SEMANTICS 14)."""
    figures, terms = decided.figures, decided.terms
    title = _title(terms, figures.tier) if figures.tier else "none"
    if figures.tier is None:
        sentence = "No tier was held in any minute that was down, so no tier judges the month."
    elif terms.tier_of_month == AT_MONTH_END or not decided.minutes.down:
        sentence = f"{title} was held at the month's end."
    else:
        sentence = f"{title} is the best tier that was held in an unexcused down minute."
    return Step(
        rule="Tier",
        clause=terms.clause("months", "tier_of_month"),
        result=title,
        sentence=sentence,
        steps=tuple(_held(one, decided) for one in figures.tiers),
    )


def _title(terms: Terms, tier: str) -> str:
    return terms.tiers[tier].title if tier in terms.tiers else tier


def _held(held: TierHeld, decided: Decided) -> Step:
    title, zone = _title(decided.terms, held.tier), decided.terms.zone
    start, end = (shown.instant(instant_of(minute), zone) for minute in (held.first, held.last))
    down = decided.minutes.down.clip(held.first, held.last).total
    return Step(
        rule="Tier held",
        inputs=(("from", start), ("to", end), ("down in it", shown.minutes(down))),
        result=title,
        sentence=f"{title} was held from {start} to {end}; {shown.minutes(down)} of that were down and not excused.",
    )


def _allowance(decided: Decided) -> Iterator[Step]:
    """Tell the target in minutes: how many may be down before it is missed (SEMANTICS 11)."""
    figures, minutes = decided.figures, decided.minutes
    if figures.target is None or figures.uptime is None:
        return
    allowed = allowance(minutes, figures.target, end=minutes.last)
    target = words.share(figures.target)
    verdict = "is missed" if allowed.left_minutes < 0 else "is met"
    yield Step(
        rule="Allowance",
        inputs=(
            ("target", target),
            ("counted minutes", f"{allowed.counted_minutes:,}"),
            ("down", f"{allowed.down_minutes:,}"),
        ),
        clause=decided.terms.clause("commitments", 0, "target", figures.tier or ""),
        result=shown.minutes(allowed.allowed_minutes),
        sentence=(
            f"The target of {target} allows {shown.minutes(allowed.allowed_minutes)} down of "
            f"{allowed.counted_minutes:,}; {allowed.down_minutes:,} were: it {verdict}."
        ),
    )


def _awaited(decided: Decided) -> Iterable[Step]:
    """Tell what an amount waits for, and the caps that it will be held against."""
    figures, terms = decided.figures, decided.terms
    if figures.percent is None or not awaits_usage(figures):
        return ()
    percent = words.share(figures.percent)
    amount = Step(
        rule="Amount",
        inputs=(("percent", percent),),
        clause=terms.clause("commitments", 0, "credits", "of"),
        result="awaiting usage",
        sentence=f"{percent} of the month's usage; amount: awaiting usage.",
    )
    clause = terms.clause("commitments", 0, "credits", "cap")
    caps = [str(cap) for cap in terms.credits.caps] if terms.credits else []
    return (
        amount,
        *(Step(rule="Cap", result=cap, sentence=f"At most {cap}.", clause=clause) for cap in caps),
    )
