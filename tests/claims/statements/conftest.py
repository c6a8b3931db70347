"""October 2026 under apicheap's terms, measured as the test says."""

from collections.abc import Iterator

import pytest

from agreements import queries as agreements
from claims import measuring
from tests.claims.statements.given import Scene


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """Publish nothing yet, and measure what the test says."""
    before = list(measuring._PROVIDERS)
    said = Scene()
    measuring.register(said.provide)
    agreements.forget()
    yield said
    measuring._PROVIDERS[:] = before
    agreements.forget()


@pytest.fixture
def october(scene: Scene) -> Scene:
    """Publish apicheap's terms and open October 2026."""
    scene.terms()
    scene.opens()
    return scene
