"""The twelve published agreements: each ambiguity of their texts, and what finds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from agreements.lint import Finding, Severity, findings
from agreements.terms import load_file
from tests.agreements.published_cases import FOLDER, VECTORS, published

FILES = sorted(FOLDER.glob("*.yaml"))
AGREEMENTS = published() if VECTORS.exists() else []

# By agreement and ambiguity, as the list of published agreements words it: the findings by their code and what each
# holds among its values or in its sentence.
Seen = tuple[tuple[str, str], ...]
FOUND: Mapping[str, Mapping[str, Seen]] = {
    "github-enterprise": {
        "exactly 99.0% falls in no band ('greater than 99.0%' / 'less than 99.0%')": (
            *(("gap_between_rows", "exactly 99%"),) * 3,
        ),
        (
            "exactly 99.9% meets the commitment ('at least 99.9%') but the credit row includes it "
            "('less than or equal to 99.9%')"
        ): (*(("row_above_target", "exactly 99.9%"),) * 3,),
    },
    "neon-2026": {
        "21 days (2.2) against 24 hours (3.1.1) for the same ticket": (("open_in_document", "2.2 gives 21 days"),),
        (
            "'Downtime does not include ... unavailability due to Unscheduled Downtime', where Unscheduled Downtime is "
            "defined as ordinary unavailability: literally, nothing is downtime"
        ): (("nothing_is_down", "unavailability due to Unscheduled Downtime"),),
    },
    "zitadel-caos": {
        "FORTRESS between 99.9 and 99.95: SLO missed, no credit row": (
            ("target_unpaid", "FORTRESS: an uptime from 99.9% to below 99.95%"),
        ),
        "OUTPOST between 99.0 and 99.5: SLO missed, 'n/a'": (
            ("target_unpaid", "OUTPOST: an uptime from 99% to below 99.5%"),
        ),
        "STARBASE between 99.5 and 99.9: SLO missed, 'n/a'": (
            ("target_unpaid", "STARBASE: an uptime from 99.5% to below 99.9%"),
        ),
    },
    "menditect-mta": {
        ("the table repeats the header 'Standard Response Time'; the second pair is by context the resolution time"): (
            ("open_in_document", "repeats the header"),
        ),
    },
    "gravix": {
        "shared boundaries at 99.0 and 95.0": (("boundary_left_open", "99%"), ("boundary_left_open", "95%")),
        "Enterprise 99.9-99.95: missed, no row": (
            ("target_unpaid", "Enterprise: an uptime from 99.9% to below 99.95%"),
        ),
        "Team 99.5-99.9: row pays 10% although the target is met (gate: 'fails to meet the SLA')": (
            ("row_above_target", "Team: the row from 99% to below 99.9% pays 10%"),
        ),
    },
    "dits": {
        "shared boundaries": (
            ("boundary_left_open", "99%"),
            ("boundary_left_open", "95%"),
            ("boundary_left_open", "90%"),
        ),
        "Team 99.9-99.95 and Enterprise 99.9-99.99: missed, no row": (
            ("target_unpaid", "Team: an uptime from 99.9% to below 99.95%"),
            ("target_unpaid", "Enterprise: an uptime from 99.9% to below 99.99%"),
        ),
        "minutes formula against request formula": (("open_in_document", "a formula of minutes"),),
    },
    "edgevirt": {
        "gaps: 99.8-99.9 and 95-95.1": (
            ("target_unpaid", "above 99.8% to below 99.9%"),
            ("gap_between_rows", "above 95% to below 95.1%"),
        ),
        "whether hosting and support credits add up": (("credits_together_undecided", "hosting and support"),),
    },
    "digitalocean-droplets": {
        "an unavailability of 5-10 minutes may touch one or two fixed intervals": (
            ("slot_down_in_part", "an outage longer than 5 minutes"),
        ),
    },
    "atlassian-cloud": {
        "the complete credit table is outside the text read": (
            ("nothing_to_claim", "no commitment pays a credit"),
            ("open_in_document", "The table of credits"),
        ),
    },
    "mongodb-atlas": {
        "rows '< 99.0%: 25%' and '< 95.0%: 100%' overlap below 95 (the lower one is meant)": (
            ("deepest_counts", "below 95% it pays 100% and not 25%"),
        ),
    },
    "aws-ec2-compute": {
        "the Hourly Commitment is from a secondary, machine-translated copy": (("figure_not_computed", "90%"),),
    },
}
# Findings above a note that no listed ambiguity stands for; each is true of the file.
BESIDES = {
    "aws-ec2-compute": [("credits_together_undecided", "region_level and instance_level")],
    "dits": [("target_unpaid", "Enterprise Plus: an uptime from 99.9% to below 99.999%")],
    "edgevirt": [("boundary_left_open", "90%")],
}


def found(agreement: str) -> list[Finding]:
    return findings(load_file(FOLDER / f"{agreement}.yaml"))


def holds(finding: Finding, code: str, said: str) -> bool:
    return finding.code == code and (said in finding.values or said in finding.sentence)


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda agreement: str(agreement["id"]))
def test_every_ambiguity_is_listed_with_what_finds_it(agreement: Mapping[str, object]) -> None:
    name = str(agreement["id"])
    assert set(FOUND.get(name, {})) == set(agreement["ambiguities"])  # type: ignore[call-overload]


@pytest.mark.parametrize("agreement", FOUND)
def test_every_ambiguity_is_found(agreement: str) -> None:
    left = found(agreement)
    for ambiguity, seen in FOUND[agreement].items():
        for code, said in seen:
            finding = next((each for each in left if holds(each, code, said)), None)
            assert finding is not None, (ambiguity, code, said)
            left.remove(finding)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_above_a_note_is_said_besides(path: Path) -> None:
    listed = [each for seen in FOUND.get(path.stem, {}).values() for each in seen] + BESIDES.get(path.stem, [])
    grave = [finding for finding in found(path.stem) if finding.severity in (Severity.ERROR, Severity.WARNING)]
    assert [str(finding) for finding in grave if not any(holds(finding, *each) for each in listed)] == []
    assert [finding for finding in grave if finding.severity is Severity.ERROR] == []


def test_an_agreement_without_ambiguities_has_no_findings() -> None:
    assert found("google-cloud-identity") == []
