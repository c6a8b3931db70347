"""What keeps a draft from being run over past months."""

from eventstore import DomainError


class WhatIfRefused(DomainError):
    """The draft can not be run over these months."""

    code = "what_if_refused"
    status = 422
