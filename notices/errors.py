"""What the outbox refuses."""

from eventstore import DomainError


class NoticeError(DomainError):
    """The mail cannot be handled so."""


class MailForgotten(NoticeError):
    """This mail held a secret and was forgotten when it was over. Ask for a new one instead."""

    code = "mail_forgotten"


class UnknownMail(NoticeError):
    """There is no such mail."""

    status = 404
    code = "unknown_mail"


class AddressRefused(NoticeError):
    """This is not an address that mail can be sent to."""

    status = 422
    code = "address_refused"
