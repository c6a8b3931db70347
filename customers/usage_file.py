"""A CSV file of usage: what it says, line by line, and what is wrong with it and how to mend that.

Columns, in any order: account (its number), month (2026-10), amount (200.00), and if wanted
currency (USD); without one, the agreement's.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final, cast
from uuid import UUID

from customers import rules
from customers.errors import CustomersError
from customers.identity import account_id, usage_id
from customers.models import Account, Usage
from customers.terms_of import TermsOnce
from kernel.csv_lines import cells_of
from kernel.errors import KernelError, MoneyMalformed, QuotationMarkStray
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month

REQUIRED: Final = ("account", "month", "amount")
OPTIONAL: Final = ("currency",)
CHUNK: Final = 5_000
MOST_FAULTS: Final = 1_000
LONGEST_SHOWN: Final = 60
_AMOUNT: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one line, and what would mend it."""

    line: int
    field: str
    value: str
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field} {self.value!r}: {self.problem} {self.mend}".rstrip()


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One line that can be taken over; `before` is the amount that it replaces."""

    line: int
    id: UUID
    account: AccountId
    number: str
    agreement: str
    month: Month
    amount: Money
    before: Money | None


@dataclass(frozen=True, slots=True)
class UsageSheet:
    """A file as it was read: the lines that can be taken over and the faults of the others."""

    lines: tuple[UsageLine, ...]
    faults: tuple[Fault, ...]
    faulty_lines: int

    @property
    def new(self) -> int:
        """How many lines set usage that is not known yet."""
        return sum(line.before is None for line in self.lines)

    @property
    def changed(self) -> int:
        """How many lines change usage that is known."""
        return sum(line.before is not None and line.before != line.amount for line in self.lines)

    @property
    def unchanged(self) -> int:
        """How many lines say what is known already."""
        return len(self.lines) - self.new - self.changed

    @property
    def faults_counted(self) -> str:
        """The number of lines with faults, in words that fit a sentence."""
        return "1 line with a fault" if self.faulty_lines == 1 else f"{self.faulty_lines} lines with faults"

    @property
    def totals(self) -> dict[tuple[Month, str], Money]:
        """The sum of the lines' amounts by month and currency, to compare with the invoices'."""
        sums: dict[tuple[Month, str], Money] = {}
        for line in self.lines:
            key = (line.month, line.amount.currency)
            sums[key] = sums.get(key, Money.zero(line.amount.currency)) + line.amount
        return dict(sorted(sums.items()))


@dataclass
class _Reading:
    """What was found so far in one file."""

    now: datetime
    terms: TermsOnce = field(default_factory=TermsOnce)
    lines: list[UsageLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    first_at: dict[UUID, int] = field(default_factory=dict)

    def fault(self, line: int, field: str, value: str, problem: str, mend: str = "") -> None:
        """Note a fault; beyond a thousand they are only counted."""
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, field, value[:LONGEST_SHOWN], problem, mend))


Row = dict[str, str]
Progress = Callable[[int], None]


def read_usage(text: Iterable[str], *, now: datetime, progress: Progress = lambda _: None) -> UsageSheet:
    """Read a usage file's lines and compare them with what is known; nothing is written.

    `progress` is called with the number of lines read so far. A line that is no CSV is a fault of
    that line, and so is one that holds bytes that are no UTF-8, which the file's opener passes on by
    `errors="surrogateescape"`. A file that lacks a column is a sheet with the header's faults.
    """
    reading = _Reading(now)
    rows = _rows(text, reading)
    while part := list(islice(rows, CHUNK)):
        _resolve(part, reading)
        progress(part[-1][0])
    if not reading.lines and not reading.faults:
        reading.fault(
            1, "file", "", "The file has no line of usage.", "Put one line per account and month below the header."
        )
    return UsageSheet(tuple(reading.lines), tuple(reading.faults), reading.faulty)


def _rows(text: Iterable[str], reading: _Reading) -> Iterator[tuple[int, Row]]:
    """Yield each line with its number, by column; none where the header does not fit."""
    lines = _divided(text, reading)
    header = [name.strip().lower() for name in next(lines, (1, []))[1]]
    if reading.faulty or not _header_fits(header, reading):
        return
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problem = f"The line has {len(cells)} fields, the header {len(header)}."
            reading.fault(number, "line", ",".join(cells), problem, "Give each column one field.")
            continue
        yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _divided(text: Iterable[str], reading: _Reading) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that can be read with its number, divided at its commas."""
    for number, line in enumerate(text, start=1):
        try:
            yield number, cells_of(_known_letters(line.removeprefix("\ufeff") if number == 1 else line))
        except QuotationMarkStray as error:
            problem = "A quotation mark has no partner on the line."
            mend = "Remove it, or close it behind the text; one within a text is written twice."
            reading.fault(number, "line", error.found, problem, mend)
        except UnicodeEncodeError:
            shown = line.rstrip().encode(errors="surrogateescape").decode(errors="backslashreplace")
            reading.fault(number, "line", shown, "This is not text in UTF-8.", "Save the file as CSV, UTF-8.")


