"""One attempt to hand a mail to the mail server, and what the server's answer means."""

import smtplib
from contextlib import suppress

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notices.models import Mail
from notices.rules import Outcome, Verdict, recipient_outcome

HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notice answers this
    "X-Auto-Response-Suppress": "All",
}


def send(mail: Mail) -> Outcome:
    """Hand the mail over; every answer of the server becomes an outcome.

    Only what the server says about this recipient or this mail can be final. Everything else (no
    connection, a timeout, a wrong password, a sender it does not like) is ours to mend and is
    tried again.
    """
    connection = get_connection()
    try:
        message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        return recipient_outcome(*_first_answer(error))
    except smtplib.SMTPDataError as error:
        return recipient_outcome(error.smtp_code, _words(error.smtp_error))
    except smtplib.SMTPResponseException as error:
        return Outcome(Verdict.FAILED, f"{error.smtp_code} {_words(error.smtp_error)}")
    except OSError as error:  # smtplib's own errors, timeouts and refused connections
        return Outcome(Verdict.FAILED, f"{type(error).__name__}: {error}")
    except ValueError as error:  # a header or an address that can not be written down
        return Outcome(Verdict.REFUSED, f"{type(error).__name__}: {error}")
    finally:
        with suppress(OSError):  # what was decided stands, however the line is closed
            connection.close()
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


def _first_answer(error: smtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    code, answer = next(iter(error.recipients.values()))
    return code, _words(answer)


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
