"""Whatever the text: it is terms, or it is refused with faults that point into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agreements.terms import Problem, TermsMalformed, load
from agreements.terms.syntax import lines_of
from tests.agreements.texts import SOUND

SIGNS = st.sampled_from(
    [*"{}[]:,-#&*!|>'\"%@`\\\t\n\r ~?<=0§\x00\x85\u2028\ufeffЖ中", ": ", "- ", "---\n", "<<: ", "is: "]
)
EDITS = st.lists(st.tuples(st.integers(0, len(SOUND)), st.integers(0, 12), SIGNS | st.just("")), min_size=1, max_size=4)


@given(EDITS)
def test_a_text_is_terms_or_tells_where_it_is_not(edits: list[tuple[int, int, str]]) -> None:
    text = SOUND
    for at, length, sign in edits:
        text = text[:at] + sign + text[at + length :]
    points_into(text)


@given(st.text(alphabet=st.characters(codec="utf-8") | SIGNS.filter(lambda sign: len(sign) == 1), max_size=60))
def test_so_is_any_other_text(text: str) -> None:
    points_into(text)


def points_into(text: str) -> None:
    problems = problems_of(text)
    lines = lines_of(text)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert problem.column <= len(lines[problem.line - 1]) + 1
        assert not problem.column or problem.shown == lines[problem.line - 1]
        assert str(problem)


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        load(text)
    except TermsMalformed as refused:
        return refused.problems
    return ()
