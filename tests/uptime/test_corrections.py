"""What a correction changes, and for whom (SEMANTICS 4, 6)."""

from __future__ import annotations

from uuid import UUID

import pytest

from kernel.ids import derived
from kernel.intervals import EMPTY, Ranges
from uptime.events import Finding
from uptime.rules.checks import Minutes
from uptime.rules.corrections import Correction, change_for, corrected

ACME = derived("account", "acme")
RIVAL = derived("account", "rival")
MEASURED = Minutes(down=Ranges.of((10, 20)), unknown=Ranges.of((30, 40)))


def after(*corrections: Correction, account: UUID | None = None, monitor: str | None = None) -> Minutes:
    changes = [change for correction in corrections if (change := change_for(correction, account))]
    return corrected(MEASURED, changes, monitor=monitor)


def finding(what: Finding, minutes: Ranges, *accounts: UUID, monitor: str | None = None) -> Correction:
    return Correction(finding=what, minutes=minutes, accounts=frozenset(accounts), monitor=monitor)


@pytest.mark.parametrize(
    ("what", "stretch", "down", "unknown"),
    [
        (Finding.UP, Ranges.of((15, 35)), Ranges.of((10, 15)), Ranges.of((35, 40))),
        (Finding.DOWN, Ranges.of((15, 35)), Ranges.of((10, 35)), Ranges.of((35, 40))),
        (Finding.CONFINED, Ranges.of((15, 35)), Ranges.of((10, 15)), Ranges.of((30, 40))),
    ],
)
def test_a_stretch_becomes_what_was_found(what: Finding, stretch: Ranges, down: Ranges, unknown: Ranges) -> None:
    named = (RIVAL,) if what is Finding.CONFINED else ()
    assert after(finding(what, stretch, *named), account=ACME) == Minutes(down, unknown)


def test_a_confined_outage_counts_for_the_named_accounts_only() -> None:
    confined = finding(Finding.CONFINED, Ranges.of((10, 20)), ACME)
    assert after(confined, account=ACME).down == Ranges.of((10, 20))
    assert after(confined, account=RIVAL).down == EMPTY
    assert after(confined, account=None).down == EMPTY


def test_a_finding_for_named_accounts_leaves_the_others_as_measured() -> None:
    for_acme = finding(Finding.DOWN, Ranges.of((50, 55)), ACME)
    assert after(for_acme, account=ACME).down == Ranges.of((10, 20), (50, 55))
    assert after(for_acme, account=RIVAL) == MEASURED


def test_of_two_findings_that_disagree_the_later_one_holds() -> None:
    up, down = finding(Finding.UP, Ranges.of((12, 18))), finding(Finding.DOWN, Ranges.of((14, 16)))
    assert after(up, down).down == Ranges.of((10, 12), (14, 16), (18, 20))
    assert after(down, up).down == Ranges.of((10, 12), (18, 20))


def test_a_finding_about_one_monitor_is_not_about_the_service() -> None:
    about_web = finding(Finding.UP, Ranges.of((10, 20)), monitor="web")
    assert after(about_web) == MEASURED
    assert after(about_web, monitor="web").down == EMPTY
    assert after(about_web, monitor="api") == MEASURED
