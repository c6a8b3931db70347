"""Laying the changes of an override over an agreement's file: one tree that knows which file says what.

Mappings are joined name by name, lists whose entries have names by these, and everything else is
replaced whole: a target, the rows of a table. `null` takes a rule of the agreement away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agreements.terms.problems import Path, Problem, nearest
from agreements.terms.source import Plain, Source

CHANGES: Path = ("changes",)
EXAMPLES: Path = ("examples",)
A_VALUE = "a value, or `null` to take away what the agreement says"


@dataclass(frozen=True, kw_only=True)
class Laid(Source):
    """The files of an agreement and of an override as one; a fault points into the file where it stands.

    `taken` are the places of values that the override says whole, `joined` those of the parts that
    it says in part, each with its place in the override's file.
    """

    under: Source
    over: Source
    taken: Mapping[Path, Path]
    joined: Mapping[Path, Path]

    def problem(self, path: Path, sentence: str, expected: str = "", mend: str = "") -> Problem:
        """Fault the value at the path in the file where it stands, or where it is missing."""
        source, at = self._origin(path)
        return source.problem(at, sentence, expected, mend)

    def line(self, path: Path) -> int:
        """Tell the line of the value, or of the nearest value around it, in its own file."""
        source, at = self._origin(path)
        return source.line(at)

    def file_at(self, path: Path) -> str:
        """Name the file in which the value stands."""
        return self._origin(path)[0].file

    def is_negotiated(self, path: Path) -> bool:
        """Tell whether the override says the value."""
        return any(path[:end] in self.taken for end in range(len(path) + 1))

    def _origin(self, path: Path) -> tuple[Source, Path]:
        for end in range(len(path), -1, -1):
            if path[:end] in self.taken:
                return self.over, (*self.taken[path[:end]], *path[end:])
        if path in self.joined:
            return self.over, self.joined[path]
        if path[:-1] in self.joined and path not in self.under.lines:
            return self.over, (*self.joined[path[:-1]], *path[-1:])
        return self.under, path


def lay(under: Source, over: Source, *, clause: str) -> Laid:
    """Lay the changes that a file says over another; `clause` is that of changes that name none of their own.

    Worked examples are not joined: the laid file has those of the override.
    """
    laying = _Laying(over)
    changes = over.tree.get("changes")
    rules = {name: value for name, value in under.tree.items() if name != "examples"}
    tree = laying.mappings(rules, changes if isinstance(changes, dict) else {}, (), CHANGES)
    tree["examples"] = over.tree.get("examples") or ()
    taken = {**laying.taken, EXAMPLES: EXAMPLES}
    gone = laying.gone
    kept = {path: notes for path, notes in under.annotations.items() if not _within(path, {*taken, *gone})}
    return Laid(
        file=over.file,
        text=over.text,
        tree=tree,
        lines=_placed(under.lines, over.lines, taken, gone),
        annotations={**kept, **_annotated(over, {**laying.taken, **gone}, clause), **_own_notes(over, EXAMPLES)},
        problems=tuple(laying.problems),
        under=under,
        over=over,
        taken={**taken, **gone},
        joined=laying.joined,
    )


@dataclass
class _Laying:
    """One walk over both trees at once."""

    over: Source
    taken: dict[Path, Path] = field(default_factory=dict)
    joined: dict[Path, Path] = field(default_factory=dict)
    gone: dict[Path, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mappings(self, old: Mapping[str, Plain], new: Mapping[str, Plain], at: Path, said: Path) -> dict[str, Plain]:
        """Join two mappings name by name."""
        self.joined[at] = said
        laid = dict(old)
        for name, value in new.items():
            here, there = (*at, name), (*said, name)
            if value is None:
                self._take_away(laid, name, here, there)
            elif name in old:
                laid[name] = self._lay(old[name], value, here, there)
            else:
                laid[name] = value
                self.taken[here] = there
        return laid

    def _lay(self, old: Plain, new: Plain, at: Path, said: Path) -> Plain:
        if isinstance(old, dict) and isinstance(new, dict):
            return self.mappings(old, new, at, said)
        if isinstance(old, tuple) and isinstance(new, tuple) and (named := named_entries(old)):
            return self._entries(old, named, new, at, said)
        self.taken[at] = said
        return new

    def _take_away(self, laid: dict[str, Plain], name: str, at: Path, said: Path) -> None:
        if said not in self.over.values:
            self.problems.append(self.over.problem(said, f"`{name}` has no value.", A_VALUE))
        elif name not in laid:
            told = f"The agreement says no `{name}`, so there is nothing to take away."
            self.problems.append(self.over.problem(said, told, mend=nearest(name, laid) or "remove this line"))
        else:
            del laid[name]
            self.gone[at] = said

    def _entries(
        self, old: tuple[Plain, ...], places: Mapping[str, int], new: tuple[Plain, ...], at: Path, said: Path
    ) -> Plain:
        """Join the entries of a list by their names; the agreement's stay in their order."""
        self.joined[at] = said
        laid, met = list(old), set()
        for number, entry in enumerate(new):
            there = (*said, number)
            name = entry.get("name") if isinstance(entry, dict) else None
            if not isinstance(entry, dict) or not isinstance(name, str) or name not in places or name in met:
                self._misnamed(name, places, there, is_met=name in met)
                continue
            met.add(name)
            change = {step: value for step, value in entry.items() if step != "name"}
            place = places[name]
            before = old[place]
            laid[place] = self._lay(before, change, (*at, place), there)
        return tuple(laid)

    def _misnamed(self, name: Plain, places: Mapping[str, int], there: Path, *, is_met: bool) -> None:
        expected = "one of " + ", ".join(places)
        if not isinstance(name, str):
            told, mend = "Nothing says which of the agreement's entries this changes.", "add `name: ...`"
        elif is_met:
            told, expected, mend = f"`{name}` is changed here twice.", "each name once", "join both"
        else:
            told, mend = f"The agreement has no entry `{name}` here.", nearest(name, places) or "name one of them"
            there = (*there, "name")
        self.problems.append(self.over.problem(there, told, expected, mend))


