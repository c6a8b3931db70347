"""Django's entry for `notices`."""

from django.apps import AppConfig


class NoticesApp(AppConfig):
    """E-mail out, through the outbox."""

    name = "notices"
    default_auto_field = "django.db.models.BigAutoField"
