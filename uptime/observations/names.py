"""Which monitor a name in a file stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from kernel.ids import ServiceId
from uptime import queries
from uptime.rules.admission import is_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Which monitors a file is about.

    `names` are the file's names with ours: with any given, the lines of other monitors are left
    out; without any, the file uses our names. With `defines`, monitors that the service does not
    have are added to it; with `max_gap`, all of them are carried so far.
    """

    names: Mapping[str, str]
    defines: bool = False
    max_gap: timedelta | None = None


class Names(dict[str, str | None]):
    """The id of the monitor that each name of the file stands for; None for one that is left out."""

    def __init__(self, service: ServiceId, mapped: Mapped, known: Iterable[str]) -> None:
        self.service = service
        self.mapped = mapped
        self.ours: dict[str, str] = dict(mapped.names) or {name: name for name in known}
        super().__init__({theirs: str(queries.monitor_id(service, name)) for theirs, name in self.ours.items()})

    def __missing__(self, name: str) -> str | None:
        """Decide about a name that nobody mapped. Errors: KeyError for one that stands for nothing."""
        if self.mapped.names:
            self[name] = None
        elif self.mapped.defines and is_name(name):
            self.ours[name] = name
            self[name] = str(queries.monitor_id(self.service, name))
        else:
            raise KeyError(name)
        return self[name]
