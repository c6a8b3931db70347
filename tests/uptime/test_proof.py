"""The log names the checks of each month by their digest: what was done to them behind it is found."""

from __future__ import annotations

import io
from collections.abc import Callable

import psycopg
import pytest
from django.core.management import call_command

from eventstore import SYSTEM
from eventstore.proofs import PROOFS, Proof
from kernel.ids import ServiceId
from tests.personas import JONAS
from tests.uptime.given import NOVEMBER, NOW, OCTOBER, checked, daily, november, october, published, service
from uptime import commands
from uptime.events import Monitor
from uptime.queries import differing_checks, monitor_id

pytestmark = pytest.mark.usefixtures("database")

WHERE = "checks of 'web' for 'api' under apicheap in {month}: "
IN_OCTOBER, IN_NOVEMBER = WHERE.format(month=OCTOBER), WHERE.format(month=NOVEMBER)
Tampered = Callable[[str], None]


@pytest.fixture
def tampered(superuser_dsn: str) -> Tampered:
    """Give a function that runs a statement as nobody but the owner can."""

    def run(statement: str) -> None:
        with psycopg.connect(superuser_dsn) as connection:
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(statement.encode()).rowcount

    return run


@pytest.fixture
def api(database: object) -> ServiceId:
    """A service whose October and November are measured from a check a day, carried for 26 hours."""
    published()
    api = service("web", "edge")
    checked(api, *daily(OCTOBER), *daily(NOVEMBER, days=range(1, 21)))
    checked(api, *daily(OCTOBER), monitor="edge")
    commands.measure_all(api, [OCTOBER, NOVEMBER], by=SYSTEM, now=NOW)
    return api


def found(pause: Callable[[], object] = lambda: None) -> list[str]:
    return [str(difference) for difference in differing_checks(lambda _done, _of: None, pause=pause)]


@pytest.mark.usefixtures("api")
def test_checks_that_nobody_touched_are_those_that_were_measured() -> None:
    assert found() == []


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "DELETE FROM checks WHERE checked_at IN ('2026-10-05Z', '2026-10-06Z') AND monitor = '{web}'",
            [IN_OCTOBER + "it was measured from 31 checks, and 29 are there: some were removed"],
        ),
        (
            "DELETE FROM checks WHERE checked_at >= '2026-11-02Z'",
            [IN_NOVEMBER + "it was measured from 20 checks, and 1 are there: some were removed"],
        ),
        (
            "UPDATE checks SET status = 200 + 1 WHERE checked_at = '2026-10-05Z' AND monitor = '{web}'",
            [IN_OCTOBER + "the 31 checks, or those shortly before them, are not those that it was measured from"],
        ),
        (
            "UPDATE checks SET checked_at = '2026-10-05 01:00Z' WHERE checked_at = '2026-10-05Z' AND monitor = '{web}'",
            [IN_OCTOBER + "the 31 checks, or those shortly before them, are not those that it was measured from"],
        ),
        (
            "INSERT INTO checks VALUES ('{web}', '2026-10-05Z', 'x', 200)",
            [
                IN_OCTOBER + "it was measured from 31 checks, and 32 are there: an import is at work or was interrupted"
                " (import its file again), or some were put in behind it"
            ],
        ),
        (
            "DELETE FROM checks WHERE checked_at = '2026-10-31Z' AND monitor = '{web}'",
            [
                IN_OCTOBER + "it was measured from 31 checks, and 30 are there: some were removed",
                IN_NOVEMBER + "the 20 checks, or those shortly before them, are not those that it was measured from",
            ],
        ),
    ],
    ids=["some removed", "most removed", "a status", "an instant", "one put in", "one that is carried on"],
)
def test_what_was_done_to_checks_is_told_by_monitor_and_month(
    statement: str, told: list[str], tampered: Tampered, api: ServiceId
) -> None:
    tampered(statement.format(web=monitor_id(api, "web")))
    assert found() == told


def test_checks_that_were_removed_before_another_measurement_are_told_for_good(
    api: ServiceId, tampered: Tampered
) -> None:
    tampered("DELETE FROM checks WHERE checked_at IN ('2026-10-05Z', '2026-10-06Z', '2026-10-07Z')")
    checked(api, (october(8, 12), 200))
    commands.measure(api, OCTOBER, by=SYSTEM, now=NOW)
    sentence = "measurement 1 was made from 31 checks, the one after it from {}: some were removed in between"
    assert found() == [
        IN_OCTOBER + sentence.format(29),
        IN_OCTOBER.replace("web", "edge") + sentence.format(28),
    ]


def test_what_an_import_has_stored_and_measures_meanwhile_is_no_difference(api: ServiceId) -> None:
    checked(api, (october(8, 12), 503), (november(1, 12), 503))
    assert len(found()) == 2
    assert found(lambda: commands.measure_all(api, [OCTOBER, NOVEMBER], by=SYSTEM, now=NOW)) == []


def test_a_rule_that_was_set_since_does_not_disturb_the_proof(api: ServiceId, tampered: Tampered) -> None:
    denser = Monitor(name="web", max_gap_seconds=600)
    commands.set_monitor_rule(api, denser, reason="denser", by=JONAS, now=NOW)
    commands.retire_monitor(api, "edge", until_at=october(1), reason="gone", by=JONAS, now=NOW)
    assert found() == []
    commands.measure(api, NOVEMBER, by=SYSTEM, now=NOW)
    assert found() == []
    tampered(f"DELETE FROM checks WHERE checked_at = '2026-10-31Z' AND monitor = '{monitor_id(api, 'web')}'")
    assert found() == [IN_OCTOBER + "it was measured from 31 checks, and 30 are there: some were removed"]


def test_a_month_without_a_monitors_checks_is_proved_to_have_had_none(api: ServiceId) -> None:
    checked(api, (november(3), 200), monitor="edge")
    counted = "it was measured from 0 checks, and 1 are there: an import is at work"
    (line,) = found()
    assert line.startswith(IN_NOVEMBER.replace("web", "edge") + counted)


def test_it_tells_how_far_it_is(api: ServiceId) -> None:
    told: list[tuple[int, int]] = []
    list(differing_checks(lambda done, of: told.append((done, of)), pause=lambda: None))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.usefixtures("api")
def test_verify_proves_the_checks_too() -> None:
    said = io.StringIO()
    call_command("verify", stdout=said)
    assert said.getvalue().splitlines()[1] == "2 measured months verified: every check is one that was measured"


@pytest.mark.usefixtures("api")
def test_verify_fails_where_checks_were_removed(tampered: Tampered, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered("DELETE FROM checks WHERE checked_at < '2026-10-03Z'")
    monkeypatch.setattr("config.registration.IMPORT_SECONDS", 0)
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=said)
    assert ended.value.code == 1
    lines = said.getvalue().splitlines()
    assert lines[0] == f"difference: {IN_OCTOBER}it was measured from 31 checks, and 29 are there: some were removed"
    assert len(lines) == 2
    call_command("verify", log_only=True, stdout=said)


def test_a_month_is_read_in_parts(api: ServiceId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uptime.queries.checks.AT_ONCE", 7)
    assert found() == []


@pytest.mark.usefixtures("api")
def test_each_proof_is_carried_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.registration import register

    before = dict[str, Proof](PROOFS)
    register()
    assert before == PROOFS
