"""`manage.py prepare_installation`: everything that must be so before the processes start."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prepare the database, publish the agreements that are shipped, collect the static files."""

    help = "Prepares database, agreements and static files; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go through the parts, each of which finds out by itself whether there is something to do."""
        call_command("prepare_database", stdout=self.stdout, stderr=self.stderr)
        if "agreements" in get_commands():
            call_command("agreements", "load", stdout=self.stdout, stderr=self.stderr)
        self._collect_static_files()

    def _collect_static_files(self) -> None:
        """Collect again only when a file has changed: compressing them takes seconds."""
        target = Path(settings.STATIC_ROOT)
        stamp, now = target / ".collected", digest()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            return
        self.stdout.write("collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now, encoding="ascii")


def digest() -> str:
    """Give one digest of the name, time and size of every static file."""
    return hashlib.sha256("".join(_files()).encode()).hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{name}\0{found.st_mtime_ns}\0{found.st_size}\0"
