"""The computation of a statement in sentences, each with its figures and its clause."""

from __future__ import annotations

from fractions import Fraction

from agreements.judging import judge
from agreements.terms import Terms
from agreements.terms.bands import exact_text
from agreements.terms.caps import Cap
from claims.events.statement import Figures
from claims.explain.shown import Step
from claims.rules.allowance import allowance
from claims.rules.statement import AT_MONTH_END
from kernel import shown
from kernel.minutes import MonthMinutes
from kernel.money import Money, share, share_down
from kernel.months import Month


def steps(figures: Figures, minutes: MonthMinutes, terms: Terms, month: Month) -> tuple[Step, ...]:
    """Tell the computation from the length of the month to the amount, in order."""
    told = [
        _month(minutes, terms, month),
        _counted(minutes, terms),
        _uptime(figures, minutes, terms),
        _tier(figures, minutes, terms),
    ]
    if figures.target is not None and figures.uptime is not None:
        told.append(_target(figures, figures.target, minutes, terms))
    told.append(_judgement(figures, terms))
    if figures.percent is not None:
        told += [
            _amount(figures, figures.percent, terms),
            *_caps(figures, terms),
            *_minimum(figures, figures.percent, terms),
        ]
    return tuple(told)


def _month(minutes: MonthMinutes, terms: Terms, month: Month) -> Step:
    sentence = f"{shown.month(month)} has {minutes.total:,} minutes in {shown.zone_name(terms.zone)}."
    return Step(name="month", title="The month", sentence=sentence, clause=terms.clause("measurement"))


def _counted(minutes: MonthMinutes, terms: Terms) -> Step:
    leaving = (
        (minutes.window.total, "in planned windows"),
        (minutes.unknown.total, "unknown"),
        (minutes.excused_leaving.total, "down and excused"),
    )
    gone = ", ".join(f"{count:,} {what}" for count, what in leaving if count)
    left = f"{gone} leave the total: " if gone else ""
    sentence = f"{left}{minutes.counted:,} minutes count."
    return Step(name="counted", title="Counted minutes", sentence=sentence, clause=terms.clause("excused"))


def _uptime(figures: Figures, minutes: MonthMinutes, terms: Terms) -> Step:
    clause = terms.clause("measurement")
    if figures.uptime is None:
        sentence = "No minute counts, so the month has no uptime."
        return Step(name="uptime", title="Uptime", sentence=sentence, clause=clause)
    as_up = f", {minutes.excused_as_up.total:,} excused of them" if minutes.excused_as_up else ""
    sentence = (
        f"{minutes.good:,} of {minutes.counted:,} were up or count as up{as_up}, {minutes.down.total:,} were down: "
        f"{shown.uptime(figures.uptime)}, rounded down to be shown and compared exactly."
    )
    return Step(name="uptime", title="Uptime", sentence=sentence, clause=clause)


def _tier(figures: Figures, minutes: MonthMinutes, terms: Terms) -> Step:
    title = terms.tiers[figures.tier].title if figures.tier else ""
    if figures.tier is None:
        sentence = "No tier was held in any minute that was down, so no tier judges the month."
    elif terms.tier_of_month == AT_MONTH_END or not minutes.down:
        sentence = f"{title} was held at the month's end."
    else:
        sentence = f"{title} is the best tier that was held in an unexcused down minute."
    clause = terms.clause("months", "tier_of_month")
    return Step(name="tier", title="Tier", sentence=sentence, clause=clause)


def _target(figures: Figures, target: Fraction, minutes: MonthMinutes, terms: Terms) -> Step:
    allowed = allowance(minutes, target, end=minutes.last)
    verdict = "is missed" if allowed.left_minutes < 0 else "is met"
    sentence = (
        f"The target of {shown.percent(target)} allows {allowed.allowed_minutes:,} minutes down of "
        f"{allowed.counted_minutes:,}; {allowed.down_minutes:,} were: it {verdict}."
    )
    clause = terms.clause("commitments", 0, "target", figures.tier or "")
    return Step(name="target", title="Target", sentence=sentence, clause=clause)


def _judgement(figures: Figures, terms: Terms) -> Step:
    judged = judge(terms, tier=figures.tier, uptime=figures.uptime, base=figures.base)
    return Step(name="judgement", title="Judgement", sentence=judged.sentence, clause=figures.clause)


def _amount(figures: Figures, percent: Fraction, terms: Terms) -> Step:
    clause = terms.clause("commitments", 0, "credits", "of")
    if figures.base is None:
        sentence = f"{shown.percent(percent)} of the month's usage; amount: awaiting usage."
        return Step(name="amount", title="Credit", sentence=sentence, clause=clause)
    exact = exact_text(Fraction(figures.base.amount) * percent)
    sentence = (
        f"{shown.money(figures.base)} × {shown.percent(percent)} = {exact} {figures.base.currency}, "  # noqa: RUF001 — it is one
        f"rounded once, half even, and no more than the cap: {shown.money(_capped(figures, figures.base, percent))}."
    )
    return Step(name="amount", title="Credit", sentence=sentence, clause=clause)


def _capped(figures: Figures, base: Money, percent: Fraction) -> Money:
    """Give the amount before the least that is paid out is asked for."""
    credit = share(base, percent)
    return credit if figures.cap is None else min(credit, figures.cap)


def _caps(figures: Figures, terms: Terms) -> list[Step]:
    clause = terms.clause("commitments", 0, "credits", "cap")
    caps = terms.credits.caps if terms.credits else ()
    told = [_cap(figures, cap) for cap in caps] or ["No cap is agreed."]
    return [Step(name="cap", title="Cap", sentence=sentence, clause=clause) for sentence in told]


def _cap(figures: Figures, cap: Cap) -> str:
    if cap.kind == "sum":
        return f"At most {cap}."
    if figures.base is None:
        return f"At most {shown.percent(cap.share)} of the month's usage."
    most = shown.money(share_down(figures.base, cap.share))
    return f"At most {shown.percent(cap.share)} of {shown.money(figures.base)}, rounded down: {most}."


def _minimum(figures: Figures, percent: Fraction, terms: Terms) -> list[Step]:
    least = terms.credits.minimum if terms.credits else None
    if least is None:
        return []
    sentence = f"Paid out is {least}."
    if figures.base is not None:
        capped = _capped(figures, figures.base, percent)
        verdict = "it is paid out" if least.reached(capped) else "nothing is paid"
        sentence = f"Paid out is {least}, and the credit is {shown.money(capped)}: {verdict}."
    clause = terms.clause("commitments", 0, "credits", "minimum")
    return [Step(name="minimum", title="Minimum", sentence=sentence, clause=clause)]
