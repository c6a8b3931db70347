"""Filed claims to measure with, each of an account of its own under the shipped terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
IN_FORCE = datetime(2026, 3, 30, tzinfo=UTC)
AT_ONCE = 1_000


def publish_terms() -> None:
    """Publish the agreement that the claims are under."""
    from agreements.commands import publish
    from agreements.shipped import shipped
    from eventstore import SYSTEM

    text = next(path.read_text() for path in shipped() if "apicheap" in path.name)
    publish(text, by=SYSTEM, now=IN_FORCE)


def file_claims(count: int, *, due_in: timedelta = timedelta(days=14), numbers: str = "") -> Iterator[UUID]:
    """File claims by their events, in bulk; give their ids. With `numbers`, of accounts of that name."""
    from claims.events.claim import ClaimFiled, Settlement
    from claims.models.claim import Claim
    from customers.identity import account_id
    from eventstore import SYSTEM, changes
    from kernel.ids import new_id
    from kernel.months import Month

    due_at = NOW + due_in
    for start in range(0, count, AT_ONCE):
        with changes(by=SYSTEM, now=NOW) as batch:
            for number in range(start, min(count, start + AT_ONCE)):
                stream = new_id()
                account = account_id(f"{numbers}{number}") if numbers else new_id()
                batch.begin(Claim, stream).record(
                    ClaimFiled(
                        account=account,
                        agreement="apicheap",
                        month=Month(2026, 10),
                        number=0,
                        terms_version=1,
                        received_at=NOW,
                        times=(),
                        evidence=(),
                        words=None,
                        missing=(),
                        bound=due_at,
                        bound_from="incident",
                        settlement=Settlement(
                            day_zero=NOW.date(), starts_at=NOW, due_at=due_at, warn_at=(), zone="Asia/Hong_Kong"
                        ),
                    )
                )
                yield stream
