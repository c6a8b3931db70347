"""A notice becomes words: text and HTML from the templates of its kind."""

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.template import Context, engines

from notices.kinds import Notice

if TYPE_CHECKING:
    from django.template.backends.django import DjangoTemplates

WIDTH = 78
_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one mail."""

    subject: str
    text: str
    html: str


def render(notice: Notice) -> Rendered:
    """Write the mail; the same notice always gives the same words."""
    subject = notice.headline()
    context = {**notice.context(), "subject": subject}
    text = _template(f"{notice.kind}.txt", context, autoescape=False)
    html = _template(f"{notice.kind}.html", context, autoescape=True)
    return Rendered(subject, _wrapped(text), html.strip() + "\n")


def _template(name: str, context: dict[str, Any], *, autoescape: bool) -> str:
    """Plain text is not HTML: an apostrophe in it stays an apostrophe."""
    backend = cast("DjangoTemplates", engines["django"])
    return backend.engine.get_template(f"notices/{name}").render(Context(context, autoescape=autoescape))


def _wrapped(text: str) -> str:
    lines = [_line(line.rstrip()) for line in text.strip().splitlines()]
    return _GAP.sub("\n\n", "\n".join(lines)) + "\n"


def _line(line: str) -> str:
    """Break a long line between words only, so that an address in it stays whole."""
    indent = "  " if line.startswith("- ") else ""
    broken = textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(broken)
