"""Django's entry for `deadlines`."""

from django.apps import AppConfig


class DeadlinesApp(AppConfig):
    """Durable timers: due, warned, met, missed."""

    name = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"
