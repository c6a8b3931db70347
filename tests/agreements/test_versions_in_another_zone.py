"""A later version may count its months in another zone only where no minute is judged twice or never (SEMANTICS 2, 25).

The sound agreement counts months in London: 2026-06 ends on 30 June at 23:00 UTC, 2026-10 on 1 November at 00:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agreements import commands, queries
from agreements.errors import MonthsShifted
from agreements.standing import Standing
from kernel.months import Month
from tests.agreements.texts import APICHEAP, SOUND, bent
from tests.personas import MIRA

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
APART = "keep `Europe/London`; months of another zone are another agreement"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_version() -> None:
    queries.forget()
    commands.publish(SOUND, by=MIRA, now=NOW)


def in_zone(zone: str, begins: str, *, text: str = SOUND, of: str = "Europe/London", since: str = "2026-01-01") -> str:
    moved = bent(f"\ntime_zone: {of}", f"\ntime_zone: {zone}", text=text)
    return bent(f"in_force_from: {since}", f"in_force_from: {begins}", text=moved)


def draft(text: str) -> None:
    commands.draft(text, by=MIRA, now=NOW)


@pytest.mark.parametrize(
    ("zone", "begins", "told", "mend"),
    [
        (
            "Asia/Hong_Kong",
            "2026-07-01",
            (
                "420 minutes would be judged twice: 2026-06 ends by the version before at 30 June 2026, 23:00 (UTC), "
                "2026-07 begins by this one at 30 June 2026, 16:00 (UTC)."
            ),
            APART,
        ),
        (
            "UTC",
            "2026-07-01",
            (
                "60 minutes would be judged by neither version: 2026-06 ends by the version before at 30 June 2026, "
                "23:00 (UTC), 2026-07 begins by this one at 1 July 2026, 00:00 (UTC)."
            ),
            "keep `Europe/London`, or begin on 2026-11-01, when a month begins at one instant in both zones",
        ),
        (
            "America/New_York",
            "2026-11-01",
            (
                "240 minutes would be judged by neither version: 2026-10 ends by the version before at 1 November "
                "2026, 00:00 (UTC), 2026-11 begins by this one at 1 November 2026, 04:00 (UTC)."
            ),
            APART,
        ),
    ],
)
def test_minutes_between_the_versions_are_refused_with_their_number_line_and_mend(
    zone: str, begins: str, told: str, mend: str
) -> None:
    with pytest.raises(MonthsShifted) as refused:
        draft(in_zone(zone, begins))
    first, *_, last = refused.value.sentence.splitlines()
    assert first == f"terms:6:12: time_zone: {told}"
    assert last.strip() == f"mend: {mend}"
    assert len(queries.every_version("sound")) == 1


def test_a_zone_whose_month_begins_at_the_same_instant_can_follow() -> None:
    """In November London's clocks show UTC; from then on months are those of the new zone."""
    draft(in_zone("UTC", "2026-11-01"))
    commands.announce("sound", 2, by=MIRA, now=NOW)
    assert queries.every_version("sound")[-1].standing == Standing.ANNOUNCED
    old, new = (queries.terms_version("sound", number).terms for number in (1, 2))
    assert Month(2026, 10).end(old.zone) == Month(2026, 11).start(new.zone)


def test_the_zone_that_counts_is_that_of_the_version_which_it_replaces_in_the_end() -> None:
    """Drafted to follow months of UTC; the version that would have brought them was withdrawn."""
    draft(in_zone("UTC", "2026-11-01"))
    commands.announce("sound", 2, by=MIRA, now=NOW)
    draft(in_zone("UTC", "2027-07-01"))
    commands.withdraw("sound", 2, reason="A mistake.", by=MIRA, now=NOW)
    with pytest.raises(MonthsShifted, match="60 minutes would be judged by neither version"):
        commands.announce("sound", 3, by=MIRA, now=NOW)
    assert queries.every_version("sound")[-1].standing == Standing.DRAFT


def test_no_minute_of_apicheap_is_judged_by_months_of_two_zones() -> None:
    commands.publish(APICHEAP, by=MIRA, now=NOW)
    text = in_zone("Asia/Hong_Kong", "2027-01-01", text=APICHEAP, of="UTC", since="2026-03-30")
    with pytest.raises(MonthsShifted, match="480 minutes would be judged twice"):
        draft(text)
