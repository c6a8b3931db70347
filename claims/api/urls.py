"""The addresses of months, claims and credit in the API."""

from django.urls import path, register_converter

from claims.api import claims, credit, evidence, months
from customers.api.fields import MONTH
from kernel.months import Month


class CalendarMonth:
    """A month in an address: 2026-10."""

    regex = MONTH

    def to_python(self, value: str) -> Month:
        """Read it; a month that there is not is no address."""
        return Month.parse(value)

    def to_url(self, value: Month) -> str:
        """Write it."""
        return str(value)


register_converter(CalendarMonth, "calendar_month")

urlpatterns = [
    path("months", months.Months.as_view(), name="months"),
    path("months/<calendar_month:month>", months.OneMonth.as_view(), name="month"),
    path("months/<calendar_month:month>/deadlines", months.Deadlines.as_view(), name="month-deadlines"),
    path("months/<calendar_month:month>/statement", months.Statement.as_view(), name="statement"),
    path("months/<calendar_month:month>/versions", months.Versions.as_view(), name="versions"),
    path("months/<calendar_month:month>/explanation", months.Explained.as_view(), name="explanation"),
    path("claims", claims.Claims.as_view(), name="claims"),
    path("claims/<uuid:claim>", claims.OneClaim.as_view(), name="claim"),
    path("claims/<uuid:claim>/deadlines", claims.Deadlines.as_view(), name="claim-deadlines"),
    path("claims/<uuid:claim>/history", claims.History.as_view(), name="history"),
    path("claims/<uuid:claim>/add", claims.Add.as_view(), name="add"),
    path("claims/<uuid:claim>/withdraw", claims.Withdraw.as_view(), name="withdraw"),
    path("claims/<uuid:claim>/appeal", claims.Appeal.as_view(), name="appeal"),
    path("claims/<uuid:claim>/evidence/<uuid:evidence>", evidence.Evidence.as_view(), name="evidence"),
    path("credit", credit.Credit.as_view(), name="credit"),
    path("credit/postings", credit.Postings.as_view(), name="postings"),
    path("credit.csv", credit.Bills.as_view(), name="credit-csv"),
]
