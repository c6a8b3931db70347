"""Fixtures for every test: real PostgreSQL under the restricted login, real Redis, real processes.

`database` commits for real and is emptied afterwards; pytest-django's `db` rolls back, which is quicker but
seals nothing. A test or module marked `postgres15` runs a second time on Debian's PostgreSQL 15.
"""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from config.celery import app as celery_app
from config.services import places
from config.services.postgres import EMBEDDED_MAJOR, OWNER, SUPERUSER, Cluster
from config.services.redis import Server, embedded_binary
from eventstore import Subscription
from eventstore.sealing import seal
from eventstore.subscriptions import run
from tests.clusters import OLDEST_MAJOR, Clusters, PostgresMissing, fast_directory
from tests.processes import Launcher, Running

launchers = pytest.StashKey[Launcher]()

# A busy machine is no fault of what is tested: no law has a time limit of its own.
settings.register_profile("untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `postgres15` on both versions."""
    if metafunc.definition.get_closest_marker("postgres15"):
        versions = [EMBEDDED_MAJOR, OLDEST_MAJOR]
        metafunc.parametrize("postgres_major", versions, indirect=True, ids=[f"postgres{one}" for one in versions])


def pytest_itemcollected(item: pytest.Item) -> None:
    """Choose the PostgreSQL before anything else: pytest-django's `db` would open its transaction on the last one."""
    names: list[str] = getattr(item, "fixturenames", [])
    names.sort(key=lambda name: name != "_chosen_postgres")


def pytest_collection_finish() -> None:
    """Make every task known to Celery at once: after a change of its broker it takes no new ones."""
    celery_app.autodiscover_tasks(force=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the output of a failed test's processes."""
    report = yield
    launcher = item.stash.get(launchers, None)
    if report.failed and launcher:
        report.sections.extend((f"output of {name}", text) for name, text in launcher.transcript())
    return report


@pytest.fixture(scope="session")
def server_home() -> Iterator[Path]:
    """Give the fastest directory of this machine for this worker's servers."""
    with fast_directory() as home:
        yield home


@pytest.fixture(scope="session")
def clusters(server_home: Path) -> Iterator[Clusters]:
    """Give this worker's clusters; workers that shared one would freeze each other's horizon."""
    found = Clusters(server_home)
    yield found
    found.stop()


@pytest.fixture(scope="session")
def django_db_setup(clusters: Clusters, django_db_blocker: DjangoDbBlocker) -> None:
    """Replace pytest-django's test database by a cluster migrated and granted as a real one is."""
    with django_db_blocker.unblock():
        clusters.use(EMBEDDED_MAJOR)


@pytest.fixture
def postgres_major(request: pytest.FixtureRequest) -> int:
    """Tell which PostgreSQL this test runs on."""
    return getattr(request, "param", EMBEDDED_MAJOR)


@pytest.fixture(autouse=True)
def _chosen_postgres(request: pytest.FixtureRequest, postgres_major: int) -> None:
    """Point Django at this test's PostgreSQL, before `db` or `database` open anything."""
    if "django_db_setup" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        return
    clusters: Clusters = request.getfixturevalue("clusters")
    request.getfixturevalue("django_db_setup")
    blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        try:
            clusters.use(postgres_major)
        except PostgresMissing as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(missing.__doc__))


@pytest.fixture
def database(
    clusters: Clusters,
    django_db_setup: None,
    _chosen_postgres: None,
    postgres_major: int,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Cluster]:
    """Commit for real, as the restricted login; everything is emptied afterwards."""
    with django_db_blocker.unblock():
        yield clusters.running[postgres_major]
        connections.close_all()
        clusters.restore(postgres_major)


@pytest.fixture
def superuser_dsn(database: Cluster) -> str:
    """Give the address for a login that may do everything, for tests of what grants and triggers refuse."""
    return database.url(SUPERUSER)


@pytest.fixture
def owner_connection(database: Cluster) -> Iterator[psycopg.Connection]:
    """Give a connection of the login that owns the tables."""
    with psycopg.connect(database.url(OWNER), autocommit=True) as connection:
        yield connection


@pytest.fixture
def sealed(database: Cluster) -> Callable[..., None]:
    """Give a function that seals and runs subscriptions until nothing is left to do."""

    def until_quiet(*subscriptions: Subscription) -> None:
        while seal() + sum(run(one) for one in subscriptions):
            pass

    return until_quiet


@pytest.fixture(scope="session")
def redis_server(server_home: Path) -> Iterator[Server]:
    """Start this worker's Redis."""
    account = places.account_for(server_home / "redis")
    sockets = places.socket_directory(server_home / "redis", account)
    server = Server(embedded_binary(account), sockets, server_home / "redis.log", account)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: Server) -> Iterator[str]:
    """Let Celery in this process, and every process started by the test, use an empty Redis."""
    redis_server.flush()
    before = os.environ.get("REDIS_URL")
    os.environ["REDIS_URL"] = redis_server.url
    _point_celery_at(redis_server.broker_url)
    yield redis_server.url
    _point_celery_at("memory://")
    if before is None:
        del os.environ["REDIS_URL"]
    else:
        os.environ["REDIS_URL"] = before


def _point_celery_at(broker: str) -> None:
    celery_app.close()
    celery_app.conf.update(broker_url=broker)
    vars(celery_app).pop("amqp", None)


@pytest.fixture
def processes(request: pytest.FixtureRequest, database: Cluster, redis_url: str, tmp_path: Path) -> Iterator[Launcher]:
    """Start real processes of the project against this test's PostgreSQL and Redis; they end with the test."""
    launcher = Launcher(tmp_path)
    request.node.stash[launchers] = launcher
    yield launcher
    launcher.end()


@pytest.fixture
def celery_worker_process(processes: Launcher) -> Running:
    """Start a real Celery worker."""
    return processes.worker()


@pytest.fixture
def site(database: Cluster) -> Iterator[str]:
    """Serve the web application from a thread of its own, for browsers; give its address."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
