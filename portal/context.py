"""What every page knows besides its own: whether the clock is moved."""

from datetime import UTC

from django.http import HttpRequest

from kernel import clock, shown


def moved_clock(_request: HttpRequest) -> dict[str, str]:
    """Tell by how much the clock is moved, for the banner; nothing where it is real."""
    offset = clock.offset()
    if not offset:
        return {}
    direction = "forward" if offset.total_seconds() > 0 else "back"
    return {
        "moved_clock": f"{shown.span(abs(offset))} {direction}",
        "moved_now": shown.instant(clock.now(), UTC),
    }
