"""What can happen to an agreement: a version of its terms is published."""

from dataclasses import dataclass
from datetime import date, datetime

from eventstore import Event, event


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date that is no business day, and what it is called."""

    day: date
    name: str


@event("agreements.terms_published")
class TermsPublished(Event):
    """A version of the terms was published, with its exact text and the holidays it was published with.

    The holidays are kept because the rule that names them is a library's, and libraries change.
    """

    agreement: str
    number: int
    title: str
    text: str
    digest: str
    document_date: date
    in_force_from: datetime
    published_at: datetime
    holidays: tuple[Holiday, ...]
