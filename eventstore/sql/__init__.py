"""The log's tables, functions and guards, as PostgreSQL reads them."""

from pathlib import Path

HERE = Path(__file__).parent


def statements(name: str) -> str:
    """Return the text of one SQL file of this folder, by its name without ending."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
