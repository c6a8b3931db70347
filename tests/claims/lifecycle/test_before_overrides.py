"""What was recorded before accounts could have terms of their own is read as judged by the agreement's."""

from pathlib import Path

import pytest

from claims.events.statement import StatementIssued
from eventstore.codec import decode

SAMPLES = sorted((Path(__file__).parent / "before_overrides").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_an_event_that_names_no_override_was_judged_without_one(sample: Path) -> None:
    payload = sample.read_text(encoding="utf-8")
    assert "override" not in payload
    event = decode(sample.stem, 1, payload)
    said = event.figures if isinstance(event, StatementIssued) else event
    assert said.override is None  # type: ignore[union-attr]


def test_there_is_a_sample_of_every_event_that_names_one_now() -> None:
    assert [sample.stem for sample in SAMPLES] == [
        "claims.claim_approved",
        "claims.claim_filed",
        "claims.entitlement_opened",
        "claims.filing_refused",
        "claims.statement_issued",
    ]
