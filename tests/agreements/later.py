"""A later version in a test: drafted, announced, mailed in time, and so certain to come into force."""

from __future__ import annotations

from datetime import datetime

from agreements import commands, queries
from eventstore import Actor
from tests.personas import MIRA


def announced_in_time(text: str, *, now: datetime, by: Actor = MIRA) -> int:
    """Draft and announce a text, and let its mails have gone out by the end of its notice; give its number."""
    agreement = queries.name_of(commands.draft(text, by=by, now=now))
    number = queries.every_version(agreement)[-1].number
    commands.announce(agreement, number, by=by, now=now)
    until = queries.version(agreement, number).notice_until
    assert until is not None
    commands.settle_notice(agreement, number, reached=1, not_reached=(), now=until)
    return number
