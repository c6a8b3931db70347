"""An account's claims: file one, follow it, add to it, take it back, appeal."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import examples
from claims.api.claim_shapes import (
    AppealingShape,
    ClaimShape,
    FilingFormShape,
    FilingShape,
    HappeningShape,
    PartsShape,
    TimesShape,
    WithdrawingShape,
)
from claims.api.told import details_of, is_told
from claims.api.tree import DEADLINES, DeadlineShape
from claims.commands.claims.appeal import appeal
from claims.commands.claims.decide import withdraw
from claims.commands.claims.evidence import add_evidence, add_times
from claims.commands.claims.file import Received, file_claim
from claims.errors import (
    EvidenceEmpty,
    EvidenceTooLarge,
    EvidenceTypeRefused,
    NothingToAdd,
    TimesInFuture,
    TimesOutsideMonth,
    TooMuchEvidence,
)
from claims.evidence import FILES_IN_A_CLAIM, KeptFile, keep
from claims.explain import deadlines
from claims.queries import claims
from claims.queries.claims import ClaimView, Happening
from customers.api.answers import Commands, carried_out
from customers.api.asking import Mends, asked, naming, sent
from customers.api.describing import FORM, JSON, reading, writing
from customers.api.pages import PARAMETERS, address_of, page_of, paged
from customers.api.problems import problem
from customers.api.views import LARGEST_BODY, CustomerView
from customers.commands import Answer

REFUSED: Final = 409
MENDS: Final[Mends] = {
    TimesOutsideMonth: ("times", "Send times that touch the month, or a claim for the month that they are in."),
    TimesInFuture: ("times", "Send times that have passed."),
    NothingToAdd: ("times", "Send times, or evidence as parts of a form."),
    TooMuchEvidence: ("evidence", f"Send fewer files: a claim holds {FILES_IN_A_CLAIM}."),
}
UNUSABLE: Final[Mends] = {
    EvidenceEmpty: ("evidence", "Send a file that has content."),
    EvidenceTooLarge: ("evidence", "Send a smaller file, or a part of it."),
    EvidenceTypeRefused: ("evidence", "Send a picture, a PDF or plain text."),
}


class ClaimsView(CustomerView):
    """A view of the account's claims: another account's do not exist."""

    parser_classes = (JSONParser, MultiPartParser)

    def most_bytes(self) -> int:
        """Take a form with as many files as a claim holds."""
        files = FILES_IN_A_CLAIM * settings.MAKEGOOD_EVIDENCE_BYTES
        return LARGEST_BODY + (files if str(self.request.content_type).startswith(FORM) else 0)

    def kept(self, files: "Iterable[UploadedFile[Any]]") -> tuple[KeptFile, ...]:
        """Store files of evidence, ahead of the transaction: they are named by their content."""
        given = list(files)
        return tuple(self._kept(given, number) for number in range(len(given)))

    def _kept(self, files: "list[UploadedFile[Any]]", number: int) -> KeptFile:
        file = files[number]
        with naming({"evidence": files}, UNUSABLE, number=number):
            return keep(file, name=file.name or "", account=self.holder.account)


class Claims(ClaimsView):
    """The account's claims."""

    @reading("claims_list", page_of(ClaimShape), examples.CLAIMS, refuses=(422,), parameters=PARAMETERS)
    def get(self, request: Request) -> Response:
        """List the account's claims and refused filings, the newest first."""
        listed = claims.claims_of(self.holder.account)
        return paged(request, listed, named_by=lambda one: str(one.id), shape=ClaimShape)

    @writing(
        "claims_file",
        {JSON: FilingShape, FORM: FilingFormShape},
        examples.FILING,
        ClaimShape,
        examples.CLAIM,
        status=201,
        problems={409: examples.DUPLICATE},
    )
    def post(self, request: Request) -> Response:
        """File a claim for a month. It is judged by the time at which it is received.

        A filing that may not be made (late, a duplicate, a tier without credit) is recorded as refused
        and answered with 409: the problem has the code, the sentence and the clause, the address of the
        `filing`, and for a duplicate that of the `claim` that stands.
        """
        told = asked(FilingFormShape, request)
        received = Received(
            month=told["month"],
            times=tuple(told.get("times", ())),
            words=told["words"],
            evidence=self.kept(told.get("evidence", ())),
            stated_account=told.get("account"),
        )

        def carry_out(commanding: Commands) -> Answer:
            with commanding.once("file"):
                filing = file_claim(self.holder.account, received, by=self.actor, now=self.now)
            return _answer(claims.answer(filing))

        with naming(sent(FilingFormShape, request), MENDS):
            return carried_out(request, carry_out, now=self.now)


