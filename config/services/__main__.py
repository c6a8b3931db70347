"""`python -m config.services demo`, `run`, or `test-env COMMAND...`: the embedded servers and what runs on them."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from config.services.console import Console
from config.services.installation import KINDS, PROJECT, CannotStart, Installation
from config.services.places import NoPlace
from config.services.postgres import ServerFailed
from config.services.procfile import ProcfileMalformed
from config.services.servers import Servers, running
from config.services.supervisor import Supervisor

USAGE: Final = "say one of: demo, run, test-env COMMAND..."


def main(arguments: list[str]) -> int:
    """Carry out one word of the command line; what can't start says so in one line."""
    kind, rest = (arguments or [""])[0], arguments[1:]
    try:
        if kind in KINDS and not rest:
            return supervise(kind)
        if kind == "test-env" and rest:
            return with_servers(rest)
    except (CannotStart, ImproperlyConfigured, NoPlace, ServerFailed, ProcfileMalformed) as reason:
        sys.stderr.write(f"make {kind}: {reason}\n")
        return 1
    sys.stderr.write(f"{USAGE}\n")
    return 2


def supervise(kind: str) -> int:
    """Run an installation until asked to stop."""
    installation = Installation.from_environment(kind)
    logs = installation.home / "logs"
    try:
        Supervisor(installation, Console(logs), Servers(installation.home, logs)).run()
    except OSError as error:
        raise installation.unusable(error, account=os.geteuid()) from error
    return 0


def with_servers(command: list[str]) -> int:
    """Run a command with fresh servers that are thrown away after it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="makegood-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)
        with running(Path(home), {}) as addresses:
            environment = {**os.environ, **addresses, "MAKEGOOD_ENV": "test"}
            prepared = [sys.executable, "manage.py", "prepare_database"]
            subprocess.run(prepared, cwd=PROJECT, env=environment, check=True)
            return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
