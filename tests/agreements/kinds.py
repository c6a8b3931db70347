"""A terms file around one commitment and one example, for tests of many kinds of commitments."""

from __future__ import annotations

import textwrap

from agreements.examples import carried_out, failures
from agreements.explaining import Step, walk
from tests.agreements.texts import document

HEAD = """\
format: 1
agreement: kinds
title: An agreement of many kinds
document_date: 2027-01-01
in_force_from: 2027-01-01
time_zone: UTC
currency: USD
contacts: {legal_name: Kinds Ltd}
tiers: {basic: {title: Basic}, pro: {title: Pro}}
services: {api: {title: API}}
varies_by:
  region: {eu: Europe, us: United States}
bases: {hosting_fee: what is charged for hosting}
claims: {file_within: no limit}
commitments:
"""
UPTIME = "measure: uptime\nperiod: calendar_month\n"


def text(commitment: str, given: str, expect: str, more: str = "") -> str:
    body = textwrap.indent("name: it\n" + textwrap.dedent(commitment).strip(), "    ")
    example = f"examples:\n  - {{name: case, given: {{{given}}}, expect: {{{expect}}}}}\n"
    return f"{HEAD}  -{body[3:]}\n{more}{example}"


def holds(commitment: str, given: str, expect: str, more: str = "") -> None:
    read = document(text(commitment, given, expect, more))
    assert [str(failure) for failure in failures(read)] == []


def steps(commitment: str, given: str) -> list[Step]:
    read = document(text(commitment, given, "missed: true"))
    found = carried_out(read.terms, read.terms.examples[0].given)
    return [step for root in found.steps for step in walk(root)]
