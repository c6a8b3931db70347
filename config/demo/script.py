"""What happens in the demo: three months and the one that runs, told as acts.

August stands for the third month back, and so on: the story moves with the date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from itertools import pairwise
from uuid import UUID

from agreements import commands as agreements
from agreements import overriding
from claims.commands.claims.decide import approve, reject
from claims.commands.claims.file import Received, file_claim
from claims.commands.claims.verify import ask_for_evidence, prepare, take_up
from claims.rules.identity import claim_id
from config.demo import people
from config.demo.change import second_version
from config.demo.negotiated import WHERE, WHO, order_form
from config.demo.observations import GATEWAY, INFERENCE, MONITORS, Outage, file_of
from config.demo.people import AGREEMENT, Customer
from config.demo.simulation import Act
from customers.commands import set_tier, set_usage
from eventstore import Actor, once
from kernel import shown
from kernel.ids import derived
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month
from uptime import commands as uptime
from uptime.events import Acceptance, Announcement, Category
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import go_on
from uptime.queries import service_id

SERVICE = "api"
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """The months of the story, its people, and what its monitors saw."""

    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def running(self) -> Month:
        """The month in which the demo is started."""
        return Month.of(self.now, UTC)

    @property
    def third(self) -> Month:
        """Last month."""
        return self.running.previous()

    @property
    def second(self) -> Month:
        """The month before."""
        return self.third.previous()

    @property
    def first(self) -> Month:
        """The month before that, in which the story begins."""
        return self.second.previous()

    @property
    def start(self) -> datetime:
        """The first instant of the story."""
        return self.first.start(UTC)

    def on(self, month: Month, day: int, at: str = "09:00") -> datetime:
        """Name an instant of a month."""
        return datetime.combine(month.start(UTC).date() + (day - 1) * DAY, time.fromisoformat(at), UTC)

    @property
    def outages(self) -> tuple[Outage, ...]:
        """What went wrong: five hours, then days on end, then a long night, then half an hour."""
        return (
            Outage(GATEWAY, self.on(self.first, 6, "02:00"), 90 * MINUTE),  # an announced window
            Outage(INFERENCE, self.on(self.first, 11, "14:20"), 45 * MINUTE, 502),  # a third party
            Outage(GATEWAY, self.on(self.first, 19, "03:12"), 302 * MINUTE),
            Outage(INFERENCE, self.on(self.second, 8, "21:40"), 3 * DAY + 6 * HOUR, 500),
            Outage(GATEWAY, self.on(self.third, 14, "11:05"), 26 * MINUTE, 0),
            Outage(GATEWAY, self.on(self.third, 26, "16:30"), 27 * HOUR + 18 * MINUTE),
            Outage(INFERENCE, self.on(self.running, 1, "00:40"), 31 * MINUTE),
        )

    @property
    def mira(self) -> Actor:
        """Who decides claims."""
        return self.actors["mira"]

    @property
    def jonas(self) -> Actor:
        """Who is on call."""
        return self.actors["jonas"]

    # The acts

    def acts(self) -> list[Act]:
        """Everything that people do, in any order."""
        return [
            *self._opening(),
            *self._feeding(),
            *self._excusing(),
            *self._using(),
            *self._first_month(),
            *self._second_month(),
            *self._third_month(),
            *self._negotiating(),
            *self._changing(),
        ]

    def _opening(self) -> Iterator[Act]:
        yield Act(self.start + MINUTE, "The service and its monitors are set up", self._set_up)
        for minutes, customer in enumerate(people.CUSTOMERS, start=2):
            yield Act(
                self.start + minutes * MINUTE,
                f"{customer.name} opens an account ({customer.tier})",
                partial(self._open, customer),
            )
        upgraded = self.on(self.third, 10, "00:00")
        yield Act(upgraded, "Cedar Press moves up to Pro", lambda at: self._upgrade(people.CEDAR, "pro", at))

    def _open(self, customer: Customer, at: datetime) -> None:
        people.open_for(customer, since=self.start, by=self.mira, now=at)

    def _set_up(self, at: datetime) -> None:
        with self._once("service"):
            uptime.define_service(AGREEMENT, SERVICE, by=self.jonas, now=at)

    def _upgrade(self, customer: Customer, tier: str, at: datetime) -> None:
        with self._once("upgrade", customer.number):
            set_tier(customer.id, tier, from_at=at, reason="Upgrade", by=self.mira, now=at)

    def _feeding(self) -> Iterator[Act]:
        fed = [self.start]
        while fed[-1] + WEEK < self.now:
            fed.append(fed[-1] + WEEK)
        months = [month.start(UTC) for month in (self.second, self.third, self.running)]
        instants = sorted({*fed, *months, self.now.replace(second=0, microsecond=0) - 2 * MINUTE})
        for start, end in pairwise(instants):
            yield Act(
                end + MINUTE,
                f"Observations up to {end:%-d %B} are fed in",
                partial(self._feed, start, end),
            )

    def _feed(self, start: datetime, end: datetime, at: datetime) -> None:
        watched = Watched(on_fault=go_on, reading=lambda *_: None, storing=lambda *_: None)
        import_observations(
            file_of(start, end, self.outages),
            agreement=AGREEMENT,
            service=SERVICE,
            mapped=Mapped(names={name: name for name in MONITORS}, defines=True),
            watched=watched,
            by=self.jonas,
            now=at,
        )

    def _excusing(self) -> Iterator[Act]:
        window = Interval(self.on(self.first, 6, "02:00"), self.on(self.first, 6, "04:00"))
        told = self.on(self.first, 3, "10:00")
        yield Act(told, "Maintenance is announced by mail", lambda at: self._announce(window, at))
        yield Act(told + HOUR, "The window is approved", lambda at: self._approve_exclusion("window", at))
        cause = Interval(self.on(self.first, 11, "14:20"), self.on(self.first, 11, "15:05"))
        found = self.on(self.first, 12, "10:30")
        yield Act(found, "An outage of a model provider is proposed as excused", lambda at: self._blame(cause, at))
        yield Act(found + 5 * HOUR, "It is approved", lambda at: self._approve_exclusion("third party", at))

    def _announce(self, window: Interval, at: datetime) -> None:
        accepted = tuple(Acceptance(one.id, at) for one in people.CUSTOMERS)
        announcement = Announcement(stretch=window, announced_at=at, channel="mail", accepted=accepted)
        with self._once("window"):
            uptime.propose_window(
                service_id(AGREEMENT, SERVICE),
                [announcement],
                reason="Database upgrade, announced by mail to all customers",
                exclusion_id=derived("demo exclusion", "window"),
                by=self.jonas,
                now=at,
            )

    def _blame(self, stretch: Interval, at: datetime) -> None:
        with self._once("third party"):
            uptime.propose(
                service_id(AGREEMENT, SERVICE),
                Category.THIRD_PARTY,
                [stretch],
                reason="The upstream model provider was down",
                evidence="The provider's own incident report",
                exclusion_id=derived("demo exclusion", "third party"),
                by=self.jonas,
                now=at,
            )

    def _approve_exclusion(self, name: str, at: datetime) -> None:
        with self._once("approve", name):
            uptime.approve(derived("demo exclusion", name), reason="Checked", by=self.mira, now=at)

    def _using(self) -> Iterator[Act]:
        for month in (self.first, self.second, self.third):
            billed = self.on(month.next(), 2, "13:00")
            yield Act(billed, f"Usage of {month} arrives", partial(self._bill, month))

    def _bill(self, month: Month, at: datetime) -> None:
        growth = Decimal("1.00") + Decimal("0.04") * (month.month % 4)
        for customer in people.CUSTOMERS:
            amount = (Decimal(customer.spends) * growth).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            with self._once("usage", customer.number, month):
                set_usage(customer.id, month, Money(amount, "USD"), by=self.mira, now=at)

    def _first_month(self) -> Iterator[Act]:
        after, month = self.first.next(), self.first
        yield self._filing(people.ACME, month, self.on(after, 3, "08:15"), times=1)
        yield self._take_up(people.ACME, month, self.on(after, 4, "07:30"))
        yield self._approval(people.ACME, month, self.on(after, 8, "06:00"))
        yield self._filing(people.BIRCH, month, self.on(after, 4, "10:00"), times=1)
        yield self._take_up(people.BIRCH, month, self.on(after, 7, "02:00"))
        yield Act(
            self.on(after, 9, "03:00"),
            "Birch & Co's claim is rejected: its target was met",
            lambda at: self._reject(people.BIRCH, month, at),
        )
        yield self._filing(people.COBALT, month, self.on(after.next(), 5, "12:00"), times=1, what="too late")

    def _second_month(self) -> Iterator[Act]:
        after, month = self.second.next(), self.second
        yield self._filing(people.DELTA, month, self.on(after, 3, "09:20"), times=3)
        yield self._take_up(people.DELTA, month, self.on(after, 5, "03:10"))
        yield self._approval(people.DELTA, month, self.on(after, 7, "05:45"))
        yield self._filing(people.FJORD, month, self.on(after, 4, "15:00"), times=3, what="nobody decides it")
        yield self._take_up(people.FJORD, month, self.on(after, 6, "04:00"))

    def _third_month(self) -> Iterator[Act]:
        """A claim without evidence: filed days ago, within its bound, and waiting for its customer."""
        month, ended = self.third, self.on(self.third, 27, "19:48")
        wanted = self.now - 4 * DAY
        at = min(max(wanted, ended + 12 * HOUR), self.on(self.running, 25), self.now - 5 * HOUR)
        yield self._filing(people.EMBER, month, at, times=0)
        yield self._take_up(people.EMBER, month, at + HOUR)
        yield Act(at + 2 * HOUR, "Ember Labs is asked for evidence", lambda at: self._ask(people.EMBER, month, at))

    # The agreement

    def _negotiating(self) -> Iterator[Act]:
        name, begins = people.COBALT.name, shown.month(self.second)
        yield Act(self.on(self.first, 12), f"{name}'s order form is drafted, from {begins} on", self._draft_order_form)
        yield Act(self.on(self.first, 14), f"{name} agrees to it", self._agree)

    def _draft_order_form(self, at: datetime) -> None:
        begins = self.second.start(UTC).date()
        text = order_form(
            agreement=AGREEMENT,
            number=people.COBALT.number,
            dated=at.date(),
            begins=begins,
            ends=begins.replace(year=begins.year + 1),
        )
        with self._once("draft order form"):
            overriding.draft_override(text, people.COBALT.id, by=self.mira, now=at)

    def _agree(self, at: datetime) -> None:
        agreed_on = at.date() - DAY
        with self._once("agree"):
            overriding.agree_override(
                AGREEMENT, people.COBALT.id, 1, who=WHO, agreed_on=agreed_on, where=WHERE, by=self.mira, now=at
            )

    @property
    def told_of_change(self) -> datetime:
        """When version 2 is announced: a good week ago."""
        return (self.now - 9 * DAY).replace(hour=10, minute=0, second=0, microsecond=0)

    @property
    def change_begins(self) -> datetime:
        """The first instant of version 2: a month's start, more than the 30 days of notice ahead."""
        return Month.of(self.told_of_change + 31 * DAY, UTC).next().start(UTC)

    def _changing(self) -> Iterator[Act]:
        drafted = self.told_of_change - DAY
        yield Act(drafted, "Mira drafts version 2: misses of Enterprise that no row pays are paid", self._draft)
        yield Act(self.told_of_change, "Version 2 is announced to all customers", self._announce_change)

    def _draft(self, at: datetime) -> None:
        text = second_version(dated=self.told_of_change.date(), in_force_from=self.change_begins.date())
        with self._once("draft"):
            agreements.draft(text, by=self.mira, now=at)

    def _announce_change(self, at: datetime) -> None:
        with self._once("announce"):
            agreements.announce(AGREEMENT, 2, by=self.mira, now=at)

    # Claims

    def _filing(self, customer: Customer, month: Month, at: datetime, *, times: int, what: str = "") -> Act:
        note = f" ({what})" if what else ""
        told = f"{customer.name} claims {month}{note}"
        return Act(at, told, lambda at: self._file(customer, month, at, times))

    def _file(self, customer: Customer, month: Month, at: datetime, times: int) -> UUID:
        seen = [Interval(one.start, one.start + one.length) for one in self._longest(month, times)]
        words = "Our integration failed throughout." if times else ""
        with self._once("file", customer.number, month):
            return file_claim(
                customer.id,
                Received(month=month, times=tuple(seen), words=words),
                by=people.actor_of(customer),
                now=at,
            )

    def _longest(self, month: Month, times: int) -> Sequence[Outage]:
        mine = [one for one in self.outages if Month.of(one.start, UTC) == month]
        return sorted(mine, key=lambda one: one.length, reverse=True)[: min(times, 1)]

    def _claim(self, customer: Customer, month: Month) -> UUID:
        return claim_id(customer.id, AGREEMENT, month, 0)

    def _take_up(self, customer: Customer, month: Month, at: datetime) -> Act:
        def do(at: datetime) -> None:
            with self._once("take up", customer.number, month):
                take_up(self._claim(customer, month), by=self.jonas, now=at)

        return Act(at, f"Jonas takes up {customer.name}'s claim", do)

    def _approval(self, customer: Customer, month: Month, at: datetime) -> Act:
        def do(at: datetime) -> None:
            with self._once("prepare", customer.number, month):
                prepare(self._claim(customer, month), note="Compared with the statement", by=self.jonas, now=at - HOUR)
            with self._once("approve", customer.number, month):
                approve(self._claim(customer, month), by=self.mira, now=at)

        return Act(at, f"Mira approves {customer.name}'s claim", do)

    def _reject(self, customer: Customer, month: Month, at: datetime) -> None:
        sentence = "The month's uptime was above the target of your tier, so no credit is due."
        with self._once("reject", customer.number, month):
            reject(self._claim(customer, month), code="met", sentence=sentence, by=self.mira, now=at)

    def _ask(self, customer: Customer, month: Month, at: datetime) -> None:
        question = "Please send the times at which your requests failed, and a log of them."
        with self._once("ask", customer.number, month):
            ask_for_evidence(
                self._claim(customer, month), parts=["times", "evidence"], question=question, by=self.jonas, now=at
            )

    @staticmethod
    def _once(*what: object) -> AbstractContextManager[None]:
        return once(derived("demo", *what))
