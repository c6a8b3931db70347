"""Carrying out a program's request once, with the answer kept beside what it did."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from customers.errors import AnswerErased, RequestDiffers, StillCarriedOut
from customers.models import KeptAnswer
from eventstore import ERASED, Private
from eventstore.retrying import patiently

HOLD: Final = "SELECT pg_try_advisory_xact_lock(%s)"
FORGOTTEN_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a program named: `id` is its command's, `subject` whose data the answer may hold."""

    id: UUID
    key: UUID
    subject: UUID
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with; `repeated` where it was carried out before."""

    status: int
    body: Any
    location: str = ""
    repeated: bool = False


def answer_once(asked: Asked, carry_out: Callable[[], Answer], *, now: datetime) -> Answer:
    """Carry a request out and keep its answer in the same transaction; give a repeat the kept one.

    Errors: RequestDiffers, StillCarriedOut, AnswerErased.
    """
    return patiently(partial(_answer_once, asked, carry_out, now=now))


@transaction.atomic
def _answer_once(asked: Asked, carry_out: Callable[[], Answer], *, now: datetime) -> Answer:
    _hold(asked)
    kept = _kept(asked)
    if kept is not None:
        return kept
    answer = carry_out()
    _keep(asked, answer, now=now)
    return answer


def answer_in_parts(asked: Asked, carry_out: Callable[[], Answer], *, now: datetime) -> Answer:
    """The same for work that writes in short transactions of its own and may be done twice.

    Errors: RequestDiffers, AnswerErased.
    """
    kept = _kept(asked)
    if kept is not None:
        return kept
    answer = carry_out()
    _keep(asked, answer, now=now)
    return answer


def forget_answers(*, before: datetime) -> int:
    """Drop answers that were kept before an instant, some at a time; return how many."""
    old = KeptAnswer.objects.filter(answered_at__lt=before).order_by("answered_at", "id")
    dropped = 0
    while ids := list(old.values_list("id", flat=True)[:FORGOTTEN_AT_ONCE]):
        dropped += KeptAnswer.objects.filter(id__in=ids).delete()[0]
    return dropped


def _hold(asked: Asked) -> None:
    """Let no other process carry out the same request until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, (lock_of(asked.id),))
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise StillCarriedOut


def lock_of(request: UUID) -> int:
    """Number the lock of a request."""
    return int.from_bytes(request.bytes[:8], signed=True)


def _kept(asked: Asked) -> Answer | None:
    row = KeptAnswer.objects.filter(id=asked.id).first()
    if row is None:
        return None
    if not hmac.compare_digest(row.fingerprint, asked.fingerprint):
        raise RequestDiffers
    body = row.body.reveal()
    if body == ERASED:
        raise AnswerErased
    return Answer(row.status, json.loads(body), row.location, repeated=True)


def _keep(asked: Asked, answer: Answer, *, now: datetime) -> None:
    body = Private.seal(json.dumps(answer.body), subject=asked.subject)
    KeptAnswer.objects.bulk_create(
        [
            KeptAnswer(
                id=asked.id,
                key=asked.key,
                fingerprint=asked.fingerprint,
                status=answer.status,
                location=answer.location,
                body=body,
                answered_at=now,
            )
        ],
        ignore_conflicts=True,
    )
