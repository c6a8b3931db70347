"""Which address leads to which room."""

from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.desk import whatif
from config.desk.sign_in import sign_in
from config.health import health


def no_such_page(_request: HttpRequest) -> NoReturn:
    """Close allauth's page of addresses: one person is one address, which an operator changes."""
    raise Http404


handler400 = "config.faults.bad_request"
handler500 = "config.faults.server_error"

urlpatterns = [
    path("", include("portal.urls")),
    path("health/", health, name="health"),
    path("admin/what-if/", include(whatif.routes())),
    path("admin/login/", sign_in),  # before the admin's own, which asks for no second factor
    path("admin/", admin.site.urls),
    path("accounts/email/", no_such_page),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("config.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]
