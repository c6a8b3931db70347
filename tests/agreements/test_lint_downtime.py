"""The linter on terms by which nothing could be down: by their rules, or by their words taken literally."""

from __future__ import annotations

import pytest

from agreements.lint import findings
from agreements.shipped import FOLDER as SHIPPED
from agreements.terms import load_file
from tests.agreements.lint_faults import TWO_TIERS, Fault, found, is_found_until_mended, only, target, with_parts
from tests.agreements.published_cases import FOLDER as PUBLISHED
from tests.agreements.texts import SOUND, bent

CODE = "nothing_is_down"
DAILY = "{monday-sunday: '00:00-24:00'}"
PLANNED = "excused: {planned_maintenance: counts_as_up}\nmaintenance: {planned: {notice: 48 hours}}\n"


def down(written: str) -> str:
    return bent("    target: {plus", f"    down: {written}\n    target: {{plus")


def windows(*written: str, more: str = "", text: str = SOUND) -> str:
    listed = "".join(f"      - {{{window}}}\n" for window in written)
    return with_parts(f"excused:\n  upkeep:\n    treatment: counts_as_up\n{more}    windows:\n{listed}", text)


def category(means: str) -> str:
    return with_parts(f"excused:\n  own: {{treatment: outage_leaves_total, means: {means}}}\n")


def says(*sentences: str, text: str = SOUND) -> str:
    listed = "".join(f"  - {{about: downtime, says: '{sentence}'}}\n" for sentence in sentences)
    return with_parts(f"sentences:\n{listed}", text)


