"""Business time: worked time, business days and calendar days, compiled to UTC instants."""

from kernel.business_time.calendar import BusinessCalendar
from kernel.business_time.errors import BeyondCalendar, ClosedDate, HoursMalformed, NeverOpen
from kernel.business_time.explanation import DaysExplanation, UsedWindow, WorkedExplanation
from kernel.business_time.hours import WEEKDAYS, WeeklyHours, Window
from kernel.business_time.results import Counting, Due, DueDay
from kernel.business_time.schedule import Reason, Schedule, SkippedDay

__all__ = [
    "WEEKDAYS",
    "BeyondCalendar",
    "BusinessCalendar",
    "ClosedDate",
    "Counting",
    "DaysExplanation",
    "Due",
    "DueDay",
    "HoursMalformed",
    "NeverOpen",
    "Reason",
    "Schedule",
    "SkippedDay",
    "UsedWindow",
    "WeeklyHours",
    "Window",
    "WorkedExplanation",
]
