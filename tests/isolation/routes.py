"""Every route of the project and who it is for; one that fits no line of the table fails the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

MEMBERS = "the members of the account in the address"
KEYS = "the account of the key, whatever the address says"
DESK = "operators"
SIGN_IN = "oneself: signing in, passwords, second factors"
TOKEN = "whoever the link was sent to"
OWN = "oneself: one's own accounts"
PUBLIC = "everybody: nothing of any account"

# The first line that a route begins with decides; a line that ends in $ is the whole route.
TABLE: Final = (
    ("a/<uuid:account>/", MEMBERS),
    ("api/v1/", KEYS),
    ("admin/", DESK),
    ("accounts/", SIGN_IN),
    ("invitation/<str:token>/$", TOKEN),
    ("$", OWN),
    ("health/$", PUBLIC),
    ("api/schema/$", PUBLIC),
    ("api/docs/$", PUBLIC),
)
PARAMETER: Final = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the project."""

    pattern: str
    parameters: tuple[str, ...]

    @property
    def is_for(self) -> str:
        """Tell who it is for. Errors: LookupError for a route that nobody has thought about."""
        for start, whom in TABLE:
            if self.pattern.startswith(start) or (start.endswith("$") and self.pattern == start[:-1]):
                return whom
        raise LookupError(f"say in TABLE who the route {self.pattern!r} is for")

    def filled(self, values: dict[str, Any]) -> str:
        """Give its address with these values. Errors: LookupError for a parameter that nobody has thought about."""
        missing = set(self.parameters) - set(values)
        if missing:
            raise LookupError(f"say what of Acme's {sorted(missing)} is in {self.pattern!r}")
        return "/" + self._plain(values)

    def _plain(self, values: dict[str, Any]) -> str:
        text = self.pattern.replace("^", "").removesuffix("$")
        text = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: str(values[found[1]]), text)
        return PARAMETER.sub(lambda found: str(values[found[1]]), text)


def routes() -> list[Route]:
    """List every route that the project answers."""
    return [Route(pattern, parameters) for pattern, parameters in _walk(get_resolver(), "", ())]


def _walk(resolver: URLResolver, before: str, parameters: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        found = (*parameters, *one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            yield pattern, found
        else:
            yield from _walk(one, pattern, found)


def routes_for(whom: str) -> list[Route]:
    """List the routes that are for somebody."""
    return [one for one in routes() if one.is_for == whom]
