"""Filing a claim, and recording the filing that may not be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from uuid import UUID

from agreements.queries import PublishedTerms
from claims.commands.claims.acting import retried
from claims.commands.claims.evidence import new_evidence, sealed_words
from claims.errors import ReceivedInFuture
from claims.events.claim import ClaimFiled, FilingRefused, Times
from claims.events.entitlement import Bound
from claims.evidence import KeptFile
from claims.models.claim import Claim, State
from claims.models.entitlement import State as Entitlement
from claims.models.statement import Statement
from claims.queries.entitlements import filing_bound, newest
from claims.queries.periods import judging_terms_for
from claims.rules import claim as rules
from claims.rules import settlement
from claims.rules.identity import claim_id, statement_id
from claims.rules.statement import tiers_held
from customers.queries import AccountView
from customers.queries import account as account_view
from eventstore import Actor, begin, command
from kernel.ids import new_id
from kernel.intervals import minute_of
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A claim as it was sent; missing parts are asked for."""

    month: Month
    times: Times = ()
    words: str = ""
    evidence: tuple[KeptFile, ...] = ()
    stated_account: str | None = None
    received_at: datetime | None = None


def file_claim(account: UUID, sent: Received, *, by: Actor, now: datetime) -> UUID:
    """File a claim for an account's month, or record that it may not be filed.

    Returns the id of the claim, or that of the refused filing: `queries.claims.answer` tells
    which, and gives the claim that a duplicate repeats. Judged by the time of receipt, which
    is now unless said otherwise. Two at once for one month give one claim and one duplicate.

    Errors: TimesOutsideMonth, TimesInFuture, ReceivedInFuture, TooMuchEvidence, UnknownAccount.
    """
    return retried(partial(_file_claim, account, sent, by=by, now=now))


