"""The terms file of a draft: every part with a word on what it does, and what to look at next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from agreements.drafting.draft import Draft
from agreements.drafting.trying import examples
from agreements.terms.bands import percent_text
from agreements.terms.periods import PERIODS

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ .&/()+_-]*[A-Za-z0-9)]+)*")
_NOT_PLAIN = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def drafted(draft: Draft, *, schema: str) -> str:
    """Write the file; `schema` is where editors find the JSON Schema, from the file's own place."""
    sections = (_head(draft, schema), _parties(draft), _measured(draft), _excused(draft), _claims(draft))
    text = "\n".join("\n".join(section) + "\n" for section in (*sections, _support(draft), _office(draft)) if section)
    return text + "\n" + "\n".join(_examples(draft, text)) + "\n"


def quoted(text: str) -> str:
    """Write a text so that YAML reads nothing else into it."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN and " #" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def _head(draft: Draft, schema: str) -> list[str]:
    return [
        f"# yaml-language-server: $schema={schema}",
        "#",
        f"# {draft.title}, as terms that Makegood runs.".replace("\n", " "),
        "#",
        "# What to do next:",
        "#   1. Put the clause of your document beside each rule: `clause: §3.1`, or {is: 30 days, clause: §3.3}.",
        "#      A rule without one has that of the part around it. Statements and mails to customers name it.",
        "#   2. Read the examples at the end, and add those of your document. `manage.py agreements check FILE`",
        "#      carries them out and tells what customers will dispute; `... explain FILE` tells their steps.",
        "#   3. `manage.py agreements load FILE` publishes the file.",
        "# docs/terms.md tells what else can be said, and docs/terms-reference.md every field.",
        "format: 1",
        "",
        f"agreement: {quoted(draft.agreement)}    # accounts and programs use this name; later versions keep it",
        f"title: {quoted(draft.title)}",
        f"document_date: {draft.document_date}",
        f"in_force_from: {draft.in_force_from}    # from its midnight in the time zone below",
        f"time_zone: {draft.time_zone}    # days and months begin and end here",
        f"currency: {draft.currency}",
    ]


def _parties(draft: Draft) -> list[str]:
    mail = [f"  claims: {quoted(draft.claims_mail)}"] if draft.claims_mail else []
    return [
        "contacts:",
        f"  legal_name: {quoted(draft.company)}",
        *mail,
        "  # address, general, support, status_page: as far as the document names them",
        "",
        "# The lowest first: the highest that a customer held while the service was down judges its month.",
        "tiers:",
        *(f"  {name}: {{title: {quoted(title)}}}" for name, title in draft.tiers.items()),
        "",
        "services:",
        f"  main: {{title: {quoted(draft.service)}}}",
    ]


def _measured(draft: Draft) -> list[str]:
    return [
        "# How checks become minutes that were up or down. Look at these: most documents leave them open.",
        "measurement:",
        "  success_statuses: [2xx, 3xx]    # every other answer, and none, is a failure",
        "  quorum: majority                # how many of a monitor's checks in a minute must fail: all, majority, any",
        "  no_data: leaves_total           # what a minute counts as that nobody measured: up, down, leaves_total",
        "",
        "commitments:",
        "  - name: uptime",
        "    measure: uptime             # the share of counted minutes that were up; also latency, good_events, ...",
        f"    period: calendar_month      # or {', '.join(PERIODS[1:4])}, ...",
        "    service: main",
        *_targets(draft),
        *_credits(draft),
    ]


def _targets(draft: Draft) -> Iterator[str]:
    if not draft.promised:
        yield "    # No target stands here: uptime is measured and shown, and nothing is promised."
        return
    yield "    target:                     # exactly this much meets it"
    for name, target in draft.promised.items():
        yield f"      {name}: {percent_text(target)}"


def _credits(draft: Draft) -> Iterator[str]:
    if not draft.credits:
        return
    yield "    credits:"
    yield "      of: usage of the month    # what a percent is a percent of; also: fee of the month, and others"
    yield "      rows_are: thresholds      # of the thresholds that were passed, the deepest counts"
    yield "      rows:"
    for step in draft.credits:
        bound = "" if step.below is None else f"below: {percent_text(step.below)}, "
        said = "    # every missed target" if step.below is None else ""
        yield f"        - {{{bound}pays: {percent_text(step.pays)}}}{said}"
    if draft.cap is not None:
        yield f"      cap: {percent_text(draft.cap)} of usage of the month"


def _excused(draft: Draft) -> list[str]:
    if draft.maintenance is None:
        return [
            "# Nothing is excused: all downtime counts. Categories that the document names stand here, each with its",
            "# treatment: window_leaves_total, outage_leaves_total, counts_as_up.",
            "excused: {}",
        ]
    return [
        "# What is not counted against the target. A category that is not named here is downtime.",
        "excused:",
        "  planned_maintenance: {treatment: window_leaves_total}    # the whole window leaves the month's total",
        "  # force_majeure: {treatment: counts_as_up}               # also third_party, customer_action, network, ddos",
        "",
        "maintenance:",
        f"  planned: {{notice: {draft.maintenance}}}    # one that was announced later is downtime",
    ]


def _claims(draft: Draft) -> list[str]:
    if draft.file_within is None:
        return []
    settled = [f"  settle_within: {draft.settle_within}"] if draft.settle_within else []
    return [
        "# How credit is claimed. Day 0 is the day on which the month's last outage ended, and does not count.",
        "claims:",
        f"  file_within: {draft.file_within}",
        "  min_after_known: 7 days       # in any case so long after the miss became known",
        *settled,
        "  pause_for_evidence: false     # true: the time to settle pauses for what was missing in the claim",
        "  appeal_within: 30 days",
    ]


def _support(draft: Draft) -> list[str]:
    if not draft.support:
        return []
    severities = [f"    {name}: {quoted(title)}" for name, (title, _) in draft.support.items()]
    return [
        "# Promised answers. `response` may differ by tier: name tiers in place of every_tier.",
        "support:",
        "  severities:                   # the most urgent first, and what each means",
        *severities,
        "  response:",
        "    every_tier:",
        *(f"      {name}: {promise}" for name, (_, promise) in draft.support.items()),
    ]


def _office(draft: Draft) -> list[str]:
    if not draft.hours:
        return []
    known = f"{draft.in_force_from.year}-{draft.in_force_from.year + 4}"
    closed = (
        f"  holidays: {{public_holidays_of: {draft.holidays}, years: {known}}}    # a later version says more years"
    )
    return [
        "# Business hours and business days are counted in these hours.",
        "business_hours:",
        f"  time_zone: {draft.time_zone}",
        f"  hours: {_hours(draft.hours)}",
        closed if draft.holidays else "  # holidays: {public_holidays_of: US, years: " + known + "}",
    ]


def _hours(hours: Mapping[str, str | list[str]]) -> str:
    return "{" + ", ".join(f"{days}: {json.dumps(windows)}" for days, windows in hours.items()) + "}"


def _examples(draft: Draft, text: str) -> Iterator[str]:
    yield "# What must follow from the terms. `agreements check` carries these out, and a file whose example fails"
    yield "# is not published. They are what Makegood makes of your answers: compare them with your document."
    found = list(examples(draft, text))
    yield "examples:" if found else "examples: []"
    for example in found:
        yield f"  - name: {quoted(example.name)}"
        yield f"    given: {{{_fields(example.given)}}}"
        yield f"    expect: {{{_fields(example.expect)}}}"


def _fields(fields: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {quoted(value) if name in NAMES else value}" for name, value in fields.items())


# Fields of an example whose value is a name that somebody chose, and that YAML may take for something else: true.
NAMES = ("tier", "severity")
