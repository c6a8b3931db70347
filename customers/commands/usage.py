"""Writing usage: one month of one account, or a file of many."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from customers import rules
from customers.errors import UnknownAccount, UsageFileFaulty
from customers.events import UsageSet
from customers.identity import usage_id
from customers.models import Account, Usage, UsageUpload
from customers.terms_of import TermsOnce, terms_of_month
from customers.usage_file import Progress, UsageLine, UsageSheet
from eventstore import Actor, begin, change, changes, command
from eventstore.subscriptions import patiently
from kernel.ids import AccountId, new_id
from kernel.money import Money
from kernel.months import Month

CHUNK: Final = 2_000
UPLOAD_LASTS: Final = timedelta(days=1)


@command
def set_usage(account: AccountId, month: Month, amount: Money, *, reason: str = "", by: Actor, now: datetime) -> UUID:
    """Set the gross metered charges of an account's month (SEMANTICS 13).

    The same amount again records nothing, unless it confirms after the month's end what was set
    before it; another one is a change, and both stay visible. Errors:
    UnknownAccount, CurrencyDiffers, UsageNegative, UsageTooFine, MonthNotBegun.
    """
    row = Account.objects.filter(id=account).only("agreement").first()
    if row is None:
        raise UnknownAccount
    terms = terms_of_month(row.agreement, month)
    rules.require_usage(amount, currency=terms.currency)
    rules.require_begun(month, zone=terms.zone, now=now)
    stream = usage_id(account, month)
    opened = change if Usage.objects.filter(id=stream).exists() else begin
    with opened(Usage, stream, by=by, now=now) as usage:
        month_over = month.end(terms.zone) <= now
        if rules.says_something(usage, amount, month_over=month_over):
            usage.record(
                UsageSet(
                    account=account,
                    agreement=row.agreement,
                    month=month,
                    amount=amount,
                    reason=reason,
                    month_over=month_over,
                )
            )
    return stream


def import_usage(
    sheet: UsageSheet, *, reason: str = "", by: Actor, now: datetime, progress: Progress = lambda _: None
) -> int:
    """Take over a whole file, or nothing of it where a line has a fault; return what was new or changed.

    It is written in short transactions. Where it is interrupted, importing the same file again
    completes it: what is set already records nothing. Errors: UsageFileFaulty.
    """
    if sheet.faults:
        raise UsageFileFaulty(f"The file has {sheet.faults_counted}; nothing of it was taken over.")
    return import_good_lines(sheet, reason=reason, by=by, now=now, progress=progress)


def import_good_lines(
    sheet: UsageSheet, *, reason: str = "", by: Actor, now: datetime, progress: Progress = lambda _: None
) -> int:
    """Take over the lines of a file that have no fault; return what was new or changed."""
    written = 0
    for at in range(0, len(sheet.lines), CHUNK):
        part = sheet.lines[at : at + CHUNK]
        written += _write(part, reason=reason, by=by, now=now)
        progress(at + len(part))
    return written


def _write(lines: Sequence[UsageLine], *, reason: str, by: Actor, now: datetime) -> int:
    """Write some lines in one transaction; again in a fresh one where another writer was faster."""
    return patiently(lambda: _written(lines, reason=reason, by=by, now=now))


def _written(lines: Sequence[UsageLine], *, reason: str, by: Actor, now: datetime) -> int:
    written, terms = 0, TermsOnce()
    with changes(by=by, now=now) as batch:
        known = batch.load(Usage, [line.id for line in lines])
        for line in lines:
            usage = known.get(line.id) or batch.begin(Usage, line.id)
            month_over = line.month.end(terms.of_month(line.agreement, line.month).zone) <= now
            if not rules.says_something(usage, line.amount, month_over=month_over):
                continue
            usage.record(
                UsageSet(
                    account=line.account,
                    agreement=line.agreement,
                    month=line.month,
                    amount=line.amount,
                    reason=reason,
                    month_over=month_over,
                )
            )
            written += 1
    return written


def keep_upload(name: str, content: str, *, reason: str, person: UUID, now: datetime) -> UUID:
    """Keep an uploaded file until its uploader has looked at it; uploads of another day are dropped."""
    UsageUpload.objects.filter(uploaded_at__lt=now - UPLOAD_LASTS).delete()
    row = UsageUpload.objects.create(
        id=new_id(), name=name, content=content, reason=reason, uploaded_by_id=person, uploaded_at=now
    )
    return row.id


def drop_upload(upload: UUID) -> None:
    """Forget an uploaded file."""
    UsageUpload.objects.filter(id=upload).delete()
