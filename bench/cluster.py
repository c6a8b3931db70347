"""An installation for measuring: a fresh PostgreSQL that keeps its promises (fsync on), migrated, and a Redis."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

from config.services import places
from config.services.postgres import APPLICATION, OWNER, Cluster, embedded_binaries
from config.services.redis import Server, embedded_binary


@contextmanager
def installation(where: Path | None = None) -> Iterator[Cluster]:
    """Start both servers, set Django up on them, and remove everything at the end.

    Their files lie where temporary files lie, or in another directory.
    """
    home = Path(tempfile.mkdtemp(prefix="makegood-bench-", dir=where))
    home.chmod(0o711)
    data = home / "postgres"
    account = places.account_for(data)
    sockets = places.socket_directory(data, account)
    cluster = Cluster(embedded_binaries(account), data, sockets, home / "postgres.log", account)
    redis = Server(embedded_binary(account), sockets, home / "redis.log", account)
    try:
        cluster.create()
        cluster.start()
        redis.start()
        cluster.provide_roles()
        os.environ.update(
            MAKEGOOD_ENV="test",
            DJANGO_SETTINGS_MODULE="config.settings",
            DATABASE_URL=cluster.url(APPLICATION),
            DATABASE_OWNER_URL=cluster.url(OWNER),
            REDIS_URL=redis.url,
        )
        django.setup()
        call_command("prepare_database", verbosity=0)
        yield cluster
    finally:
        cluster.stop()
        redis.stop()
        shutil.rmtree(home)
