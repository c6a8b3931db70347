"""Faults that the linter finds, each as a file with it and the same file mended."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.lint import Finding, Severity, findings
from tests.agreements.texts import SOUND, bent, document

UPTIME_ROWS = """\
      rows:
        - {from: 99.0%, below: 99.5%, pays: 10%}
        - {below: 99.0%, pays: 25%}
"""
TARGET = "    target: {plus: 99.5%}\n"
TWO_TIERS = bent("{plus: {title: Plus}}", "{plus: {title: Plus}, max: {title: Max}}")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A file with a fault, what is found in it and in which line, and the same file without the fault."""

    code: str
    text: str
    line: str
    values: tuple[str, ...]
    sentence: str
    mended: str
    clause: str = ""
    severity: Severity = Severity.WARNING


def found(text: str, code: str) -> list[Finding]:
    return [finding for finding in findings(document(text)) if finding.code == code]


def only(text: str, code: str) -> Finding:
    (finding,) = found(text, code)
    return finding


def is_found_until_mended(fault: Fault) -> None:
    finding = only(fault.text, fault.code)
    assert finding.sentence == fault.sentence
    assert finding.values == fault.values
    assert (finding.severity, finding.clause) == (fault.severity, fault.clause)
    assert fault.text.splitlines()[finding.line - 1].strip() == fault.line
    assert found(fault.mended, fault.code) == []


def rows(*written: str, text: str = SOUND) -> str:
    """Replace the rows of the sound table."""
    listed = "".join("        - {" + row + "}\n" for row in written)
    return bent(UPTIME_ROWS, f"      rows:\n{listed}", text=text)


def paying(more: str, text: str = SOUND) -> str:
    """Add a line to the credits."""
    return bent("      unmatched_miss: undecided\n", f"      unmatched_miss: undecided\n      {more}\n", text=text)


def target(written: str, text: str = SOUND) -> str:
    """Replace the target."""
    return bent(TARGET, f"    target: {written}\n", text=text)


def rounded(places: str, text: str = SOUND) -> str:
    """Round the uptime before it is compared."""
    return bent("    target: {plus", f"    rounding: {places}\n    target: {{plus", text=text)


def with_parts(more: str, text: str = SOUND) -> str:
    """Add parts at the end of the file."""
    return f"{text}{more}"


def without_commitments(more: str) -> str:
    """Leave commitments and claims out of the sound agreement."""
    head, _, rest = SOUND.partition("commitments:\n")
    _, _, tail = rest.partition("business_hours:\n")
    return f"{head}business_hours:\n{tail}{more}"
