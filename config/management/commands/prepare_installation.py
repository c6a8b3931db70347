"""`manage.py prepare_installation`: everything that must be so before the processes start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prepare the database, publish the agreements that are shipped, collect the static files."""

    help = "Prepares database, agreements and static files; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go through the parts, each of which finds out by itself whether there is something to do."""
        for command in (["prepare_database"], ["agreements", "load"], ["collect_static_files"]):
            call_command(*command, stdout=self.stdout, stderr=self.stderr)
