"""What is answered where something failed that nobody expected."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from customers.api.problems import FAILED, MEDIA_TYPE, problem


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer programs with problem details and people with a page; neither needs the database."""
    if request.path.startswith("/api/"):
        told = problem(status=500, code="failed", detail=FAILED)
        return JsonResponse(told, status=500, content_type=MEDIA_TYPE)
    return defaults.server_error(request)
