"""What went wrong, as problem details (RFC 9457): `code` is for programs, `detail` for people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from rest_framework.response import Response

from customers.errors import StillCarriedOut
from eventstore.errors import (
    ConcurrencyConflict,
    DomainError,
    ForeignCluster,
    InvalidInput,
    RowBehindLog,
    UnreadableEvent,
)

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "urn:problem-type:makegood:"
AGAIN_AFTER: Final = {"Retry-After": "1"}
UNREADABLE: Final = "The request cannot be read."
FAILED: Final = (
    "Something failed on our side, and we are told of it. Nothing or all of the request was carried out: "
    "send it again later, with the same Idempotency-Key."
)

Problem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a request, and what would mend it."""

    field: str
    value: Any
    problem: str
    mend: str


class FieldsUnusable(InvalidInput):
    """Some of what was sent cannot be used; each field says why and what would mend it."""

    code = "fields_unusable"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class FieldRefused(InvalidInput):
    """A rule refuses what one field says; `rule` tells which, and the fault what would mend it."""

    def __init__(self, rule: DomainError, fault: FieldFault) -> None:
        super().__init__(rule.sentence, clause=rule.clause)
        self.rule = rule
        self.fault = fault


class LengthMissing(DomainError):
    """Say in Content-Length how long the body is: one that is sent in chunks is not read."""

    status = 411
    code = "length_required"


class BodyTooLarge(DomainError):
    """The request is larger than this address takes."""

    status = 413
    code = "body_too_large"


def problem(*, status: int, code: str, detail: str, **more: Any) -> Problem:
    """Write a problem down."""
    title = code.replace("_", " ").capitalize()
    return {"type": TYPES + code, "title": title, "status": status, "detail": detail, "code": code, **more}


def problem_of(error: DomainError) -> Problem:
    """Tell which rule was broken, with its clause where it has one."""
    more: Problem = {"clause": error.clause} if error.clause else {}
    if isinstance(error, FieldsUnusable):
        more["errors"] = [asdict(fault) for fault in error.faults]
    if isinstance(error, FieldRefused):
        more["errors"] = [asdict(error.fault)]
    code = error.rule.code if isinstance(error, FieldRefused) else error.code
    return problem(status=error.status, code=code, detail=error.sentence, **more)


def is_our_fault(error: DomainError) -> bool:
    """Whether the log is at fault, and not what was asked: it may be asked again once that is mended."""
    return isinstance(error, RowBehindLog | ForeignCluster | UnreadableEvent)


def headers_of(error: DomainError) -> Mapping[str, str]:
    """Say when it is worth to ask again."""
    return AGAIN_AFTER if isinstance(error, ConcurrencyConflict | StillCarriedOut) else {}


def answered(body: Problem, *, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a problem."""
    return Response(body, status=body["status"], headers=dict(headers or {}), content_type=MEDIA_TYPE)
