"""The addresses of accounts and usage in the API."""

from django.urls import path

from customers.api.account import ShowAccount
from customers.api.usage import ImportUsage, UsageOfMonths

urlpatterns = [
    path("account", ShowAccount.as_view(), name="account"),
    path("usage", UsageOfMonths.as_view(), name="usage"),
    path("usage/import", ImportUsage.as_view(), name="usage-import"),
]
