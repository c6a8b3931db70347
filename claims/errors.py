"""What claims refuse: one class per broken rule, its docstring the sentence a person reads."""

from eventstore.errors import DomainError


class ClaimsError(DomainError):
    """This cannot be done with statements, claims or credits."""

    code = "claims_refused"


class InvalidFiling(ClaimsError):
    """The filing cannot be read: correct it and send it again."""

    status = 422
    code = "invalid_filing"


class TimesOutsideMonth(InvalidFiling):
    """The claimed times do not touch the claimed month."""

    code = "times_outside_month"


class TimesInFuture(InvalidFiling):
    """The claimed times have not passed yet."""

    code = "times_in_future"


class ReceivedInFuture(InvalidFiling):
    """A claim cannot be received later than now."""

    code = "received_in_future"


class ReasonMissing(ClaimsError):
    """Say why: a decision without a reason cannot be recorded."""

    status = 422
    code = "reason_missing"


class UnknownReason(ClaimsError):
    """The reason must be one of the coded reasons."""

    status = 422
    code = "unknown_reason"


class UnknownPart(ClaimsError):
    """Only the parts of a claim can be asked for: its times or its evidence."""

    status = 422
    code = "unknown_part"


class NothingToAdd(ClaimsError):
    """Add times or evidence: an empty answer cannot be recorded."""

    status = 422
    code = "nothing_to_add"


class OperatorsDecide(ClaimsError):
    """Only an operator examines and decides claims."""

    status = 403
    code = "operators_decide"


class MonthNotClosed(ClaimsError):
    """The month is not closed yet: a claim is decided by its closed statement."""

    code = "month_not_closed"


class AwaitingUsage(ClaimsError):
    """The month's usage is not set yet, so the credit has no amount: approval waits for it."""

    code = "awaiting_usage"


class NothingToApprove(ClaimsError):
    """The month's statement shows no credit: reject the claim with its reason, or correct it."""

    code = "nothing_to_approve"


class CreditChanged(ClaimsError):
    """The statement shows another credit than the one that you saw: look at it again."""

    code = "credit_changed"


class StatementShowsCredit(ClaimsError):
    """The month's statement shows a credit: a claim in time is not rejected against it."""

    code = "statement_shows_credit"


class ReasonContradictsStatement(ClaimsError):
    """The month's statement does not show this reason."""

    code = "reason_contradicts_statement"


class ContestUndecided(ClaimsError):
    """The claim contests what was measured: decide each contested stretch before approving or rejecting."""

    code = "contest_undecided"


class NotContested(ClaimsError):
    """The claim does not contest these minutes."""

    code = "not_contested"


class PreparationRequired(ClaimsError):
    """A credit of this size is prepared by one person and approved by another: prepare it first."""

    code = "preparation_required"


class SecondPersonRequired(ClaimsError):
    """A credit of this size is approved by another person than the one who prepared it."""

    code = "second_person_required"


class PreparationOutdated(ClaimsError):
    """The statement changed since the claim was prepared: prepare it again."""

    code = "preparation_outdated"


class AppealedBefore(ClaimsError):
    """A rejection can be appealed once; the rejection of an appeal is final."""

    code = "appealed_before"


class AppealTooLate(ClaimsError):
    """The time to appeal has passed, and the rejection is final."""

    code = "appeal_too_late"


class AppealOvertaken(ClaimsError):
    """Another claim for the month was filed since: it is decided there."""

    code = "appeal_overtaken"


class DeadlineMovedBack(ClaimsError):
    """A deadline is moved by name and reason, and only to a later instant."""

    code = "deadline_moved_back"


class DeadlineMissed(ClaimsError):
    """The deadline has passed: a miss that has happened stays a miss."""

    code = "deadline_missed"


class EvidenceTooLarge(ClaimsError):
    """The file is larger than evidence may be."""

    status = 422
    code = "evidence_too_large"


class EvidenceTypeRefused(ClaimsError):
    """Evidence is a picture (PNG, JPEG, GIF, WebP), a PDF or plain text."""

    status = 422
    code = "evidence_type_refused"


class EvidenceEmpty(ClaimsError):
    """The file is empty."""

    status = 422
    code = "evidence_empty"


class TooMuchEvidence(ClaimsError):
    """The claim holds as many files as a claim can hold."""

    status = 422
    code = "too_much_evidence"


class EvidenceDamaged(ClaimsError):
    """The stored file is not the one that was received: its hash differs."""

    code = "evidence_damaged"


class EvidenceLost(ClaimsError):
    """The stored file is gone from the disk."""

    code = "evidence_lost"


class LedgerError(ClaimsError):
    """This cannot be posted."""

    code = "posting_refused"


class NoSuchPosting(LedgerError):
    """Only a posted credit can be reversed, and this is none: a draw follows its usage."""

    code = "no_such_posting"


class ReversedBefore(LedgerError):
    """This posting was reversed before."""

    code = "reversed_before"


class CreditSpent(LedgerError):
    """The credit is reserved or was drawn: only what is still in the balance can be reversed."""

    code = "credit_spent"


class OperatorsAccept(ClaimsError):
    """Only an operator lets a month close with minutes that are unknown or in dispute."""

    status = 403
    code = "operators_accept"


class NothingToAccept(ClaimsError):
    """The month does not wait for anybody: there is nothing to accept."""

    code = "nothing_to_accept"


class NoSuchMonth(ClaimsError):
    """There is no such month: it has not begun, or the agreement does not judge it."""

    status = 404
    code = "no_such_month"
