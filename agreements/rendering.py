"""How an explanation is shown: as HTML, as text and as plain data, the same tree everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from agreements.explaining import Step, lines
from agreements.explaining import as_data as as_plain

__all__ = ["STYLESHEET", "as_html", "as_plain", "as_text"]

STYLESHEET: Final = Path(__file__).parent / "static" / "agreements" / "explanation.css"
# The decision and the steps right below it stand open; what those come from opens on a click.
OPEN_LEVELS: Final = 2
OPEN: Final = mark_safe(" open")
NOTHING: Final = mark_safe("")


def as_html(step: Step) -> SafeString:
    """Write the tree as nested lists whose steps open and close without a script; styled by STYLESHEET."""
    return format_html('<ul class="explanation">{}</ul>', _item(step, level=0))


def as_text(step: Step) -> str:
    """Write the tree as text, one step a line, each below the one that it serves."""
    return "\n".join(lines(step))


def _item(step: Step, *, level: int) -> SafeString:
    return format_html(
        '<li><details{}><summary><span class="rule">{}</span> <strong>{}</strong></summary>'
        '<div class="told"><p>{}{}</p>{}{}</div></details></li>',
        OPEN if level < OPEN_LEVELS else NOTHING,
        step.rule,
        step.result,
        step.sentence,
        format_html(' <span class="clause">{}</span>', step.clause) if step.clause else NOTHING,
        _inputs(step),
        _below(step, level=level + 1),
    )


def _inputs(step: Step) -> SafeString:
    known = [(name, value) for name, value in step.inputs if value]
    if not known:
        return NOTHING
    return format_html("<dl>{}</dl>", format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", known))


def _below(step: Step, *, level: int) -> SafeString:
    if not step.steps:
        return NOTHING
    items = format_html_join("", "{}", ((_item(below, level=level),) for below in step.steps))
    return format_html('<ul aria-label="What it comes from: {}">{}</ul>', step.rule, items)
