"""What differs between two versions, in words: complete, clause by clause, and silent about mere writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pydantic import ValidationError

from agreements.differences import Difference, differences
from agreements.shipped import FOLDER as SHIPPED
from agreements.terms import Document, Terms
from agreements.terms.source import Plain
from tests.agreements.published_cases import FOLDER
from tests.agreements.texts import APICHEAP, SOUND, bent, document


def between(old: str, new: str) -> list[Difference]:
    return list(differences(document(old), document(new)))


def told(old: str, new: str, *, text: str = APICHEAP) -> list[str]:
    return [f"{one.clause} {one.sentence}".strip() for one in between(text, bent(old, new, text=text))]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "pro: {at_least: 99.5%",
            "pro: {at_least: 99.9%",
            "§2.1 Target of uptime, Pro: 99.9 % instead of 99.5 %.",
        ),
        (
            "{below: 90.0%, pays: 50%}",
            "{below: 90.0%, pays: 60%}",
            "§3.1 Credit for uptime, row 4: below 90.0 %, pays 60 % instead of below 90.0 %, pays 50 %.",
        ),
        (
            "is: 30 days, clause: §3.3",
            "is: 45 days, clause: §3.3",
            "§3.3 Time to claim a credit: 45 days instead of 30 days.",
        ),
        (
            "basic: {severity_1: 24 hours",
            "basic: {severity_1: 12 hours",
            "§5 First reply to Basic, Service Down: 12 hours instead of 24 hours.",
        ),
        (
            "  network:\n    treatment: counts_as_up",
            "  network:\n    treatment: counts_as_down",
            "§4 How network is treated: counts as down instead of counts as up.",
        ),
        (
            "roll: true  ",
            "roll: false  ",
            "§3.3, §3.4 Whether the time to claim rolls to a business day: no instead of yes.",
        ),
        (
            "    advance_notice: {is: none, words: Emergency maintenance … may occur without advance notice}\n",
            "    advance_notice: as_much_as_possible\n",
            "§6 Maintenance, emergency, advance notice: as much as possible instead of none.",
        ),
        (
            "    means: critical security patches\n",
            "",
            "§6 Maintenance, emergency, means: no longer critical security patches.",
        ),
        (
            "      cap:\n        is: 50% of usage of the month",
            "      minimum: at least 1 USD\n      cap:\n        is: 50% of usage of the month",
            "§3.1 Least credit for uptime: at least 1 USD. This is new.",
        ),
        (
            "basic: {title: Basic}",
            "basic: {title: Starter}",
            "§2.1 Tier Starter, its name: Starter instead of Basic.",
        ),
        (
            "claims: {is: admin@apicheap.net, clause: §3.4",
            "claims: {is: admin@apicheap.net, clause: §3.5",
            "§3.5 Contacts, claims, where it stands: §3.5 instead of §3.4.",
        ),
    ],
)
def test_a_rule_that_differs_is_told_with_its_clause_and_both_values(old: str, new: str, sentence: str) -> None:
    assert sentence in told(old, new)


def test_a_rule_that_is_left_out_is_told_by_the_default_that_applies_instead() -> None:
    assert [one.sentence for one in between(SOUND, bent(", quorum: majority", ""))] == [
        "Measurement, quorum: all instead of majority."
    ]
    assert [one.sentence for one in between(bent(", quorum: majority", ""), SOUND)] == [
        "Measurement, quorum: majority instead of all."
    ]


def test_a_row_that_is_new_or_gone_leaves_its_neighbours_alone() -> None:
    row = "        - {from: 95.0%, below: 99.0%, pays: 10%}\n"
    upper = "        - {from: 97.0%, below: 99.0%, pays: 10%}\n"
    lower = "        - {from: 95.0%, below: 97.0%, pays: 15%}\n"
    split = bent(row, upper + lower, text=APICHEAP)
    before, after = "from 95.0 %, below 99.0 %, pays 10 %", "from 97.0 %, below 99.0 %, pays 10 %"
    assert [one.sentence for one in between(APICHEAP, split)] == [
        f"Credit for uptime, row 2: {after} instead of {before}.",
        "Credit for uptime, row 3: from 95.0 %, below 97.0 %, pays 15 %. This is new.",
    ]
    assert [one.new for one in between(split, APICHEAP)] == ["from 95.0 %, below 99.0 %, pays 10 %", None]


def test_a_new_tier_is_told_with_its_place_in_the_order() -> None:
    found = told("  basic: {title: Basic}\n", "  basic: {title: Basic}\n  plus: {title: Plus}\n")
    assert "§2.1 Tier Plus, its name: Plus. This is new." in found
    assert any("Free, Basic, Plus, Pro, Enterprise instead of Free, Basic, Pro, Enterprise" in one for one in found)


def test_an_example_that_is_new_or_gone_is_told_as_a_whole_and_its_place_is_no_rule() -> None:
    renamed = bent("Pro at 99.2% is paid 5%", "Pro at 99.2% is paid a twentieth", text=APICHEAP)
    whole = "given (tier pro, uptime 99.2 %, usage 200 USD), expect (missed yes, pays 5 %, credit 10.00 USD)"
    assert [one.sentence for one in between(APICHEAP, renamed)] == [
        f"Example “Pro at 99.2% is paid a twentieth”: {whole}. This is new.",
        f"Example “Pro at 99.2% is paid 5%”: no longer {whole}.",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pro: {at_least: 99.5%", "pro: {at_least: 99.50%"),
        ("  quorum: all                 # our choice: one success makes the minute up\n", ""),  # the default
        ("# docs/terms.md explains every field.\n", ""),
        ("words: Maximum credit per month is capped at 50% of that month's usage", "words: Other words"),
        ("is: 30 days, clause: §3.3", "is: 30  days, clause: §3.3"),
    ],
)
def test_what_is_only_written_differently_is_no_difference(old: str, new: str) -> None:
    assert told(old, new) == []


def test_a_version_does_not_differ_from_itself() -> None:
    assert between(APICHEAP, APICHEAP) == []


EDITS = (
    ("99.5%}", "99.6%}"),
    ("pays: 10%", "pays: 11%"),
    ("pays: 25%", "pays: 26%"),
    ("file_within: 60 days", "file_within: 61 days"),
    ("settle_within: 10 business days", "settle_within: 9 business days"),
    ("quorum: majority", "quorum: any"),
    ("currency: EUR", "currency: CHF"),
    ("title: API", "title: The API"),
    ("2025-2030", "2025-2031"),
    ("pause_for_evidence: false", "pause_for_evidence: true"),
    ('"09:00-17:00"', '"09:00-18:00"'),
    ("unmatched_miss: undecided", "unmatched_miss: nothing"),
    ("title: A sound agreement", "title: Another"),
    ("clause: §2\n", "clause: §3\n"),
)


def test_two_versions_that_say_something_else_never_differ_alike() -> None:
    """The differences from one version tell its successors apart: each edit, and each pair of them."""
    versions = [SOUND]
    for at, edit in enumerate(EDITS):
        versions.append(bent(*edit))
        versions += [bent(*other, text=bent(*edit)) for other in EDITS[at + 1 :] if edit[0] not in other[0]]
    seen: dict[tuple[Difference, ...], str] = {}
    for version in versions:
        found = tuple(between(SOUND, version))
        assert found not in seen, (version, seen.get(found))
        seen[found] = version
    assert len(seen) == 1 + len(EDITS) + len(EDITS) * (len(EDITS) - 1) // 2


def places(value: Plain, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Name every place of a tree below its root."""
    inner: list[tuple[str | int, Plain]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    for step, one in inner:
        yield (*at, step)
        yield from places(one, (*at, step))


def altered(tree: Plain, at: tuple[str | int, ...], alter: Callable[[Plain], Plain]) -> Plain:
    """Give a tree with another value at a place; None takes the place away."""
    if not at:
        return alter(tree)
    if isinstance(tree, tuple):
        changed = [altered(one, at[1:], alter) if step == at[0] else one for step, one in enumerate(tree)]
        return tuple(one for one in changed if one is not None)
    assert isinstance(tree, dict)
    mapped = {step: altered(one, at[1:], alter) if step == at[0] else one for step, one in tree.items()}
    return {step: one for step, one in mapped.items() if one is not None}


def one_more(value: Plain) -> Plain:
    """Raise the first number of a value, turn a choice, lengthen a text, empty a part."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if found := re.search(r"\d+", value):
            return value[: found.start()] + str(int(found.group()) + 1) + value[found.end() :]
        case str():
            return value + "x"
        case dict():
            return {}
        case _:
            return ()


def variants(text: str) -> Iterator[Document]:
    """Give every file that is still readable after one place of this one was changed or taken away."""
    first = document(text)
    for at in places(first.source.tree):
        for alter in (one_more, lambda _: None):
            tree = altered(first.source.tree, at, alter)
            try:
                terms = Terms.model_validate(tree, context={"clauses": first.source.clauses, "holidays": None})
            except ValidationError:
                continue
            assert isinstance(tree, dict)
            yield Document(terms, replace(first.source, tree=tree))


@pytest.mark.parametrize("name", ["apicheap-2026-03-30", "dits", "github-enterprise", "gravix"])
def test_a_change_anywhere_is_told_and_told_unlike_any_other(name: str) -> None:
    """Each value of a real agreement is changed, emptied and left out: a difference, or the same terms."""
    (path,) = [one for folder in (FOLDER, SHIPPED) for one in folder.glob(f"{name}.yaml")]
    text = path.read_text(encoding="utf-8")
    first, seen = document(text), dict[tuple[Difference, ...], Terms]()
    for variant in variants(text):
        found = differences(first, variant)
        assert bool(found) == (variant.terms != first.terms), variant.source.tree
        assert seen.setdefault(found, variant.terms) == variant.terms, found
    assert len(seen) > 40


def test_what_was_new_is_dropped_on_the_way_back() -> None:
    changed = bent("pays: 10%", "pays: 15%")
    there, back = between(SOUND, changed), between(changed, SOUND)
    assert [(one.path, one.old, one.new) for one in there] == [(one.path, one.new, one.old) for one in back]
