"""Explanations on a page: the one tree, written by the one renderer."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from agreements.explaining import Step
from agreements.rendering import as_html

register = template.Library()


@register.filter
def tree(step: Step | None) -> SafeString | str:
    """Write an explanation as nested lists; nothing where there is none."""
    return "" if step is None else as_html(step)
