"""The text of a terms file as plain values, with the place, clause and words of each of them.

Any mapping may say its `clause`, the document's own `words` and a `note`; a single value says
them in its long form, `{is: 30 days, clause: §3.3}`. They are set aside here, by path, so that
the models need not know them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from agreements.terms.problems import Path, Place, Problem, TermsMalformed, written
from agreements.terms.syntax import faults_of_syntax, lines_of

ANNOTATIONS = ("clause", "words", "note")
LONG_FORM = "is"

_WHOLE_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)", re.ASCII)
_WORDS_OF_YAML = {"true": True, "false": False, "null": None, "~": None, "": None}

Plain = str | int | bool | tuple["Plain", ...] | dict[str, "Plain"] | None


@dataclass(frozen=True)
class Source:
    """A terms file read: its plain values, where they stand, and what stands beside them.

    `problems` are faults that did not keep the rest from being read: a name that stands twice.
    """

    file: str
    text: str
    tree: dict[str, Plain]
    lines: Mapping[Path, int]
    annotations: Mapping[Path, Mapping[str, str]]
    names: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, path: Path) -> int:
        """Tell the line of the value, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def file_at(self, path: Path) -> str:  # noqa: ARG002 — what is laid over another is in two files
        """Name the file in which the value stands."""
        return self.file

    def problem(self, path: Path, sentence: str, expected: str = "", mend: str = "") -> Problem:
        """Fault the value at the path; its name where the sentence quotes it, or where the value is a part."""
        place = self._place_of_name(path, sentence) or self._nearest(path)
        return Problem(
            file=self.file,
            path=written(path),
            sentence=sentence,
            expected=expected,
            mend=mend,
            line=place.line,
            column=place.column,
            width=place.width,
            shown=self._lines[place.line - 1] if place.column else "",
        )

    def _place_of_name(self, path: Path, sentence: str) -> Place | None:
        quoted = path and (f"`{path[-1]}`" in sentence or f"'{path[-1]}'" in sentence)
        return self.names.get(path) if quoted else None

    def _nearest(self, path: Path) -> Place:
        """Give the place of the value, or the nearest around it: of the whole file, no more than its first line."""
        while path:
            if path in self.names or path in self.values:
                return self.values.get(path) or self.names[path]
            path = path[:-1]
        return Place(1)

    @cached_property
    def _lines(self) -> list[str]:
        return lines_of(self.text)

    @property
    def clauses(self) -> dict[Path, str]:
        """The clause of every rule that names one."""
        noted = self.annotations.items()
        return {path: notes["clause"] for path, notes in noted if "clause" in notes}


def read(text: str, *, file: str) -> Source:
    """Read YAML without guessing: no floats, no dates, no yes and no, no key twice, no alias."""
    if faults := faults_of_syntax(text, file=file):
        raise TermsMalformed(faults)
    reader = _Reader(file, lines_of(text))
    tree = reader.plain(yaml.compose(text, Loader=yaml.SafeLoader), ())
    if not isinstance(tree, dict):
        sentence, expected = "The file holds no terms.", "fields such as `agreement: name`"
        raise TermsMalformed([Problem(file=file, line=1, path="", sentence=sentence, expected=expected)])
    return Source(
        file, text, tree, reader.lines, reader.annotations, reader.names, reader.values, tuple(reader.problems)
    )


@dataclass
class _Reader:
    """Walk the composed nodes once, collecting places, annotations and faults."""

    file: str
    shown: list[str]
    lines: dict[Path, int] = field(default_factory=dict)
    names: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    annotations: dict[Path, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, place: Place, path: Path, sentence: str, expected: str, mend: str = "") -> None:
        self.problems.append(
            Problem(
                file=self.file,
                line=place.line,
                column=place.column,
                width=place.width,
                shown=self.shown[place.line - 1],
                path=written(path),
                sentence=sentence,
                expected=expected,
                mend=mend,
            )
        )

    def plain(self, node: yaml.Node | None, path: Path) -> Plain:
        if node is None:
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            if path and path not in self.names:
                self.values[path] = self._place(node.value[0][0] if node.value else node)
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.plain(each, (*path, n)) for n, each in enumerate(node.value))
        if node.value or getattr(node, "style", None) is not None:
            self.values[path] = self._place(node)
        return _scalar(node)

    def _place(self, node: yaml.Node) -> Place:
        """Tell where a node begins, and how much of its first line it takes."""
        start, end = node.start_mark, node.end_mark
        last = end.column if end.line == start.line else len(self.shown[start.line].rstrip())
        return Place(start.line + 1, start.column + 1, max(1, last - start.column))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Plain:
        children: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name, place = str(key.value), self._place(key)
            if not isinstance(key, yaml.ScalarNode) or name == "<<":
                self.fault(place, path, "This is no name.", "a name, a colon and its value")
            elif name in children:
                self._twice(place, (*path, name))
            elif _is_cut_text(node, value):
                told = f"`{name}` has no value."
                self.fault(place, (*path, name), told, "a name, a colon and its value", IN_QUOTES)
            else:
                children[name] = value
                self._named((*path, name), place)
        self._set_aside(children, path)
        if LONG_FORM in children:
            return self._long_form(children, path)
        return {name: self.plain(child, (*path, name)) for name, child in children.items()}

    def _named(self, path: Path, place: Place) -> None:
        if path[-1] not in ANNOTATIONS:
            self.lines.setdefault(path, place.line)
            self.names.setdefault(path, place)

    def _twice(self, place: Place, path: Path) -> None:
        before = self.lines.get(path)
        mend = f"leave one; the other stands in line {before}" if before else "leave one"
        self.fault(place, path, f"`{path[-1]}` stands here twice.", "each name once", mend)

    def _set_aside(self, children: dict[str, yaml.Node], path: Path) -> None:
        """Take clause, words and note out of the mapping: they are of it, not in it."""
        for name in ANNOTATIONS:
            node = children.pop(name, None)
            if node is None:
                continue
            if isinstance(node, yaml.ScalarNode) and node.value:
                self.annotations.setdefault(path, {})[name] = node.value
            else:
                self.fault(self._place(node), (*path, name), f"`{name}` is not a text.", "a text")

    def _long_form(self, children: dict[str, yaml.Node], path: Path) -> Plain:
        value = children.pop(LONG_FORM)
        for name in children:
            self.fault(
                self.names[(*path, name)],
                (*path, name),
                f"`{name}` can not stand beside `is`.",
                "only clause, words and note beside `is`",
            )
        self.lines.pop((*path, LONG_FORM), None)
        self.names.pop((*path, LONG_FORM), None)
        return self.plain(value, path)


IN_QUOTES = 'a text with a comma stands in quotes within { } and [ ], such as "§3.3, §3.4"'


def _is_cut_text(node: yaml.MappingNode, value: yaml.Node) -> bool:
    """Tell whether nothing stands after a name within { }, as where a comma has cut a text in two."""
    return bool(node.flow_style) and value.start_mark.index == value.end_mark.index


def _scalar(node: yaml.Node) -> Plain:
    """Read a single value as it is written; `no` is a text, and so is 99.5."""
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        return text
    if text.lower() in _WORDS_OF_YAML:
        return _WORDS_OF_YAML[text.lower()]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
