"""The report as a page that stands alone: no script, nothing loaded, for the screen, for paper and for mail."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from agreements.rendering import STYLESHEET
from workflows.whatif.report import Report

STYLES: Final = (Path(__file__).parent / "report.css", STYLESHEET)
# What a browser may do with the page where it is served: apply the styles that stand in it.
CONTENT_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def as_page(report: Report) -> str:
    """Write the report as HTML; everything that was typed by somebody is escaped."""
    styles = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    context = {"report": report, "styles": mark_safe(styles)}  # noqa: S308 — our own files
    return render_to_string("workflows/whatif/report.html", context)
