"""`manage.py first_operator`: make sure that somebody can sign in to the desk."""

import os
import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email

from config.services.operators import NOBODY_YET, REFUSED


class Command(BaseCommand):
    """Create the first operator from MAKEGOOD_OPERATOR_EMAIL and MAKEGOOD_OPERATOR_PASSWORD, once."""

    help = "Creates the first operator from the environment; exits with 3 where there is none and none is named."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Leave an installation alone that has an operator."""
        people = get_user_model()._default_manager
        if people.filter(is_staff=True, is_active=True).exists():
            return
        email = os.environ.get("MAKEGOOD_OPERATOR_EMAIL", "")
        password = os.environ.get("MAKEGOOD_OPERATOR_PASSWORD", "")
        if not email or not password:
            sys.exit(NOBODY_YET)
        try:
            validate_email(email)
            validate_password(password)
            name = os.environ.get("MAKEGOOD_OPERATOR_NAME", email.partition("@")[0])
            get_user_model().objects.create_superuser(email=email, password=password, name=name)
        except ValidationError as refusal:
            self.stderr.write("the operator was refused: " + " ".join(refusal.messages))
            sys.exit(REFUSED)
        self.stdout.write(f"{email} can sign in at the desk")
