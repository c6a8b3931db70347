"""The report as a table: one line for each account and month, in columns that stay as they are."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import lru_cache
from typing import Final, TextIO

from claims.events.statement import Figures
from kernel.money import Money
from kernel.percent import shown_down
from workflows.whatif.report import Compared, credit_of, misses

PLACES: Final = 6
SIDE: Final = ("tier", "uptime_percent", "target_percent", "missed", "owed_percent", "credit")
COLUMNS: Final = (
    *("month", "account", "name"),
    *(f"today_{name}" for name in SIDE),
    *(f"draft_{name}" for name in SIDE),
    *(
        "differs",
        "difference",
        "usage",
        "currency",
        "today_version",
        "stated_percent",
        "stated_credit",
        "unlike_stated",
        "override",
    ),
)
# What a spreadsheet takes for a formula is written as the text that it is.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Table:
    """Writes accounts' months as CSV while they are compared."""

    def __init__(self, target: TextIO) -> None:
        self._writer = csv.writer(target, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def take(self, compared: Compared, name: str) -> None:
        """Write one account's month."""
        today, draft = compared.today, compared.draft
        self._writer.writerow(
            (
                str(compared.month),
                as_text(compared.number),
                as_text(name),
                *_side(today),
                *_side(draft),
                _yes(compared.differs),
                _difference(today, draft),
                _amount(today.base or draft.base),
                _currency(today, draft),
                today.terms_version,
                *_stated(compared.stated),
                " ".join(compared.unlike_stated),
                "" if today.override is None else today.override,
            )
        )


def as_text(value: str) -> str:
    """Keep a spreadsheet from carrying out a text."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _side(figures: Figures) -> tuple[str, ...]:
    return (
        figures.tier or "",
        _percent(figures.uptime),
        _percent(figures.target),
        _yes(misses(figures)),
        _percent(figures.percent),
        _amount(credit_of(figures)),
    )


def _stated(figures: Figures | None) -> tuple[str, str]:
    return ("", "") if figures is None else (_percent(figures.percent), _amount(credit_of(figures)))


def _difference(today: Figures, draft: Figures) -> str:
    """Tell what the draft would pay more; nothing where an amount awaits usage."""
    before, after = credit_of(today), credit_of(draft)
    if (today.percent is not None and before is None) or (draft.percent is not None and after is None):
        return ""
    if before is None and after is None:
        return ""
    nothing = Money.zero(_currency(today, draft))
    return _amount((after or nothing) - (before or nothing))


def _currency(today: Figures, draft: Figures) -> str:
    known = today.base or draft.base or today.credit or draft.credit
    return known.currency if known else ""


@lru_cache(maxsize=4096)
def _percent(value: Fraction | None) -> str:
    """Write a share as a number of percent, rounded down, with the places that it has."""
    return "" if value is None else shown_down(value, PLACES).rstrip("0").rstrip(".")


def _amount(value: Money | None) -> str:
    return "" if value is None else f"{value.amount:f}"


def _yes(value: bool) -> str:  # noqa: FBT001 — the value itself is what is written
    return "yes" if value else "no"
