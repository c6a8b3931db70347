"""The cache: Redis, which may be away without keeping anybody from signing in."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

R = TypeVar("R")

# What allauth counts: attempts to sign in, and codes that were used.
SIGN_IN: Final = "allauth"


class Cache(RedisCache):
    """Redis. While it is away, attempts to sign in are not counted, rather than refused; all else is told of it."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Give a value."""
        return _or(key, lambda: super(Cache, self).get(key, default, version), otherwise=default)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Put a value where there is none."""
        return _or(key, lambda: super(Cache, self).add(key, value, *args, **kwargs), otherwise=True)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        """Put a value."""
        return _or(key, lambda: super(Cache, self).set(key, value, *args, **kwargs), otherwise=None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove a value."""
        return _or(key, lambda: super(Cache, self).delete(key, version), otherwise=False)


def _or(key: Any, work: Callable[[], R], *, otherwise: R) -> R:
    """Do it; where Redis is away, give something else for what sign-in counts. Errors: RedisError for the rest."""
    try:
        return work()
    except RedisError:
        if not str(key).startswith(SIGN_IN):
            raise
        return otherwise
