"""One line of observations: its columns as COPY takes them, or what is wrong with it and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from shlex import quote
from typing import Final

from uptime.rules.admission import is_name

REQUIRED: Final = ("checked_at", "monitor", "http_status")
OPTIONAL: Final = ("probe", "verdict", "response_ms")
HIGHEST_STATUS: Final = 999
MOST_MILLISECONDS: Final = 2_147_483_647
LONGEST_PROBE: Final = 60
LONGEST_SHOWN: Final = 100

_NOTHING: Final = r"\N"
_VERDICTS: Final = {"up": "t", "down": "f", "": _NOTHING}
# 2026-10-05T14:00:00Z: the form that PostgreSQL takes as it is, and that compares as text. What ISO 8601 allows
# besides, such as weeks, differs from it in its length or in every third sign from the fifth on.
_PLAIN: Final = "%Y-%m-%dT%H:%M:%SZ"
_PLAIN_WIDTH: Final = 20
_EARLIEST: Final = "1970"
_PLAIN_SIGNS: Final = "--T::Z"


class LineFaulty(ValueError):
    """A line cannot be used: `fault` says why, `mend` what to do about it."""

    def __init__(self, fault: str, mend: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands. One that the file does not have stands last: there, lines are extended by ""."""

    width: int
    places: Mapping[str, int]

    @classmethod
    def of(cls, header: Sequence[str], line: str) -> Columns:
        """Read the header, and the line that it stands on. Errors: LineFaulty."""
        line, names = line.rstrip("\r\n"), [name.strip().lower() for name in header]
        if missing := [name for name in REQUIRED if name not in names]:
            raise LineFaulty(f"it does not name {' and '.join(missing)}: {shown(line)}", _mend(line))
        known = (*REQUIRED, *OPTIONAL)
        if twice := [name for name in known if names.count(name) > 1]:
            raise LineFaulty(f"it names {' and '.join(twice)} more than once: {shown(line)}", "name each column once")
        return cls(len(names), {name: names.index(name) if name in names else -1 for name in known})


def shown(written: str) -> str:
    """Show what a file says, as far as that helps to find it."""
    return ascii(written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}...")


def _mend(line: str) -> str:
    """Tell what to do about a first line that does not name the columns."""
    if "\0" in line:
        return "the file is no UTF-8 (UTF-16, it seems): save it as CSV, UTF-8"
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if line.count(sign) > line.count(","):
            return f"divide the columns by commas, not by {called}"
    return f"name the columns, in any order: {', '.join(REQUIRED)}, and where there are such {', '.join(OPTIONAL)}"


@dataclass(slots=True)
class Translator:
    """Turns lines of a file into lines for COPY, and remembers what it saw.

    `keys` gives the id of the monitor that each name in the file stands for; None leaves its lines
    out, and a name that is not there is a fault. Nothing may lie after `now`.
    """

    columns: Columns
    keys: Mapping[str, str | None]
    now: datetime
    days: set[str] = field(default_factory=set)
    left_out: dict[str, int] = field(default_factory=dict)
    _statuses: dict[str, str] = field(default_factory=dict)
    _times: dict[str, str] = field(default_factory=lambda: {"": _NOTHING})
    _latest: str = ""

    def __post_init__(self) -> None:
        self._latest = self.now.astimezone(UTC).strftime(_PLAIN)

    def translated(self, row: list[str]) -> str:
        """Give the line for COPY, or "" for one that is left out. Errors: LineFaulty."""
        if len(row) != self.columns.width:
            raise LineFaulty(
                f"it has {len(row)} columns, the header {self.columns.width}",
                "a text with a comma in it stands in quotation marks",
            )
        row.append("")
        places = self.columns.places
        key = self._key(row[places["monitor"]])
        at = self._instant(row[places["checked_at"]])
        status = row[places["http_status"]]
        status = self._statuses.get(status) or self._status(status)
        took = row[places["response_ms"]]
        took = self._times.get(took) or self._time(took)
        verdict = _VERDICTS.get(row[places["verdict"]]) or _no_verdict(row[places["verdict"]])
        probe = row[places["probe"]]
        if key is None:
            return ""
        self.days.add(at[:10])
        return f"{key}\t{at}\t{_probe(probe) if probe else ''}\t{status}\t{took}\t{verdict}\n"

    def _key(self, name: str) -> str | None:
        try:
            key = self.keys[name]
        except KeyError:
            raise _no_monitor(name) from None
        if key is None:
            self.left_out[name] = self.left_out.get(name, 0) + 1
        return key

    def _instant(self, written: str) -> str:
        """Check an instant and write it in UTC."""
        try:
            at = datetime.fromisoformat(written)
            if len(written) != _PLAIN_WIDTH or written[4::3] != _PLAIN_SIGNS:
                plain = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
            else:
                plain = written
        except (ValueError, OverflowError):
            at, plain = None, ""
        if at is None or at.tzinfo is None:
            raise LineFaulty(
                f"checked_at is {shown(written)}, which is no instant with its offset",
                "write it as 2026-10-05T14:00:00Z",
            )
        if plain < _EARLIEST:
            raise LineFaulty(f"checked_at is {plain}, which lies before 1970", "look at the clock that wrote it")
        if plain[:19] > self._latest:
            raise LineFaulty(f"checked_at is {plain}, which lies in the future", "look at the clock that wrote it")
        return plain

    def _status(self, written: str) -> str:
        if not _is_number(written, HIGHEST_STATUS):
            raise LineFaulty(
                f"http_status is {shown(written)}, which is no status from 0 to {HIGHEST_STATUS}",
                "write 0 where there was no response",
            )
        self._statuses[written] = str(int(written))
        return self._statuses[written]

    def _time(self, written: str) -> str:
        if not _is_number(written, MOST_MILLISECONDS):
            raise LineFaulty(
                f"response_ms is {shown(written)}, which is no whole number of milliseconds",
                "leave it empty if unknown",
            )
        return str(int(written))


def _is_number(written: str, most: int) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= len(str(most)) and int(written) <= most


def _no_monitor(name: str) -> LineFaulty:
    if not is_name(name):
        return LineFaulty(
            f"monitor is {shown(name)}, which is no name", "write the monitor's name, in printable letters"
        )
    mend = "give --define to add it"
    # --map divides at the first sign, and takes no blanks around a name.
    if "=" not in name and name == name.strip() and len(name) <= LONGEST_SHOWN:
        mend = f"give --map {quote(f'{name}=one of its monitors')}, or --define to add it"
    return LineFaulty(f"the service has no monitor {shown(name)}", mend)


def _no_verdict(written: str) -> str:
    raise LineFaulty(f"verdict is {shown(written)}, which is neither up nor down", "leave it empty if unknown")


def _probe(written: str) -> str:
    if len(written) > LONGEST_PROBE or not written.isprintable() or "\\" in written:
        raise LineFaulty(
            f"probe is {shown(written)}, which is no name", f"use at most {LONGEST_PROBE} letters, without backslashes"
        )
    return written
