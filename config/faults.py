"""What is answered where something failed that nobody expected."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from customers.api.problems import FAILED, MEDIA_TYPE, UNREADABLE, Problem, problem

PROGRAMS: Final = "/api/v1/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what was refused before any view saw it, such as an unknown host."""
    if request.path.startswith(PROGRAMS):
        return _told(problem(status=400, code="bad_request", detail=UNREADABLE))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer programs with problem details and people with a page; neither needs the database."""
    if request.path.startswith(PROGRAMS):
        return _told(problem(status=500, code="failed", detail=FAILED))
    return defaults.server_error(request)


def _told(told: Problem) -> HttpResponse:
    return JsonResponse(told, status=told["status"], content_type=MEDIA_TYPE)