TWO_PLANS = target("99.5%", TWO_TIERS)
FAULTS = (
    Fault(
        code=CODE,
        text=down("a minute with an error rate above 100%"),
        line="down: a minute with an error rate above 100%",
        clause="§2",
        values=("a minute with an error rate above 100%",),
        sentence="Nothing can ever meet `a minute with an error rate above 100%`: nothing is downtime.",
        mended=down("a minute with an error rate of at least 100%"),
    ),
    Fault(
        code=CODE,
        text=down("{when: a failed minute, parts: more than 100%}"),
        line="down: {when: a failed minute, parts: more than 100%}",
        clause="§2",
        values=("more than 100%",),
        sentence="More than 100% of the parts never fail: nothing is downtime.",
        mended=down("{when: a failed minute, parts: at least 100%}"),
    ),
    Fault(
        code=CODE,
        text=windows(f"hours: {DAILY}"),
        line="windows:",
        values=("plus",),
        sentence="Fixed windows excuse every minute of the week, without a limit: nothing is downtime.",
        # one minute of the week is left
        mended=windows("hours: {monday-saturday: '00:00-24:00', sunday: '00:00-23:59'}"),
    ),
    Fault(
        code=CODE,
        # the hours of two zones together: 21:00 in Tokyo is 12:00 UTC
        text=windows(
            "hours: {monday-sunday: '00:00-12:00'}, time_zone: UTC",
            "hours: {monday-sunday: '21:00-24:00'}, time_zone: Asia/Tokyo",
            "hours: {monday-sunday: '00:00-09:00'}, time_zone: Asia/Tokyo",
        ),
        line="windows:",
        values=("plus",),
        sentence="Fixed windows excuse every minute of the week, without a limit: nothing is downtime.",
        mended=windows(
            "hours: {monday-sunday: '00:00-12:00'}, time_zone: UTC",
            "hours: {monday-sunday: '21:00-24:00'}, time_zone: Asia/Tokyo",
            "hours: {monday-sunday: '00:01-09:00'}, time_zone: Asia/Tokyo",
        ),
    ),
    Fault(
        code=CODE,
        text=windows(f"hours: {DAILY}, weeks: [first, second, third, fourth, last]"),
        line="windows:",
        values=("plus",),
        sentence="Fixed windows excuse every minute of the week, without a limit: nothing is downtime.",
        # a month with five Sundays has one that is none of the first four
        mended=windows(f"hours: {DAILY}, weeks: [first, second, third, fourth]"),
    ),
    Fault(
        code=CODE,
        text=windows(f"hours: {DAILY}", more="    tiers: [max]\n", text=TWO_PLANS),
        line="windows:",
        values=("max",),
        sentence="Fixed windows excuse every minute of the week for Max, without a limit: nothing is downtime.",
        mended=windows(f"hours: {DAILY}", more="    allowance: {per_month: 4 hours}\n", text=TWO_PLANS),
    ),
    Fault(
        code=CODE,
        text=category("Any interruption or unavailability of the API"),
        line="own: {treatment: outage_leaves_total, means: Any interruption or unavailability of the API}",
        values=("Any interruption or unavailability of the API",),
        sentence=(
            "own excuses “Any interruption or unavailability of the API”, which names no cause but is what downtime "
            "is: literally, nothing is downtime."
        ),
        mended=category("Any interruption or unavailability of the API that the customer caused"),
    ),
    Fault(
        code=CODE,
        text=says("Downtime does not include maintenance, unavailability due to Unscheduled Downtime, or abuse."),
        line=(
            "- {about: downtime, says: 'Downtime does not include maintenance, unavailability due to Unscheduled "
            "Downtime, or abuse.'}"
        ),
        values=("unavailability due to Unscheduled Downtime",),
        sentence=(
            "The document's words exclude from downtime “unavailability due to Unscheduled Downtime”, which names no "
            "cause but is what downtime is: literally, only what was scheduled is downtime."
        ),
        mended=says(
            "Downtime does not include maintenance, unavailability due to Unscheduled Downtime, or abuse.",
            "Unscheduled Downtime means unavailability that a third party caused.",
        ),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.line)
def test_a_fault_is_found_with_its_line_and_values_until_it_is_mended(fault: Fault) -> None:
    is_found_until_mended(fault)


def test_nothing_is_left_where_scheduled_downtime_is_excused_as_well() -> None:
    sentence = only(says("Unplanned outages are excluded from downtime.", text=with_parts(PLANNED)), CODE).sentence
    assert sentence.endswith("literally, nothing is downtime.")


@pytest.mark.parametrize(
    "sentence",
    [
        "Downtime excludes any time when the service is not available.",
        "Unplanned outages do not count.",
        "Outages shall not be considered downtime.",
        "Any unavailability is excluded from the calculation of the monthly uptime percentage.",
        "Downtime does not include downtime other than planned downtime.",
        "Downtime excludes Incidents. Incidents means any unavailability of the service.",
    ],
)
def test_words_that_exclude_downtime_itself_are_found(sentence: str) -> None:
    assert len(found(says(sentence), CODE)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Uptime does not include downtime.",
        "Availability is the share of all minutes, excluding downtime.",
        "Downtime is not counted as uptime.",
        "Downtime does not include unavailability due to force majeure.",
        "Downtime does not include outages, interruptions or disruptions caused by third parties.",
        "Downtime does not include outages or interruptions of less than 5 minutes.",
        "Outages are not considered downtime when the customer caused them.",
        "Downtime does not include partial outages.",
        "Downtime does not include unavailability of the archive.",
        "Downtime does not include scheduled downtime.",
        "Downtime does not include Unscheduled Downtime. Unscheduled Downtime means outages by an act of war.",
        "The monthly fee does not include outages.",
        "Downtime means any minute in which the service is unavailable.",
    ],
)
def test_words_that_name_a_cause_or_define_are_none(sentence: str) -> None:
    assert found(says(sentence), CODE) == []


def test_windows_that_need_an_announcement_excuse_nothing_by_themselves() -> None:
    assert found(windows(f"hours: {DAILY}, announced: true"), CODE) == []


def test_one_condition_that_can_be_met_is_enough() -> None:
    assert found(down("[a minute with an error rate above 100%, a failed minute]"), CODE) == []


def test_of_all_agreements_that_are_at_hand_only_one_is_so() -> None:
    files = [*SHIPPED.glob("*.yaml"), *PUBLISHED.glob("*.yaml")]
    coded = {path.stem for path in files for finding in findings(load_file(path)) if finding.code == CODE}
    assert coded == {"neon-2026"}