@command
def _file_claim(account: UUID, sent: Received, *, by: Actor, now: datetime) -> UUID:
    if sent.received_at is not None and sent.received_at > now:
        raise ReceivedInFuture
    case = _case(account_view(account), sent, now=now)
    refusal = rules.refuse(case.filing)
    if refusal is not None:
        return _refuse(case, refusal, by=by, now=now)
    return _accept(case, by=by, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What was sent and by whom, the terms of the month, and what decides about it."""

    sent: Received
    account: AccountView
    published: PublishedTerms | None
    filing: rules.Filing
    earlier: int


def _case(account: AccountView, sent: Received, *, now: datetime) -> _Case:
    published = judging_terms_for(account.id, account.agreement, sent.month)
    zone = published.terms.zone if published else UTC
    received_at = sent.received_at or now
    rules.require_times(sent.times, sent.month, zone, received_at=received_at)
    earlier = _earlier(account, sent.month)
    begins = sent.month.start(zone)
    filing = rules.Filing(
        received_at=received_at,
        month=sent.month,
        month_begins=begins,
        zone=zone,
        stated_account=sent.stated_account,
        account_number=account.number,
        promises_credit=_promises_credit(published),
        tiers=_tiers(account, sent.month, zone, received_at),
        tiers_that_earn=_tiers_that_earn(published),
        blocking=rules.blocking(earlier, entitled=_entitled(account, sent.month)),
        bound=_bound(account, sent, zone, now=now) if begins <= received_at else None,
    )
    return _Case(sent=sent, account=account, published=published, filing=filing, earlier=len(earlier))


def _earlier(account: AccountView, month: Month) -> list[rules.EarlierClaim]:
    rows = Claim.objects.filter(account=account.id, agreement=account.agreement, month=month)
    return [
        rules.EarlierClaim(id=row.id, state=row.state, rejected_at=row.decided_at, rejected_by=row.statement_version)
        for row in rows.exclude(state=State.REFUSED).order_by("number", "id")
    ]


def _entitled(account: AccountView, month: Month) -> rules.Entitled | None:
    entitlement = newest(account.id, account.agreement, month)
    if entitlement is None:
        return None
    statement = Statement.objects.filter(id=statement_id(account.id, account.agreement, month)).first()
    return rules.Entitled(
        opened_at=entitlement.opened_at,
        used_by=entitlement.claim,
        ended=entitlement.state == Entitlement.ENDED,
        version=statement.statement_version if statement else 0,
    )


def _promises_credit(published: PublishedTerms | None) -> bool:
    return published is not None and None not in (published.terms.credits, published.terms.claims)


def _tiers(account: AccountView, month: Month, zone: tzinfo, received_at: datetime) -> tuple[str, ...]:
    """Name the tiers held in the month so far, each once."""
    first, last = month.first_minute(zone), month.last_minute(zone)
    so_far = min(last, max(first, minute_of(received_at)) + 1)
    held = tiers_held(account.holdings, first=first, last=so_far)
    return tuple(dict.fromkeys(one.tier for one in held))


def _tiers_that_earn(published: PublishedTerms | None) -> frozenset[str]:
    if published is None:
        return frozenset()
    terms = published.terms
    return frozenset(tier for tier in terms.tiers if terms.target(tier) is not None)


def _bound(account: AccountView, sent: Received, zone: tzinfo, *, now: datetime) -> Bound | None:
    """Tell until when the month may be filed; without any times, it counts from the month's end."""
    until = rules.claimed_until(sent.times) or sent.month.end(zone)
    return filing_bound(account.id, account.agreement, sent.month, claimed_until=until, now=now)


def _refuse(case: _Case, refusal: rules.Refusal, *, by: Actor, now: datetime) -> UUID:
    """Record what was sent and the rule that it broke, as a stream that occupies nothing."""
    sent, filing, stream = case.sent, case.filing, new_id()
    with begin(Claim, stream, by=by, now=now) as claim:
        refused = FilingRefused(
            account=case.account.id,
            agreement=case.account.agreement,
            month=sent.month,
            terms_version=case.published.version if case.published else None,
            override=case.published.override if case.published else None,
            received_at=filing.received_at,
            times=sent.times,
            evidence=new_evidence(stream, case.account.id, sent.evidence),
            words=sealed_words(sent.words, case.account.id),
            code=refusal.code,
            clause=_clause(case, refusal),
            sentence=refusal.sentence,
            bound=filing.bound.until if filing.bound else None,
            existing=filing.blocking if refusal.code == rules.DUPLICATE else None,
        )
        claim.record(refused, occurred_at=filing.received_at)
    return stream


def _clause(case: _Case, refusal: rules.Refusal) -> str:
    return case.published.terms.clause(*refusal.rule) if case.published else ""


def _accept(case: _Case, *, by: Actor, now: datetime) -> UUID:
    sent, filing, published = case.sent, case.filing, case.published
    if published is None or published.terms.claims is None:
        raise LookupError(f"no terms judge {sent.month}")
    rule = settlement.settlement_rule(published.terms)
    required = published.terms.claims.required_parts
    account, agreement = case.account.id, case.account.agreement
    stream = claim_id(account, agreement, sent.month, case.earlier)
    evidence = new_evidence(stream, account, sent.evidence)
    zero = settlement.day_zero(filing.received_at, sent.month, rule)
    with begin(Claim, stream, by=by, now=now) as claim:
        filed = ClaimFiled(
            account=account,
            agreement=agreement,
            month=sent.month,
            number=case.earlier,
            terms_version=published.version,
            override=published.override,
            received_at=filing.received_at,
            times=rules.merged((), sent.times),
            evidence=evidence,
            words=sealed_words(sent.words, account),
            missing=rules.missing(required, times=sent.times, files=len(evidence)),
            bound=filing.bound.until if filing.bound else None,
            bound_from=filing.bound.by if filing.bound else "",
            settlement=settlement.from_here(settlement.settle(zero, rule), now=filing.received_at),
        )
        claim.record(filed, occurred_at=filing.received_at)
    return stream
