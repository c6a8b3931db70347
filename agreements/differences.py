"""What differs between two versions of an agreement, rule by rule, in words (SEMANTICS 25).

Compared is what the files say, not how they say it: `99%` and `99.0%` are one, and so are a
default that is written and one that is not. Comments, quoted words and notes are no rules.
Two files of which neither rule nor clause differs have no differences; from an earlier version
and its differences the rules of the later one follow.

What was negotiated with one account is compared without the worked examples, which are those of
another document, and its rules stand in other clauses by nature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from pydantic import ValidationError

from agreements.differing import Place, by_default, in_order, told, what_is
from agreements.terms import Document, Terms
from agreements.terms.laying import Laid
from agreements.terms.problems import Path
from agreements.terms.source import Plain

# Where the order of names says something: the lowest tier first, the main service, the most urgent.
ORDERED: Final[frozenset[Path]] = frozenset({("tiers",), ("services",), ("support", "severities")})
# Read one by one and as wholes, in whatever order they stand.
EXAMPLES: Final[Place] = ("examples",)


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that differs: `old` is None where it is new, `new` where it no longer applies."""

    path: Path
    clause: str
    what: str
    old: str | None
    new: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A place where the files differ, before it is known whether the rules do."""

    old_at: Path | None
    new_at: Path | None
    place: Place
    old: Plain
    new: Plain
    kind: str = "rule"


def differences(old: Document, new: Document) -> tuple[Difference, ...]:
    """List what differs, clause by clause in the order of the new version, what was dropped last."""
    negotiated = isinstance(old.source, Laid) or isinstance(new.source, Laid)
    before, after = (_without_examples(one) if negotiated else one.source.tree for one in (old, new))
    found = list(_walk(before, after, (), (), ()))
    rules = [one for one in found if one.kind == "rule"]
    matter = set(map(id, _that_matter(rules, before, after)))
    kept = [one for one in found if one.kind != "rule" or id(one) in matter]
    return (*(_in_words(one, old, new) for one in kept), *(() if negotiated else _renumbered(old, new)))


def _without_examples(document: Document) -> dict[str, Plain]:
    return {name: value for name, value in document.source.tree.items() if name != "examples"}


# What differs


def _walk(old: Plain, new: Plain, old_at: Path, new_at: Path, place: Place) -> Iterator[_Found]:
    """Walk both trees at once; a list whose entries have names is walked by them."""
    if isinstance(old, dict) and isinstance(new, dict) and bool(old) == bool(new):
        yield from _mappings(old, new, old_at, new_at, place)
    elif isinstance(old, tuple) and isinstance(new, tuple) and _has_entries(old, new):
        yield from _lists(old, new, old_at, new_at, place)
    elif old != new:
        yield _Found(old_at, new_at, place, old, new)


def _mappings(
    old: Mapping[str, Plain], new: Mapping[str, Plain], old_at: Path, new_at: Path, place: Place
) -> Iterator[_Found]:
    for name in new:
        if name in old:
            yield from _walk(old[name], new[name], (*old_at, name), (*new_at, name), (*place, name))
        else:
            yield from _one_sided(new[name], (*new_at, name), (*place, name), is_new=True)
    for name in old:
        if name not in new:
            yield from _one_sided(old[name], (*old_at, name), (*place, name), is_new=False)
    if new_at in ORDERED and list(old) != list(new):
        yield _Found(old_at, new_at, place, tuple(old), tuple(new), "order")


def _one_sided(value: Plain, at: Path, place: Place, *, is_new: bool) -> Iterator[_Found]:
    """Take a part that only one version has apart, down to the values that people read."""
    if place[:-1] == EXAMPLES:
        yield _sided(value, at, place, is_new=is_new)
    elif isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _one_sided(inner, (*at, name), (*place, name), is_new=is_new)
    elif isinstance(value, tuple) and value and (places := _named(value)) is not None:
        for name, index in places.items():
            yield from _one_sided(_without_name(value[index]), (*at, index), (*place, name), is_new=is_new)
    elif isinstance(value, tuple) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield _sided(inner, (*at, index), (*place, index), is_new=is_new)
    else:
        yield _sided(value, at, place, is_new=is_new)


def _sided(value: Plain, at: Path, place: Place, *, is_new: bool) -> _Found:
    if is_new:
        return _Found(None, at, place, None, value)
    return _Found(at, None, place, value, None)


def _has_entries(*lists: tuple[Plain, ...]) -> bool:
    return all(isinstance(one, dict) for each in lists for one in each) and any(lists)


def _named(entries: tuple[Plain, ...]) -> dict[str, int] | None:
    """Give the places of entries by their own names; None where not each has one of its own."""
    names = [one.get("name") if isinstance(one, dict) else None for one in entries]
    places = {name: at for at, name in enumerate(names) if isinstance(name, str)}
    return places if len(places) == len(entries) else None


def _without_name(entry: Plain) -> Plain:
    assert isinstance(entry, dict)  # noqa: S101 — only a mapping has a name
    rest = {name: value for name, value in entry.items() if name != "name"}
    return rest or dict(entry)


def _lists(
    old: tuple[Plain, ...], new: tuple[Plain, ...], old_at: Path, new_at: Path, place: Place
) -> Iterator[_Found]:
    before, after = _named(old), _named(new)
    if before is None or after is None:
        yield from _rows(old, new, old_at, new_at, place)
        return
    for name, at in after.items():
        if name in before:
            was = before[name]
            yield from _walk(old[was], new[at], (*old_at, was), (*new_at, at), (*place, name))
        else:
            yield from _one_sided(_without_name(new[at]), (*new_at, at), (*place, name), is_new=True)
    for name, was in before.items():
        if name not in after:
            yield from _one_sided(_without_name(old[was]), (*old_at, was), (*place, name), is_new=False)
    if list(before) != list(after) and place != EXAMPLES:
        yield _Found(old_at, new_at, place, tuple(before), tuple(after), "order")


def _rows(old: tuple[Plain, ...], new: tuple[Plain, ...], old_at: Path, new_at: Path, place: Place) -> Iterator[_Found]:
    """Compare entries without names, such as the rows of a table, each as a whole."""
    alike = SequenceMatcher(a=list(map(repr, old)), b=list(map(repr, new)), autojunk=False)
    for tag, start, end, begins, ends in alike.get_opcodes():
        if tag == "equal":
            continue
        for was, is_ in zip_longest(range(start, end), range(begins, ends)):
            index = was if is_ is None else is_
            yield _Found(
                None if was is None else (*old_at, was),
                None if is_ is None else (*new_at, is_),
                (*place, index),
                None if was is None else old[was],
                None if is_ is None else new[is_],
            )


# Whether it matters


def _that_matter(found: list[_Found], old: Plain, new: Plain) -> list[_Found]:
    """Leave out what is only written differently: with the old writing put back, the terms are the same."""
    if not found:
        return []
    goal = _terms(new)
    if goal == _terms(old):
        return []
    matter = [one for one in found if goal is None or _terms(_put_back(new, one)) != goal]
    return matter or found


def _terms(tree: Plain) -> Terms | None:
    try:
        return Terms.model_validate(tree)
    except ValidationError:
        return None


def _put_back(tree: Plain, one: _Found) -> Plain:
    """Write one place of the new version as the old one has it."""
    if one.new_at is not None:
        return _with(tree, one.new_at, one.old, drop=one.old_at is None)
    if one.old_at is not None and all(isinstance(step, str) for step in one.old_at):
        return _with(tree, one.old_at, one.old, drop=False)
    return None


def _with(tree: Plain, path: Path, value: Plain, *, drop: bool) -> Plain:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(tree, tuple) and isinstance(step, int):
        inside = [_with(one, rest, value, drop=drop) if at == step else one for at, one in enumerate(tree)]
        return tuple(one for at, one in enumerate(inside) if rest or not drop or at != step)
    branch = dict(tree) if isinstance(tree, dict) else {}
    if drop and not rest:
        branch.pop(str(step), None)
    else:
        branch[str(step)] = _with(branch.get(str(step)), rest, value, drop=drop)
    return branch


# In words


def _in_words(one: _Found, old: Document, new: Document) -> Difference:
    document, at = (old, one.old_at) if one.new_at is None else (new, one.new_at)
    says_so = new if isinstance(new.source, Laid) else document
    clause, what = says_so.terms.clause(*(at or ())), what_is(one.place, document.terms)
    before: str | None
    after: str | None
    if one.kind == "order":
        what = f"{what}, in order"
        before, after = in_order(one.old, one.place, old.terms), in_order(one.new, one.place, new.terms)
    else:
        before = by_default(old.terms, one.new_at) if one.old_at is None else told(one.old)
        after = by_default(new.terms, one.old_at) if one.new_at is None else told(one.new)
    return Difference(one.place, clause, what, before, after, _sentence(what, before, after))


def _sentence(what: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{what}: {new}. This is new."
    if new is None:
        return f"{what}: no longer {old}."
    return f"{what}: {new} instead of {old}."


def _renumbered(old: Document, new: Document) -> Iterable[Difference]:
    """List rules that both versions have and that stand in another clause now."""
    before, after = old.source.clauses, new.source.clauses
    pairs = _pairs(old.source.tree, new.source.tree, (), (), ())
    for old_at, new_at, place in pairs:
        was, is_ = before.get(old_at), after.get(new_at)
        if was != is_:
            what = f"{what_is(place, new.terms)}, where it stands"
            yield Difference((*place, "clause"), is_ or was or "", what, was, is_, _sentence(what, was, is_))


def _pairs(old: Plain, new: Plain, old_at: Path, new_at: Path, place: Place) -> Iterator[tuple[Path, Path, Place]]:
    """Pair the places that both versions have."""
    yield old_at, new_at, place
    if isinstance(old, dict) and isinstance(new, dict):
        for name in new:
            if name in old:
                yield from _pairs(old[name], new[name], (*old_at, name), (*new_at, name), (*place, name))
    elif isinstance(old, tuple) and isinstance(new, tuple) and _has_entries(old, new):
        before, after = _named(old) or {}, _named(new) or {}
        for name in after:
            if name in before:
                was, at = before[name], after[name]
                yield from _pairs(old[was], new[at], (*old_at, was), (*new_at, at), (*place, name))
