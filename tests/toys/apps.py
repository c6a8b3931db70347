"""Django's entry for the toys."""

from django.apps import AppConfig


class ToysApp(AppConfig):
    """Parcels, for the tests of the log and of the deadlines."""

    name = "tests.toys"
    label = "toys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lay the toys' wires, so that real processes have them."""
        from deadlines.registry import register as wake
        from eventstore.subscriptions import register as subscribe
        from tests.toys.commands import arrival_due
        from tests.toys.models import ARRIVAL
        from tests.toys.subscriptions import WATCHING

        wake(ARRIVAL, arrival_due)
        subscribe(WATCHING)
