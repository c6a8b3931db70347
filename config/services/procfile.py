"""The Procfile: what runs beside the servers, one process a line."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template


class ProcfileMalformed(ValueError):
    """A line of the Procfile is not `name: command`, or names a variable that is not set."""


@dataclass(frozen=True)
class Entry:
    """One process: its name and its words, with the variables filled in."""

    name: str
    command: tuple[str, ...]


def read(path: Path, environment: Mapping[str, str]) -> list[Entry]:
    """Read every entry; lines that are empty or begin with # are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_entry(line, environment) for line in lines if line.strip() and not line.startswith("#")]


def _entry(line: str, environment: Mapping[str, str]) -> Entry:
    name, found, command = line.partition(":")
    if not found or not name.strip().isidentifier():
        raise ProcfileMalformed(line)
    try:
        words = [Template(word).substitute(environment) for word in shlex.split(command)]
    except (KeyError, ValueError) as error:
        raise ProcfileMalformed(line) from error
    return Entry(name.strip(), tuple(words))
