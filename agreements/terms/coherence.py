"""Faults that no single field shows: names that are not there, rules that need another."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.terms.commitments import TIER, Commitment
from agreements.terms.crosschecks import service_faults
from agreements.terms.fitting import Fault, misfits, unknown
from agreements.terms.model import Terms
from agreements.terms.problems import Path


def faults(terms: Terms) -> Iterator[Fault]:
    """Give every fault as path, sentence, what was expected and how to mend it."""
    for number, commitment in enumerate(terms.commitments):
        yield from _commitment_faults(terms, commitment, ("commitments", number))
    yield from service_faults(terms)
    yield from _example_faults(terms)


def _commitment_faults(terms: Terms, commitment: Commitment, at: Path) -> Iterator[Fault]:
    yield from misfits(terms, commitment, at)
    for tier in commitment.target or ():
        if commitment.by == TIER and tier in terms.tiers and not terms.covers(tier):
            told = f"Tier `{tier}` is not covered, so it can not have a target."
            yield (*at, "target", tier), told, "a tier that is covered", "remove this target"
    if commitment.service is not None:
        yield from unknown((*at, "service"), commitment.service, "service", terms.services)
    if commitment.credits and not commitment.target and commitment.credits.paid_for == "missed_target":
        told = "Credits are paid for a missed target, and there is none."
        yield (*at, "credits"), told, "a target beside the credits, or paid_for: any_row", "add `target`"
    if commitment.credits and terms.claims is None:
        told = "Nothing says how these credits are claimed."
        yield (*at, "credits"), told, "a part `claims`", "add `claims`"


def _example_faults(terms: Terms) -> Iterator[Fault]:
    for number, example in enumerate(terms.examples):
        at: Path = ("examples", number, "given")
        if example.given.tier is not None:
            yield from unknown((*at, "tier"), example.given.tier, "tier", terms.tiers)
        if example.given.usage and example.given.usage.currency != terms.currency:
            told = f"The usage is not in {terms.currency}, the agreement's currency."
            yield (*at, "usage"), told, f"an amount in {terms.currency}", ""
