"""October 2026 under apicheap's terms, measured as the test says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agreements import queries as agreements
from claims import measuring
from config.services.postgres import Cluster
from tests.claims.statements.given import Scene


@contextmanager
def measuring_by(said: Scene) -> Iterator[Scene]:
    """Let claims measure what the test says, and put back what was registered before."""
    before = list(measuring._PROVIDERS)
    measuring.register(said.provide, before=said.provide_before)
    agreements.forget()
    yield said
    measuring._PROVIDERS[:] = before
    agreements.forget()


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """Publish nothing yet, and measure what the test says."""
    with measuring_by(Scene()) as said:
        yield said


@pytest.fixture
def october(scene: Scene) -> Scene:
    """Publish apicheap's terms and open October 2026."""
    scene.terms()
    scene.opens()
    return scene


@pytest.fixture
def committed_october(database: Cluster) -> Iterator[Scene]:
    """Do the same for real, for what has to be sealed, replayed or seen from another connection."""
    with measuring_by(Scene()) as said:
        said.terms()
        said.opens()
        yield said
