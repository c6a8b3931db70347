"""The ways to write to the outbox: queue a mail, claim it for an attempt, note how that ended."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.utils import DNS_NAME
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q

from kernel.ids import derived
from notices import rules
from notices.errors import AddressRefused, MailForgotten, UnknownMail
from notices.kinds import Notice
from notices.models import Mail
from notices.rendering import render
from notices.rules import LEASE, Outcome, Verdict

# A worker that was told of a mail has this long before the sweep tells another.
NUDGE_AGAIN: Final = timedelta(minutes=2)
SWEEP_BATCH: Final = 500
# More than these are not told of one by one: the sweep does that, in a worker.
TOLD_SINGLY: Final = 5
DELIVER: Final = "notices.tasks.deliver"
SWEEP: Final = "notices.tasks.sweep"

_GATHERED: ContextVar[list[Mail] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Put the mails that are queued inside into the outbox together, at the end: for many at once."""
    mails: list[Mail] = []
    token = _GATHERED.set(mails)
    try:
        yield
    finally:
        _GATHERED.reset(token)
    _put(mails)


def queue_mail(*, key: UUID, to: Sequence[str], notice: Notice, now: datetime) -> None:
    """Put a mail to each person into the outbox, written now, in the caller's transaction.

    The same key never mails the same person twice, so a workflow that runs again changes nothing.
    """
    people = rules.recipients(tuple(to))
    for address in people:
        _require_address(address)
    words = render(notice)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or str(DNS_NAME)
    mails = [
        Mail(
            id=mail_id(key, address),
            key=key,
            kind=notice.kind,
            recipient=address,
            answers_go_to=notice.answers_go_to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            secret=notice.secret,
            message_id=rules.message_id(mail_id(key, address), domain),
            queued_at=now,
            attempt_at=now,
            nudged_at=now,
        )
        for address in people
    ]
    waiting = _GATHERED.get()
    if waiting is None:
        _put(mails)
    else:
        waiting.extend(mails)


def _put(mails: Sequence[Mail]) -> None:
    """Insert mails, and only then tell a worker of each, or of all at once where they are many."""
    are_many = len(mails) > TOLD_SINGLY
    for mail in mails if are_many else ():
        mail.nudged_at -= NUDGE_AGAIN
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    for mail in () if are_many else mails:
        _nudge(mail.id)
    if are_many:
        transaction.on_commit(lambda: current_app.send_task(SWEEP, retry=False), robust=True)


def mail_id(key: UUID, address: str) -> UUID:
    """Name the mail about this to this person."""
    return derived("mail", key, address.strip().lower())


def claim(mail: UUID, *, now: datetime) -> Mail | None:
    """Take a due mail for one attempt; None where another worker has it, or it is over.

    One conditional update decides between workers, and its lease ends by itself: a worker that is
    killed holds nothing up, and a mail that kills each of its workers is given up in the end.
    """
    taken = Mail.objects.filter(id=mail, attempt_at__lte=now).update(attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if not taken:
        return None
    row = Mail.objects.get(id=mail)
    if row.attempts > rules.MOST_ATTEMPTS:
        _end(_own_attempt(row), row, given_up_at=now, last_error=row.last_error or "no attempt came to an end")
        return None
    return row


def settle(mail: Mail, outcome: Outcome, *, now: datetime) -> None:
    """Note how the attempt ended that claimed this mail."""
    match outcome.verdict:
        case Verdict.SENT:
            _end(Q(id=mail.id), mail, sent_at=now, last_error="")
        case Verdict.REFUSED:
            _end(_own_attempt(mail), mail, refused_at=now, last_error=outcome.detail)
        case Verdict.FAILED:
            _failed(mail, outcome.detail, now=now)


def send_again(mail: UUID, *, now: datetime) -> None:
    """Deliver a mail once more, whatever became of it, with its Message-ID as before."""
    with transaction.atomic():
        row = Mail.objects.select_for_update().filter(id=mail).first()
        if row is None:
            raise UnknownMail
        if row.secret and row.over_at:
            raise MailForgotten
        Mail.objects.filter(id=mail).update(
            attempt_at=now, nudged_at=now, attempts=0, sent_at=None, refused_at=None, given_up_at=None
        )
        _nudge(mail)


def nudge_due(*, now: datetime) -> int:
    """Tell workers of due mails that nobody has been told of lately; return how many there were.

    A nudge that was lost, with Redis or a worker, is repeated here: the row is the promise.
    """
    with transaction.atomic():
        due = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(attempt_at__lte=now)
            .filter(Q(nudged_at__lte=now - NUDGE_AGAIN) | Q(nudged_at__lt=F("attempt_at")))
            .order_by("attempt_at", "id")
        )
        ids = list(due.values_list("id", flat=True)[:SWEEP_BATCH])
        Mail.objects.filter(id__in=ids).update(nudged_at=now)
        for mail in ids:
            _nudge(mail)
    return len(ids)


def _nudge(mail: UUID) -> None:
    """Tell a worker after the commit; if that fails, the sweep does it."""
    transaction.on_commit(lambda: current_app.send_task(DELIVER, (str(mail),), retry=False), robust=True)


def _require_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressRefused(f"{address!r} is not an address that mail can be sent to.") from error


def _own_attempt(mail: Mail) -> Q:
    """Only the attempt that still holds the mail may note a failure: a later one knows better."""
    return Q(id=mail.id, attempts=mail.attempts, attempt_at__isnull=False)


def _end(which: Q, mail: Mail, *, last_error: str, **end: datetime) -> None:
    forgotten = {"text": "", "html": ""} if mail.secret else {}
    waiting = Mail.objects.filter(which, attempt_at__isnull=False)
    waiting.update(attempt_at=None, last_error=last_error, **end, **forgotten)


def _failed(mail: Mail, detail: str, *, now: datetime) -> None:
    again_at = rules.next_attempt(mail.attempts, now)
    if again_at is None:
        _end(_own_attempt(mail), mail, given_up_at=now, last_error=detail)
    else:
        Mail.objects.filter(_own_attempt(mail)).update(attempt_at=again_at, last_error=detail)
