"""A month that runs explained: its minutes so far, what its target allows, and what is certain (SEMANTICS 11, 20)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import judge, words
from agreements.terms import Terms
from claims.events.entitlement import Due
from claims.explain.decision import judged_by
from claims.explain.minutes import good_minutes, so_far
from claims.queries.months import MonthView, RunningMonth
from claims.queries.periods import judging_terms_for
from claims.rules.allowance import Allowance
from kernel import shown


def explain_running(view: MonthView) -> Step | None:
    """Tell how a month stands that is not closed; None for one that is."""
    published = judging_terms_for(view.account, view.agreement, view.month)
    if view.running is None or published is None:
        return None
    running, terms = view.running, published.terms
    measured = good_minutes(running.minutes, terms, so_far(running.minutes, terms, view.month), running.exclusions)
    result, sentence = _verdict(running)
    own = (step,) if (step := judged_by(published)) else ()
    return Step(
        rule="So far",
        inputs=(("passed", shown.minutes(running.passed_minutes)), ("of", shown.minutes(running.total_minutes))),
        clause=terms.clause("measurement"),
        result=result,
        sentence=sentence,
        steps=(*own, measured, *_allowed(running, terms), *_certain(running, terms)),
    )


def _verdict(running: RunningMonth) -> tuple[str, str]:
    if running.allowance is None:
        return "no target", "No target is promised for this month so far."
    left = running.allowance.left_minutes
    if left < 0:
        end = "it can no longer be met" if _out_of_reach(running) else "as it stands, it is missed"
        return "missed", f"More was down than the target allows, by {shown.minutes(-left)}: {end}."
    return f"{shown.minutes(left)} left", f"{shown.minutes(left)} may still be down before the target is missed."


def _out_of_reach(running: RunningMonth) -> bool:
    """Whether the target stays missed if every minute counts and none is down that was not measured so."""
    down = (running.minutes.down - running.minutes.unmeasured).total
    return running.target is not None and Fraction(running.total_minutes - down, running.total_minutes) < running.target


def _allowed(running: RunningMonth, terms: Terms) -> Iterator[Step]:
    if running.target is None or running.allowance is None:
        return
    found: Allowance = running.allowance
    target, allowed = words.share(running.target), shown.minutes(found.allowed_minutes)
    verdict = "is missed" if found.left_minutes < 0 else "can be met"
    yield Step(
        rule="Allowance",
        inputs=(
            ("target", target),
            ("counted minutes", f"{found.counted_minutes:,}"),
            ("down", f"{found.down_minutes:,}"),
        ),
        clause=terms.clause("commitments", 0, "target", running.tier or ""),
        result=allowed,
        sentence=(
            f"If every minute to come counts and is good, {found.counted_minutes:,} count: the target of {target} "
            f"allows {allowed} down; {found.down_minutes:,} were: it {verdict}."
        ),
    )


def _certain(running: RunningMonth, terms: Terms) -> Iterator[Step]:
    """Tell what is owed in any case: the judge's answer to the best that the month can still reach."""
    due: Due | None = running.certain
    if due is None:
        return
    best = Fraction(running.total_minutes - due.down_minutes, running.total_minutes)
    reached = f"the uptime is {words.share(best)} at best"
    judged = judge(terms, tier=due.tier, uptime=best, base=None).explanation
    yield Step(
        rule="Certain",
        inputs=(("minutes of the month", f"{running.total_minutes:,}"), ("down", f"{due.down_minutes:,}")),
        clause=judged.clause,
        result=words.share(due.percent),
        sentence=f"Even if all that was not measured down turns out good, {reached}: {judged.sentence}",
        steps=judged.steps,
    )
