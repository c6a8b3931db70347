"""Django's entry for `portal`."""

from django.apps import AppConfig


class PortalApp(AppConfig):
    """Customer portal."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
