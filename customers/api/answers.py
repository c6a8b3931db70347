"""A request that changes something is carried out once per `Idempotency-Key`, and a repeat gets its answer."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from customers import commands
from customers.api.asking import naming
from customers.api.keys import Program
from customers.api.problems import FieldFault, FieldsUnusable, answered, is_our_fault, problem_of
from customers.commands import Answer, Asked
from customers.errors import RequestDiffers
from eventstore import ConcurrencyConflict, DomainError, once
from eventstore.retrying import patiently
from kernel.ids import derived, new_id

HEADER: Final = "Idempotency-Key"
REPEATED: Final = "Idempotency-Replayed"
MEND: Final = "Send 1 to 255 visible ASCII characters, such as a UUID, that no other request has."
USABLE: Final = "[!-~]{1,255}"
_DECIDED: Final = 409


@dataclass(frozen=True, slots=True)
class Commands:
    """The command ids of one request: derived from its key, so that a repeat finds what was done."""

    request: UUID

    @contextmanager
    def once(self, name: str) -> Iterator[None]:
        """Carry out one command of the request, once."""
        with once(derived(self.request, name)):
            yield


CarryOut = Callable[[Commands], Answer]


def carried_out(request: Request, carry_out: CarryOut, *, now: datetime) -> Response:
    """Carry out a request in one transaction; one that was named before is given its answer.

    Errors: FieldsUnusable, RequestDiffers, StillCarriedOut, and what the commands refuse.
    """
    asked = _asked(request)
    if asked is None:
        unnamed = Commands(new_id())
        return _response(patiently(transaction.atomic(lambda: carry_out(unnamed))))
    named = Commands(asked.id)
    with naming({HEADER: request.headers[HEADER]}, {RequestDiffers: (HEADER, MEND)}):
        return _response(commands.answer_once(asked, lambda: _decided(carry_out, named), now=now))


def carried_out_in_parts(request: Request, carry_out: Callable[[], Answer], *, now: datetime) -> Response:
    """The same for work in short transactions of its own, of which a second time changes nothing."""
    asked = _asked(request)
    if asked is None:
        return _response(carry_out())
    with naming({HEADER: request.headers[HEADER]}, {RequestDiffers: (HEADER, MEND)}):
        return _response(commands.answer_in_parts(asked, carry_out, now=now))


def require_usable_key(request: Request) -> None:
    """Refuse an Idempotency-Key that is none. Errors: FieldsUnusable."""
    name = request.headers.get(HEADER)
    if name is not None and re.fullmatch(USABLE, name) is None:
        raise FieldsUnusable([FieldFault(HEADER, name[:255], "This is no usable key.", MEND)])


def _decided(carry_out: CarryOut, named: Commands) -> Answer:
    """Keep a refusal by a rule like any answer; input that cannot be used may be mended and sent again."""
    try:
        with transaction.atomic():
            return carry_out(named)
    except ConcurrencyConflict:
        raise
    except DomainError as error:
        if error.status != _DECIDED or is_our_fault(error):
            raise
        return Answer(error.status, problem_of(error))


def _response(answer: Answer) -> Response:
    headers = {"Location": answer.location} if answer.location else {}
    if answer.repeated:
        headers[REPEATED] = "true"
    if answer.status >= 400:
        return answered(answer.body, headers=headers)
    return Response(answer.body, status=answer.status, headers=headers)


def _asked(request: Request) -> Asked | None:
    name = request.headers.get(HEADER)
    if name is None:
        return None
    require_usable_key(request)
    program = cast("Program", request.user)
    subject = program.holder.account if program.holder else program.pk
    return Asked(derived("api request", program.pk, name), program.pk, subject, _fingerprint(request))


def _fingerprint(request: Request) -> str:
    """Digest what is asked for; the borders of a form's parts, and the order of its fields, do not matter."""
    wanted = [request.method, request.get_full_path(), _plainly(request.data)]
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def _plainly(value: Any) -> Any:
    if isinstance(value, QueryDict):
        return {name: [_plainly(one) for one in value.getlist(name)] for name in value}
    if isinstance(value, UploadedFile):
        return [value.name, _digest(value)]
    if isinstance(value, Mapping):
        return {str(name): _plainly(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plainly(one) for one in value]
    return value


def _digest(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
