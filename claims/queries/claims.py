"""Reading claims: one with its history, and an account's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.events.claim import Settlement, Times
from claims.evidence import content_of, ended
from claims.models.claim import GRANTED, OPEN, UNSETTLED, Claim, State
from claims.queries.contested import NOTHING, left_by_approval, to_decide
from claims.rules.claim import missing, stretches_of
from eventstore import Event, NotFound, history, load
from kernel.intervals import Ranges
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """A file of evidence, as it is listed."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceContent:
    """A file of evidence with its content, to be served as an attachment."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a filing was refused or a claim rejected."""

    code: str
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the customer was asked for and has not given yet."""

    parts: tuple[str, ...]
    question: str
    asked_at: datetime
    answer_due_at: datetime
    pauses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim, or a refused filing, as plain data.

    `version` is the claim's own, for a page to notice that somebody acted since; `undecided` are
    contested stretches that its approval left to be decided, and that still are.
    """

    id: UUID
    version: int
    account: UUID
    agreement: str
    month: Month
    number: int | None
    state: str
    terms_version: int | None
    override: int | None
    received_at: datetime
    times: Times
    words: str
    evidence: tuple[EvidenceView, ...]
    missing: tuple[str, ...]
    bound: datetime | None
    settlement: Settlement | None
    missed_at: datetime | None
    pauses: Times
    request: Request | None
    granted: Times
    denied: Times
    undecided: Times
    prepared_by: str
    prepared_version: int | None
    statement_version: int | None
    credit: Money | None
    cap: Money | None
    posted: Money | None
    decided_by: str
    decided_at: datetime | None
    credited_at: datetime | None
    refused: Reason | None
    existing: UUID | None
    rejected: Reason | None
    appeal_bound: datetime | None
    appeal_words: str
    appealed_at: datetime | None
    final_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the customer can add to it and take it back."""
        return self.state in OPEN

    @property
    def still_missing(self) -> tuple[str, ...]:
        """Which of the parts that were missing at filing have not been added since."""
        return missing(self.missing, times=self.times, files=len(self.evidence))

    @property
    def is_settled(self) -> bool:
        """Whether its deadline is met: credited, or rejected for a reason; or taken back."""
        return self.state not in UNSETTLED

    @property
    def due_at(self) -> datetime | None:
        """The first instant at which its decision is late; None where none is awaited."""
        return None if self.is_settled or self.settlement is None else self.settlement.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of a claim's history."""

    version: int
    type: str
    event: Event
    actor: str
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a filing is answered with: its claim, or the refusal and the claim it repeats."""

    filing: ClaimView
    claim: ClaimView | None


def claim(claim_id: UUID, *, account: UUID | None = None) -> ClaimView:
    """Give one claim; with an account, only its own. Errors: NotFound."""
    return _view(_row(claim_id, account))


def answer(filing_id: UUID) -> Answer:
    """Tell what a filing is answered with. Errors: NotFound."""
    filing = claim(filing_id)
    if filing.refused is None:
        return Answer(filing=filing, claim=filing)
    existing = claim(filing.existing, account=filing.account) if filing.existing else None
    return Answer(filing=filing, claim=existing)


def claims_of(account: UUID) -> list[ClaimView]:
    """List an account's claims and refused filings, the newest first."""
    rows = Claim.objects.filter(account=account).order_by("-received_at", "id")
    return [_view(row) for row in rows]


def claim_of_month(account: UUID, agreement: str, month: Month) -> ClaimView | None:
    """Give the account's last claim for the month, whatever became of it; refusals are none."""
    rows = Claim.objects.filter(account=account, agreement=agreement, month=month)
    row = rows.exclude(state=State.REFUSED).order_by("-number").first()
    return _view(row) if row else None


def granted_claim(account: UUID, agreement: str, month: Month) -> UUID | None:
    """Name the claim that a higher credit of the month is paid to: approved or credited."""
    rows = Claim.objects.filter(account=account, agreement=agreement, month=month)
    granted = rows.filter(state__in=GRANTED).order_by("-number")
    return granted.values_list("id", flat=True).first()


