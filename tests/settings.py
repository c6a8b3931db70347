"""The project's settings as tests have them: only the environment differs, and it is set here."""

import os

os.environ["MAKEGOOD_ENV"] = "test"

from config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys"]  # noqa: F405
