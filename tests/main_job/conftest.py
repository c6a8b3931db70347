"""The life of a provider, on a real database; whatever happened in it, nothing is parked and the log verifies."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from agreements import queries as agreements
from claims import measuring
from tests.main_job.living import Life
from workflows.measured import measured_month


@pytest.fixture
def life(database: object, tmp_path: Path) -> Iterator[Life]:
    """Give a life that begins on 1 October 2026."""
    before = list(measuring._PROVIDERS)
    measuring.register(measured_month)
    agreements.forget()
    lived = Life(tmp_path / "reached")
    yield lived
    assert lived.parked() == []
    call_command("verify")
    measuring._PROVIDERS[:] = before
    agreements.forget()
