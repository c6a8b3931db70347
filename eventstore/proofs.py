"""What rooms prove besides their rows: tables that the log knows by a digest only. Config fills this at start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eventstore.chains import Difference

Told = Callable[[int, int], None]
"""Hears how many things were looked at, of how many."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A room's proof of one kind of thing.

    `differences` yields what is not as it was recorded, tells how far it is, and takes snapshots of
    its own. `things` names what it looks at, `proved` what is so where there is no difference.
    """

    things: str
    proved: str
    differences: Callable[[Told], Iterator[Difference]]


PROOFS: dict[str, Proof] = {}


def register(proof: Proof) -> None:
    """Let `manage.py verify` carry this proof out too, once."""
    PROOFS[proof.things] = proof
