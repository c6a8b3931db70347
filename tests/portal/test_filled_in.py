"""The times that a filing form begins with: sent as they are, they are the times that were measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from agreements import queries as agreements
from claims.models.claim import Claim
from customers.models import Role
from kernel.intervals import Interval, Ranges, minute_of
from kernel.minutes import MonthMinutes, Outage
from tests.claims import october
from tests.claims.history import OCTOBER, at
from tests.personas import ACME
from tests.portal.conftest import visitor
from tests.portal.visitors import Visitor

FORM = "months/2026-10/claim/"
HOUR = timedelta(hours=1)


@pytest.fixture
def told(db: None, monday: None, settings: LazySettings, tmp_path: Path) -> None:
    """Keep evidence apart; what was measured is each test's own."""
    settings.MEDIA_ROOT = tmp_path


@contextmanager
def october_down(*times: Interval, zone: str = "UTC") -> Iterator[Visitor]:
    """Let October, a month of this zone, be closed with these times down, and give Acme's owner."""
    pairs = [(minute_of(one.start), minute_of(one.end)) for one in times]
    minutes = MonthMinutes(
        first=OCTOBER.first_minute(ZoneInfo(zone)),
        last=OCTOBER.last_minute(ZoneInfo(zone)),
        down=Ranges.of(*pairs),
        outages=tuple(Outage(start_minute=a, end_minute=b, unexcused=Ranges.of((a, b))) for a, b in pairs),
    )
    agreements.forget()
    with october.measured_by(m2026_10=minutes):
        october.publish(("time_zone: UTC                #", f"time_zone: {zone} #"))
        october.open_accounts(acme="pro")
        october.use("200")
        october.close()
        yield visitor("Ada", ACME, Role.OWNER)


def filled_in(person: Visitor) -> str:
    """Read the times of the form as it is opened."""
    times: str = person.get(FORM).context["form"]["times"].value()
    return times


@pytest.mark.usefixtures("told")
def test_a_time_that_comes_twice_is_claimed_as_it_was_measured() -> None:
    """In Berlin the clock went from 03:00 back to 02:00 on 25 October, at 01:00 UTC."""
    across = Interval(at("2026-10-25T00:40Z"), at("2026-10-25T01:20Z"))
    after = Interval(at("2026-10-25T01:30Z"), at("2026-10-25T02:00Z"))
    with october_down(across, after, zone="Europe/Berlin") as ada:
        assert filled_in(ada).splitlines() == [
            "2026-10-25 02:40+02:00 to 2026-10-25 02:20+01:00",
            "2026-10-25 02:30+01:00 to 2026-10-25 03:00",
        ]
        assert "the times from 02:00 to 03:00 come twice" in ada.read(FORM)

        ada.filed(times=filled_in(ada))

    assert Claim.objects.get().times == (across, after)


@pytest.mark.usefixtures("told")
def test_a_month_with_more_outages_than_the_form_takes_is_claimed_with_the_longest() -> None:
    """Thirteen of half an hour, then fifty of a whole one."""
    begin = at("2026-10-01T00:00Z")
    short = [Interval(begin + one * 4 * HOUR, begin + one * 4 * HOUR + HOUR / 2) for one in range(13)]
    long = [Interval(begin + one * 4 * HOUR, begin + one * 4 * HOUR + HOUR) for one in range(13, 63)]
    with october_down(*short, *long) as ada:
        assert "of the 63 stretches that we measured the 50 longest are filled in" in ada.read(FORM)

        ada.filed(times=filled_in(ada))

    assert Claim.objects.get().times == tuple(long)


@pytest.mark.usefixtures("told")
def test_as_many_outages_as_the_form_takes_are_all_filled_in() -> None:
    begin = at("2026-10-01T00:00Z")
    times = [Interval(begin + one * 4 * HOUR, begin + one * 4 * HOUR + HOUR) for one in range(50)]
    with october_down(*times) as ada:
        assert "those that we measured are filled in" in ada.read(FORM)

        ada.filed(times=filled_in(ada))

    assert Claim.objects.get().times == tuple(times)