def named_entries(entries: tuple[Plain, ...]) -> dict[str, int]:
    """Give the places of entries by their own names; none where not each has one of its own."""
    names = [one.get("name") if isinstance(one, dict) else None for one in entries]
    places = {name: at for at, name in enumerate(names) if isinstance(name, str)}
    return places if len(places) == len(entries) else {}


def _within(path: Path, places: set[Path]) -> bool:
    return any(path[:end] in places for end in range(len(path) + 1))


def _placed(
    under: Mapping[Path, int], over: Mapping[Path, int], taken: Mapping[Path, Path], gone: Mapping[Path, Path]
) -> dict[Path, int]:
    """Give the line of every value in its own file."""
    kept = {path: line for path, line in under.items() if not _within(path, {*taken, *gone})}
    moved = {(*at, *path[len(said) :]): over[path] for at, said in taken.items() for path in over if _is_in(path, said)}
    return kept | moved


def _is_in(path: Path, around: Path) -> bool:
    return path[: len(around)] == around


def _annotated(over: Source, taken: Mapping[Path, Path], clause: str) -> dict[Path, dict[str, str]]:
    """Give what stands beside the values that the override says, and the clause that each of them has."""
    found: dict[Path, dict[str, str]] = {}
    for at, said in taken.items():
        for path, notes in over.annotations.items():
            if _is_in(path, said):
                found[(*at, *path[len(said) :])] = dict(notes)
        found.setdefault(at, {})["clause"] = _clause_at(over, said, clause)
    return found


def _clause_at(over: Source, said: Path, clause: str) -> str:
    """Find the clause of a change: its own, that of the nearest part around it, or the file's."""
    for end in range(len(said), 0, -1):
        if named := over.annotations.get(said[:end], {}).get("clause"):
            return named
    return clause


def _own_notes(over: Source, at: Path) -> dict[Path, dict[str, str]]:
    return {path: dict(notes) for path, notes in over.annotations.items() if _is_in(path, at)}
