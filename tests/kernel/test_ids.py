"""Identities: derived ones are the same for the same parts, new ones sort by the moment they were made."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import NAMESPACE, derived, new_id

parts = st.lists(st.text(max_size=4), max_size=4)


def test_the_same_parts_always_name_the_same_thing() -> None:
    assert derived("claim", 1, "2026-10") == UUID("a295715c-cfe7-5806-955c-9c0d5dc9fd05")


@given(parts)
def test_a_derived_id_is_of_version_5(texts: list[str]) -> None:
    assert derived(*texts) == uuid5(NAMESPACE, "".join(f"{len(text)}:{text}" for text in texts))


@given(parts, parts)
def test_different_parts_name_different_things(one: list[str], other: list[str]) -> None:
    assert (derived(*one) == derived(*other)) == (one == other)


def test_where_one_part_ends_matters() -> None:
    assert len({derived("ab", "c"), derived("a", "bc"), derived("abc"), derived("ab", "c", "")}) == 4


def test_a_new_id_is_of_version_7() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_new_ids_are_unique_and_sort_by_the_moment_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]
    moments = [one.int >> 64 for one in made]
    assert len(set(made)) == len(made)
    assert moments == sorted(moments)
