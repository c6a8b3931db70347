"""The text of a terms file as plain values, with the line, clause and words of each of them.

Any mapping may say its `clause`, the document's own `words` and a `note`; a single value says
them in its long form, `{is: 30 days, clause: §3.3}`. They are set aside here, by path, so that
the models need not know them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from agreements.terms.problems import Path, Problem, TermsMalformed, written

ANNOTATIONS = ("clause", "words", "note")
LONG_FORM = "is"

_WHOLE_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)", re.ASCII)
_WORDS_OF_YAML = {"true": True, "false": False, "null": None, "~": None, "": None}

Plain = str | int | bool | tuple["Plain", ...] | dict[str, "Plain"] | None


@dataclass(frozen=True)
class Source:
    """A terms file read: its plain values, and what stands beside them."""

    file: str
    text: str
    tree: dict[str, Plain]
    lines: Mapping[Path, int]
    annotations: Mapping[Path, Mapping[str, str]]

    def line(self, path: Path) -> int:
        """Tell the line of the value, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    @property
    def clauses(self) -> dict[Path, str]:
        """The clause of every rule that names one."""
        noted = self.annotations.items()
        return {path: notes["clause"] for path, notes in noted if "clause" in notes}


def read(text: str, *, file: str) -> Source:
    """Read YAML without guessing: no floats, no dates, no yes and no, no key twice, no alias."""
    reader = _Reader(file)
    reader.refuse_aliases(text)
    tree = reader.plain(reader.composed(text), ())
    if not reader.problems and not isinstance(tree, dict):
        reader.fault(1, (), "The file holds no terms.", "fields such as `agreement: name`")
    if reader.problems or not isinstance(tree, dict):
        raise TermsMalformed(reader.problems)
    return Source(file, text, tree, reader.lines, reader.annotations)


@dataclass
class _Reader:
    """Walk the composed nodes once, collecting lines, annotations and faults."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    annotations: dict[Path, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, line: int, path: Path, sentence: str, expected: str, mend: str = "") -> None:
        self.problems.append(
            Problem(
                file=self.file,
                line=line,
                path=written(path),
                sentence=sentence,
                expected=expected,
                mend=mend,
            )
        )

    def composed(self, text: str) -> yaml.Node | None:
        """Let PyYAML parse the text into nodes, which know their lines."""
        try:
            node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            self.fault(_line(error.problem_mark), (), f"This is not YAML: {error.problem}.", "one YAML document")
            raise TermsMalformed(self.problems) from error
        except yaml.YAMLError as error:
            self.fault(1, (), f"This is not YAML: {error}.", "one YAML document in UTF-8")
            raise TermsMalformed(self.problems) from error
        return node

    def refuse_aliases(self, text: str) -> None:
        """Refuse `*name`: a rule stands where it is read, not where it was first written."""
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if isinstance(event, yaml.AliasEvent):
                    self.fault(_line(event.start_mark), (), f"*{event.anchor} is an alias.", "the rule written out")
                    raise TermsMalformed(self.problems)
        except yaml.YAMLError:
            return  # told by `composed`, with its line

    def plain(self, node: yaml.Node | None, path: Path) -> Plain:
        if node is None:
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.plain(each, (*path, n)) for n, each in enumerate(node.value))
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Plain:
        children: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or name == "<<":
                self.fault(line, path, "This is no name.", "a name, a colon and its value")
            elif name in children:
                self.fault(line, (*path, name), f"`{name}` stands here twice.", "each name once")
            else:
                children[name] = value
                if name not in ANNOTATIONS:
                    self.lines.setdefault((*path, name), line)
        self._set_aside(children, path)
        if LONG_FORM in children:
            return self._long_form(children, path)
        return {name: self.plain(child, (*path, name)) for name, child in children.items()}

    def _set_aside(self, children: dict[str, yaml.Node], path: Path) -> None:
        """Take clause, words and note out of the mapping: they are of it, not in it."""
        for name in ANNOTATIONS:
            node = children.pop(name, None)
            if node is None:
                continue
            if isinstance(node, yaml.ScalarNode) and node.value:
                self.annotations.setdefault(path, {})[name] = node.value
            else:
                line = node.start_mark.line + 1
                self.fault(line, (*path, name), f"`{name}` is not a text.", "a text")

    def _long_form(self, children: dict[str, yaml.Node], path: Path) -> Plain:
        value = children.pop(LONG_FORM)
        for name, node in children.items():
            self.fault(
                node.start_mark.line + 1,
                (*path, name),
                f"`{name}` can not stand beside `is`.",
                "only clause, words and note beside `is`",
            )
        self.lines.pop((*path, LONG_FORM), None)
        return self.plain(value, path)


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _scalar(node: yaml.Node) -> Plain:
    """Read a single value as it is written; `no` is a text, and so is 99.5."""
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        return text
    if text.lower() in _WORDS_OF_YAML:
        return _WORDS_OF_YAML[text.lower()]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
