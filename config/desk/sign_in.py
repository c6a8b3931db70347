"""The way to the desk: the sign-in that everybody has, with its second factor and its counted attempts."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send operators on to the desk, strangers to the sign-in and back; tell everybody else who may come in."""
    if request.user.is_authenticated and not request.user.is_staff:
        return render(request, "config/desk/operators_only.html", status=403)
    answer: HttpResponse = _by_the_common_sign_in(request)
    return answer


@secure_admin_login  # type: ignore[untyped-decorator]  # allauth has no types
def _by_the_common_sign_in(request: HttpRequest) -> HttpResponse:
    """Let who is signed in go on; no password is ever taken here."""
    return HttpResponseRedirect(get_next_redirect_url(request) or reverse("admin:index"))
