"""The change that the provider announces in the demo: version 2 of apicheap, with the row that Enterprise lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agreements.shipped import FOLDER

FILE = FOLDER / "apicheap-2026-03-30.yaml"


class TextMoved(LookupError):
    """The shipped file no longer says what the change replaces."""


def second_version(*, dated: date, in_force_from: date) -> str:
    """Write version 2: a miss of Enterprise from 99.5 % on is paid, and a status page is named."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in _changes(dated, in_force_from):
        if text.count(old) != 1:
            raise TextMoved(old)
        text = text.replace(old, new)
    return text


def _changes(dated: date, in_force_from: date) -> Iterator[tuple[str, str]]:
    yield "last updated on 30 March 2026", f"version 2 of {dated}"
    yield 'document_date: 2026-03-30     # "Last Updated: March 30, 2026"', f"document_date: {dated}"
    yield 'in_force_from: 2026-03-30     # "Effective Date: March 30, 2026"', f"in_force_from: {in_force_from}"
    page = '    is: "[To be determined \u2013 status.apicheap.net recommended]"\n    clause: §5\n'
    note = "    note: No page is named, so until a version names one only mail announces maintenance.\n"
    yield f"{page}{note}", "    is: https://status.apicheap.net\n    clause: §5\n"
    row = "        - {from: 99.0%, below: 99.5%, pays: 5%}\n"
    yield row, f"        - {{from: 99.5%, below: 99.9%, pays: 3%}}\n{row}"
    yield "# our choice; the table has no row from 99.5% to 99.9%", "# our choice; no missed target is without a row"
    yield (
        "  - name: Enterprise at 99.7% misses its target, and no row pays\n",
        "  - name: Enterprise at 99.7% is paid 3%\n",
    )
    yield (
        "    expect: {missed: true, outcome: unmatched_miss, credit: 0 USD}\n",
        "    expect: {missed: true, pays: 3%, credit: 6.00 USD}\n",
    )
