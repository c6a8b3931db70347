"""The list of open deadlines: what falls due, whose it is, and the way there."""

from uuid import UUID

from django.urls import reverse

from claims.models.entitlement import Entitlement
from claims.rules.identity import period_id
from config.desk.deadlines import TITLES
from config.desk.owners import Owner, owners
from config.registration import WAKES
from kernel.ids import derived, new_id
from tests.claims.desk.conftest import Desk
from tests.claims.history import OCTOBER
from tests.claims.october import AGREEMENT
from tests.personas import ACME


def test_a_deadline_says_what_falls_due_and_whose_it_is(desk: Desk, claim: UUID) -> None:
    listed = desk.text("deadlines_deadline_changelist", kind="claims.settle")
    its_page = reverse("admin:claims_claim_change", args=[claim])
    assert "Decision" in listed
    assert f'<a href="{its_page}" class="underline">Acme, October 2026</a>' in listed


def test_each_owner_of_deadlines_has_its_name_and_page(claim: UUID) -> None:
    month, window = period_id(AGREEMENT, OCTOBER), Entitlement.objects.get(account=ACME).id
    agreement, nobody = derived("agreement", AGREEMENT), new_id()
    assert owners([claim, window, month, agreement, nobody]) == {
        claim: Owner("Acme, October 2026", reverse("admin:claims_claim_change", args=[claim])),
        window: Owner("Acme, October 2026", reverse("admin:claims_entitlement_change", args=[window])),
        month: Owner("apicheap, October 2026", reverse("admin:claims_period_change", args=[month])),
        agreement: Owner("apicheap", reverse("admin:agreements_agreement_change", args=[agreement])),
        nobody: Owner(str(nobody), reverse("admin:eventstore_log_stream", args=[nobody])),
    }


def test_whatever_can_fall_due_has_a_name_at_the_desk() -> None:
    assert set(TITLES) == set(WAKES)
