"""PostgreSQL and Redis of an installation: ours, except where the environment names others."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.services import places
from config.services.postgres import APPLICATION, OWNER, Cluster, embedded_binaries
from config.services.redis import Server, embedded_binary


@dataclass
class Servers:
    """The embedded servers that are wanted, and the addresses of all."""

    home: Path
    logs: Path
    given: Mapping[str, str] = field(default_factory=lambda: os.environ)
    settings: Mapping[str, str] = field(default_factory=dict)
    postgres: Cluster | None = None
    redis: Server | None = None

    def start(self) -> dict[str, str]:
        """Start what is not given, and give the variables by which the application finds everything."""
        addresses: dict[str, str] = {}
        account = places.account_for(self.home / "postgres")
        sockets = places.socket_directory(self.home / "sockets", account)
        if "DATABASE_URL" not in self.given:
            data = places.data_directory(self.home / "postgres", account)
            log = self.logs / "postgres.log"
            self.postgres = Cluster(embedded_binaries(account), data, sockets, log, account, self.settings)
            self.postgres.create()
            self.postgres.start()
            self.postgres.provide_roles()
            addresses["DATABASE_URL"] = self.postgres.url(APPLICATION)
            addresses["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
        if "REDIS_URL" not in self.given:
            self.redis = Server(embedded_binary(account), sockets, self.logs / "redis.log", account)
            self.redis.start()
            addresses["REDIS_URL"] = self.redis.url
        return addresses

    def restart_dead(self) -> list[str]:
        """Start again what has ended by itself, and name it."""
        named: tuple[tuple[str, Cluster | Server | None], ...] = (("postgres", self.postgres), ("redis", self.redis))
        dead = [(name, server) for name, server in named if server and server.child and server.child.poll() is not None]
        for _, server in dead:
            server.start()
        return [name for name, _ in dead]

    def stop(self) -> None:
        """Stop what was started, and remove its sockets."""
        if self.redis:
            self.redis.stop()
        if self.postgres:
            self.postgres.stop()
        places.remove_socket_directory(self.home / "sockets")


@contextmanager
def running(home: Path, settings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run both embedded servers on an empty directory; give the variables that lead to them."""
    servers = Servers(home, home, given={}, settings=settings)
    try:
        yield servers.start()
    finally:
        servers.stop()
