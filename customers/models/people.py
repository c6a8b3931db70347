"""People: one sign-in each, the accounts they belong to, and who was asked to join."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from kernel import clock
from kernel.ids import new_id


def new_stamp() -> str:
    """Make a stamp that no session has seen."""
    return secrets.token_hex(16)


class People(BaseUserManager["User"]):
    """Finds and makes people by their mail address, however it is capitalised."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, for sign-in."""
        return self.get(email=(username or "").strip().lower())

    def create_user(
        self, email: str, password: str | None = None, *, joined_at: datetime | None = None, **fields: Any
    ) -> "User":
        """Make a person who can sign in; without a password only a reset lets them in."""
        person = self.model(email=email.strip().lower(), joined_at=joined_at or clock.now(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make the first operator; `createsuperuser` calls this."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a sign-in of their own: customers' members and the provider's operators."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField("can sign in", default=True)
    is_staff = models.BooleanField("operator", default=False, help_text="works for the provider, at the desk")
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    session_stamp = models.CharField(max_length=32, default=new_stamp, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(name="customers_user_email_in_small_letters", condition=Q(email=Lower("email"))),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def get_full_name(self) -> str:
        """The person's name, for the admin's greeting."""
        return self.name

    def get_short_name(self) -> str:
        """The person's name."""
        return self.name

    def clean(self) -> None:
        """An address is written in small letters, so that one address is one person."""
        self.email = self.email.strip().lower()

    def get_session_auth_hash(self) -> str:
        """Tie each session to the password and the stamp: a new stamp ends them all at once."""
        return self._stamped(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Accept sessions that were made under an earlier secret key."""
        return (self._stamped(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _stamped(self, secret: str | bytes | None) -> str:
        salt = "customers.models.people.User.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password} {self.session_stamp}", secret=secret, algorithm="sha256").hexdigest()


class Role(models.TextChoices):
    """What a member may do: an owner also invites and removes people and makes keys."""

    OWNER = "owner", "owner"
    MEMBER = "member", "member"


class Member(models.Model):
    """A person belongs to an account; a removed member's row stays, with its end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField(editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", editable=False)
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "member"
        ordering = ("joined_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("account", "user"), condition=Q(ended_at=None), name="customers_member_once_per_account"
            ),
            models.CheckConstraint(
                name="customers_member_ended_by_somebody",
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
            ),
        )
        indexes = (models.Index(fields=("user", "account"), name="customers_member_user"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(models.Model):
    """Somebody is asked to join an account; only a hash of the link's token is kept."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.UUIDField(editable=False)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices)
    token_hash = models.CharField(max_length=64, editable=False)
    invited_by = models.CharField(max_length=120)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ("-invited_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="customers_invitation_token"),
            models.UniqueConstraint(
                fields=("account", "email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="customers_invitation_one_open_each",
            ),
            models.CheckConstraint(
                name="customers_invitation_email_in_small_letters", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="customers_invitation_has_one_end", condition=Q(accepted_at=None) | Q(withdrawn_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"
