"""Django's entry for `workflows`."""

from django.apps import AppConfig


class WorkflowsApp(AppConfig):
    """What happens in one app because of another."""

    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"