def _answer(answer: claims.Answer) -> Answer:
    filing, refused = answer.filing, answer.filing.refused
    location = address_of("claim", claim=filing.id)
    if refused is None:
        return Answer(201, ClaimShape(filing).data, location)
    refusal = problem(
        status=REFUSED,
        code=refused.code,
        detail=refused.sentence,
        clause=refused.clause,
        filing=location,
        claim=address_of("claim", claim=answer.claim.id) if answer.claim else None,
    )
    return Answer(REFUSED, refusal)


class OfClaim(ClaimsView):
    """A view of one claim, which is looked for before anything that was sent is looked at."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Begin. Errors: NotFound."""
        super().initial(request, *args, **kwargs)
        self.own(kwargs["claim"])

    def own(self, claim: UUID) -> ClaimView:
        """Give a claim of the account. Errors: NotFound."""
        return claims.claim(claim, account=self.holder.account)

    def acting_on(self, claim: UUID, act: Callable[[Commands], object]) -> Response:
        """Carry out commands on a claim, once, and show what it has become."""

        def carry_out(commanding: Commands) -> Answer:
            act(commanding)
            return Answer(200, ClaimShape(self.own(claim)).data)

        return carried_out(self.request, carry_out, now=self.now)


class OneClaim(OfClaim):
    """One claim of the account."""

    @reading("claims_show", ClaimShape, examples.CLAIM, refuses=(404,))
    def get(self, request: Request, claim: UUID) -> Response:  # noqa: ARG002
        """Show a claim, or a filing that was refused."""
        return Response(ClaimShape(self.own(claim)).data)


class Deadlines(OfClaim):
    """What is to happen by when, about a claim."""

    @reading(
        "claims_deadlines",
        DEADLINES,
        examples.CLAIM_DEADLINES,
        refuses=(404, 422),
        parameters=PARAMETERS,
    )
    def get(self, request: Request, claim: UUID) -> Response:
        """Explain by when the claim is decided, answered and appealed, and by when it was to be filed."""
        found = deadlines.of_claim(self.own(claim), now=self.now)
        return paged(request, found, named_by=lambda one: one.name, shape=DeadlineShape)


class History(OfClaim):
    """What happened to a claim."""

    @reading("claims_history", page_of(HappeningShape), examples.HISTORY, refuses=(404, 422), parameters=PARAMETERS)
    def get(self, request: Request, claim: UUID) -> Response:
        """List the events of a claim, the first one first."""
        happened = claims.happenings(claim, account=self.holder.account)
        told = [_told(one) for one in happened if is_told(one.event)]
        return paged(request, told, named_by=lambda one: str(one["number"]), shape=HappeningShape)


def _told(one: Happening) -> dict[str, Any]:
    return {
        "number": one.version,
        "type": one.type,
        "occurred_at": one.occurred_at,
        "by": one.actor.partition(" ")[0],
        "details": details_of(one.event),
    }


class Add(OfClaim):
    """Add to a claim."""

    @writing(
        "claims_add",
        {JSON: TimesShape, FORM: PartsShape},
        examples.ADDED,
        ClaimShape,
        examples.CLAIM,
        refuses=(404,),
    )
    def post(self, request: Request, claim: UUID) -> Response:
        """Add times or files of evidence to an open claim, both at once or neither; they answer what was asked for."""
        told = asked(PartsShape, request)
        times, words, by, now = tuple(told.get("times", ())), told["words"], self.actor, self.now
        files = self.kept(told.get("evidence", ()))

        def act(commanding: Commands) -> None:
            if not (times or files):
                raise NothingToAdd
            if times:
                with commanding.once("times"):
                    add_times(claim, times=times, words=words, by=by, now=now)
            if files:
                with commanding.once("evidence"):
                    add_evidence(claim, files=files, words="" if times else words, by=by, now=now)

        with naming(sent(PartsShape, request), MENDS):
            return self.acting_on(claim, act)


class Withdraw(OfClaim):
    """Take a claim back."""

    @writing("claims_withdraw", WithdrawingShape, examples.WITHDRAWING, ClaimShape, examples.WITHDRAWN, refuses=(404,))
    def post(self, request: Request, claim: UUID) -> Response:
        """Take an open claim back; the month can be claimed again within its bound."""
        words = asked(WithdrawingShape, request)["words"]

        def act(commanding: Commands) -> None:
            with commanding.once("withdraw"):
                withdraw(claim, words=words, by=self.actor, now=self.now)

        return self.acting_on(claim, act)


class Appeal(OfClaim):
    """Appeal a rejection."""

    @writing("claims_appeal", AppealingShape, examples.APPEALING, ClaimShape, examples.APPEALED, refuses=(404,))
    def post(self, request: Request, claim: UUID) -> Response:
        """Ask for a rejection to be examined again, once: ten new business days begin."""
        words = asked(AppealingShape, request)["words"]

        def act(commanding: Commands) -> None:
            with commanding.once("appeal"):
                appeal(claim, words=words, by=self.actor, now=self.now)

        return self.acting_on(claim, act)
