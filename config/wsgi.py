"""The web application that gunicorn serves: `gunicorn config.wsgi`."""

import os
from typing import Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from claims.evidence import FILES_IN_A_CLAIM
from config import environment
from config.whole_body import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LARGEST_TABLE: Final = 100_000_000

served = get_wsgi_application()
application = whole(served, files=max(FILES_IN_A_CLAIM * settings.MAKEGOOD_EVIDENCE_BYTES, LARGEST_TABLE))
environment.require("SECRET_KEY", "DATABASE_URL", "REDIS_URL")
