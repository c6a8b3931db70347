"""Django's entry for `claims`."""

from django.apps import AppConfig


class ClaimsApp(AppConfig):
    """Monthly statements, the claim state machine, credit ledger."""

    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"
