"""What customers, usage, people and keys refuse: one class for each broken rule."""

from typing import ClassVar

from eventstore.errors import DomainError


class CustomersError(DomainError):
    """This cannot be done with the account."""


class _Missing(CustomersError):
    status: ClassVar[int] = 404


class _Unusable(CustomersError):
    status: ClassVar[int] = 422


class UnknownAccount(_Missing):
    """There is no such account."""

    code = "unknown_account"


class UnknownAgreement(_Unusable):
    """No version of this agreement is published."""

    code = "unknown_agreement"


class NumberTaken(CustomersError):
    """There is already an account with this number."""

    code = "number_taken"


class NumberUnusable(_Unusable):
    """An account number is one line of up to 60 visible characters, without a space at its ends."""

    code = "number_unusable"


class NameUnusable(_Unusable):
    """A name is one line of up to 150 visible characters."""

    code = "name_unusable"


class ZoneUnknown(_Unusable):
    """There is no such time zone; name one such as Europe/London."""

    code = "zone_unknown"


class UnknownTier(_Unusable):
    """The agreement has no such tier."""

    code = "unknown_tier"


class HoldingBackward(_Unusable):
    """A tier is held from an instant until a later one."""

    code = "holding_backward"


class HoldingsOverlap(CustomersError):
    """An account holds one tier at a time. End the other holding first."""

    code = "holdings_overlap"


class NoTierHeld(CustomersError):
    """The account holds no tier at that instant."""

    code = "no_tier_held"


class UsageNegative(_Unusable):
    """Usage is gross metered charges: zero or more (credits and refunds are not part of it)."""

    code = "usage_negative"


class UsageTooFine(_Unusable):
    """Usage is written in whole minor units of its currency."""

    code = "usage_too_fine"


class UsageTooLarge(_Unusable):
    """Usage of this size is a slip."""

    code = "usage_too_large"


class CurrencyDiffers(_Unusable):
    """Usage is in the currency of the agreement."""

    code = "currency_differs"


class MonthNotBegun(_Unusable):
    """The month has not begun."""

    code = "month_not_begun"


class UsageFileFaulty(_Unusable):
    """The file has faults; nothing of it was taken over."""

    code = "usage_file_faulty"


class OwnerRequired(CustomersError):
    """Only an owner of the account may do this."""

    status: ClassVar[int] = 403
    code = "owner_required"


class LastOwner(CustomersError):
    """An account keeps an owner. Name another one first."""

    code = "last_owner"


class NotAMember(_Missing):
    """This person does not belong to the account."""

    code = "not_a_member"


class AlreadyMember(CustomersError):
    """This person belongs to the account already."""

    code = "already_member"


class AddressUnusable(_Unusable):
    """This is not a mail address."""

    code = "address_unusable"


class AddressTaken(CustomersError):
    """Another person signs in with this address."""

    code = "address_taken"


class InvitedOften(CustomersError):
    """This address was invited three times within a day. Wait a day, or ask the provider."""

    code = "invited_often"


class InvitedMany(CustomersError):
    """The account sent fifty invitations within a day. Wait a day, or ask the provider."""

    code = "invited_many"


class InvitationUnknown(_Missing):
    """There is no such invitation. Check the link, or ask to be invited again."""

    code = "invitation_unknown"


class InvitationUsed(CustomersError):
    """This invitation was accepted already."""

    code = "invitation_used"


class InvitationWithdrawn(CustomersError):
    """This invitation was withdrawn, or a newer one took its place."""

    code = "invitation_withdrawn"


class InvitationExpired(CustomersError):
    """This invitation has expired. Ask to be invited again."""

    code = "invitation_expired"


class SignInFirst(CustomersError):
    """There is a sign-in with this address already. Sign in with it to accept the invitation."""

    code = "sign_in_first"


class NotYourInvitation(CustomersError):
    """This invitation is for somebody else's address. Sign in with the address that it was sent to."""

    code = "not_your_invitation"


class PasswordWeak(_Unusable):
    """This password is too easily guessed."""

    code = "password_weak"


class UnknownKey(_Missing):
    """There is no such API key."""

    code = "unknown_key"


class KeyNameTaken(CustomersError):
    """A key of this name is in use. End it first, or give the new one another name."""

    code = "key_name_taken"


class RequestDiffers(_Unusable):
    """This Idempotency-Key was used before for another request. Use a new one."""

    code = "idempotency_key_reused"


class StillCarriedOut(CustomersError):
    """The same request is being carried out at this moment. Send it again in a second."""

    code = "still_carried_out"


class AnswerErased(CustomersError):
    """This request was carried out, and what it was answered with has been erased since."""

    status: ClassVar[int] = 410
    code = "answer_erased"