def _known_letters(line: str) -> str:
    """Give the line. Errors: UnicodeEncodeError where bytes of it were no UTF-8."""
    if not line.isascii():
        line.encode()
    return line


def _header_fits(header: list[str], reading: _Reading) -> bool:
    known = (*REQUIRED, *OPTIONAL)
    wanted = f"The first line names the columns: {','.join(REQUIRED)}[,{OPTIONAL[0]}]."
    faulty_before = reading.faulty
    for name in REQUIRED:
        if name not in header:
            reading.fault(1, "header", ",".join(header), f"The column {name!r} is missing.", wanted)
    for name, times in Counter(header).items():
        if name not in known:
            reading.fault(1, "header", name, "This column is not known.", wanted)
        elif times > 1:
            reading.fault(1, "header", name, "This column is there twice.", wanted)
    return reading.faulty == faulty_before


def _resolve(part: list[tuple[int, Row]], reading: _Reading) -> None:
    """Turn some rows into lines or faults, with two queries for all of them."""
    ids = {number: account_id(number) for number in {row["account"] for _, row in part}}
    agreements = dict(Account.objects.filter(id__in=ids.values()).values_list("number", "agreement"))
    found = [line for number, row in part if (line := _line(number, row, ids, agreements, reading))]
    known = Usage.objects.filter(id__in=[line.id for line in found]).values_list("id", "amount")
    before = dict(cast("Iterable[tuple[UUID, Money]]", known))
    reading.lines.extend(_with_before(line, before.get(line.id)) for line in found)


def _line(
    number: int, row: Row, ids: dict[str, AccountId], agreements: dict[str, str], reading: _Reading
) -> UsageLine | None:
    agreement = agreements.get(row["account"])
    if agreement is None:
        problem, mend = "There is no account with this number.", "Open it, or correct the number."
        reading.fault(number, "account", row["account"], problem, mend)
        return None
    try:
        month = Month.parse(row["month"])
    except KernelError:
        reading.fault(number, "month", row["month"], "This is not a month.", "Write year and month, such as 2026-10.")
        return None
    amount = _amount(number, row, agreement, month, reading)
    if amount is None:
        return None
    account = ids[row["account"]]
    line = UsageLine(number, usage_id(account, month), account, row["account"], agreement, month, amount, before=None)
    return line if _is_first(line, reading) else None


def _amount(number: int, row: Row, agreement: str, month: Month, reading: _Reading) -> Money | None:
    terms = reading.terms.of_month(agreement, month)
    try:
        rules.require_begun(month, zone=terms.zone, now=reading.now)
    except CustomersError as error:
        reading.fault(number, "month", row["month"], error.sentence, "Correct the month.")
        return None
    currency = row.get("currency", "").upper() or terms.currency
    if currency != terms.currency:
        mend = f"Write it in {terms.currency}."
        reading.fault(number, "currency", currency, f"The agreement's currency is {terms.currency}.", mend)
        return None
    try:
        amount = _written_amount(row["amount"], currency)
        rules.require_usage(amount, currency=currency)
    except KernelError:
        mend = "Write digits with a point, such as 1234.50, without a currency sign or thousands separators."
        reading.fault(number, "amount", row["amount"], "This is not an amount.", mend)
        return None
    except CustomersError as error:
        reading.fault(number, "amount", row["amount"], error.sentence, "Correct the amount.")
        return None
    return amount


def _written_amount(written: str, currency: str) -> Money:
    """Read digits and a point; what Decimal takes beyond that (1e3, NaN, 1_000) is a slip here."""
    if _AMOUNT.fullmatch(written) is None:
        raise MoneyMalformed(written)
    return Money(Decimal(written), currency)


def _is_first(line: UsageLine, reading: _Reading) -> bool:
    first = reading.first_at.setdefault(line.id, line.line)
    if first != line.line:
        problem = f"Line {first} has this account and month already."
        mend = "Keep one of the two lines, with the month's whole amount."
        reading.fault(line.line, "account", line.number, problem, mend)
    return first == line.line


def _with_before(line: UsageLine, before: Money | None) -> UsageLine:
    return line if before is None else replace(line, before=before)
