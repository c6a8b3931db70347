"""What an agreement refuses: one class per broken rule, its docstring the sentence a person reads."""

from eventstore.errors import DomainError, InvalidInput


class TermsRefused(InvalidInput):
    """These terms cannot be published: they have faults."""

    code = "terms_refused"


class ExampleFailed(InvalidInput):
    """These terms cannot be published: they contradict their own examples."""

    code = "example_failed"


class StartsInThePast(DomainError):
    """A new version cannot take effect before it is published."""

    code = "starts_in_the_past"


class StartsWithinAPeriod(DomainError):
    """A new version takes effect at the start of a billing period."""

    code = "starts_within_a_period"


class StartsBeforeItsPredecessor(DomainError):
    """A new version takes effect after the one before it."""

    code = "starts_before_its_predecessor"
