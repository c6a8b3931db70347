"""`manage.py collect_static_files`: collect them where one has changed, which a start can afford each time."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Compressing and hashing takes seconds, so a stamp beside the files says what they were made from."""

    help = "Collects the static files, unless they were collected from the same files before."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare the stamp, and collect into a cleared directory where it differs."""
        target = Path(settings.STATIC_ROOT)
        stamp, now = target / ".collected", digest()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            return
        self.stdout.write("collecting the static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now, encoding="ascii")


def digest() -> str:
    """Give one digest of the name, time and size of every static file, and of how they are stored."""
    how = settings.STORAGES["staticfiles"]["BACKEND"]
    return hashlib.sha256("".join([how, *_files()]).encode()).hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{name}\0{found.st_mtime_ns}\0{found.st_size}\0"
