"""What a judgement says: its outcome, its figures, and the steps that explain them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from agreements.explaining import Step
from kernel import shown
from kernel.money import Money


class Outcome(StrEnum):
    """What a judgement is called."""

    MET = "met"
    BELOW_TARGET = "below_target"
    AWAITING_USAGE = "awaiting_usage"
    UNMATCHED_MISS = "unmatched_miss"
    UNDECIDED = "undecided"
    NO_CREDITS = "no_credits"
    NO_TARGET = "no_target"
    NO_TIER = "no_tier"
    NOT_COVERED = "not_covered"
    NOT_MEASURABLE = "not_measurable"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the terms make of one period.

    `missed` is None where nothing can be missed. `percent` is the share of the base that the row
    pays before any cap, None where no row was asked or a row pays in another way; `credit` is the
    sum that is due after caps, None while it can not be known or where no money is owed but
    `service` (an amount and its unit) or a `benefit`. `value` is the measured value after rounding, and `base`
    what `percent` is a share of.
    """

    code: Outcome
    sentence: str
    clause: str
    explanation: Step
    value: Fraction | None = None
    target: Fraction | None = None
    missed: bool | None = None
    row: str | None = None
    percent: Fraction | None = None
    base: str = ""
    credit: Money | None = None
    cap: Money | None = None
    service: tuple[Fraction, str] | None = None
    benefit: str | None = None
    form: str | None = None
    new_term_end: date | None = None

    def __post_init__(self) -> None:
        """Write percents for people; `row` is named as it was always recorded."""
        object.__setattr__(self, "sentence", shown.percents(self.sentence))

    @property
    def pays(self) -> bool:
        """Whether anything is owed, as far as it is known."""
        return bool(self.credit or self.percent or self.benefit or (self.service and self.service[0]))
