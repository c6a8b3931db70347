"""`manage.py lifecycles`: print the state diagram of every aggregate."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from eventstore.catalogue import aggregates
from eventstore.lifecycles import document


class Command(BaseCommand):
    """Print docs/lifecycles.md, or the chapters of the aggregates that are named."""

    help = "Print the lifecycles of all aggregates, or of those named, as Markdown with Mermaid diagrams."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of aggregates."""
        parser.add_argument("aggregates", nargs="*", help="for instance claims.Claim; default all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        wanted = set(options["aggregates"])
        chosen = [model for model in aggregates() if not wanted or model._meta.label in wanted]
        self.stdout.write(document(chosen), ending="")
