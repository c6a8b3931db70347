"""One attempt to hand a mail to the mail server, and what the server's answer means."""

import smtplib
from typing import Final

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from notices.models import Mail
from notices.rules import Outcome, Verdict, mail_outcome, recipient_outcome

CUT_OFF: Final = "the mail server's answer did not come to an end in time"
HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notice answers this
    "X-Auto-Response-Suppress": "All",
}


def send(mail: Mail) -> Outcome:
    """Hand the mail over; every answer of the server becomes an outcome.

    Only what the server says about this recipient or this mail can be final. Everything else (no
    connection, a timeout, a wrong password, a sender it does not like, an answer that drips in
    until the task's time is over) is ours to mend and is tried again.
    """
    connection = get_connection()
    try:
        connection.open()  # by us, or Django would wait for the answer to QUIT of a server that drips
        message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        return recipient_outcome(*_first_answer(error))
    except smtplib.SMTPDataError as error:
        return mail_outcome(error.smtp_code, _words(error.smtp_error))
    except smtplib.SMTPResponseException as error:
        return Outcome(Verdict.FAILED, f"{error.smtp_code} {_words(error.smtp_error)}")
    except OSError as error:  # smtplib's own errors, timeouts and refused connections
        return Outcome(Verdict.FAILED, f"{type(error).__name__}: {error}")
    except ValueError as error:  # a header or an address that can not be written down
        return Outcome(Verdict.REFUSED, f"{type(error).__name__}: {error}")
    except SoftTimeLimitExceeded:
        _hang_up(connection)
        return Outcome(Verdict.FAILED, CUT_OFF)
    finally:
        _close(connection)
    return Outcome(Verdict.SENT)


def message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Build the mail as it goes over the wire; a second copy carries the same Message-ID."""
    written = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.recipient],
        reply_to=[mail.answers_go_to] if mail.answers_go_to else None,
        headers={"Message-ID": mail.message_id, **HEADERS},
        connection=connection,
    )
    written.attach_alternative(mail.html, "text/html")
    return written


def _close(connection: BaseEmailBackend) -> None:
    """Take leave of the server; what was decided stands, however that goes."""
    try:
        connection.close()
    except (OSError, SoftTimeLimitExceeded):
        _hang_up(connection)


def _hang_up(connection: BaseEmailBackend) -> None:
    """Close the line without a word, for a server that may never answer one."""
    if isinstance(connection, EmailBackend) and connection.connection:
        connection.connection.close()
        connection.connection = None


def _first_answer(error: smtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    code, answer = next(iter(error.recipients.values()))
    return code, _words(answer)


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
