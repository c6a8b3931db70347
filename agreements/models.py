"""An agreement with the versions of its terms, and what was negotiated with single accounts."""

from __future__ import annotations

from django.db import models

from agreements.events import (
    OverrideDrafted,
    OverrideEnded,
    TermsPublished,
    VersionAgreed,
    VersionDrafted,
    VersionTookEffect,
)
from agreements.standing import Standing
from agreements.version import Consent, NegotiatedVersion
from agreements.version import Told as Told
from agreements.version import Version as Version
from agreements.versioned import EFFECT as EFFECT
from agreements.versioned import MAIL as MAIL
from agreements.versioned import NOTICE as NOTICE
from agreements.versioned import Versioned, VersionsState, numbered
from eventstore.aggregate import evolves
from eventstore.fields import EventJSONField


class Agreement(Versioned):
    """An agreement by its name; a version's text never changes, it is only followed by another."""

    name = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    versions = EventJSONField(tuple[Version, ...], default=tuple)

    class Meta:
        verbose_name = "agreement"
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("name",), name="agreements_agreement_name"),)

    def __str__(self) -> str:
        return self.name

    def numbered(self, number: int) -> Version | None:
        """Give a version by its number."""
        found: tuple[Version, ...] = self.versions
        return numbered(found, number)

    @evolves(TermsPublished, source="*", target=VersionsState.PUBLISHED)
    def terms_published(self, event: TermsPublished) -> None:
        """The agreement has one version more, which needs no announcement."""
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

    @evolves(VersionDrafted, source=VersionsState.PUBLISHED, target=None)
    def version_drafted(self, event: VersionDrafted) -> None:
        """There is one draft more."""
        drafted = Version(
            number=event.number,
            title=event.title,
            digest=event.digest,
            document_date=event.document_date,
            in_force_from=event.in_force_from,
            published_at=None,
            standing=Standing.DRAFT,
        )
        self.versions = (*self.versions, drafted)

    @evolves(VersionTookEffect, source=VersionsState.PUBLISHED, target=None)
    def version_took_effect(self, event: VersionTookEffect) -> None:
        """One version is in force, the one before it no longer; the agreement bears its title."""
        self._replace(event.number, event.superseded)
        self.title = next((one.title for one in self.versions if one.number == event.number), self.title)


class Override(Versioned):
    """What was negotiated with one account: its own terms, laid over each version of the agreement."""

    agreement = models.CharField(max_length=100)
    account = models.UUIDField()
    versions = EventJSONField(tuple[NegotiatedVersion, ...], default=tuple)

    class Meta:
        verbose_name = "override"
        verbose_name_plural = "negotiated terms"
        ordering = ("agreement", "account", "id")
        constraints = (models.UniqueConstraint(fields=("agreement", "account"), name="agreements_override_account"),)

    def __str__(self) -> str:
        return f"{self.agreement}, negotiated with {self.account}"

    def numbered(self, number: int) -> NegotiatedVersion | None:
        """Give a version by its number."""
        found: tuple[NegotiatedVersion, ...] = self.versions
        return numbered(found, number)

    @evolves(OverrideDrafted, source="*", target=VersionsState.PUBLISHED)
    def override_drafted(self, event: OverrideDrafted) -> None:
        """There is one draft more."""
        self.agreement = event.agreement
        self.account = event.account
        drafted = NegotiatedVersion(
            number=event.number,
            title=event.clause,
            digest=event.digest,
            document_date=event.document_date,
            in_force_from=event.in_force_from,
            published_at=None,
            standing=Standing.DRAFT,
            text=event.text,
            until=event.until,
        )
        self.versions = (*self.versions, drafted)

    @evolves(VersionAgreed, source=VersionsState.PUBLISHED, target=None)
    def version_agreed(self, event: VersionAgreed) -> None:
        """The version is certain to take effect unless it is withdrawn; the account is told so."""
        consent = Consent(event.who, event.agreed_on, event.where, event.noted_at)
        self._alter(event.number, standing=Standing.AGREED, consent=consent, to_mail_since=event.noted_at)

    @evolves(OverrideEnded, source=VersionsState.PUBLISHED, target=None)
    def override_ended(self, event: OverrideEnded) -> None:
        """Its time is over: the agreement's own terms apply again."""
        self._alter(event.number, standing=Standing.ENDED)
