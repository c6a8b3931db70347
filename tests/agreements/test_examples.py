"""Examples are carried out: what the terms make of what is given, and what differs from what was said."""

from __future__ import annotations

import pytest

from agreements.examples import failures
from agreements.terms import load
from tests.agreements.texts import APICHEAP, APISEC, bent, document

DOCUMENTS_OWN = "{missed: true, pays: 25%, credit: 50.00 USD}"


def test_the_documents_own_example_pays_50_dollars_for_200_at_94_percent() -> None:
    example = load(APICHEAP).examples[0]
    assert "$200 × 25% = $50" in APICHEAP  # noqa: RUF001
    assert str(example.given.usage) == "200.00 USD"
    assert str(example.expect.credit) == "50.00 USD"
    assert failures(document(APICHEAP)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            DOCUMENTS_OWN,
            "{credit: 51.00 USD}",
            "example (§3.2): The document's own, $200 at 94%: credit should be 51.00 USD and is 50.00 USD",
        ),
        (
            DOCUMENTS_OWN,
            "{pays: 50%}",
            "example (§3.2): The document's own, $200 at 94%: pays should be 50% and is 25%",
        ),
        (
            DOCUMENTS_OWN,
            "{outcome: met, missed: false}",
            "example (§3.2): The document's own, $200 at 94%: missed should be False and is True",
        ),
        (
            DOCUMENTS_OWN,
            "{success: true}",
            "success should be True and is not told by what is given",
        ),
        (
            'expect: {answer_by: "2026-10-03T23:30Z"}',
            'expect: {answer_by: "2026-10-03T23:31Z"}',
            "answer_by should be 2026-10-03 23:31:00+00:00 and is 2026-10-03 23:30:00+00:00",
        ),
    ],
)
def test_an_example_that_the_terms_contradict_fails_with_its_line_and_clause(old: str, new: str, told: str) -> None:
    failure = failures(document(bent(old, new, text=APICHEAP)))[0]
    line = APICHEAP[: APICHEAP.index(old)].count("\n") + 1
    assert str(failure).startswith(f"agreement.yaml:{line}: example")
    assert told in str(failure)


def test_business_hours_may_mean_all_hours_of_business_days() -> None:
    # Friday 15:00 in Los Angeles, 24 hours round the clock on business days: Monday 15:00
    text = bent("business_hours_mean: worked", "business_hours_mean: hours_on_business_days", text=APISEC)
    text = bent('expect: {answer_by: "2026-11-25T23:00Z"}', 'expect: {answer_by: "2026-11-23T23:00Z"}', text=text)
    names = [failure.name for failure in failures(document(text))]
    assert names == ["Twenty-four business hours are three days of eight hours"]
