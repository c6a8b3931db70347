"""What business time refuses."""

from __future__ import annotations

from kernel.errors import KernelError


class HoursMalformed(KernelError):
    """Opening hours are written per weekday (mon to sun) as pairs such as 09:00, 17:00."""


class NeverOpen(KernelError):
    """The calendar has no business time left in this direction."""


class BeyondCalendar(KernelError):
    """Business time is computed for the years 1900 to 2200."""


class ClosedDate(KernelError):
    """The date is no business day, so it has no closing time."""
