"""A table of credits: its rows, over what they stand, and everything that bounds what is paid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from agreements.terms.bands import LOWEST, UNBOUNDED, Band, Cut, after, band_text, before
from agreements.terms.bases import BaseText
from agreements.terms.caps import Cap, Caps, MinimumText
from agreements.terms.levels import Level, PlacesText, Unit, Value, in_unit_of
from agreements.terms.part import Part
from agreements.terms.paying import Pay, PayText, benefit
from agreements.terms.values import Name, Written, parsed, refused

Over = Literal["value", "downtime", "downtime_beyond_allowance", "miss", "miss_in_percent"]
Form = Literal["account_balance", "invoice_credit", "extension", "refund", "in_kind"]

_MONTHS = re.compile(r"(\d+) (?:months?)|at the end of the contract", re.ASCII)


def _expiry(value: object) -> str:
    return parsed(value, _MONTHS, "12 months, or at the end of the contract", " months")[0]


Expiry = Annotated[
    str, Written(_expiry, "When an unused credit is lost", "", ("12 months", "at the end of the contract"))
]


class Row(Part):
    """One row of a table of credits: a band of values, and what it pays."""

    from_: Value | None = Field(default=None, alias="from")
    """The least value of the band, itself included."""
    above: Value | None = None
    """The value above which the band begins, itself excluded."""
    below: Value | None = None
    """The value below which the band ends, itself excluded."""
    up_to: Value | None = None
    """The greatest value of the band, itself included."""
    pays: PayText | None = None
    """What is paid: a share of the base, service time, a sum, lost time, also by steps."""
    gives: str | None = None
    """Instead of a payment, a benefit in words, such as `5 hours of consulting`."""

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise refused("The band begins twice.", "either `from` or `above`")
        if self.below is not None and self.up_to is not None:
            raise refused("The band ends twice.", "either `below` or `up_to`")
        if (self.pays is None) == (self.gives is None):
            raise refused("A row pays in one way.", "either `pays` or `gives`")
        if len({(each.unit, each.label if each.unit is Unit.NUMBER else "") for each in self.bounds}) > 1:
            raise refused("The bounds of the band have different units.", "bounds in one unit")
        return self

    @property
    def bounds(self) -> tuple[Level, ...]:
        """The bounds that are written."""
        return tuple(each for each in (self.from_, self.above, self.below, self.up_to) if each is not None)

    @property
    def unit(self) -> Unit | None:
        """What kind of values the band holds; None where it holds any."""
        return self.bounds[0].unit if self.bounds else None

    @cached_property
    def pay(self) -> Pay:
        """What the row pays, a benefit in words included."""
        return self.pays if self.pays is not None else benefit(self.gives or "")

    @property
    def share(self) -> Fraction:
        """The share of the base that a row pays which pays no more than a percent; otherwise none."""
        return self.pay.flat_share or Fraction(0)

    @cached_property
    def band(self) -> Band:
        """The values that the row pays for."""
        return Band(self._low(), self._high())

    @cached_property
    def label(self) -> str:
        """The band in words."""
        if not self.bounds:
            return "for any value"
        like = self.bounds[0]
        return band_text(self.band, lambda value: in_unit_of(like, value))

    def _low(self) -> Cut:
        if self.above is not None:
            return after(self.above.value)
        return LOWEST if self.from_ is None else before(self.from_.value)

    def _high(self) -> Cut:
        if self.up_to is not None:
            return after(self.up_to.value)
        return UNBOUNDED if self.below is None else before(self.below.value)


class Credits(Part):
    """What a missed target pays."""

    of: BaseText | None = None
    """The base that shares are taken of; a row may name another."""
    over: Over = "value"
    """What the bands hold: the value, downtime, or by how much the target was missed, as such or in percent of it."""
    rows: tuple[Row, ...] = ()
    """The table; a row pays where the target is missed and the value is in its band."""
    tables: Mapping[Name, tuple[Row, ...]] = {}
    """Instead of one table, one for each tier, or for each of what the commitment varies `by`."""
    rows_are: Literal["bands", "thresholds"] = "bands"
    """Whether each value belongs in one band, or of the thresholds passed the deepest counts."""
    paid_for: Literal["missed_target", "any_row"] = "missed_target"
    """Whether a credit needs a missed target, or a row alone pays."""
    unmatched_miss: Literal["nothing", "smallest_credit", "undecided"] = "nothing"
    """What a missed target pays whose value is in no row."""
    caps: Caps = Field(default=(), alias="cap")
    """The most that is paid, in the month or per what it says, rounded down to the minor unit."""
    minimum: MinimumText | None = None
    """The least that is paid out; a smaller credit is none."""
    multiplier_rounding: PlacesText | None = None
    """How the number of steps, or the share of lost time, is rounded before it multiplies."""
    form: Form = "account_balance"
    """How a credit is given."""
    form_by_billing: Mapping[Name, Form] = {}
    """How it is given to customers who are billed in another way."""
    form_at_contract_end: Form | None = None
    """How it is given when the contract has ended."""
    expires: Expiry | None = None
    """When a credit that was not used is lost."""
    applied_to: Literal["next_billing_cycle", "next_invoice"] = "next_billing_cycle"
    """What a credit is drawn by."""
    cash: bool = False
    """Whether a credit may be paid out."""
    transferable: bool = False
    """Whether a credit may go to another account."""

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if bool(self.rows) == bool(self.tables):
            raise refused("A table stands in one place.", "either `rows` or `tables`, with at least one row")
        return self

    @property
    def cap(self) -> Cap | None:
        """The first cap, where there is one."""
        return self.caps[0] if self.caps else None

    def table_for(self, names: Iterable[str]) -> tuple[Row, ...]:
        """Give the table of the first name that has one; none where no table is for any."""
        return self.rows or next((self.tables[name] for name in names if name in self.tables), ())

    def each_table(self) -> Iterator[tuple[tuple[str, ...], tuple[Row, ...]]]:
        """Give every table with the path to it from here."""
        if self.rows:
            yield ("rows",), self.rows
        for name, rows in self.tables.items():
            yield ("tables", name), rows

    def row_for(self, value: Fraction, rows: tuple[Row, ...] | None = None) -> Row | None:
        """Find the row of a value: of thresholds the deepest passed, of overlapping bands the dearest."""
        found = [row for row in (self.rows if rows is None else rows) if value in row.band]
        if self.rows_are == "thresholds":
            return min(found, key=lambda row: _width(row.band), default=None)
        return max(found, key=lambda row: row.pay.amount, default=None)


def _width(band: Band) -> tuple[Fraction, bool, bool]:
    """Order bands that hold each other by how much they hold."""
    return band.high.at - band.low.at, band.high.after, not band.low.after
