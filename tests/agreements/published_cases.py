"""The cases that others read out of published agreements, in the words of the terms format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agreements.terms.examples import Expected, Given

FOLDER = Path(__file__).parent / "published"
VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "published-slas.json"

Raw = Mapping[str, Any]
Fields = dict[str, Any]

# The commitment that a feature or level means.
LEVELS = {"region": "region_level", "instance": "instance_level"}


def published() -> list[Raw]:
    """Read the agreements with their cases, numbers as they are written."""
    read: list[Raw] = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=str)
    return read


def percent(value: object) -> str:
    return f"{value}%"


def rounded(value: object) -> str:
    """Mark a figure that was rounded: one that has six decimals."""
    return f"~{value}%" if len(str(value).partition(".")[2]) >= 6 else f"{value}%"


def dollars(value: object) -> str:
    return f"{value} USD"


def name(value: object) -> str:
    return str(value).lower().replace(" ", "_")


GIVEN: Mapping[str, Callable[[Any], Fields]] = {
    "uptime_pct": lambda value: {"uptime": percent(value)},
    "user_error_rate_pct": lambda value: {"error_rate": percent(value)},
    "term_end": lambda value: {"term_end": value},
    "billing": lambda value: {"billing": value},
    "quarter": lambda value: {"period": value},
    "downtime_minutes": lambda value: {"down": value},
    "down_minutes": lambda value: {"down": value},
    "paid_for_feature": lambda value: {"fee": dollars(value)},
    "monthly_fee": lambda value: {"fee": dollars(value)},
    "feature": lambda value: {"commitment": value},
    "level": lambda value: {"commitment": LEVELS[value]},
    "triggered": lambda value: {"events": value},
    "unavailable": lambda value: {"failed": value},
    "outages_seconds_within_one_minute": lambda value: {"outages": tuple(f"{one} seconds" for one in value)},
    "downtime_date": lambda value: {"incident_day": value},
    "plan": lambda value: {"tier": name(value)},
    "tier": lambda value: {"tier": name(value)},
    "cluster_tier": lambda value: {"size": {"level": value.removeprefix("M")}},
    "cluster_age_hours": lambda value: {"age": f"{value} hours"},
    "severity": lambda value: {"severity": name(value)},
    "priority": lambda value: {"priority": name(value)},
    "opened": lambda value: {"opened": value},
    "urgency": lambda value: {"urgency": value},
    "impact": lambda value: {"impact": value},
    "workaround": lambda value: {"workaround": value},
    "cause": lambda value: {"cause": name(value)},
    "probe_status": lambda value: {"status": value},
    "latency_s": lambda value: {"took": f"{value} seconds"},
    "total_requests": lambda value: {"events": value},
    "status_4xx": lambda value: {"answers": {"4xx": value}},
    "status_5xx": lambda value: {"answers": {"5xx": value}},
    "timeouts": lambda value: {"answers": {"timeouts": value}},
    "support_breaches_in_month": lambda value: {"support_misses": value},
    "ticket_ack_minutes": lambda value: {"acknowledged_after": f"{value} minutes"},
    "cycle_days": lambda value: {"length": f"{value} days"},
    "month_days": lambda value: {"length": f"{value} days"},
    "unavailable_5min_intervals": lambda value: {"down_slots": value},
    "lost_hours": lambda value: {"down": f"{value} hours"},
    "hourly_rate": lambda value: {"rate": f"{value} USD per hour"},
    "failing_minutes": lambda value: {"lasted": f"{value} minutes"},
    "exists_days": lambda value: {"existed": f"{value} days"},
    "deployed_days": lambda value: {"existed": f"{value} days"},
    "month_minutes": lambda value: {"minutes": value},
    "minute_requests": lambda value: {"requests": value},
    "failed": lambda value: {"failed": value},
    "quarter_end": lambda value: {"quarter_end": value},
    "month_end": lambda value: {"month_end": value},
    "cycle_end": lambda value: {"cycle_end": value},
}
EXPECT: Mapping[str, Callable[[Any], Fields]] = {
    "service_days": lambda value: {"service": f"{value} days"},
    "counts_as_downtime": lambda value: {"down": value},
    "downtime_minute": lambda value: {"down": value},
    "unavailability": lambda value: {"down": value},
    "minute_up": lambda value: {"success": value},
    "new_term_end": lambda value: {"new_term_end": value},
    "credit_pct": lambda value: {"pays": percent(value)},
    "credit": lambda value: {"credit": dollars(value)},
    "uptime_pct": lambda value: {"uptime": rounded(value)},
    "availability_pct": lambda value: {"uptime": rounded(value)},
    "downtime_pct": lambda value: {"downtime_share": rounded(value)},
    "downtime_minutes": lambda value: {"down_minutes": value},
    "claim_deadline": lambda value: {"claim_deadline": value},
    "priority": lambda value: {"priority": name(value)},
    "response_before": lambda value: {"response_before": value},
    "response_due": lambda value: {"response_due": value},
    "breach": lambda value: {"missed": value},
    "support_breach": lambda value: {"support_breach": value},
}


def cases(agreement: Raw) -> Iterator[tuple[Fields, Fields]]:
    """Give each case as what an example gives and expects; one that judges two tiers is two examples."""
    for case in agreement["test_cases"]:
        given, expect = dict(case["given"]), dict(case["expect"])
        tiers = {key.removeprefix("within_slo_"): expect.pop(key) for key in list(expect) if key.startswith("within_")}
        told = _given(agreement, given)
        yield told, _put(EXPECT, expect)
        for tier, met in tiers.items():
            yield {**told, "tier": tier}, {"missed": not met}


def _given(agreement: Raw, given: Fields) -> Fields:
    if "hours_at_100pct_error" in given:
        failed = given.pop("hours_at_100pct_error")
        empty = given.pop("hours_in_quarter") - failed
        assert given.pop("other_hours") == "no transactions"
        given["slots"] = ({"number": failed, "error_rate": "100%"}, {"number": empty})
    if "ticket" in given:
        assert given.pop("ticket") == "same day"
        given["ticket"] = given["downtime_date"]
    rules = {**GIVEN, "slots": lambda value: {"slots": value}, "ticket": lambda value: {"ticket": value}}
    return _put(rules, given)


def _put(rules: Mapping[str, Callable[[Any], Fields]], raw: Raw) -> Fields:
    """Translate each key; one that is not known is an error, so that no case loses a part."""
    made: Fields = {}
    for key, value in raw.items():
        for field, told in rules[key](value).items():
            made[field] = {**made.get(field, {}), **told} if field == "answers" else told
    return made


def example(given: Fields, expect: Fields) -> tuple[Given, Expected]:
    """Read a case as the terms format reads an example."""
    try:
        return Given.model_validate(given), Expected.model_validate(expect)
    except ValidationError as error:
        raise AssertionError((given, expect)) from error
