"""Every example about times is explained, and the explanation tells the values that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from agreements.examples import carried_out, failures
from agreements.explaining import Step, as_data, find, from_data, lines, walk
from agreements.promises import resolution_due, response_due
from agreements.terms import Terms, TermsMalformed, load, load_file
from agreements.terms.examples import Example
from kernel import shown
from kernel.intervals import Interval
from tests.agreements.published_cases import FOLDER
from tests.agreements.texts import SOUND, bent, document

FILES = sorted(FOLDER.glob("*.yaml"))
DAYS = ("claim_deadline", "ticket_deadline", "decision_due", "settlement_due", "payment_due", "report_due")
INSTANTS = ("response_due", "response_before", "acknowledgement_due", "update_due", "resolution_due", "ticket_until")
THURSDAY = datetime(2026, 10, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asked() -> Iterator[tuple[Path, Example]]:
    """Give every published example that expects something about times."""
    named = {*DAYS, *INSTANTS, "severity", "priority", "support_breach", "overrun_minutes", "claim_in_time"}
    for path in FILES:
        for example in load_file(path).terms.examples:
            if example.expect.model_fields_set & named:
                yield path, example


ASKED = list(asked())


def test_most_of_the_published_agreements_have_examples_about_times() -> None:
    assert len({path for path, _ in ASKED}) >= 11
    assert len(ASKED) >= 30


@pytest.mark.parametrize(("path", "example"), ASKED, ids=[f"{path.stem}: {one.name}" for path, one in ASKED])
def test_every_example_about_times_is_explained_by_what_it_expects(path: Path, example: Example) -> None:
    terms = load_file(path).terms
    steps = carried_out(terms, example.given).steps
    told = [text for root in steps for step in walk(root) for text in texts(step)]
    for expected in values(terms, example):
        assert any(one in text for one in expected for text in told), (expected, told)
    assert [from_data(as_data(step)) for step in steps] == list(steps)


def texts(step: Step) -> tuple[str, ...]:
    return step.result, step.sentence, *(value for _, value in step.inputs)


def values(terms: Terms, example: Example) -> Iterator[tuple[str, ...]]:
    """Write what the example expects as an explanation tells it, in any of the zones that it may use."""
    expect = example.expect
    calendars = [terms.calendar(), *map(terms.calendar, terms.calendars)] if terms.business_hours else []
    for name in DAYS:
        if (day := getattr(expect, name)) is not None:
            assert isinstance(day, date)
            yield (shown.day(day),)
    for name in INSTANTS:
        if (at := getattr(expect, name)) is not None:
            yield tuple(shown.instant(at, zone) for zone in (terms.zone, *(one.zone for one in calendars)))
    yield from ((name,) for name in (expect.severity, expect.priority) if name is not None)
    if expect.claim_in_time is not None:
        yield ("in time",) if expect.claim_in_time else ("late", "without its ticket")
    if expect.overrun_minutes:
        yield (f"{expect.overrun_minutes} minutes are over its allowance",)


def supporting(written: str) -> Terms:
    return load(f"{SOUND}support:\n  severities: {{high: Down}}\n  {written}\n")


def test_a_pause_is_told_with_its_length() -> None:
    terms = supporting("resolution: 4 hours\n  waiting_pauses: [resolution]")
    waiting = (Interval(THURSDAY + HOUR, THURSDAY + 2.5 * HOUR),)
    due = resolution_due(terms, tier="plus", severity="high", since=THURSDAY, pauses=waiting)
    assert due is not None
    assert list(lines(due.step)) == [
        (
            "Resolution: Promised within 4 hours of 1 October 2026, 10:00 (Europe/London): "
            "due by 1 October 2026, 15:30 (Europe/London)."
        ),
        "  Pause: The clock paused for 90 minutes from 1 October 2026, 11:00 (Europe/London).",
    ]


def test_it_is_told_that_another_time_is_promised_outside_the_hours() -> None:
    terms = supporting("response: {plus: {high: {within: 30 minutes, outside_hours: 2 hours}}}")
    due = response_due(terms, tier="plus", severity="high", received=THURSDAY + 9 * HOUR)
    assert due is not None
    step = find(due.step, "Outside hours")
    assert step is not None
    assert step.sentence == (
        "1 October 2026, 19:00 (Europe/London) is outside the hours (Mon-Fri 09:00-17:00), "
        "so 2 hours are promised in place of 30 minutes."
    )


def test_a_day_that_has_closed_is_told_as_the_next_one() -> None:
    due = response_due(
        supporting("response: same business day"), tier="plus", severity="high", received=THURSDAY + 9 * HOUR
    )
    assert due is not None
    step = find(due.step, "Business time")
    assert step is not None
    assert "Day 1 is Fri 02 Oct 2026." in step.sentence


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("given: {cause: sunspots}, expect: {priority: high}", "There is no fact `sunspots`."),
        ("given: {impact: wide, urgency: now}, expect: {priority: high}", "There is no impact `wide`."),
        ("given: {severity: hihg}, expect: {priority: high}", "did you mean `high`?"),
        ("given: {report: story}, expect: {report_owed: true}", "There is no report `story`."),
    ],
)
def test_an_example_that_names_what_the_terms_do_not_know_is_refused(example: str, told: str) -> None:
    with pytest.raises(TermsMalformed) as refused:
        supporting(f"response: 1 hour\nexamples: [{{name: one, {example}}}]")
    assert told in str(refused.value)


def test_an_example_that_tells_too_little_is_told_what_is_missing() -> None:
    text = bent("file_within: 60 days", "file_within: 24 hours\n  counted_from: aware")
    given = 'given: {incident_day: "2027-02-03"}, expect: {claim_deadline: "2027-02-04"}'
    (failure,) = failures(document(f"{text}examples: [{{name: one, {given}}}]\n"))
    assert str(failure.found) == "not told by what is given: Nothing tells the instant of becoming aware."
