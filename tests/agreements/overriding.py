"""Negotiated terms in a test: a small override of the sound agreement, bent as the test needs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from agreements import overrides, overriding
from eventstore import Actor
from tests.agreements.texts import bent
from tests.personas import MIRA

# The sound agreement promises 99.5 % and pays 10 % from 99.0 % on.
OVERRIDE = """\
overrides: sound
account: "A-1001"
document_date: 2026-05-20
in_force_from: 2026-07-01
clause: Order form 17, §2
changes:
  commitments:
    - name: uptime
      target: {plus: 99.9%}
"""
NOTHING = """\
overrides: sound
account: "A-1001"
document_date: 2026-05-20
in_force_from: 2026-07-01
clause: Order form 18
changes: {}
"""


def negotiated(
    begins: str = "2026-07-01", *, until: str = "", target: str = "99.9%", text: str = OVERRIDE, account: str = "A-1001"
) -> str:
    """Write an override that begins, ends and promises as asked."""
    text = bent("in_force_from: 2026-07-01\n", f"in_force_from: {begins}\n", text=text)
    text = bent('"A-1001"', f'"{account}"', text=text)
    if until:
        text = bent("clause: Order form", f"until: {until}\nclause: Order form", text=text)
    return text.replace("plus: 99.9%", f"plus: {target}")


def agreed(text: str, account: UUID, *, now: datetime, by: Actor = MIRA, agreed_on: date | None = None) -> int:
    """Draft a text and note that the customer agreed to it; give its number."""
    stream = overriding.draft_override(text, account, by=by, now=now)
    agreement, _ = overrides.whose(stream) or ("", account)
    number = overrides.every_override(agreement, account)[-1].number
    overriding.agree_override(
        agreement,
        account,
        number,
        who="Ada Acme, head of buying",
        agreed_on=agreed_on or now.date(),
        where="Order form 17, signed",
        by=by,
        now=now,
    )
    return number
