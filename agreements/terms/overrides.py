"""What was negotiated with one account: a file that says only what differs from the agreement (SEMANTICS 26)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from agreements.terms.coherence import faults
from agreements.terms.laying import CHANGES, Laid, lay
from agreements.terms.loading import Document, fields_at, problems_of, text_of, validated
from agreements.terms.part import Part
from agreements.terms.problems import Path, Problem, TermsMalformed, nearest
from agreements.terms.source import Source, read
from agreements.terms.values import Day, DayOrInstant, Name
from kernel.dates import start_of
from kernel.months import Month

# What may be another for one account: what it is promised, paid, and answered, and how it claims.
NEGOTIABLE: Final = (
    *("commitments", "credits_together", "bases", "claims"),
    *("reports", "chronic_failure", "support", "remedies"),
)
# What all accounts share within these: above all, how minutes are measured.
SHARED: Final[Mapping[str, tuple[str, ...]]] = {
    "commitments": (
        *("measure", "what", "percentile", "better", "period", "service", "covers", "by", "mix"),
        *("down", "slots", "empty", "total", "rounding"),
    ),
    "support": ("severities",),
}
FOR_EVERYBODY: Final = "remove it; a new version of the agreement changes it for everybody"


class Head(Part):
    """The file of an override: whose it is, from when, until when, and what it changes."""

    overrides: Name
    """The agreement that it lies over."""
    account: str = Field(min_length=1)
    """The number of the account with whom it was negotiated."""
    document_date: Day
    """The date that the negotiated document bears."""
    effective: DayOrInstant = Field(alias="in_force_from")
    """From when it is in force, the start of a billing period: a date, from its midnight in the agreement's zone."""
    until: DayOrInstant | None = None
    """Until when, the start of a billing period: from then on the agreement's own terms apply again."""
    changes: Mapping[str, Any]
    """What differs, in the words of the agreement's file; `{}` where nothing does any more."""
    examples: tuple[Any, ...] = ()
    """Worked examples of the account's terms; those of the agreement are not tried on them."""


@dataclass(frozen=True)
class Override:
    """An override as it was read, before it is laid over a version."""

    head: Head
    source: Source

    @property
    def agreement(self) -> str:
        """The agreement that it lies over."""
        return self.head.overrides

    @property
    def account(self) -> str:
        """The number of the account."""
        return self.head.account

    @property
    def document_date(self) -> date:
        """The date that the negotiated document bears."""
        return self.head.document_date

    @property
    def clause(self) -> str:
        """The clause of the changes that name none of their own."""
        return self.source.annotations[()]["clause"]

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing is negotiated any more."""
        return not self.head.changes

    def begins(self, zone: ZoneInfo) -> datetime:
        """Tell its first instant, in UTC."""
        return _instant(self.head.effective, zone)

    def ends(self, zone: ZoneInfo) -> datetime | None:
        """Tell the first instant at which it applies no more, if it ends by itself."""
        return None if self.head.until is None else _instant(self.head.until, zone)

    def problem(self, field: str, sentence: str, expected: str = "", mend: str = "") -> Problem:
        """Fault a field of the file."""
        return self.source.problem((field,), sentence, expected, mend)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    return value if isinstance(value, datetime) else start_of(value, zone)


def is_override(text: str) -> bool:
    """Tell whether a text is the file of an override rather than of an agreement."""
    return any(line.startswith("overrides:") for line in text.splitlines())


def load_override(text: str, *, file: str = "override") -> Override:
    """Read an override; TermsMalformed tells every fault that shows without the agreement."""
    source = read(text, file=file)
    try:
        head = Head.model_validate(source.tree)
    except ValidationError as error:
        raise TermsMalformed([*source.problems, *_head_problems(source, error), *_shared(source)]) from None
    if problems := [*source.problems, *_shared(source), *_without_clause(source)]:
        raise TermsMalformed(problems)
    return Override(head, source)


def load_override_file(path: FilePath | str) -> Override:
    """Read the override of a file, which is UTF-8."""
    return load_override(text_of(path), file=str(path))


def laid_over(base: Document, override: Override) -> Document:
    """Lay an override over a version: the account's terms. TermsMalformed tells where it does not fit."""
    document = laid_as_published(base, override)
    source = document.source
    if problems := [source.problem(*fault) for fault in faults(document.terms)]:
        raise TermsMalformed(problems)
    return document


