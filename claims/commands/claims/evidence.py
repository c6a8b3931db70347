"""Times and evidence, added while a claim is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from claims.commands.claims.acting import acting, after_wait
from claims.commands.claims.stated import terms_of
from claims.errors import NothingToAdd, TooMuchEvidence
from claims.events.claim import ClockResumed, EvidenceAdded, EvidenceFile, RequestAnswered, Times, TimesAdded
from claims.evidence import FILES_IN_A_CLAIM, KeptFile
from claims.models.claim import Claim
from claims.rules.claim import EVIDENCE, TIMES, merged, require_times
from eventstore import Actor, Private, command
from kernel.ids import derived


@command
def add_evidence(claim_id: UUID, *, files: Sequence[KeptFile], words: str = "", by: Actor, now: datetime) -> UUID:
    """Add files to an open claim; they answer a request for evidence.

    A file that the claim has already is not added again. Errors: NothingToAdd, TooMuchEvidence.
    """
    if not files:
        raise NothingToAdd
    with acting(claim_id, by=by, now=now) as claim:
        new = new_evidence(claim_id, claim.account, files, before=claim.evidence)
        asked, sealed = claim.asked_for, sealed_words(words, claim.account)
        claim.record(EvidenceAdded(evidence=new, words=sealed, added_by=by.id))
        if EVIDENCE in asked:
            _answer(claim, EVIDENCE, now=now)
    return claim_id


@command
def add_times(claim_id: UUID, *, times: Times, words: str = "", by: Actor, now: datetime) -> UUID:
    """Add dates and times of the downtime to an open claim; they answer a request for times.

    Errors: NothingToAdd, TimesOutsideMonth, TimesInFuture.
    """
    if not times:
        raise NothingToAdd
    with acting(claim_id, by=by, now=now) as claim:
        require_times(times, claim.month, terms_of(claim).zone, received_at=now)
        asked = claim.asked_for
        claim.record(
            TimesAdded(
                added=times,
                times=merged(claim.times, times),
                words=sealed_words(words, claim.account),
                added_by=by.id,
            )
        )
        if TIMES in asked:
            _answer(claim, TIMES, now=now)
    return claim_id


def _answer(claim: Claim, part: str, *, now: datetime) -> None:
    """End the wait once every part that was asked for is there, and the pause once those that caused it are."""
    if not claim.asked_for:
        pauses, settlement = after_wait(claim, now=now)
        answered = RequestAnswered(parts=(part,), answered_at=now, pauses=pauses, settlement=settlement)
        claim.record(answered)
    elif claim.pausing and not set(claim.pausing) & set(claim.asked_for):
        pauses, settlement = after_wait(claim, now=now)
        resumed = ClockResumed(parts=claim.pausing, resumed_at=now, pauses=pauses, settlement=settlement)
        claim.record(resumed)


def new_evidence(
    claim_id: UUID,
    account: UUID,
    files: Iterable[KeptFile],
    *,
    before: Sequence[EvidenceFile] = (),
) -> tuple[EvidenceFile, ...]:
    """Name the files that the claim does not have yet. Errors: TooMuchEvidence."""
    known = {one.sha256 for one in before}
    new = {one.sha256: one for one in files if one.sha256 not in known}
    if len(known) + len(new) > FILES_IN_A_CLAIM:
        raise TooMuchEvidence(f"A claim holds at most {FILES_IN_A_CLAIM} files.")
    return tuple(
        EvidenceFile(
            id=derived("evidence", claim_id, one.sha256),
            name=Private.seal(one.name, subject=account),
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            stored_as=one.stored_as,
        )
        for one in new.values()
    )


def sealed_words(words: str, account: UUID) -> Private | None:
    """Seal what somebody wrote under the account's key; None where nothing was."""
    return Private.seal(words.strip(), subject=account) if words.strip() else None
