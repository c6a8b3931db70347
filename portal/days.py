"""Last days as a customer needs them: the day, its zone, and when that is where they are."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from kernel import shown


def last_day(bound: datetime, counted_in: tzinfo | str, zone: tzinfo) -> str:
    """Name the last day before an exclusive bound, counted in one zone and read in another.

    Friday, 16 October 2026 (Asia/Hong_Kong), which ends there on 16 October 2026, 16:00 (UTC)
    """
    own = ZoneInfo(counted_in) if isinstance(counted_in, str) else counted_in
    day = shown.last_day(bound, own)
    if shown.zone_name(own) == shown.zone_name(zone):
        return day
    return f"{day}, which ends there on {shown.instant(bound, zone)}"
