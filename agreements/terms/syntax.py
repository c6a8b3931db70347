"""Faults of YAML itself, told in the words of somebody who does not know YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from agreements.terms.problems import Place, Problem

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_NO_SPACE = re.compile(r"(\s*(?:- )?[A-Za-z][\w-]*:)[^\s:/]")
_LETTERS = re.compile(r"\s*(?:- )?(?P<name>[A-Za-z][\w-]*)")
MOST = 20

Told = tuple[str, str, str]

ALIGNED = "lines of one part that begin in one column"
LINE = "a name, a colon, a space and a value"


@dataclass(frozen=True)
class Fault:
    """A fault of YAML: its place, and whether the lines after it can be read without its own."""

    place: Place
    told: Told
    confined: bool = False


def lines_of(text: str) -> list[str]:
    """Split a text where YAML sees lines."""
    return _BREAK.split(text.removeprefix("\ufeff"))


def faults_of_syntax(text: str, *, file: str) -> list[Problem]:
    """Give every fault of YAML that can be told apart, and every use of what the format leaves out."""
    lines = lines_of(text)
    found = [*_broken(list(lines))] or [*_left_out(text)]
    return [_problem(file, lines, fault) for fault in found]


def _problem(file: str, lines: list[str], fault: Fault) -> Problem:
    sentence, expected, mend = fault.told
    place = fault.place
    return Problem(
        file=file,
        line=place.line,
        column=place.column,
        width=place.width,
        shown=lines[place.line - 1],
        path="",
        sentence=sentence,
        expected=expected,
        mend=mend,
    )


def _broken(lines: list[str]) -> Iterator[Fault]:
    """Read again and again, each time without the line that was at fault, as far as that tells more."""
    for _ in range(MOST):
        fault = _first(lines)
        if fault is None:
            return
        yield fault
        if not fault.confined:
            return
        lines[fault.place.line - 1] = ""


def _first(lines: list[str]) -> Fault | None:
    text = "\n".join(lines)
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return _fault(error, lines)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        return Fault(place, ("Here stands a sign that can not be seen.", "plain text", "remove it"))
    return None


def _left_out(text: str) -> Iterator[Fault]:
    """Find aliases, anchors and tags: a rule stands where it is read, as what it is."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        place = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            name = f"*{event.anchor}"
            yield Fault(Place(place.line, place.column, len(name)), _reference(name, "an alias"))
        elif anchor := getattr(event, "anchor", None):
            name = f"&{anchor}"
            yield Fault(Place(place.line, place.column, len(name)), _reference(name, "an anchor"))
        elif getattr(event, "tag", None):
            told = "A value that begins with ! is a tag of YAML.", "a plain value", "put the text in quotes"
            yield Fault(place, told)


def _reference(name: str, kind: str) -> Told:
    return f"{name} is {kind}.", "the rule written out where it holds", "write it out, or put the text in quotes"


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1)


@dataclass(frozen=True)
class At:
    """What the reader of YAML said: the problem and what it was about, each with its place."""

    problem: str
    context: str
    here: Place
    there: Place
    lines: list[str]

    @property
    def line(self) -> str:
        """The line of the problem."""
        return self.lines[self.here.line - 1]


def _fault(error: yaml.MarkedYAMLError, lines: list[str]) -> Fault:
    here, there = (_within(place, lines) for place in (error.problem_mark, error.context_mark or error.problem_mark))
    at = At(error.problem or "", error.context or "", here, there, lines)
    for word, tell in BY_PROBLEM.items():
        if word in at.problem:
            return tell(at)
    return next((tell(at) for word, tell in BY_CONTEXT.items() if word in at.context), None) or _indented(at)


def _within(mark: Any, lines: list[str]) -> Place:
    place = _place(mark)
    return place if place.line <= len(lines) else Place(len(lines), 1)


def _word(place: Place, lines: list[str]) -> Place:
    """Widen a place to the word that stands there."""
    found = re.match(r"[^\s:,\]}]+", lines[place.line - 1][place.column - 1 :])
    return Place(place.line, place.column, len(found[0]) if found else 1)


def _second_colon(at: At) -> Fault:
    here, lines, text = at.here, at.lines, at.line
    before = text[: here.column - 1]
    if ": " in before:
        name, _, rest = text.strip().partition(": ")
        mend = f'put the text in quotes: {name.removeprefix("- ")}: "{rest}"' if '"' not in rest else "use quotes"
        told = "A second colon stands in this line.", "a text with a colon in quotes", mend
        return Fault(here, told, confined=True)
    above = next((n for n in range(here.line - 2, -1, -1) if lines[n].strip()), 0)
    if _NO_SPACE.match(lines[above]) and ": " not in lines[above]:
        return _no_space(above + 1, lines)
    indent = len(text) - len(text.lstrip())
    place = Place(here.line, indent + 1, max(1, here.column - 1 - indent))
    told = (
        f"This line is indented, and line {above + 1} has a value already.",
        ALIGNED,
        f"begin it in the column of line {above + 1}",
    )
    return Fault(place, told, confined=True)


