"""Checks are evidence: the application may add and read them, and nobody may change them."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from config.services.postgres import Cluster
from kernel.ids import ServiceId
from tests.uptime.given import checked, october, published, service
from uptime.models import Check

CHANGES = ["UPDATE checks SET status = 200", "DELETE FROM checks", "TRUNCATE checks"]


@pytest.fixture
def api(database: Cluster) -> ServiceId:
    published()
    api = service("web")
    checked(api, (october(5), 503))
    return api


@pytest.mark.parametrize("change", CHANGES)
def test_the_applications_login_may_not_change_them(api: ServiceId, change: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(change)


@pytest.mark.parametrize("change", CHANGES)
def test_nor_may_their_owner(api: ServiceId, owner_connection: psycopg.Connection, change: str) -> None:
    with pytest.raises(psycopg.Error, match="rows of checks are never changed or removed"):
        owner_connection.execute(change)


@pytest.mark.parametrize("status", [-1, 1_000])
def test_a_check_has_a_status(api: ServiceId, status: int) -> None:
    with pytest.raises(IntegrityError, match="checks_have_an_http_status_or_0"), transaction.atomic():
        checked(api, (october(6), status))
    assert Check.objects.count() == 1
