"""Django's entry for `agreements`."""

from django.apps import AppConfig


class AgreementsApp(AppConfig):
    """The SLA as data: terms format, linter, worked examples, published versions."""

    name = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
