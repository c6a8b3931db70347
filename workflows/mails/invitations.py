"""How somebody who is invited to an account hears of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from customers import queries as customers
from customers.post import InvitationLetter
from customers.terms_of import terms_at
from kernel import shown
from kernel.ids import derived
from notices.commands import queue_mail
from notices.kinds import Invitation
from workflows.mails.addressing import link


def invited(letter: InvitationLetter, now: datetime) -> None:
    """Queue the mail with the link that works once, in the transaction of the invitation."""
    zone = ZoneInfo(customers.account(letter.account).time_zone)
    notice = Invitation(
        provider=terms_at(letter.agreement, now).contacts.legal_name,
        link=link(f"/invitation/{letter.token}/"),
        account=letter.account_name,
        inviter=letter.inviter,
        role=letter.role,
        expires_at=shown.instant(letter.expires_at, zone),
    )
    queue_mail(key=derived("invitation", letter.id), to=[letter.email], notice=notice, now=now)
