"""The only way to write agreements: publish a version of the terms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from agreements import queries, rules
from agreements.errors import ExampleFailed, TermsRefused
from agreements.events import Holiday, TermsPublished
from agreements.examples import failures
from agreements.lint import EXAMPLE_CONTRADICTED, Finding, Severity, findings
from agreements.models import Agreement
from agreements.running import not_carried_out
from agreements.terms import Document, TermsMalformed, load_document
from eventstore import Actor, begin, change, command
from kernel.ids import derived


@command
def publish(text: str, *, by: Actor, now: datetime) -> UUID:
    """Publish a text as the next version of the agreement that it names.

    The same text again changes nothing. Errors: TermsRefused with the lines, ExampleFailed,
    and those of a version that would reach back.
    """
    document = _sound(text)
    stream = derived("agreement", document.terms.agreement)
    digest = rules.digest_of(text)
    versions = queries.versions(document.terms.agreement)
    if digest in {version.digest for version in versions}:
        return stream
    rules.require_start(document.terms, earlier=[version.in_force_from for version in versions], now=now)
    opened = change if versions else begin
    with opened(Agreement, stream, by=by, now=now) as agreement:
        agreement.record(_published(document, digest, number=len(agreement.versions) + 1, now=now))
    queries.forget()
    return stream


def read_to_run(text: str) -> Document:
    """Read terms that can be carried out, and record nothing. Errors: TermsRefused with the lines."""
    try:
        document = load_document(text)
    except TermsMalformed as error:
        raise TermsRefused(str(error)) from error
    if unsupported := not_carried_out(document):
        raise TermsRefused("\n".join(str(problem) for problem in unsupported))
    if errors := [str(error) for error in findings(document) if _keeps_from_running(error)]:
        raise TermsRefused("\n".join(errors))
    return document


def _keeps_from_running(finding: Finding) -> bool:
    """Tell whether the terms can not be carried out; those that contradict an example can, and are only wrong."""
    return finding.severity is Severity.ERROR and finding.code != EXAMPLE_CONTRADICTED


def _sound(text: str) -> Document:
    """Read terms to publish them, refusing those with faults or examples that they contradict."""
    document = read_to_run(text)
    if failed := failures(document):
        raise ExampleFailed("\n".join(str(failure) for failure in failed))
    return document


def _published(document: Document, digest: str, *, number: int, now: datetime) -> TermsPublished:
    terms = document.terms
    return TermsPublished(
        agreement=terms.agreement,
        number=number,
        title=terms.title,
        text=document.source.text,
        digest=digest,
        document_date=terms.document_date,
        in_force_from=terms.in_force_from,
        published_at=now,
        holidays=tuple(Holiday(day, name) for day, name in terms.holidays.items()),
    )
