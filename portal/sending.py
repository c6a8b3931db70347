"""How files leave the portal: saved by the browser, never shown."""

from django.utils.http import content_disposition_header


def attachment(name: str) -> str:
    """Write the header that makes a browser save a file and never show it (RFC 6266)."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
