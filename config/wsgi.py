"""The web application that gunicorn serves: `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from config import environment
from config.whole_body import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = whole(get_wsgi_application())
environment.require("SECRET_KEY", "DATABASE_URL", "REDIS_URL")
