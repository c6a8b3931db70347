"""What nobody but a superuser can do to the log."""

from collections.abc import Callable

import psycopg
import pytest

Superuser = Callable[..., None]


@pytest.fixture
def superuser(superuser_dsn: str) -> Superuser:
    """Give a function that runs a statement past every trigger and grant."""

    def run(statement: str, parameters: tuple[object, ...] = ()) -> None:
        with psycopg.connect(superuser_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode(), parameters)

    return run
