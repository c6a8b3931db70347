"""Django's entry for `config`."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """Settings, urls, Celery app, embedded services, registration."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what only the whole knows."""
        from config import checks, registration  # noqa: F401 — checks register themselves

        registration.register()
