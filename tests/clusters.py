"""Real PostgreSQL clusters for tests: one for each xdist worker and version, emptied after each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from django.core.management import call_command
from django.db import connections

from config import environment
from config.services import places
from config.services.postgres import (
    APPLICATION,
    EMBEDDED_MAJOR,
    OWNER,
    SUPERUSER,
    UNSAFE,
    Cluster,
    debian_binaries,
    embedded_binaries,
)

OLDEST_MAJOR: Final = 15
FASTEST_DISKS: Final = ("/dev/shm", tempfile.gettempdir())

# Keeps what the migrations wrote, and empties or restores every table that differs from that. As superuser,
# because triggers and grants are there to refuse it; only what holds rows is truncated, so it takes milliseconds.
EMPTYING: Final = """
CREATE SCHEMA pristine;

DO $$
DECLARE v_table record; v_full boolean;
BEGIN
    FOR v_table IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', v_table.name) INTO v_full;
        IF v_full THEN
            EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', v_table.name);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION pristine.restore() RETURNS text[] LANGUAGE plpgsql
SET session_replication_role = replica SET lock_timeout = '10s' AS $$
DECLARE v_name text; v_kept boolean; v_touched boolean; v_full text[] := '{}'; v_restored text[] := '{}';
BEGIN
    FOR v_name, v_kept IN
        SELECT t.tablename, p.tablename IS NOT NULL FROM pg_tables t
        LEFT JOIN pg_tables p ON p.schemaname = 'pristine' AND p.tablename = t.tablename
        WHERE t.schemaname = 'public'
    LOOP
        IF v_kept THEN
            EXECUTE format('SELECT EXISTS ((TABLE public.%1$I EXCEPT TABLE pristine.%1$I) UNION ALL '
                           '(TABLE pristine.%1$I EXCEPT TABLE public.%1$I))', v_name) INTO v_touched;
        ELSE
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', v_name) INTO v_touched;
        END IF;
        IF v_touched THEN
            v_full := v_full || format('public.%I', v_name);
            IF v_kept THEN v_restored := v_restored || v_name; END IF;
        END IF;
    END LOOP;
    IF v_full <> '{}' THEN
        EXECUTE 'TRUNCATE ' || array_to_string(v_full, ', ') || ' RESTART IDENTITY CASCADE';
    END IF;
    FOREACH v_name IN ARRAY v_restored LOOP
        EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE pristine.%1$I', v_name);
    END LOOP;
    RETURN v_full;
END $$;
"""


class PostgresMissing(Exception):
    """Debian's PostgreSQL 15 is not installed: `apt-get install postgresql-15`, as .ci/run does."""


@contextmanager
def fast_directory() -> Iterator[Path]:
    """Give a directory in memory, where there is one, that servers of another account can pass through."""
    fastest = next(disk for disk in FASTEST_DISKS if os.access(disk, os.W_OK))
    home = Path(tempfile.mkdtemp(prefix="makegood-test-", dir=fastest))
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home)


def new_cluster(home: Path, name: str, major: int = EMBEDDED_MAJOR) -> Cluster:
    """Create and start a fresh cluster with both logins and an empty database; its maker stops it."""
    data = home / name
    account = places.account_for(data)
    binaries = embedded_binaries(account) if major == EMBEDDED_MAJOR else debian_binaries(major)
    if binaries is None:
        raise PostgresMissing
    sockets = places.socket_directory(home / f"{name}-sockets", account)
    cluster = Cluster(binaries, data, sockets, home / f"{name}.log", account, UNSAFE)
    cluster.create()
    cluster.start()
    cluster.provide_roles()
    return cluster


def point_django_at(cluster: Cluster) -> None:
    """Let both of Django's aliases, in every thread, and every process started later use this cluster."""
    for alias, variable, role in (("default", "DATABASE_URL", APPLICATION), ("owner", "DATABASE_OWNER_URL", OWNER)):
        assert not connections[alias].in_atomic_block, "a transaction is open on the cluster before"
        connections[alias].close()
        os.environ[variable] = cluster.url(role)
        address = environment.database(variable, "", options={})
        for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
            connections.settings[alias][key] = address[key]


@dataclass
class Clusters:
    """This xdist worker's clusters, each started and prepared when a test first asks for its version."""

    home: Path
    running: dict[int, Cluster] = field(default_factory=dict)
    superusers: dict[int, psycopg.Connection] = field(default_factory=dict)

    def use(self, major: int) -> Cluster:
        """Point Django at the cluster of one major version."""
        if major not in self.running:
            self._add(major)
        cluster = self.running[major]
        if os.environ.get("DATABASE_URL") != cluster.url(APPLICATION):
            point_django_at(cluster)
        return cluster

    def restore(self, major: int) -> None:
        """Empty what a test filled."""
        self.superusers[major].execute("SELECT pristine.restore()")

    def stop(self) -> None:
        """Stop every cluster."""
        for connection in self.superusers.values():
            connection.close()
        for cluster in self.running.values():
            cluster.stop()

    def _add(self, major: int) -> None:
        cluster = new_cluster(self.home, f"postgres{major}", major)
        self.running[major] = cluster
        point_django_at(cluster)
        call_command("prepare_database", verbosity=0)
        self.superusers[major] = psycopg.connect(cluster.url(SUPERUSER), autocommit=True)
        self.superusers[major].execute(EMPTYING)
