"""A judgement on its way: the facts, what was found so far, and the steps that led there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from agreements.explaining import Step
from agreements.judging import words
from agreements.judging.facts import Facts
from agreements.judging.judgement import Judgement, Outcome
from agreements.judging.measuring import Measured
from agreements.judging.paying import Award
from agreements.judging.place import Place
from agreements.judging.settled import Settled
from agreements.terms.commitments import EVERY_TIER, Target
from kernel.money import Money

NOTHING = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known on the way; `name` is the tier or other kind that chose the target."""

    place: Place
    facts: Facts
    name: str = ""
    target: Target | None = None
    known: Measured | None = None
    steps: tuple[Step, ...] = ()

    def with_step(self, *steps: Step) -> Case:
        """Add steps."""
        return replace(self, steps=(*self.steps, *steps))

    def with_target(self, name: str, target: Target | None) -> Case:
        """Know the target."""
        return replace(self, name=name, target=target)

    def with_value(self, known: Measured) -> Case:
        """Know what was measured."""
        return replace(self, known=known, steps=(*self.steps, known.step))

    @property
    def measured(self) -> Measured:
        """What was measured, where something was."""
        if self.known is None:
            raise LookupError(self.place.commitment.name)
        return self.known

    @property
    def value_told(self) -> str:
        """The measured value in words."""
        best = self.place.told(self.measured.value)
        least = self.measured.least
        if least is None:
            return best
        return f"{self.place.told(least)} to {best}" if least else f"at most {best}"

    @property
    def missed(self) -> bool | None:
        """Whether the target is missed; None where nothing can be, or nothing was measured."""
        if self.target is None or self.known is None:
            return None
        return not self.target.met(self.known.value)

    @property
    def promise(self) -> str:
        """Tell what was promised to whom."""
        bound = self.target.bound if self.target else "nothing"
        if self.name not in (self.place.commitment.target or {}):
            return f"the {bound} that is promised"
        return f"the {bound} that the {self.place.title(self.name)} {self.place.commitment.by} is promised"

    @property
    def target_path(self) -> tuple[str, ...]:
        """Where the target stands that counts here, or targets at all."""
        if self.target is None:
            return ("target",)
        named = self.name if self.name in (self.place.commitment.target or {}) else EVERY_TIER
        return ("target", named, self.target.kind)

    def nothing(self, code: Outcome, sentence: str, *, clause: str | None = None) -> Judgement:
        """Say that nothing is due, and why."""
        clause = self.place.clause(*self.target_path) if clause is None else clause
        made = self._judgement(code, sentence, clause, result="nothing")
        missed = self.missed
        return replace(made, percent=NOTHING if missed else None, credit=Money.zero(self.place.terms.currency))

    def undecided(self, sentence: str) -> Judgement:
        """Say that the terms leave open what is due."""
        return self._judgement(Outcome.UNDECIDED, sentence, self.place.clause("credits"), result="undecided")

    def pays(self, code: Outcome, sentence: str, *, clause: str, row: str, owed: Award, due: Settled) -> Judgement:
        """Say what is due."""
        steps = (*self.steps, *owed.steps, *due.steps)
        made = self._judgement(code, sentence, clause, result=_due(owed, due), steps=steps)
        return replace(
            made,
            row=row,
            percent=owed.percent,
            base=owed.base,
            credit=due.credit,
            cap=due.cap,
            service=due.service,
            benefit=owed.benefit,
            form=due.form,
            new_term_end=due.new_term_end,
        )

    def _judgement(
        self, code: Outcome, sentence: str, clause: str, *, result: str, steps: tuple[Step, ...] | None = None
    ) -> Judgement:
        below = self.steps if steps is None else steps
        root = Step(rule="Credit", result=result, sentence=sentence, clause=clause, steps=below)
        return Judgement(
            code=code,
            sentence=sentence,
            clause=clause,
            explanation=root,
            value=self.known.value if self.known and self.known.least is None else None,
            target=self.target.share if self.target else None,
            missed=self.missed,
        )


def _due(owed: Award, due: Settled) -> str:
    if due.credit is not None:
        return words.money(due.credit)
    if due.service is not None:
        return words.service(*due.service)
    if owed.benefit is not None:
        return owed.benefit
    return words.share(owed.percent) if owed.percent is not None else f"awaits the {due.awaited}"
