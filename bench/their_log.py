"""The PyPI library eventsourcing with its PostgreSQL module, doing what our log does."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.clients import Work
from config.services.postgres import OWNER, Cluster

WORDS = "The month's uptime was above the target of your tier, so no credit is due. " * 2
EVENTS = 100


def _theirs_environment(url: str, *, create: bool) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.strip("/"),
        "POSTGRES_HOST": parse_qs(parts.query)["host"][0],
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": "",
        "CREATE_TABLE": "y" if create else "n",
    }


def create_theirs(cluster: Cluster) -> None:
    """Create the library's table, as the owner."""
    from eventsourcing.application import Application

    Application(env=_theirs_environment(cluster.url(OWNER), create=True)).close()


def theirs(_number: int) -> Work:
    """Save one event of an aggregate of one's own with the library's PostgreSQL module."""
    from eventsourcing.application import Application

    from bench.their_claim import TheirClaim

    app = Application[Any](env=_theirs_environment(os.environ["DATABASE_OWNER_URL"], create=False))
    claim = TheirClaim(reason=WORDS)
    app.save(claim)

    def work(share: int) -> None:
        for _ in range(share):
            claim.deny(code="measured_up", reason=WORDS, denied_by="7")
            app.save(claim)

    return work


def their_load(_number: int) -> Work:
    """Get an aggregate of a hundred events from the library's repository."""
    from eventsourcing.application import Application

    from bench.their_claim import TheirClaim

    app = Application[Any](env=_theirs_environment(os.environ["DATABASE_OWNER_URL"], create=False))
    claim = TheirClaim(reason=WORDS)
    for _ in range(EVENTS - 1):
        claim.deny(code="measured_up", reason=WORDS, denied_by="7")
    app.save(claim)

    def work(share: int) -> None:
        for _ in range(share):
            assert app.repository.get(claim.id).version == EVENTS

    return work
