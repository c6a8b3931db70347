"""Imports that run at once: every check is stored once, and the last measurement has seen them all."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from config.services.postgres import Cluster
from kernel.ids import ServiceId
from tests.personas import ACME, JONAS
from tests.uptime.given import NOW, measured, published, service
from uptime.models import Check
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop

IMPORTERS = 4
MINUTES = [f"2026-10-05T{n // 60:02d}:{n % 60:02d}:10Z,web,{503 if 600 <= n < 660 else 200}" for n in range(1_440)]


@pytest.fixture
def api(database: Cluster) -> ServiceId:
    published()
    return service("web")


def test_imports_at_once_leave_no_check_unmeasured(api: ServiceId) -> None:
    together = Barrier(IMPORTERS)

    def wait(_lines: int, _bytes: int) -> None:
        together.wait()

    def part(number: int) -> int:
        """Import every fourth line, and of the next importer's lines half."""
        lines = MINUTES[number::IMPORTERS] + MINUTES[(number + 1) % IMPORTERS :: 2 * IMPORTERS]
        text = "\n".join(["checked_at,monitor,http_status", *lines]).encode()
        watched = Watched(on_fault=stop, reading=wait, storing=lambda _lines, _of: None)
        try:
            done = import_observations(
                io.BytesIO(text),
                agreement="apicheap",
                service="api",
                mapped=Mapped(names={}),
                watched=watched,
                by=JONAS,
                now=NOW,
            )
        finally:
            connection.close()
        return done.added

    with ThreadPoolExecutor(IMPORTERS) as pool:
        added = list(pool.map(part, range(IMPORTERS)))
    assert sum(added) == Check.objects.count() == 1_440
    month = measured()
    assert month.monitors[0].checks == 1_440
    assert month.minutes_for(ACME).down.total == 60
