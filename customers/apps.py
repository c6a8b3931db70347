"""Django's entry for `customers`."""

from django.apps import AppConfig


class CustomersApp(AppConfig):
    """Accounts under an agreement and tier, members, monthly usage, API keys."""

    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"
