"""The identities of things: typed ids, derived where the thing is unique, random otherwise."""

from __future__ import annotations

import secrets
import time
from hashlib import sha1
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
AgreementId = NewType("AgreementId", UUID)
ClaimId = NewType("ClaimId", UUID)
EntitlementId = NewType("EntitlementId", UUID)
ExclusionId = NewType("ExclusionId", UUID)
MonitorId = NewType("MonitorId", UUID)
MonthId = NewType("MonthId", UUID)
OutageId = NewType("OutageId", UUID)
ServiceId = NewType("ServiceId", UUID)
StatementId = NewType("StatementId", UUID)

NAMESPACE = UUID("6d616b65-676f-4f64-8000-6b65726e656c")

_VERSION_5 = 5 << 76
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62
_REST = (1 << 128) - 1 & ~(0xF << 76) & ~(3 << 62)
_NANOSECONDS_IN_MILLISECOND = 1_000_000


def derived(*parts: object) -> UUID:
    """Name the thing that these parts make unique: the same parts always give the same id.

    Each part is length-prefixed, so that ("ab", "c") and ("a", "bc") are different things. It is
    an id of version 5 (RFC 9562), put together here in two thirds of the time that uuid5 takes.
    """
    name = "".join([f"{len(text)}:{text}" for text in map(str, parts)])
    digest = sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & _REST | _VERSION_5 | _VARIANT)


def new_id() -> UUID:
    """Make an id of version 7 (RFC 9562, method 3): ids sort by the moment they were made.

    It takes the machine's real time even where the clock is moved: an id is no date.
    """
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS_IN_MILLISECOND)
    within = rest * 4096 // _NANOSECONDS_IN_MILLISECOND
    return UUID(int=milliseconds << 80 | _VERSION_7 | within << 64 | _VARIANT | secrets.randbits(62))
