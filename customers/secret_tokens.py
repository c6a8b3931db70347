"""Secrets that are shown once and kept as a hash only: invitations' tokens and API keys."""

import hashlib
import hmac
import secrets
from typing import Final, NamedTuple

CUSTOMER_KEY: Final = "mgc"
PROVIDER_KEY: Final = "mgp"
_PREFIX_BYTES: Final = 6
_SECRET_BYTES: Final = 32
_NOBODYS_HASH: Final = "0" * 64


class NewKey(NamedTuple):
    """A key as its owner gets it, once, and the two parts of it that are kept."""

    key: str
    prefix: str
    key_hash: str


def new_token() -> str:
    """Make a token that nobody guesses, for a link."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def new_key(kind: str) -> NewKey:
    """Make an API key; its kind and prefix tell it apart, the rest is secret."""
    prefix = f"{kind}_{secrets.token_hex(_PREFIX_BYTES)}"
    key = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return NewKey(key, prefix, hashed(key))


def prefix_of(key: str) -> str:
    """Give the part of a key by which it is found; empty for a text that is no key."""
    kind, _, rest = key.partition("_")
    found, _, secret = rest.partition("_")
    return f"{kind}_{found}" if secret else ""


def hashed(secret: str) -> str:
    """Hash a secret that is too long to be guessed: no salt and no slowness is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, key_hash: str | None) -> bool:
    """Compare a secret with the hash that is kept, in the same time whether there is one or not."""
    same = hmac.compare_digest(hashed(secret), key_hash or _NOBODYS_HASH)
    return same and key_hash is not None
