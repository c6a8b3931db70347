"""Django's entry for `uptime`."""

from django.apps import AppConfig


class UptimeApp(AppConfig):
    """Monitors, checks, outages, minutes of a month."""

    name = "uptime"
    default_auto_field = "django.db.models.BigAutoField"
