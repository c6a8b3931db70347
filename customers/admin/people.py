"""People at the desk: operators and customers' people, added and changed by superusers only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from customers import commands
from customers.admin.desk import operator
from customers.models import User
from kernel import clock


class NewPersonForm(BaseUserCreationForm[User]):
    """A new operator; customers' people are invited instead."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        """Write the address in small letters: one address is one person."""
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]  # unfold has no types
    """Everybody with a sign-in; who can not sign in any more keeps their row, for history names them."""

    form = UserChangeForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "joined_at")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2", "is_staff")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 — Django's
        """Let a command change what a sign-in hangs on, and write the rest of the form."""
        if change and "is_active" in form.changed_data and not obj.is_active:
            commands.end_sign_in(obj.pk, by=operator(request), now=clock.now())
        if change and "email" in form.changed_data:
            commands.change_address(obj.pk, obj.email)
        if change:  # sessions that have ended stay so
            obj.session_stamp = User.objects.select_for_update(no_key=True).get(pk=obj.pk).session_stamp
        super().save_model(request, obj, form, change)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List people for superusers."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Show people to superusers."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers add operators."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let superusers take access away and give it."""
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People stay; take away that they can sign in."""
        return False
