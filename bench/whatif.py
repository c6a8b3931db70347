"""What if: a draft over twelve months of 10,000 customers, with their statements, in a process of its own.

The months are measured from a check a minute, with two outages each; every customer has usage of its own and one in a
hundred minutes of its own, by a correction of each month. All months are closed, so that every statement is compared.
The draft measures by another rule than the terms did, so that each month is measured again from its checks, and it
has higher targets, so that it changes something for most customers. The report is written as HTML and as CSV.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import django

from bench.cluster import installation
from bench.harness import Row, figure, report
from kernel.money import Money
from kernel.months import Month

CUSTOMERS = 10_000
MONTHS = tuple(Month(2025, 8).plus(number) for number in range(12))
IN_FORCE = datetime(2025, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 10, tzinfo=UTC)
TIERS = ("basic", "pro", "enterprise")
CHUNK = 2_000
ONE_IN = 100
OUTAGES = ((9, 90), (20, 200))
CHANGES = (
    ("max_gap: 5 minutes", "max_gap: 10 minutes"),
    ("{from: 99.0%, below: 99.5%, pays: 5%}", "{from: 99.0%, below: 99.5%, pays: 7%}"),
)

MOST_SECONDS = 60
MOST_MEBIBYTES = 500


def measure() -> Iterator[Row]:
    """Prepare the year, then run the draft over it in a fresh process."""
    with installation():
        _prepare()
        told = _in_a_process_of_its_own()
        yield figure("a draft over 12 months × 10,000 customers", told["seconds"], "s", at_most=MOST_SECONDS)  # noqa: RUF001
        yield figure("of this, a customer's month", 1e6 * told["seconds"] / (CUSTOMERS * len(MONTHS)), "µs")
        yield figure("peak memory", told["mebibytes"], "MiB", at_most=MOST_MEBIBYTES)
        yield figure("the report as HTML", told["html"] / 2**20, "MiB")
        yield figure("the table as CSV", told["csv"] / 2**20, "MiB")


def _in_a_process_of_its_own() -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.whatif", "run"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _text() -> str:
    from agreements.shipped import shipped

    text = next(path.read_text() for path in shipped() if "apicheap" in path.name)
    return text.replace("in_force_from: 2026-03-30", "in_force_from: 2025-07-01")


def _prepare() -> None:
    """Publish the agreement, open its accounts, measure and close its months."""
    from agreements.commands import publish
    from claims.commands import closing
    from claims.commands.periods import open_period
    from customers.commands.accounts import Opening, open_accounts
    from eventstore import SYSTEM

    publish(_text(), by=SYSTEM, now=IN_FORCE)
    for start in range(0, CUSTOMERS, CHUNK):
        openings = [
            Opening(
                number=f"{number}",
                name=f"Customer {number}",
                agreement="apicheap",
                tier=TIERS[number % len(TIERS)],
                from_at=IN_FORCE + timedelta(hours=number % 20),
            )
            for number in range(start, start + CHUNK)
        ]
        open_accounts(openings, by=SYSTEM, now=IN_FORCE)
    _observe()
    for month in MONTHS:
        _use(month)
        open_period("apicheap", month, now=NOW)
        state = closing.close_month("apicheap", month, now=NOW)
        assert state == "closed", state


def _observe() -> None:
    """Store a check a minute, measure every month, and correct each for some customers."""
    from customers.identity import account_id
    from eventstore import SYSTEM
    from kernel.ids import ServiceId
    from kernel.intervals import Interval, instant_of
    from uptime import commands, queries
    from uptime.events import Finding, Monitor

    service = ServiceId(commands.define_service("apicheap", "api", by=SYSTEM, now=IN_FORCE))
    commands.add_monitor(service, Monitor(name="web"), by=SYSTEM, now=IN_FORCE)
    key = queries.monitor_id(service, "web")
    own = tuple(account_id(f"{number}") for number in range(0, CUSTOMERS, ONE_IN))
    for month in MONTHS:
        first, last = month.first_minute(UTC), month.last_minute(UTC)
        down = {first + day * 1440 + minute for day, length in OUTAGES for minute in range(length)}
        lines = (
            f"{key}\t{instant_of(minute).isoformat()}\t\t{503 if minute in down else 200}\t\\N\t\\N\n"
            for minute in range(first, last)
        )
        commands.store_checks("".join(lines))
        start = month.start(UTC) + timedelta(days=15)
        stretch = Interval(start, start + timedelta(hours=5))
        commands.correct(service, Finding.DOWN, stretch, reason="their route", accounts=own, by=SYSTEM, now=NOW)
    commands.measure_all(service, MONTHS, by=SYSTEM, now=NOW)


def _use(month: Month) -> None:
    """Set the usage of every customer, each its own amount."""
    from customers.events import UsageSet
    from customers.identity import account_id, usage_id
    from customers.models import Usage
    from eventstore import SYSTEM, changes

    for start in range(0, CUSTOMERS, CHUNK):
        with changes(by=SYSTEM, now=NOW) as batch:
            for number in range(start, start + CHUNK):
                account = account_id(f"{number}")
                amount = Money(Decimal(number % 90_000 + 100) / 100, "USD")
                used = UsageSet(
                    account=account, agreement="apicheap", month=month, amount=amount, reason="", month_over=True
                )
                batch.begin(Usage, usage_id(account, month)).record(used)


def run_draft() -> dict[str, float]:
    """Run the draft, write both files, and tell the seconds and the peak of memory."""
    from workflows.whatif.page import as_page
    from workflows.whatif.running import asked, run
    from workflows.whatif.table import Table

    text = _text()
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        table, page = Path(folder) / "table.csv", Path(folder) / "report.html"
        begin = perf_counter()
        with table.open("w", newline="") as target:
            found = run(asked(text, since=MONTHS[0], until=MONTHS[-1]), now=NOW, taker=Table(target))
        page.write_text(as_page(found))
        seconds = perf_counter() - begin
        total = found.total
        assert total.accounts == CUSTOMERS * len(MONTHS), total.accounts
        assert total.differing > total.accounts / 4, total.differing
        assert sum(month.statements for month in found.months) == total.accounts
        assert sum(month.unlike for month in found.months) == 0
        return {
            "seconds": seconds,
            "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "html": page.stat().st_size,
            "csv": table.stat().st_size,
        }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        django.setup()
        print(json.dumps(run_draft()))
    else:
        sys.exit(report(measure(), "Django", "psycopg", "msgspec"))