def _no_space(line: int, lines: list[str]) -> Fault:
    found = _NO_SPACE.match(lines[line - 1])
    colon = len(found[1]) if found else 1
    mended = f"{lines[line - 1][:colon].strip()} {lines[line - 1][colon:].strip()}"
    told = "A space is missing after the colon.", LINE, f"write {mended.removeprefix('- ')}"
    return Fault(Place(line, colon), told, confined=True)


def _no_colon(at: At) -> Fault:
    there, lines = at.there, at.lines
    text = lines[there.line - 1]
    if _NO_SPACE.match(text):
        return _no_space(there.line, lines)
    found = _LETTERS.match(text)
    if found and re.match(r" ?= ?", text[found.end() :]):
        told = "An equals sign stands here in place of a colon.", LINE, f"write {found['name']}: ..."
        return Fault(Place(there.line, found.end() + 1), told, confined=True)
    width = max(1, len(text.rstrip()) - there.column + 1)
    told = "This line has no colon, so it names nothing.", LINE, ""
    return Fault(Place(there.line, there.column, width), told, confined=True)


def _strange_start(at: At) -> Fault:
    here, text = at.here, at.line
    if "\\t" in at.problem:
        width = len(text) - len(text.lstrip("\t"))
        told = "A tab stands here; YAML counts spaces.", "spaces", "replace it by spaces"
        return Fault(Place(here.line, here.column, max(1, width)), told, confined=True)
    sign = text[here.column - 1]
    rest = text[here.column :].split(",")[0].strip(" }]")
    mend = f"write {rest}%" if sign == "%" and rest else "put the text in quotes"
    return Fault(
        here, (f"A value can not begin with {sign} here.", "a value, or a text in quotes", mend), confined=True
    )


def _quoted(at: At) -> Fault:
    if "escape" in at.problem:
        told = "A backslash within double quotes begins a sign of its own.", r"\\ for a backslash"
        return Fault(at.here, (*told, "use single quotes: 'like this'"), confined=True)
    return _unclosed_quotes(at.there)


def _unclosed_quotes(place: Place) -> Fault:
    return Fault(place, ("The quotes that begin here are not closed.", "quotes at both ends of a text", "close them"))


def _brackets(at: At) -> Fault:
    here, there = at.here, at.there
    if "flow node" in at.context:
        return Fault(here, ("A value is missing here.", "a value, or the bracket that ends the list", ""))
    close = "}" if "mapping" in at.context else "]"
    begins_a_line = not at.line[: here.column - 1].strip(" \t") or ":" not in at.line[: here.column - 1]
    if "end" in at.problem.rpartition("got")[2] or (here.line > there.line and begins_a_line):
        return Fault(there, _unclosed(close))
    told = f"Here a comma is missing, or the {close} of line {there.line}."
    return Fault(here, (told, f"a comma or {close}", "put a text that has commas, colons or brackets in quotes"))


def _unclosed(close: str) -> Told:
    opened = {"}": "{", "]": "["}[close]
    return f"The {opened} here is not closed.", "a bracket for each that was opened", f"close it with {close}"


def _second_document(at: At) -> Fault:
    told = "A second document begins here (---).", "one agreement in a file", "remove the line ---"
    return Fault(Place(at.here.line, at.here.column, 3), told)


def _sign(at: At) -> Fault:
    sign = at.lines[at.there.line - 1][at.there.column - 1 : at.there.column]
    told = f"A text can not begin with {sign} unless it is in quotes.", "a text in quotes", "put the text in quotes"
    return Fault(at.there, told, confined=True)


def _unknown_alias(at: At) -> Fault:
    name = _word(at.here, at.lines)
    text = at.line[name.column - 1 : name.column - 1 + name.width]
    return Fault(name, _reference(text, "an alias" if text.startswith("*") else "an anchor"), confined=True)


def _indented(at: At) -> Fault:
    here, text = at.here, at.line
    if text[here.column - 1 :].startswith(("}", "]")):
        sign = text[here.column - 1]
        return Fault(here, (f"This {sign} closes nothing.", "a bracket for each that was opened", f"remove {sign}"))
    opened = [n for n, line in enumerate(at.lines[: here.line]) if line.count('"') % 2]
    if opened and here.column > 1 and text[here.column - 2] == '"':
        return _unclosed_quotes(Place(opened[0] + 1, at.lines[opened[0]].rindex('"') + 1))
    told = "This line begins in another column than the lines that it belongs to."
    return Fault(_word(here, at.lines), (told, ALIGNED, "indent it as they are, with spaces"))


BY_PROBLEM: dict[str, Callable[[At], Fault]] = {
    "mapping values": _second_colon,
    "could not find expected ':'": _no_colon,
    "that cannot start any token": _strange_start,
    "another document": _second_document,
    "undefined alias": _unknown_alias,
    "duplicate anchor": _unknown_alias,
}
BY_CONTEXT: dict[str, Callable[[At], Fault]] = {
    "quoted scalar": _quoted,
    "flow": _brackets,
    "anchor": _sign,
    "alias": _sign,
}
