"""What is measured: where slots and outages leave open what counts."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.lint.finding import At, Finding
from agreements.terms import Document


def check_measures(document: Document) -> Iterator[Finding]:
    """Find slots of which nothing says whether one counts that an outage fills only in part."""
    for number, commitment in enumerate(document.terms.commitments):
        slots, outages = commitment.slots, [one for one in commitment.down.when if one.kind in ("outage", "failed")]
        if slots is None or not outages or commitment.measure != "uptime":
            continue
        outage = outages[0]
        told = (
            f"By the minute at which it begins, the same downtime falls into more or fewer slots of {slots}, and "
            f"nothing says whether a slot counts that was down only in part (down is {outage})."
        )
        at = At(document, ("commitments", number, "slots"))
        yield at.warning("slot_down_in_part", told, slots, outage)
