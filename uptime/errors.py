"""What measurement refuses: one class per broken rule, its docstring the sentence a person reads."""

from eventstore.errors import DomainError, InvalidInput, NotFound


class ServiceUnknown(NotFound):
    """There is no service of this name under the agreement."""

    code = "service_unknown"


class ServiceUnnamed(InvalidInput):
    """A service needs a name that can be printed."""

    code = "service_unnamed"


class AgreementUnknown(NotFound):
    """No agreement of this name is published."""

    code = "agreement_unknown"


class MonitorUnknown(NotFound):
    """The service has no monitor of this name."""

    code = "monitor_unknown"


class MonitorNameTaken(DomainError):
    """The service has a monitor of this name already."""

    code = "monitor_name_taken"


class MonitorMalformed(InvalidInput):
    """A monitor needs a name that can be printed, a gap that is not negative, and statuses from 0 to 999."""

    code = "monitor_malformed"


class NoTermsInForce(DomainError):
    """No version of the agreement's terms was in force in this month."""

    code = "no_terms_in_force"


class ReasonMissing(InvalidInput):
    """This needs a reason."""

    code = "reason_missing"


class SecondPersonRequired(DomainError):
    """Whoever proposed an exclusion cannot approve it: a second person decides."""

    code = "second_person_required"


class NothingToExclude(InvalidInput):
    """An exclusion needs at least one stretch of time."""

    code = "nothing_to_exclude"


class CategoryNotExcused(InvalidInput):
    """Under this agreement time of this category is downtime: excluding it would excuse nothing."""

    code = "category_not_excused"


class CausesUnnamed(InvalidInput):
    """Customer action excuses only the accounts that caused it: name them."""

    code = "causes_unnamed"


class NoticeWithoutDuration(InvalidInput):
    """A maintenance notice tells when the work is expected to end; one that does not is refused."""

    code = "notice_without_duration"


class NeverAnnounced(InvalidInput):
    """Planned maintenance needs its announcement: when, by which channel, and to whom."""

    code = "never_announced"


class EmergencyUnfounded(InvalidInput):
    """Emergency maintenance is excused only with its full record."""

    code = "emergency_unfounded"


class NotWholeMinutes(InvalidInput):
    """A correction begins and ends at a full minute, because minutes are what is counted."""

    code = "not_whole_minutes"


class NotYetPast(InvalidInput):
    """Only time that is past can be corrected."""

    code = "not_yet_past"


class ConfinedToNobody(InvalidInput):
    """A confined outage names the accounts that had it."""

    code = "confined_to_nobody"


class NoPlannedWindow(DomainError):
    """Only a planned window can be completed or called off."""

    code = "no_planned_window"
