"""What `manage.py check --deploy` says about an installation beyond Django's own checks."""

import os
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

NEEDED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")


@register(Tags.security, deploy=True)
def the_log_has_an_owner_of_its_own(**_options: Any) -> list[CheckMessage]:
    """Warn where the application could undo the guards of its own log."""
    application, owner = settings.DATABASES["default"], settings.DATABASES["owner"]
    if [application[key] for key in ("HOST", "PORT", "USER")] != [owner[key] for key in ("HOST", "PORT", "USER")]:
        return []
    return [
        checks.Warning(
            "DATABASE_URL and DATABASE_OWNER_URL are the same login, which can remove the log's guards.",
            hint="Give the application a login of its own, as docs/operations.md shows.",
            id="makegood.W001",
        )
    ]


@register(Tags.security, deploy=True)
def the_environment_is_complete(**_options: Any) -> list[CheckMessage]:
    """Name every variable without which nothing can work."""
    return [
        checks.Error(f"{name} is not set.", hint="docs/operations.md says what it holds.", id="makegood.E001")
        for name in NEEDED
        if not os.environ.get(name)
    ]
