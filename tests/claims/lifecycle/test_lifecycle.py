"""The lifecycle, walked: each state times each event, allowed or refused as docs/lifecycles.md says."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.models.claim import Claim, State
from eventstore import Event, TransitionRefused
from eventstore.catalogue import aggregates
from eventstore.lifecycles import document
from tests.claims.history import EVERY_EVENT, TO_STATE, claim_after

DOCUMENT = Path(__file__).parents[3] / "docs" / "lifecycles.md"


def written_transitions(chapter: str) -> dict[tuple[str, str], str]:
    """Read the chapter's table: (state, event) to the next state."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    found = {}
    for event, sources, target in re.findall(r"^\| (\w+) \| ([\w, ]+) \| ([\w() ]+) \|", text, re.MULTILINE):
        for source in sources.split(", "):
            found[source, event] = source if target == "(the same)" else target
    return found


WRITTEN = written_transitions("Claim")


def test_the_lifecycles_document_is_current() -> None:
    shipped = [model for model in aggregates() if not model.__module__.startswith("tests.")]
    assert DOCUMENT.read_text(encoding="utf-8") == document(shipped), "run `manage.py lifecycles > docs/lifecycles.md`"


def test_the_command_prints_the_chapters_that_are_asked_for() -> None:
    printed = StringIO()
    call_command("lifecycles", "claims.Claim", stdout=printed)
    assert printed.getvalue() == document([Claim])


def test_every_event_and_every_state_of_a_claim_is_walked() -> None:
    assert {type(event) for event in EVERY_EVENT} == set(Claim.evolutions)
    assert set(TO_STATE) == set(State.values)
    assert {state: claim_after(*events).state for state, events in TO_STATE.items()} == {s: s for s in TO_STATE}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_each_event_in_each_state(state: str, event: Event) -> None:
    claim = claim_after(*TO_STATE[state])
    allowed = WRITTEN.get((state, type(event).__name__))
    if allowed is None:
        with pytest.raises(TransitionRefused):
            claim.record(event)
        assert claim.state == state
    else:
        claim.record(event)
        assert claim.state == allowed


@pytest.mark.parametrize("closed", ["credited", "withdrawn", "refused", "rejected", "approved"])
def test_only_an_open_claim_can_be_withdrawn(closed: str) -> None:
    assert (closed, "ClaimWithdrawn") not in WRITTEN


def test_a_credited_claim_leads_nowhere_else() -> None:
    assert {target for (source, _), target in WRITTEN.items() if source == "credited"} == {"credited"}


def test_the_deadline_runs_until_the_claim_is_credited_or_rejected() -> None:
    """Approval alone does not stop it (SEMANTICS 18)."""
    running = {source for source, event in WRITTEN if event == "SettlementMissed"}
    assert running == {"filed", "verifying", "waiting", "appealed", "approved"}
