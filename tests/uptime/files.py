"""Files of observations, and importing them by the command."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.management import call_command

HEADER = "checked_at,monitor,verdict,http_status,response_ms"
GOOD = [
    "2026-10-05T13:59:10Z,Website,up,200,83",
    "2026-10-05T14:00:05Z,Website,down,502,0",
    "2026-10-05T14:30:00Z,Website,up,200,91",
]
MAPPED = ["--map", "Website=web"]


def file(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    written = tmp_path / "observations.csv"
    written.write_text("\n".join([header, *lines]) + "\n")
    return written


def imported(source: Path | str, *options: str, name: str = "api") -> str:
    """Run the command, and give what it says on standard output."""
    said = io.StringIO()
    call_command("uptime", "import", str(source), "--service", name, *options, stdout=said, stderr=io.StringIO())
    return said.getvalue()
