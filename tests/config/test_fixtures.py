"""The fixtures that every other test stands on."""

from http import HTTPStatus
from urllib.request import urlopen

import psycopg
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import ProgrammingError, connection

from config.celery import app
from config.services.postgres import APPLICATION, Cluster
from tests.clusters import Clusters
from tests.processes import Running
from tests.waiting import eventually


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_in_the_next(turn: str, database: Cluster) -> None:
    assert not Group.objects.exists()
    Group.objects.create(name=turn)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_migrations_wrote_is_there_again_for_the_next(turn: str, database: Cluster) -> None:
    assert Permission.objects.count() > 20
    Permission.objects.all().delete()


def test_tests_work_under_the_restricted_login(database: Cluster) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION,)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM events")


@pytest.mark.postgres15
def test_a_marked_test_runs_on_both_versions(postgres_major: int, database: Cluster) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) // 10_000 == postgres_major


@pytest.mark.postgres15
def test_a_rolled_back_test_runs_on_both_versions(postgres_major: int, db: None) -> None:
    Group.objects.create(name="soon forgotten")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) // 10_000 == postgres_major


def test_emptying_defies_the_triggers_that_guard_the_log(
    database: Cluster, superuser_dsn: str, clusters: Clusters
) -> None:
    with psycopg.connect(superuser_dsn) as superuser:
        superuser.execute("INSERT INTO commands VALUES (gen_random_uuid(), 'a', '', gen_random_uuid(), 1)")
    clusters.restore(18)
    with psycopg.connect(superuser_dsn) as superuser:
        assert superuser.execute("SELECT count(*) FROM commands").fetchone() == (0,)


def test_a_real_worker_takes_a_task_from_the_real_redis(celery_worker_process: Running) -> None:
    app.send_task("celery.ping", task_id="one-ping")
    eventually(lambda: "one-ping" in celery_worker_process.said())


def test_the_site_answers(site: str) -> None:
    with urlopen(f"{site}/accounts/login/") as answer:
        assert answer.status == HTTPStatus.OK
