"""What an agreement refuses: one class per broken rule, its docstring the sentence a person reads."""

from eventstore.errors import DomainError, InvalidInput


class TermsRefused(InvalidInput):
    """These terms cannot be published: they have faults."""

    code = "terms_refused"


class ExampleFailed(InvalidInput):
    """These terms cannot be published: they contradict their own examples."""

    code = "example_failed"


class StartsInThePast(DomainError):
    """A new version cannot take effect before it is announced."""

    code = "starts_in_the_past"


class StartsWithinAPeriod(DomainError):
    """A new version takes effect at the start of a billing period."""

    code = "starts_within_a_period"


class StartsBeforeItsPredecessor(DomainError):
    """A new version takes effect after the one before it."""

    code = "starts_before_its_predecessor"


class CurrencyChanged(DomainError):
    """A new version keeps the currency: customers hold credit in it. Another currency is another agreement."""

    code = "currency_changed"


class MonthsShifted(InvalidInput):
    """A new version begins where a month of the version before it ends: no minute is judged twice, none by neither."""

    code = "months_shifted"


class NeedsAnnouncement(DomainError):
    """Only the first version of an agreement is loaded; draft and announce a later one."""

    code = "needs_announcement"


class NothingToChange(DomainError):
    """There is no version of this agreement yet. The first one needs no announcement: load it."""

    code = "nothing_to_change"


class TooLateToAnnounce(DomainError):
    """There is not enough time left for the notice that the agreement asks for."""

    code = "too_late_to_announce"


class NotADraft(DomainError):
    """Only a draft can be announced."""

    code = "not_a_draft"


class AnotherIsOnItsWay(DomainError):
    """Another version is announced or agreed and not in force yet; customers are told of one change at a time."""

    code = "another_is_on_its_way"


class NotWithdrawable(DomainError):
    """Only a draft, or a version that is announced or agreed and not in force yet, can be withdrawn."""

    code = "not_withdrawable"


class NotAnnounced(DomainError):
    """Accounts can be told of a version only while its announcement is on its way."""

    code = "not_announced"


class ToldInTheFuture(InvalidInput):
    """An account cannot have been told later than now."""

    code = "told_in_the_future"


class ReasonMissing(InvalidInput):
    """Say why: the reason stays on record, and customers read it."""

    code = "reason_missing"


class OverrideDoesNotFit(InvalidInput):
    """What was negotiated with an account cannot be laid over these terms."""

    code = "override_does_not_fit"


class EndsBeforeItBegins(DomainError):
    """Negotiated terms end at the start of a billing period after the one in which they begin."""

    code = "ends_before_it_begins"


class NothingNegotiated(DomainError):
    """A first version of negotiated terms changes something; nothing is taken back that was never given."""

    code = "nothing_negotiated"


class NotAgreeable(DomainError):
    """Only a draft, or a version that is announced and not settled yet, can be agreed on."""

    code = "not_agreeable"


class AgreedInTheFuture(InvalidInput):
    """Nobody can have agreed later than today."""

    code = "agreed_in_the_future"