def happenings(claim_id: UUID, *, account: UUID | None = None) -> list[Happening]:
    """Tell a claim's history, the first event first. Errors: NotFound."""
    _row(claim_id, account)
    return [
        Happening(
            version=one.version,
            type=one.type_name,
            event=one.event,
            actor=one.actor,
            occurred_at=one.occurred_at,
            recorded_at=one.recorded_at,
        )
        for one in history(claim_id)
    ]


def contested_minutes(claim_id: UUID, *, now: datetime) -> Ranges:
    """Give the minutes that a claim contests and that can be decided: claimed, and measured up or unknown."""
    return to_decide(_row(claim_id, None), now=now)


def contested_times(claim_id: UUID, *, now: datetime) -> Times:
    """Give the same minutes as stretches of time."""
    return stretches_of(contested_minutes(claim_id, now=now))


def evidence_content(claim_id: UUID, evidence_id: UUID, *, account: UUID | None = None) -> EvidenceContent:
    """Read a file of a claim; with an account, only of its own claims.

    Errors: NotFound, EvidenceLost, EvidenceDamaged.
    """
    row = _row(claim_id, account)
    found = next((one for one in row.evidence if one.id == evidence_id), None)
    if found is None:
        raise NotFound("There is no such file.")
    return EvidenceContent(
        name=ended(found.name.reveal(), found.media_type),
        media_type=found.media_type,
        content=content_of(found.stored_as, found.sha256),
    )


def _row(claim_id: UUID, account: UUID | None) -> Claim:
    row = load(Claim, claim_id)
    if row is None or account not in (None, row.account):
        raise NotFound("There is no such claim.")
    return row


def _view(row: Claim) -> ClaimView:
    return ClaimView(
        id=row.id,
        version=row.version,
        account=row.account,
        agreement=row.agreement,
        month=row.month,
        number=row.number,
        state=row.state,
        terms_version=row.terms_version,
        override=row.override,
        received_at=row.received_at,
        times=row.times,
        words=row.words.reveal() if row.words else "",
        evidence=_evidence(row),
        missing=row.missing,
        bound=row.bound,
        settlement=row.settlement,
        missed_at=row.missed_at,
        pauses=row.pauses,
        request=_request(row),
        granted=row.granted,
        denied=row.denied,
        undecided=_undecided(row),
        prepared_by=row.prepared_by,
        prepared_version=row.prepared_version,
        statement_version=row.statement_version,
        credit=row.credit,
        cap=row.cap,
        posted=row.posted,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        credited_at=row.credited_at,
        refused=_reason(row.refused_code, row.refused_clause, row.refused_sentence),
        existing=row.existing,
        rejected=_reason(row.rejected_code, row.rejected_clause, row.rejected_sentence),
        appeal_bound=row.appeal_bound,
        appeal_words=row.appeal_words.reveal() if row.appeal_words else "",
        appealed_at=row.appealed_at,
        final_at=row.final_at,
    )


def _undecided(row: Claim) -> Times:
    """Give what an approval left to be decided, as far as it still is."""
    return stretches_of(left_by_approval([row]).get(row.id, NOTHING))


def _evidence(row: Claim) -> tuple[EvidenceView, ...]:
    return tuple(
        EvidenceView(
            id=one.id,
            name=one.name.reveal(),
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
        )
        for one in row.evidence
    )


def _reason(code: str, clause: str, sentence: str) -> Reason | None:
    return Reason(code=code, clause=clause, sentence=sentence) if code else None


def _request(row: Claim) -> Request | None:
    if row.question is None or row.asked_at is None or row.answer_due_at is None:
        return None
    return Request(
        parts=row.asked_for,
        question=row.question.reveal(),
        asked_at=row.asked_at,
        answer_due_at=row.answer_due_at,
        pauses=bool(row.pausing),
    )
