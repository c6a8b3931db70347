"""What happened to negotiated terms, in the operators' words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from agreements import events
from claims.admin.happenings import Teller
from eventstore import Event
from kernel import shown


def _at(instant: datetime) -> str:
    return shown.instant(instant, UTC)


def _drafted(event: events.OverrideDrafted) -> tuple[str, str]:
    until = f" until {_at(event.until)}" if event.until else ""
    return f"Version {event.number} drafted", f"{event.clause}, from {_at(event.in_force_from)}{until}."


def _announced(event: events.VersionAnnounced) -> tuple[str, str]:
    return f"Version {event.number} announced", f"Its mail has to be handed over by {_at(event.notice_until)}."


def _agreed(event: events.VersionAgreed) -> tuple[str, str]:
    words = f"{event.who.reveal()}, on {event.agreed_on:%Y-%m-%d}: {event.where}"
    return f"Version {event.number} agreed by the customer", words


def _mailed(event: events.CustomersMailed) -> tuple[str, str]:
    words = "" if event.accounts else "Nobody belongs to the account, so nobody was mailed."
    return f"Mails about version {event.number} are in the outbox", words


def _told(event: events.AccountTold) -> tuple[str, str]:
    return f"Told otherwise of version {event.number}", f"{_at(event.told_at)}: {event.how}"


def _failed(event: events.NoticeFailed) -> tuple[str, str]:
    return f"Version {event.number} lapsed", "Its announcement did not reach the account in time."


def _withdrawn(event: events.VersionWithdrawn) -> tuple[str, str]:
    return f"Version {event.number} withdrawn", event.reason


def _took_effect(event: events.VersionTookEffect) -> tuple[str, str]:
    words = "" if event.superseded is None else f"It took the place of version {event.superseded}."
    return f"Version {event.number} came into force", words


def _numbered(title: str) -> Callable[[Any], tuple[str, str]]:
    return lambda event: (title.format(event.number), "")


TELLERS: Final[Mapping[type[Event], Teller]] = {
    events.OverrideDrafted: _drafted,
    events.VersionAnnounced: _announced,
    events.VersionAgreed: _agreed,
    events.CustomersMailed: _mailed,
    events.AccountTold: _told,
    events.NoticeGiven: _numbered("Version {} announced in time"),
    events.NoticeFailed: _failed,
    events.VersionWithdrawn: _withdrawn,
    events.VersionTookEffect: _took_effect,
    events.OverrideEnded: _numbered("Version {} ended on its day"),
}
