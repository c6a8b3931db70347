"""The API under /api/v1/: its addresses, and how every refusal is answered."""

import logging
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import UnreadablePostError
from django.urls import include, path, re_path
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from customers.api.problems import UNREADABLE, answered, headers_of, is_our_fault, problem, problem_of
from eventstore import DomainError, NotFound
from eventstore.retrying import is_away
from kernel.errors import KernelError

UNAVAILABLE: Final = "This cannot be answered now. Send it again later, with the same Idempotency-Key."
CUT_OFF: Final = "The body ended before its length: nothing of it was used. Send it again."
logger = logging.getLogger(__name__)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal as problem details; what nobody expected stays an error of the server."""
    if is_away(error) or (isinstance(error, DomainError) and is_our_fault(error)):
        logger.error("the API cannot answer: %s", error)
        return answered(problem(status=503, code="unavailable", detail=UNAVAILABLE), headers={"Retry-After": "30"})
    if isinstance(error, DomainError):
        return answered(problem_of(error), headers=headers_of(error))
    if isinstance(error, KernelError):
        return answered(problem(status=422, code="invalid", detail=str(error)))
    if isinstance(error, SuspiciousOperation | RecursionError):
        return answered(problem(status=400, code="bad_request", detail=UNREADABLE))
    if isinstance(error, UnreadablePostError):
        return answered(problem(status=400, code="body_cut_off", detail=CUT_OFF))
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return answered(_told(error, response.status_code), headers=headers)


def _told(error: Exception, status: int) -> dict[str, Any]:
    if isinstance(error, exceptions.APIException):
        detail = error.detail if isinstance(error.detail, str) else "The request cannot be used."
        return problem(status=status, code=str(getattr(detail, "code", error.default_code)), detail=str(detail))
    return problem(status=status, code=NotFound.code, detail="There is nothing at this address.")


class Nowhere(APIView):
    """Every other address of the API."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Refuse."""
        raise NotFound("There is nothing at this address.")


app_name = "api"
urlpatterns = [
    path("", include("customers.api.urls")),
    path("", include("claims.api.urls")),
    re_path("", Nowhere.as_view(schema=None), name="nowhere"),
]
