"""Rows and history agree: a whole story verifies, and its rows are rebuilt from the log as they were."""

from collections.abc import Callable, Iterator

from django.forms.models import model_to_dict

from claims.commands import periods
from claims.commands.claims.file import Received, file_claim
from claims.commands.entitlements import attend, use
from claims.commands.reviewing import review_entitlements
from claims.commands.statements import complete_statement, restate
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.models.finding import Finding
from claims.models.period import Period
from claims.models.statement import Statement
from deadlines.models import Deadline
from eventstore.replaying import replay
from eventstore.verification import verify
from kernel.ids import AccountId
from tests.claims.statements.given import Scene
from tests.claims.statements.scenes import OCTOBER, at, month_of, outage, stretch
from tests.personas import ACMES_BUYER, JONAS, MIRA

# Claims have deadlines too, and a replay builds the whole table of deadlines anew.
MODELS = (Period, Finding, Statement, Entitlement, Claim)
FOUR_HOURS = stretch("2026-10-05T10:00Z", "2026-10-05T14:00Z")
GONE = stretch("2026-10-20T00:00Z", "2026-10-20T01:00Z")


def told(october: Scene) -> None:
    """Tell a story that records every event of months, statements and entitlements."""
    acme, rival, third = (october.account(number) for number in ("acme", "rival", "third"))
    october.measured(month_of(FOUR_HOURS, outages=(outage(FOUR_HOURS.first, None, unexcused=FOUR_HOURS),)))
    review_entitlements("apicheap", OCTOBER, now=at("2026-10-05T14:00Z"))
    october.measured(month_of(FOUR_HOURS))
    review_entitlements("apicheap", OCTOBER, now=at("2026-10-05T14:05Z"))
    filed(acme)
    attend(october.entitlement(rival).id, now=at("2026-10-29T00:00Z"))
    excused = month_of(excused_as_up=FOUR_HOURS)
    october.measured(month_of(FOUR_HOURS, unknown=GONE, unmeasured=GONE), named={third: excused})
    review_entitlements("apicheap", OCTOBER, now=at("2026-10-30T00:00Z"))
    october.closes()
    periods.accept_as_it_stands("apicheap", OCTOBER, reason="Nobody noticed.", by=MIRA, now=at("2026-11-02T09:00Z"))
    october.closes("2026-11-02T09:05Z")
    attend(october.entitlement(rival).id, now=at("2026-11-05T00:00Z"))
    october.uses(acme, "200", now="2026-11-06T00:00Z")
    complete_statement(acme, OCTOBER, now=at("2026-11-06T00:00Z"))
    october.measured(month_of(FOUR_HOURS | GONE))
    restate("apicheap", OCTOBER, cause="correction", reason="It was down.", by=JONAS, now=at("2026-11-20T10:00Z"))
    review_entitlements("apicheap", OCTOBER, now=at("2026-11-20T10:01Z"))


def filed(account: AccountId) -> None:
    claim = file_claim(account, Received(month=OCTOBER), by=ACMES_BUYER, now=at("2026-10-06T09:00Z"))
    now = at("2026-10-06T09:00Z")
    use(account, "apicheap", OCTOBER, claim=claim, filed_at=now, now=now)


def rows() -> Iterator[dict[str, object]]:
    for model in (*MODELS, Deadline):
        for row in model._default_manager.order_by("pk"):
            fields = [field.name for field in row._meta.concrete_fields]
            yield {"model": model.__name__, **model_to_dict(row), **{name: getattr(row, name) for name in fields}}


def test_every_row_is_the_fold_of_its_events(committed_october: Scene, sealed: Callable[..., None]) -> None:
    told(committed_october)
    sealed()
    assert {row.state for row in Entitlement.objects.order_by("id")} == {"open", "used", "lapsed", "ended"}
    assert list(verify()) == []


def test_rows_and_deadlines_are_rebuilt_as_they_were(committed_october: Scene, sealed: Callable[..., None]) -> None:
    told(committed_october)
    sealed()
    before = list(rows())
    replay(MODELS)
    assert list(rows()) == before
    assert len(before) > 10
