"""The addresses of the portal. Everything under /a/<account>/ is for that account's members only."""

from django.urls import path, register_converter

from kernel.errors import MonthMalformed
from kernel.months import Month
from portal.views import claims, credit, home, months, people, versions


class MonthConverter:
    """A month in an address: 2026-10."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        """Read it; a month that there is not is no address."""
        try:
            return Month.parse(value)
        except MonthMalformed as error:
            raise ValueError(str(error)) from error

    def to_url(self, value: Month) -> str:
        """Write it."""
        return str(value)


register_converter(MonthConverter, "month")

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("invitation/<str:token>/", people.accept, name="invitation"),
    path("a/<uuid:account>/", months.overview, name="months"),
    path("a/<uuid:account>/promises/", home.promises, name="promises"),
    path("a/<uuid:account>/versions/", versions.overview, name="versions"),
    path("a/<uuid:account>/months/<month:month>/", months.month, name="month"),
    path("a/<uuid:account>/months/<month:month>/claim/", claims.file, name="file"),
    path("a/<uuid:account>/claims/", claims.overview, name="claims"),
    path("a/<uuid:account>/claims/<uuid:claim>/", claims.follow, name="claim"),
    path("a/<uuid:account>/claims/<uuid:claim>/add/", claims.add, name="add"),
    path("a/<uuid:account>/claims/<uuid:claim>/withdraw/", claims.withdraw, name="withdraw"),
    path("a/<uuid:account>/claims/<uuid:claim>/appeal/", claims.appeal, name="appeal"),
    path("a/<uuid:account>/claims/<uuid:claim>/evidence/<uuid:evidence>/", claims.evidence, name="evidence"),
    path("a/<uuid:account>/credit/", credit.overview, name="credit"),
    path("a/<uuid:account>/credit.csv", credit.export, name="credit-csv"),
    path("a/<uuid:account>/people/", people.overview, name="people"),
    path("a/<uuid:account>/people/invite/", people.invite, name="invite"),
    path("a/<uuid:account>/people/<uuid:person>/role/", people.change_role, name="role"),
    path("a/<uuid:account>/people/<uuid:person>/remove/", people.remove, name="remove"),
    path("a/<uuid:account>/invitations/<uuid:invitation>/withdraw/", people.take_back, name="take-back"),
    path("a/<uuid:account>/keys/create/", people.create_key, name="create-key"),
    path("a/<uuid:account>/keys/<uuid:key>/end/", people.end_key, name="end-key"),
]
