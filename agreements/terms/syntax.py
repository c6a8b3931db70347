"""Faults of YAML itself, told in the words of somebody who does not know YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
        elif getattr(event, "anchor", None):
            name = f"&{event.anchor}"
            yield Fault(Place(place.line, place.column, len(name)), _reference(name, "an anchor"))
        elif getattr(event, "tag", None):
            told = "A value that begins with ! is a tag of YAML.", "a plain value", "put the text in quotes"
            yield Fault(place, told)


def _reference(name: str, kind: str) -> Told:
    return f"{name} is {kind}.", "the rule written out where it holds", "write it out, or put the text in quotes"


def _place(mark: yaml.Mark | None, width: int = 1) -> Place:
    return Place(mark.line + 1, mark.column + 1, width) if mark else Place(1)


def _fault(error: yaml.MarkedYAMLError, lines: list[str]) -> Fault:
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark
    here = Place(min(mark.line + 1, len(lines)), mark.column + 1) if mark else Place(1)
    there = _place(error.context_mark)
    if "mapping values" in problem:
        return _second_colon(here, lines)
    if "could not find expected ':'" in problem:
        return _no_colon(there, lines)
    if "that cannot start any token" in problem:
        return _strange_start(problem, here, lines)
    if "quoted scalar" in context:
        return _quoted(problem, here, there)
    if "flow" in context:
        return _brackets(context, problem, here, there, lines)
    if "anchor" in context or "alias" in context:
        sign = lines[there.line - 1][there.column - 1]
        told = f"A text can not begin with {sign} unless it is in quotes.", "a text in quotes", "put the text in quotes"
        return Fault(there, told, confined=True)
    if "another document" in problem or "'<document start>'" in problem:
        return _second_document(problem, here, lines)
    if "alias" in problem or "anchor" in problem:
        return Fault(here, _reference(lines[here.line - 1][here.column - 1 :].split()[0], "an alias"), confined=True)
    return _indented(here, lines)


def _word(place: Place, lines: list[str]) -> Place:
    """Widen a place to the word that stands there."""
    found = re.match(r"[^\s:,\]}]+", lines[place.line - 1][place.column - 1 :])
    return Place(place.line, place.column, len(found[0]) if found else 1)


def _second_colon(here: Place, lines: list[str]) -> Fault:
    text = lines[here.line - 1]
    before = text[: here.column - 1]
    if ": " in before:
        name, _, rest = text.strip().partition(": ")
        mend = f"put the text in quotes: {name.removeprefix('- ')}: \"{rest}\"" if '"' not in rest else "use quotes"
        told = "A second colon stands in this line.", "a text with a colon in quotes", mend
        return Fault(here, told, confined=True)
    above = next((n for n in range(here.line - 2, -1, -1) if lines[n].strip()), 0)
    if _NO_SPACE.match(lines[above]) and ": " not in lines[above]:
        return _no_space(above + 1, lines)
    indent = len(text) - len(text.lstrip())
    place = Place(here.line, indent + 1, max(1, here.column - 1 - indent))
    told = f"This line is indented, and line {above + 1} has a value already.", ALIGNED, f"begin it in the column of line {above + 1}"
    return Fault(place, told, confined=True)


def _no_space(line: int, lines: list[str]) -> Fault:
    found = _NO_SPACE.match(lines[line - 1])
    colon = len(found[1]) if found else 1
    mended = f"{lines[line - 1][:colon].strip()} {lines[line - 1][colon:].strip()}"
    told = "A space is missing after the colon.", LINE, f"write {mended.removeprefix('- ')}"
    return Fault(Place(line, colon), told, confined=True)


def _no_colon(there: Place, lines: list[str]) -> Fault:
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


def _strange_start(problem: str, here: Place, lines: list[str]) -> Fault:
    if "\\t" in problem:
        width = len(lines[here.line - 1]) - len(lines[here.line - 1].lstrip("\t"))
        told = "A tab stands here; YAML counts spaces.", "spaces", "replace it by spaces"
        return Fault(Place(here.line, here.column, max(1, width)), told, confined=True)
    sign = lines[here.line - 1][here.column - 1]
    rest = lines[here.line - 1][here.column :].split(",")[0].strip(" }]")
    mend = f"write {rest}%" if sign == "%" and rest else "put the text in quotes"
    return Fault(here, (f"A value can not begin with {sign} here.", "a value, or a text in quotes", mend), confined=True)


def _quoted(problem: str, here: Place, there: Place) -> Fault:
    if "escape" in problem:
        told = "A backslash within double quotes begins a sign of its own.", r"\\ for a backslash"
        return Fault(here, (*told, "use single quotes: 'like this'"), confined=True)
    return _unclosed_quotes(there)


def _unclosed_quotes(place: Place) -> Fault:
    return Fault(place, ("The quotes that begin here are not closed.", "quotes at both ends of a text", "close them"))


def _brackets(context: str, problem: str, here: Place, there: Place, lines: list[str]) -> Fault:
    if "flow node" in context or "end" in problem.rpartition("got")[2]:
        if "flow node" not in context:
            return Fault(there, _unclosed("}" if "mapping" in context else "]"))
        return Fault(here, ("A value is missing here.", "a value, or the bracket that ends the list", ""))
    close = "}" if "mapping" in context else "]"
    text = lines[here.line - 1]
    if here.line > there.line and text[: here.column - 1] == text.lstrip()[: here.column - 1]:
        return Fault(there, _unclosed(close))
    told = f"Here a comma is missing, or the {close} of line {there.line}."
    return Fault(here, (told, f"a comma or {close}", "put a text that has commas, colons or brackets in quotes"))


def _unclosed(close: str) -> Told:
    opened = {"}": "{", "]": "["}[close]
    return f"The {opened} here is not closed.", "a bracket for each that was opened", f"close it with {close}"


def _second_document(problem: str, here: Place, lines: list[str]) -> Fault:
    if "another document" in problem:
        told = "A second document begins here (---).", "one agreement in a file", "remove the line ---"
        return Fault(Place(here.line, here.column, 3), told)
    return _indented(here, lines)


def _indented(here: Place, lines: list[str]) -> Fault:
    text = lines[here.line - 1]
    if text[here.column - 1 :].startswith(("}", "]")):
        sign = text[here.column - 1]
        return Fault(here, (f"This {sign} closes nothing.", "a bracket for each that was opened", f"remove {sign}"))
    if here.column > 1 and text[here.column - 2] == '"':
        opened = next(n for n, line in enumerate(lines) if line.count('"') % 2)
        return _unclosed_quotes(Place(opened + 1, lines[opened].rindex('"') + 1))
    told = "This line begins in another column than the lines that it belongs to."
    return Fault(_word(here, lines), (told, ALIGNED, "indent it as they are, with spaces"))
