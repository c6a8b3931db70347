"""What lies in the outbox, in words short enough for a test."""

from notices.models import Mail

ADA = "ada@acme.example"
OPERATOR = "mira@makegood.example"


def mails(to: str = ADA) -> list[str]:
    """List the kinds of mails to an address, in order of time."""
    return list(Mail.objects.filter(recipient=to).order_by("queued_at", "id").values_list("kind", flat=True))


def mail(kind: str, to: str = ADA) -> str:
    """Give subject and text of the only mail of a kind to an address, its spaces made one."""
    row = Mail.objects.get(recipient=to, kind=kind)
    return " ".join(f"{row.subject} {row.text}".split())
