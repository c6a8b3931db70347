"""Who did it: the actor that every event names."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program by kind and id; names and addresses stay out of the log."""

    kind: Literal["operator", "customer", "system", "program"]
    id: str


SYSTEM = Actor("system", "makegood")
