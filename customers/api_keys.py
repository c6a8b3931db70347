"""Programs sign in to the API with a key: `Authorization: Bearer mgc_…` (a customer's) or `mgp_…` (the provider's)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from customers import commands, queries
from customers.identity import as_program
from customers.queries import KeyHolder
from eventstore import Actor
from kernel import clock

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that signed in by a key; for a customer's key, `holder` names the account."""

    pk: UUID
    holder: KeyHolder | None = None
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_staff: ClassVar[bool] = False

    @property
    def actor(self) -> Actor:
        """Who acts, for commands."""
        return as_program(self.pk)


class _ByKey(BaseAuthentication):
    """Reads the key of a request and lets its kind of program in."""

    def find(self, key: str) -> Program | None:
        """Find the program whose key this is."""
        raise NotImplementedError

    def authenticate(self, request: Request) -> tuple[Any, KeyHolder | None] | None:
        """Give the program whose key the request carries; None for a request without one."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        program = self.find(key.strip())
        if program is None:
            raise AuthenticationFailed("This key opens nothing here: it is wrong, has ended, or is of another kind.")
        commands.note_use(program.pk, now=clock.now())
        return program, program.holder

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 — REST framework asks with it
        """Say how to sign in, so that a request without a key is answered with 401."""
        return f'{SCHEME} realm="makegood"'


class CustomerKey(_ByKey):
    """Lets an account's programs in; `request.auth` is the key's holder, with the account."""

    def find(self, key: str) -> Program | None:
        """Find a customer's program."""
        holder = queries.account_for_key(key)
        return Program(holder.key, holder) if holder else None


class ProviderKey(_ByKey):
    """Lets the provider's own programs in, such as billing."""

    def find(self, key: str) -> Program | None:
        """Find a program of the provider."""
        found = queries.program_for_key(key)
        return Program(found) if found else None


class _Described(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells OpenAPI how the keys are sent."""

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """Describe a bearer token."""
        return {"type": "http", "scheme": "bearer"}


class CustomerKeyDescribed(_Described):  # type: ignore[no-untyped-call]
    """The keys of customers' programs."""

    target_class = CustomerKey
    name = "customer key"


class ProviderKeyDescribed(_Described):  # type: ignore[no-untyped-call]
    """The keys of the provider's programs."""

    target_class = ProviderKey
    name = "provider key"
