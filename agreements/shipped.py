"""The agreements that Makegood ships with."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "terms"


def shipped() -> list[Path]:
    """List the files, by name."""
    return sorted(FOLDER.glob("*.yaml"))
