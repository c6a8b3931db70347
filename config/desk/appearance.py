"""How the admin looks and where its sidebar leads; read by the settings, so nothing here needs the apps."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy

from kernel import clock, shown

HOME: Final = "config.desk.home.dashboard"


def stylesheet(_request: HttpRequest) -> str:
    """Give the address of the desk's own stylesheet."""
    return static("config/desk.css")


def icon(_request: HttpRequest) -> str:
    """Give the address of the site's icon."""
    return static("portal/icon.svg")


def explanations(_request: HttpRequest) -> str:
    """Give the address of the stylesheet that explanations have everywhere."""
    return static("agreements/explanation.css")


def moved_clock(_request: HttpRequest) -> list[str] | None:
    """Label every page while the clock is moved."""
    offset = clock.offset()
    if not offset:
        return None
    direction = "ahead" if offset.total_seconds() > 0 else "behind"
    return [f"Clock moved: {shown.span(abs(offset))} {direction}", "warning"]


def is_at_parked_events(request: HttpRequest) -> bool:
    """Tell them from the log, which lies below their address."""
    parked = reverse("admin:eventstore_parked_changelist")
    return request.path.startswith(parked) and not request.path.startswith(reverse("admin:eventstore_log"))


def _item(title: str, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}


def _group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


NAVIGATION: Final = [
    {"items": [_item("Desk", "dashboard", "index")]},
    _group(
        "Claims",
        _item("Claims", "gavel", "claims_claim_changelist"),
        _item("Entitlements", "how_to_reg", "claims_entitlement_changelist"),
        _item("Credit", "account_balance", "claims_creditaccount_changelist"),
    ),
    _group(
        "Months",
        _item("Months", "calendar_month", "claims_period_changelist"),
        _item("Statements", "receipt_long", "claims_statement_changelist"),
    ),
    _group(
        "Measurement",
        _item("Services", "monitoring", "uptime_service_changelist"),
        _item("Measured months", "timeline", "uptime_servicemonth_changelist"),
        _item("Exclusions", "event_busy", "uptime_exclusion_changelist"),
        _item("Corrections", "rule", "uptime_correction_changelist"),
    ),
    _group(
        "Customers",
        _item("Accounts", "domain", "customers_account_changelist"),
        _item("Usage", "payments", "customers_usage_changelist"),
        _item("API keys", "key", "customers_apikey_changelist"),
        _item("Agreements", "contract", "agreements_agreement_changelist"),
        _item("Negotiated terms", "handshake", "agreements_override_changelist"),
        {"title": "What if", "icon": "difference", "link": reverse_lazy("what-if")},
    ),
    _group(
        "System",
        _item("Outbox", "outgoing_mail", "notices_mail_changelist"),
        _item("Deadlines", "alarm", "deadlines_deadline_changelist"),
        _item("Parked events", "error", "eventstore_parked_changelist") | {"active": is_at_parked_events},
        _item("Log", "history", "eventstore_log"),
        _item("People", "group", "customers_user_changelist")
        | {"permission": lambda request: request.user.is_superuser},
    ),
]

UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Makegood",
    "SITE_HEADER": "Makegood",
    "SITE_SYMBOL": "handshake",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "config.desk.appearance.moved_clock",
    "DASHBOARD_CALLBACK": HOME,
    "STYLES": [stylesheet, explanations],
    "COLORS": {
        "primary": {
            "50": "#eef7f6",
            "100": "#d5ebe8",
            "200": "#aed8d3",
            "300": "#7dbeb8",
            "400": "#4fa19b",
            "500": "#34857f",
            "600": "#276b67",
            "700": "#225653",
            "800": "#1f4644",
            "900": "#1d3b39",
            "950": "#0c2221",
        }
    },
    "SIDEBAR": {"show_search": True, "navigation": NAVIGATION},
}