def wrong_times(override: Override, zone: ZoneInfo) -> Iterator[Problem]:
    """Fault a start or an end that is not that of a billing period, and an end that comes too early."""
    begins, ends = override.begins(zone), override.ends(zone)
    expected = f"the start of a month in {zone.key}, such as 2027-01-01"
    if not _begins_a_month(begins, zone):
        yield override.problem("in_force_from", "Negotiated terms begin with a billing period.", expected)
    if ends is not None and not _begins_a_month(ends, zone):
        yield override.problem("until", "Negotiated terms end with a billing period.", expected)
    elif ends is not None and ends <= begins:
        yield override.problem("until", "This lies before the start.", expected, "name a later month")


def _begins_a_month(at: datetime, zone: ZoneInfo) -> bool:
    return at == Month.of(at, zone).start(zone)


def laid_as_published(base: Document, override: Override) -> Document:
    """Lay what applies already: a rule that is stricter by now must not make it unreadable."""
    laid = laid_sources(base, override)
    if laid.problems:
        raise TermsMalformed(laid.problems)
    return validated(laid, holidays=base.terms.holidays)


def laid_sources(base: Document, override: Override) -> Laid:
    """Lay the files, without reading them as terms."""
    return lay(base.source, override.source, clause=override.clause)


def _head_problems(source: Source, error: ValidationError) -> Iterator[Problem]:
    for problem in problems_of(source, error, root=Head):
        name = problem.path
        if name in fields_at(()) and name not in fields_at((), Head):
            in_changes = name in NEGOTIABLE
            mend = "move it into `changes`" if in_changes else FOR_EVERYBODY
            told = f"`{name}` stands in `changes`." if in_changes else f"`{name}` is the same for all accounts."
            yield source.problem((name,), told, "", mend)
        else:
            yield problem


def _without_clause(source: Source) -> Iterator[Problem]:
    if "clause" not in source.annotations.get((), {}):
        told = "Nothing says where this was negotiated."
        yield source.problem((), told, "`clause`, in the first column", "add `clause: Order form 17, §2`")


def _shared(source: Source) -> Iterator[Problem]:
    """Fault every change of what all accounts share, and names that the format does not have."""
    changes = source.tree.get("changes")
    if not isinstance(changes, dict):
        return
    known = set(fields_at(()))
    for name, value in changes.items():
        at = (*CHANGES, name)
        if name in known and name not in NEGOTIABLE:
            yield _is_shared(source, at, NEGOTIABLE)
        elif name not in known:
            expected = "one of " + ", ".join(NEGOTIABLE)
            mend = nearest(name, NEGOTIABLE) or _moved(name) or f"remove `{name}`"
            yield source.problem(at, f"There is no field `{name}` here.", expected, mend)
        yield from _shared_within(source, at, name, value)


def _moved(name: str) -> str:
    """Tell in which part a field stands that was written beside it."""
    parts = [part for part in NEGOTIABLE if name in fields_at((part,))]
    return f"move it: `{name}` stands in " + " or ".join(f"`{part}`" for part in parts) if parts else ""


def _shared_within(source: Source, at: Path, name: str, value: Any) -> Iterator[Problem]:
    refused = SHARED.get(name, ())
    parts = [((*at, number), one) for number, one in enumerate(value)] if isinstance(value, tuple) else [(at, value)]
    for place, part in parts:
        for field in part if isinstance(part, dict) else ():
            if field in refused:
                yield _is_shared(source, (*place, field), ())


def _is_shared(source: Source, at: Path, negotiable: tuple[str, ...]) -> Problem:
    expected = "one of " + ", ".join(negotiable) if negotiable else ""
    return source.problem(at, f"`{at[-1]}` is the same for all accounts.", expected, FOR_EVERYBODY)
