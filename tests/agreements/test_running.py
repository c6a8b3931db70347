"""What the running system can not carry out is not published, and the line says so."""

from __future__ import annotations

import pytest

from agreements.running import not_carried_out
from tests.agreements.texts import APICHEAP, APISEC, SOUND, bent, document

SETTLED = "settle_within: 10 business days"


@pytest.mark.parametrize("text", [APICHEAP, APISEC, SOUND], ids=["apicheap", "apisec", "sound"])
def test_what_is_shipped_is_carried_out(text: str) -> None:
    assert not_carried_out(document(text)) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("file_within: 60 days", "file_within: 24 hours", "claims.file_within"),
        ("file_within: 60 days", "automatic: true", "claims.automatic"),
        ("file_within: 60 days", "file_within: 60 days\n  counted_from: period_end", "claims.counted_from"),
        ("file_within: 60 days", "file_within: 60 days\n  ticket: during the outage", "claims.ticket"),
        ("file_within: 60 days", "file_within: 60 days\n  first_day_counts: true", "claims.first_day_counts"),
        (SETTLED, "settle_within: 45 days", "claims.settle_within"),
        (SETTLED, "settle_within: 9 business days\n  clock_starts: filed", "claims.clock_starts"),
        (SETTLED, "settle_within: 9 business days\n  pay: next invoice", "claims.pay"),
        (
            "business_hours:",
            "excused: {volcano: {treatment: counts_as_up, means: Lava}}\nbusiness_hours:",
            "excused.volcano",
        ),
        (
            "business_hours:",
            "excused: {network: {treatment: counts_as_up, repaired_within: 5 minutes}}\nbusiness_hours:",
            "excused.network.repaired_within",
        ),
        ("business_hours:", "reports: [{name: story, within: 5 days}]\nbusiness_hours:", "reports"),
        (
            "business_hours:",
            "chronic_failure: [{name: often, times: 2, in_a_row: true}]\nbusiness_hours:",
            "chronic_failure",
        ),
        ("business_hours:", "billing: {cycle: own_month}\nbusiness_hours:", "billing.cycle"),
    ],
)
def test_what_is_not_carried_out_is_refused_with_its_line(old: str, new: str, path: str) -> None:
    text = bent(old, new)
    (problem,) = not_carried_out(document(text))
    assert problem.path == path
    field = path.rpartition(".")[2]
    assert field in text.splitlines()[problem.line - 1]
    assert "can not carry this out yet" in str(problem)
