"""So many requests a minute for each key."""

from typing import Final

import redis
from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from customers.api.keys import program_of
from kernel import clock

MINUTE: Final = 60


class KeyThrottle(BaseThrottle):
    """Counts each key's requests in the cache; without the cache nobody is refused."""

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        """Count the request and tell whether it may be made."""
        program = program_of(request)
        if program is None:
            return True
        return _counted(f"api:{program.pk}:{_seconds() // MINUTE}") <= settings.MAKEGOOD_API_PER_MINUTE

    def wait(self) -> float:
        """Tell in how many seconds the next minute begins."""
        return MINUTE - _seconds() % MINUTE


def _seconds() -> int:
    return int(clock.now().timestamp())


def _counted(name: str) -> int:
    try:
        cache.add(name, 0, timeout=2 * MINUTE)
        return cache.incr(name)
    except (redis.RedisError, ValueError):  # away, or flushed in between
        return 0
