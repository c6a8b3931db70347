"""What the API answers when something can not be done: problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from eventstore import DomainError
from kernel.errors import KernelError

CONTENT_TYPE = "application/problem+json"


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a command refuses into 404, 409 or 422, and a shape that does not fit into 422.

    `code` is for programs, `detail` is the sentence for people, `clause` names the rule.
    """
    if isinstance(error, DomainError):
        return _problem(error.status, error.sentence, code=error.code, clause=error.clause)
    if isinstance(error, KernelError):
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), code="invalid")
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, ValidationError):
        detail = "Some fields can not be used."
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, code="invalid", errors=answer.data)
    sentence = answer.data.get("detail", "") if isinstance(answer.data, dict) else ""
    return _problem(answer.status_code, str(sentence), code=_code(error), headers=dict(answer.headers))


def _code(error: Exception) -> str:
    return str(getattr(getattr(error, "detail", None), "code", "") or type(error).__name__.lower())


def _problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    known = {key: value for key, value in more.items() if value}
    return Response({**body, **known}, status=status, headers=headers, content_type=CONTENT_TYPE)
