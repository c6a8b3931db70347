"""Programs sign in with a key: `Authorization: Bearer mgc_…` (a customer's) or `mgp_…` (the provider's)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from customers import commands, queries
from customers.identity import as_program
from customers.queries import KeyHolder
from eventstore import Actor
from kernel import clock

if TYPE_CHECKING:
    from rest_framework.views import APIView

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class Program:
    """A program that signed in by a key; `holder` names the account of a customer's key."""

    pk: UUID
    holder: KeyHolder | None
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_staff: ClassVar[bool] = False

    @property
    def actor(self) -> Actor:
        """Who acts, for commands."""
        return as_program(self.pk)


class KeyAuthentication(BaseAuthentication):
    """Finds the program whose key a request carries; browsers' sessions open nothing here."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Give the program; None for a request without a key."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        program = _program(key.strip())
        if program is None:
            raise AuthenticationFailed("This key opens nothing: it is wrong, or it has ended.")
        commands.note_use(program.pk, now=clock.now())
        return program, None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 — REST framework asks with it
        """Say how to sign in, so that a request without a key is answered with 401."""
        return f'{SCHEME} realm="makegood"'


def _program(key: str) -> Program | None:
    holder = queries.account_for_key(key)
    if holder is not None:
        return Program(holder.key, holder)
    found = queries.program_for_key(key)
    return Program(found, None) if found else None


def program_of(request: Request) -> Program | None:
    """Give the program that asks; None for a request without a key."""
    user: object = request.user
    return user if isinstance(user, Program) else None


class OfCustomer(BasePermission):
    """Lets the programs of customers in."""

    message = "This is for customers' keys (mgc_…)."

    def has_permission(self, request: Request, view: "APIView") -> bool:  # noqa: ARG002
        """Tell whether the program acts for an account."""
        program = program_of(request)
        return program is not None and program.holder is not None


class OfProvider(BasePermission):
    """Lets the provider's own programs in."""

    message = "This is for the provider's own keys (mgp_…)."

    def has_permission(self, request: Request, view: "APIView") -> bool:  # noqa: ARG002
        """Tell whether the program acts for the provider."""
        program = program_of(request)
        return program is not None and program.holder is None


class KeyDescribed(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells OpenAPI how the keys are sent."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """Describe a bearer token."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A customer's key begins with mgc_, one of the provider's own programs with mgp_.",
        }
