"""Twelve agreements that others published, as terms files: every case that was read out of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from agreements.examples import carried_out, failures
from agreements.explaining import Step, as_data, from_data, walk
from agreements.judging import words
from agreements.lint import Severity, findings
from agreements.terms import Document, load_file
from agreements.terms.examples import Example, Expected, ServiceTime, Shown
from kernel.money import Money
from tests.agreements.published_cases import FOLDER, VECTORS, Raw, cases, example, published

FILES = sorted(FOLDER.glob("*.yaml"))
AGREEMENTS = published() if VECTORS.exists() else []
CASES = 101
# A rounded figure is told exactly or cut off, so the digits before the last one shown are the same.
SURE_DIGITS = 7


def named(path: Path) -> str:
    return path.stem


def judged(document: Document) -> Iterator[Example]:
    """Give the examples about a period; those about times have explanations of their own."""
    told = {"pays", "credit", "service", "uptime", "missed", "new_term_end", "down", "success", "down_minutes"}
    for one in document.terms.examples:
        if one.expect.model_fields_set & told and one.given.down_during is None:
            yield one


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_example_of_the_file_holds(path: Path) -> None:
    assert [str(failure) for failure in failures(load_file(path))] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_file_has_no_errors(path: Path) -> None:
    assert [str(found) for found in findings(load_file(path)) if found.severity is Severity.ERROR] == []


# What each text leaves open between its targets and its table, as the linter finds it.
OPEN = {
    "github-enterprise": 3
    * [("gap_between_rows", ("exactly 99%",)), ("row_above_target", ("customer", "99.9%", "exactly 99.9%", "10%"))],
    "zitadel-caos": [
        ("target_unpaid", ("outpost", "99.5%", "from 99% to below 99.5%")),
        ("target_unpaid", ("starbase", "99.9%", "from 99.5% to below 99.9%")),
        ("target_unpaid", ("fortress", "99.95%", "from 99.9% to below 99.95%")),
    ],
    "gravix": [
        ("target_unpaid", ("enterprise", "99.95%", "from 99.9% to below 99.95%")),
        ("row_above_target", ("team", "99.5%", "from 99.5% to below 99.9%", "10%")),
    ],
    "dits": [
        ("target_unpaid", ("team", "99.95%", "from 99.9% to below 99.95%")),
        ("target_unpaid", ("enterprise", "99.99%", "from 99.9% to below 99.99%")),
        ("target_unpaid", ("enterprise_plus", "99.999%", "from 99.9% to below 99.999%")),
    ],
    "edgevirt": [
        ("target_unpaid", ("customer", "99.9%", "above 99.8% to below 99.9%")),
        ("gap_between_rows", ("above 95% to below 95.1%",)),
    ],
}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_linter_finds_what_the_table_leaves_open_and_nothing_else(path: Path) -> None:
    about_tables = {"gap_between_rows", "target_unpaid", "row_above_target", "row_unreachable", "row_above_cap"}
    about_tables |= {"overlapping_rows", "empty_row", "worse_pays_less", "tier_without_target"}
    found = [(one.code, one.values) for one in findings(load_file(path)) if one.code in about_tables]
    assert found == OPEN.get(path.stem, [])


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda agreement: str(agreement["id"]))
def test_every_case_is_an_example_of_the_file_with_the_same_values(agreement: Raw) -> None:
    stated = [(one.given, one.expect) for one in load_file(FOLDER / f"{agreement['id']}.yaml").terms.examples]
    for given, expect in cases(agreement):
        case = example(given, expect)
        assert case in stated, (given, expect)
        stated.remove(case)


def test_no_case_is_left_out() -> None:
    if AGREEMENTS:
        assert sum(len(agreement["test_cases"]) for agreement in AGREEMENTS) == CASES
        assert {str(agreement["id"]) for agreement in AGREEMENTS} == {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_judged_example_is_explained_by_the_figures_that_it_expects(path: Path) -> None:
    document = load_file(path)
    for one in judged(document):
        found = carried_out(document.terms, one.given)
        assert found.steps, one.name
        told = [step for root in found.steps for step in walk(root)]
        for figure in figures(one):
            assert any(figure in text for step in told for text in said(step)), (one.name, figure, told)


def said(step: Step) -> tuple[str, ...]:
    return step.sentence, step.result, *(value for _, value in step.inputs)


def figures(one: Example) -> Iterator[str]:
    """Write what the example expects as an explanation tells it."""
    expect = one.expect
    yield from amounts(expect)
    if expect.missed is not None:
        yield "misse" if expect.missed else "meets"
    if expect.down is not None:
        yield "counts as down" if expect.down else "does not count as down"
    if expect.success is not None:
        yield "does not count as down" if expect.success else "counts as down"


def amounts(expect: Expected) -> Iterator[str]:
    if expect.uptime is not None:
        yield percent(expect.uptime)
    if expect.pays is not None:
        yield percent(expect.pays) if expect.pays.value else "nothing"
    if expect.service is not None:
        yield service(expect.service)
    if expect.credit is not None:
        yield money(expect.credit)
    if expect.new_term_end is not None:
        yield expect.new_term_end.isoformat()


def percent(shown: Shown) -> str:
    """Write a share; one that was rounded to the nearest by the digits of which cutting off leaves the same."""
    text = words.share(shown.value)
    return text if shown.places is None else text[:SURE_DIGITS]


def service(expected: ServiceTime) -> str:
    return words.service(expected.amount, expected.unit) if expected.amount else "nothing"


def money(expected: Money) -> str:
    return words.money(expected) if expected.amount != Decimal(0) else "nothing"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_explanation_goes_through_json(path: Path) -> None:
    document = load_file(path)
    for one in judged(document):
        for root in carried_out(document.terms, one.given).steps:
            assert from_data(as_data(root)) == root


def test_a_share_of_a_quarter_is_told_cut_off_and_marked() -> None:
    assert words.share(Fraction(129_470, 129_600)) == "99.899691… %"
