"""Closing a month for 1,000, 10,000 and 100,000 customers: statements, events and rows, in a process of its own.

Twelve outages make the month a miss for every tier, every customer has usage of its own, and one in a hundred has
minutes of its own. Each size is an agreement with five months, closed one after another; the process that closes them
tells its peak of memory. At the end one of them is reviewed, which opens an entitlement for every customer.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

import django

from bench.cluster import installation
from bench.harness import Row, figure, report
from claims.measuring import Group, MeasuredMonth
from kernel.ids import AccountId
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes, Outage
from kernel.money import Money
from kernel.months import Month

SIZES = (1_000, 10_000, 100_000)
MONTHS = tuple(Month(2026, month) for month in (4, 5, 6, 7, 8))
IN_FORCE = datetime(2026, 3, 30, tzinfo=UTC)
CLOSED = datetime(2026, 9, 10, tzinfo=UTC)
CHUNK = 2_000
TIERS = ("basic", "pro", "enterprise")
ONE_IN = 100

MOST_SECONDS = 30
MOST_MEBIBYTES = 500


def measure() -> Iterator[Row]:
    """Prepare the customers, close their months in a fresh process per size, and open their entitlements."""
    with installation():
        per_customer: dict[int, float] = {}
        for size in SIZES:
            prepare(size)
            closed = _in_a_process_of_its_own("close", size)
            seconds = median(closed["seconds"])
            per_customer[size] = seconds / size
            largest = size == max(SIZES)
            yield figure(
                f"closing a month of {size:,} customers", seconds, "s", at_most=MOST_SECONDS if largest else None
            )
            yield figure(f"of this, a customer of {size:,}", 1e6 * per_customer[size], "µs")
            yield figure(
                f"peak memory, {size:,} customers",
                closed["mebibytes"],
                "MiB",
                at_most=MOST_MEBIBYTES if largest else None,
            )
        growth = per_customer[max(SIZES)] / per_customer[min(SIZES)]
        yield figure("cost of a customer at 100,000 against 1,000", growth, "times", aim="1: linear")
        opened = _in_a_process_of_its_own("entitle", max(SIZES))
        yield figure("opening 100,000 entitlements", median(opened["seconds"]), "s")
        yield figure("a second review that changes nothing", opened["again"], "s")


def _in_a_process_of_its_own(what: str, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.month_close", what, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def agreement_of(size: int) -> str:
    """Name the agreement of so many customers."""
    return f"customers-{size}"


def prepare(size: int) -> None:
    """Publish the agreement, open its accounts with their tiers, set their usage, open its months."""
    from agreements.commands import publish
    from agreements.shipped import shipped
    from claims.commands.periods import open_period
    from customers.commands.accounts import Opening, open_accounts
    from eventstore import SYSTEM

    text = next(path.read_text() for path in shipped() if "apicheap" in path.name)
    publish(text.replace("agreement: apicheap", f"agreement: {agreement_of(size)}"), by=SYSTEM, now=IN_FORCE)
    for start in range(0, size, CHUNK):
        openings = [
            Opening(
                number=f"{size}-{number}",
                name=f"Customer {number}",
                agreement=agreement_of(size),
                tier=TIERS[number % len(TIERS)],
                from_at=IN_FORCE + timedelta(hours=number % 20),
            )
            for number in range(start, min(size, start + CHUNK))
        ]
        open_accounts(openings, by=SYSTEM, now=IN_FORCE)
    for month in MONTHS:
        _use(size, month)
        open_period(agreement_of(size), month, now=month.start(UTC))


def _use(size: int, month: Month) -> None:
    """Set the usage of every customer, each its own amount."""
    from customers.events import UsageSet
    from customers.identity import account_id, usage_id
    from customers.models import Usage
    from eventstore import SYSTEM, changes

    for start in range(0, size, CHUNK):
        with changes(by=SYSTEM, now=CLOSED) as batch:
            for number in range(start, min(size, start + CHUNK)):
                account = account_id(f"{size}-{number}")
                amount = Money(Decimal(number % 90_000 + 100) / 100, "USD")
                batch.begin(Usage, usage_id(account, month)).record(
                    UsageSet(
                        account=account,
                        agreement=agreement_of(size),
                        month=month,
                        amount=amount,
                        reason="",
                        month_over=True,
                    )
                )


def _provide(size: int) -> None:
    """Register what is measured: the same month for all but one customer in a hundred."""
    from claims import measuring
    from customers.identity import account_id

    own = {account_id(f"{size}-{number}") for number in range(0, size, ONE_IN)}
    measuring.register(lambda agreement, month, _now: _measured(agreement, month, own))


def _measured(agreement: str, month: Month, own: set[AccountId]) -> MeasuredMonth:
    everybody = Group(minutes=_minutes(month, each=40))
    apart = Group(minutes=_minutes(month, each=70))
    return MeasuredMonth(
        agreement=agreement,
        month=month,
        reference="bench",
        everybody=everybody,
        named=dict.fromkeys(own, apart),
    )


def _minutes(month: Month, *, each: int) -> MonthMinutes:
    """Twelve outages of so many minutes, each on a day of its own, and a window that leaves the total."""
    first, last = month.first_minute(UTC), month.last_minute(UTC)
    starts = [first + day * 1440 for day in range(2, 26, 2)]
    down = Ranges((start, start + each) for start in starts)
    outages = tuple(
        Outage(start_minute=start, end_minute=end, unexcused=Ranges.of((start, end)), last_unexcused=end - 1)
        for start, end in down
    )
    window = Ranges.of((first, first + 240))
    return MonthMinutes(first=first, last=last, window=window, down=down, outages=outages)


def close(size: int) -> dict[str, object]:
    """Close five months and tell the seconds of each and the peak of memory."""
    seconds = [close_month(size, month) for month in MONTHS]
    return {"seconds": seconds, "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def close_month(size: int, month: Month = MONTHS[0]) -> float:
    """Close one month, and tell the seconds that it took."""
    from claims.commands import closing
    from claims.models.period import Period
    from claims.rules.identity import period_id

    _provide(size)
    period = period_id(agreement_of(size), month)
    begin = perf_counter()
    closing.close(period, now=CLOSED)
    seconds = perf_counter() - begin
    row = Period.objects.get(id=period)
    assert (row.state, row.statements) == ("closed", size), (row.state, row.statements)
    return seconds


def entitle(size: int) -> dict[str, object]:
    """Review one closed month, which opens an entitlement for every customer, and review it again."""
    from claims.commands.reviewing import review_entitlements

    _provide(size)
    seconds = []
    for _ in range(2):
        begin = perf_counter()
        changed = review_entitlements(agreement_of(size), MONTHS[-1], now=CLOSED)
        seconds.append(perf_counter() - begin)
        assert changed == (0 if len(seconds) > 1 else size), changed
    return {"seconds": seconds[:1], "again": seconds[1]}


RUNS = {"close": close, "entitle": entitle}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        django.setup()
        print(json.dumps(RUNS[sys.argv[1]](int(sys.argv[2]))))
    else:
        sys.exit(report(measure(), "Django", "psycopg", "msgspec"))
