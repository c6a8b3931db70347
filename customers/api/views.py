"""What the views of every room's API begin with: who asks, for which account, when, and with how much."""

from datetime import datetime
from typing import Any, Final, cast

from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from customers import queries
from customers.api.keys import KeyAuthentication, OfCustomer, OfProvider, Program
from customers.api.problems import BodyTooLarge, LengthMissing
from customers.api.throttle import KeyThrottle
from customers.queries import AccountView, KeyHolder
from eventstore import Actor
from kernel import clock

LARGEST_BODY: Final = 1_000_000


class ByHeaders(DefaultContentNegotiation):
    """The form of an answer is asked for by `Accept`; no `format` in a query names it."""

    def filter_renderers(self, renderers: Any, format: str) -> Any:  # noqa: A002, ARG002 — REST framework's names
        """Leave them all."""
        return renderers


class ProgramView(APIView):
    """A view for programs: it reads the clock once and refuses a body that is too large unread."""

    authentication_classes = (KeyAuthentication,)
    throttle_classes = (KeyThrottle,)
    content_negotiation_class: type[BaseContentNegotiation] = ByHeaders
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Begin."""
        self.now = clock.now()
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and "Transfer-Encoding" in request.headers:
            raise LengthMissing
        most = self.most_bytes()
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise BodyTooLarge(f"The request is larger than {most} bytes.")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let nothing on the way keep what is one account's own."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = "private, no-store"
        return finished

    def most_bytes(self) -> int:
        """Tell how large a body this address takes."""
        return LARGEST_BODY

    @property
    def program(self) -> Program:
        """The program that asks."""
        return cast("Program", self.request.user)

    @property
    def actor(self) -> Actor:
        """Who acts, for commands."""
        return self.program.actor


class CustomerView(ProgramView):
    """A view for the programs of one account: whatever the address says, they see only their own."""

    permission_classes = (OfCustomer,)

    @property
    def holder(self) -> KeyHolder:
        """The key, and the account that it is for."""
        return cast("KeyHolder", self.program.holder)

    def account(self) -> AccountView:
        """Give the key's account."""
        return queries.account(self.holder.account)


class ProviderView(ProgramView):
    """A view for the provider's own programs."""

    permission_classes = (OfProvider,)


class AsItIs(BaseContentNegotiation):
    """Files are what they are, whatever a program would rather have."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:  # noqa: ARG002
        """Take the first."""
        return cast("BaseParser", parsers[0]) if parsers else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:  # noqa: ARG002
        """Take the first."""
        first: BaseRenderer = renderers[0]
        return first, first.media_type
