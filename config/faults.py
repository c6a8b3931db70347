"""What is answered where something failed that nobody expected."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from customers.api.problems import MEDIA_TYPE, problem

FAILED: Final = (
    "Something failed on our side, and we are told of it. Nothing or all of the request was carried out: "
    "send it again later, with the same Idempotency-Key."
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer programs with problem details and people with a page; neither needs the database."""
    if request.path.startswith("/api/"):
        told = problem(status=500, code="failed", detail=FAILED)
        return JsonResponse(told, status=500, content_type=MEDIA_TYPE)
    return defaults.server_error(request)
