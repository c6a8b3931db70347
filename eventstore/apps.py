"""Django's entry for `eventstore`."""

from django.apps import AppConfig


class EventstoreApp(AppConfig):
    """The append-only log: append, aggregates, subscriptions, replay, verification."""

    name = "eventstore"
    default_auto_field = "django.db.models.BigAutoField"
