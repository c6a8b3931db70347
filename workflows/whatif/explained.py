"""One month of one account explained by both versions, by the tree that every page shows of a statement."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agreements.explaining import Step
from claims.commands.judged_month import Holder, JudgedMonth
from claims.events.statement import Figures
from claims.explain.decision import Decided, decision
from claims.explain.minutes import GOOD
from kernel.months import Month
from workflows.whatif.months import RunMonth
from workflows.whatif.report import Trees

AS_EVERYBODY: Final = " These are everybody's minutes, which the month's own section tells one by one."


def trees(one: RunMonth, holder: Holder, today: Figures, draft: Figures) -> Trees:
    """Explain a month by both versions, down to the stretches that were down."""
    return Trees(
        today=_tree(one.today, holder, today, one.month),
        draft=_tree(one.draft, holder, draft, one.month),
    )


def short_trees(one: RunMonth, holder: Holder, today: Figures, draft: Figures) -> Trees:
    """Explain a month by both versions; of minutes that are everybody's only the sum is told."""
    told = trees(one, holder, today, draft)
    if is_named(one, holder):
        return told
    return Trees(today=_shortened(told.today), draft=_shortened(told.draft))


def is_named(one: RunMonth, holder: Holder) -> bool:
    """Whether a correction or an exclusion of the month names the account, so that it has its own minutes."""
    return any(holder.id in side.measured.named for side in (one.today, one.draft))


def _tree(judged: JudgedMonth, holder: Holder, figures: Figures, month: Month) -> Step:
    group = judged.measured.group_for(holder.id)
    decided = Decided(
        figures=figures,
        minutes=group.minutes,
        terms=judged.terms_of(holder.id),
        month=month,
        exclusions=group.exclusions,
    )
    return decision(decided)


def _shortened(step: Step) -> Step:
    if step.rule == GOOD:
        return replace(step, sentence=step.sentence + AS_EVERYBODY, steps=())
    return replace(step, steps=tuple(_shortened(below) for below in step.steps))
