"""Words that stand where a decision was never made."""

from __future__ import annotations

import re

_UNDECIDED = re.compile(
    r"\bto be (?:determined|decided|defined|announced|confirmed|agreed|completed)\b"
    r"|\b(?:TBD|TBA|TBC|TODO|FIXME)\b|\bXXX+\b|_{3,}|\blorem ipsum\b"
    r"|[\[<{](?:insert|your|enter|date|name|company|url|email)\b[^\]>}]*[\]>}]",
    re.IGNORECASE,
)


def placeholder_in(text: str) -> str | None:
    """Give the first placeholder in the text, if there is one."""
    found = _UNDECIDED.search(text)
    return found[0] if found else None
