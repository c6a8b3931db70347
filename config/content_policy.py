"""What pages may load and send: from here only, and by no script in the portal (Content-Security-Policy)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
# Images as data: the QR code of two-step sign-in is drawn on the page.
PORTAL = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The desk and the API's documentation are pages of libraries with scripts and styles in them.
WITH_SCRIPTS = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
SCRIPTED = ("/admin/", "/api/")


def content_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Send the policy with every answer that has none of its own."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault(HEADER, WITH_SCRIPTS if request.path.startswith(SCRIPTED) else PORTAL)
        return response

    return answer
