"""An agreement and the versions of its terms that were published."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django_fsm import FSMField

from agreements.events import TermsPublished
from eventstore import Aggregate
from eventstore.aggregate import evolves
from eventstore.fields import EventJSONField


@dataclass(frozen=True, slots=True)
class Version:
    """A published version; its text stands in the event that published it."""

    number: int
    title: str
    digest: str
    document_date: date
    in_force_from: datetime
    published_at: datetime


class AgreementState(models.TextChoices):
    """The states of an agreement."""

    NEW = "new", "new"
    PUBLISHED = "published", "published"


class Agreement(Aggregate):
    """An agreement by its name; a published version is never changed, only followed by another."""

    state = FSMField(default=AgreementState.NEW, choices=AgreementState.choices, protected=True, max_length=10)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    versions = EventJSONField(tuple[Version, ...], default=tuple)

    class Meta:
        verbose_name = "agreement"
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("name",), name="agreements_agreement_name"),)

    def __str__(self) -> str:
        return self.name

    @evolves(TermsPublished, source="*", target=AgreementState.PUBLISHED)
    def terms_published(self, event: TermsPublished) -> None:
        """The agreement has one version more."""
        self.name = event.agreement
        self.title = event.title
        published = Version(
            number=event.number,
            title=event.title,
            digest=event.digest,
            document_date=event.document_date,
            in_force_from=event.in_force_from,
            published_at=event.published_at,
        )
        self.versions = (*self.versions, published)
