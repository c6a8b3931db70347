"""One installation on this machine: its directory, its lock, and the environment that its processes get."""

import errno
import fcntl
import os
import pwd
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from config import environment

PROJECT: Final = Path(__file__).resolve().parent.parent.parent
KINDS: Final = ("demo", "run")
MODES: Final[Mapping[str, str]] = {"demo": "demo", "run": "production"}
# What the environment says of these stands in our own values already.
FIXED: Final = frozenset({"MAKEGOOD_ENV", "MAKEGOOD_DATA", "MAKEGOOD_BIND", "SECRET_KEY"})
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
NOT_OURS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR})
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared with, not listened on)


class CannotStart(RuntimeError):
    """The installation can't be started; the text is the one line that its operator reads."""


@dataclass(frozen=True)
class Installation:
    """What `make demo` or `make run` keeps below the data directory."""

    kind: str
    root: Path
    address: str
    port: int

    @classmethod
    def from_environment(cls, kind: str) -> "Installation":
        """Take the data directory, the address and the port from the environment."""
        return cls(
            kind=kind,
            root=environment.path("MAKEGOOD_DATA", PROJECT / ".data"),
            address=environment.text("MAKEGOOD_BIND", "127.0.0.1").strip("[]"),
            port=environment.whole("PORT", 8000, least=1, most=65_535),
        )

    @property
    def home(self) -> Path:
        """Where everything of this installation lies."""
        return self.root / self.kind

    @property
    def url(self) -> str:
        """The address at which people reach it."""
        here = self.address if self.address in environment.LOOPBACK else "127.0.0.1"
        return environment.site("MAKEGOOD_URL", f"http://{environment.bracketed(here)}:{self.port}")

    @property
    def local_address(self) -> str:
        """The address at which this machine reaches it."""
        return EVERYWHERE.get(self.address, self.address)

    def make_directories(self) -> None:
        """Make the directories that its parts expect; files with people's data are for their owner only."""
        for name in ("logs", "files", "mail"):
            directory = self.home / name
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(0o700)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the installation: the kernel lets go of the lock when we end, in whatever way."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise CannotStart(f"it is running here already ({lock.read().strip()}); stop that one first") from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()} at {self.url}\n")
            lock.flush()
            yield

    def unusable(self, error: OSError, *, account: int) -> CannotStart:
        """Say what of the data directory an account can't use, and the mend. Errors: `error`, if of another kind."""
        if error.errno not in NO_ROOM | NOT_OURS:
            raise error
        path = Path(os.fsdecode(error.filename or self.home))
        owner = _owner(path)
        if error.errno in NO_ROOM:
            mend = "make room there, or"
        elif owner != account:
            mend = f"it belongs to the account {_name(owner)}; start it as that, or"
        else:
            mend = "make it a directory that this account may write, or"
        elsewhere = f"choose another, such as MAKEGOOD_DATA=/another/directory make {self.kind}"
        return CannotStart(f"{path} can't be used ({error.strerror}); {mend} {elsewhere}")

    def require_free_port(self) -> None:
        """Say before anything is started that the port is taken."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.address, self.port))
                probe.listen()
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    why = f"port {self.port} on {self.address} is taken"
                else:
                    why = f"port {self.port} on {self.address} can't be used ({error.strerror})"
                raise CannotStart(f"{why}; choose another, such as PORT={self.port + 1} make {self.kind}") from None

    def variables(self, servers: Mapping[str, str]) -> dict[str, str]:
        """Give what every process of the installation finds in its environment; what is set already wins."""
        own = {
            "MAKEGOOD_ENV": MODES[self.kind],
            "MAKEGOOD_DATA": str(self.home),
            "MAKEGOOD_URL": self.url,
            "MAKEGOOD_FILES": str(self.home / "files"),
            "MAKEGOOD_MAIL": str(self.home / "mail"),
            "MAKEGOOD_STATIC": str(self.home / "static"),
            "MAKEGOOD_WORKERS": "2",
            "MAKEGOOD_BIND": environment.bracketed(self.address),
            "PORT": str(self.port),
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self._secret_key(),
        }
        said = {name: os.environ[name] for name in own if name in os.environ and name not in FIXED}
        return own | said | dict(servers)

    def complete_environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Give a child's whole environment: ours, the installation's, and this Python's programs first."""
        path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, **variables, "PATH": path, "PYTHONUNBUFFERED": "1"}

    def leave_word(self, variables: Mapping[str, str]) -> None:
        """Write the file by which `manage.py` finds the running installation: of two, the one that started last."""
        text = "".join(f"{name}={value}\n" for name, value in sorted(variables.items()))
        fresh = self.home / f"environment.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.home / "environment")
        self._lead_to(self.kind)

    def take_word_back(self) -> None:
        """Remove that file; `manage.py` finds an installation that still runs beside ours."""
        (self.home / "environment").unlink(missing_ok=True)
        beside = [kind for kind in KINDS if (self.root / kind / "environment").is_file()]
        if beside:
            self._lead_to(beside[0])
        else:
            (self.root / "environment").unlink(missing_ok=True)

    def _lead_to(self, kind: str) -> None:
        link = self.root / f"environment.{os.getpid()}"
        link.symlink_to(Path(kind) / "environment")
        link.replace(self.root / "environment")

    def _secret_key(self) -> str:
        path = self.home / "secret_key"
        if not path.exists():
            self._make_secret_key(path)
        key = path.read_text(encoding="utf-8").strip()
        if not key:
            raise CannotStart(f"{path} is empty; remove it, and a new one is made: everybody signs in again")
        return key

    def _make_secret_key(self, path: Path) -> None:
        """Write it beside its place first, and onto the disk, so that a crash leaves all of it or nothing."""
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def host_header(self) -> str:
        """Give the host under which the site answers, for a request from this machine."""
        return urlsplit(self.url).netloc


def _owner(path: Path) -> int:
    """Return the account that a path belongs to, or what is above it where we may not look."""
    for place in (path, *path.parents):
        with suppress(OSError):
            return place.stat().st_uid
    return 0


def _name(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return str(account)
