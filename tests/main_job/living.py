"""A provider's autumn of 2026 under apicheap's terms, lived through under a moved clock by the real parts.

Checks are imported, months measured, closed and reviewed; workflows, deadlines and mails happen at their own
moments. A monitor looks at the start of each day, and whenever an outage starts or ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from agreements import commands as agreements
from claims.commands.claims.decide import approve, reject
from claims.commands.claims.file import Received, file_claim
from claims.commands.claims.verify import take_up
from claims.events.statement import Figures
from claims.models.claim import Claim
from claims.models.entitlement import Entitlement
from claims.queries import ledger, statements
from config.demo.simulation import Act, play
from customers import commands as customers
from customers.commands import Opening
from customers.identity import account_id
from customers.models import Member, Role, User
from eventstore.models import Parked
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month
from notices.models import Mail
from tests.claims.statements.scenes import terms_text
from tests.personas import ACMES_BUYER, JONAS, MIRA
from uptime import commands as uptime
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop
from uptime.queries import service_id

AGREEMENT: Final = "apicheap"
OCTOBER: Final = Month(2026, 10)
NOVEMBER: Final = Month(2026, 11)
START: Final = datetime(2026, 10, 1, tzinfo=UTC)
OPERATOR: Final = "mira@makegood.example"
SERVICE: Final = service_id(AGREEMENT, "api")
DAY: Final = timedelta(days=1)
DAYS: Final = 120
HALF_A_MINUTE: Final = timedelta(seconds=30)


def at(written: str) -> datetime:
    """Read an instant of 2026: "10-05 14:00"."""
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=UTC)


def outage(start: str, end: str) -> Interval:
    """Write down an outage: outage("10-05 10:00", "10-05 15:00")."""
    return Interval(at(start), at(end))


@dataclass
class Life:
    """What happens from 1 October on; `down` is what the monitor will see failing."""

    place: Path
    down: tuple[Interval, ...] = ()
    unseen: tuple[Interval, ...] = ()
    reached: datetime = START
    _fed: datetime = START

    def begins(
        self,
        *down: Interval,
        unseen: tuple[Interval, ...] = (),
        changes: tuple[tuple[str, str], ...] = (),
        **tiers: str,
    ) -> None:
        """Publish the terms, open accounts with a person each, and know what the monitor will see."""
        agreements.publish(terms_text(*changes), by=MIRA, now=at("09-01 00:00"))
        uptime.define_service(AGREEMENT, "api", by=JONAS, now=START)
        User.objects.create_user(email=OPERATOR, password="a password", name="Mira", is_staff=True)
        for number, tier in (tiers or {"acme": "pro"}).items():
            opening = Opening(number, number.title(), AGREEMENT, tier, START)
            customers.open_account(opening, by=MIRA, now=START)
            user = User.objects.create_user(email=f"{number}@customers.example", password="a password", name=number)
            Member.objects.create(account=account_id(number), user=user, role=Role.OWNER, joined_at=START)
        self.down, self.unseen = down, unseen

    def on(self, moment: str, do: Callable[[datetime], object]) -> None:
        """Live until the moment, then do this, and see what follows from it at once."""
        self._play(Act(at(moment), "", do), until=at(moment) + HALF_A_MINUTE)

    def until(self, moment: str) -> None:
        """Live on until the moment."""
        self._play(until=at(moment))

    def _play(self, *acts: Act, until: datetime) -> None:
        feeding = [Act(day, "", self._feed) for day in self._mornings(until)]
        play([*feeding, *acts], since=self.reached, until=until, told=lambda _: None, place=self.place)
        self.reached = until

    def _mornings(self, until: datetime) -> list[datetime]:
        """Name the moments at which observations are fed in: weekly, as a month begins, and as outages end."""
        days = [START + DAY * number + timedelta(minutes=10) for number in range(DAYS)]
        days = [day for number, day in enumerate(days) if number % 7 == 0 or day.day <= 2]
        ends = [one.end + timedelta(minutes=5) for one in self.down]
        return [moment for moment in [*days, *ends] if self.reached < moment <= until]

    def _feed(self, now: datetime) -> None:
        seen = sorted({moment for moment in self._looks() if self._fed <= moment < now})
        lines = [f"{moment:%Y-%m-%dT%H:%M:%SZ},web,,{self._status(moment)},1" for moment in seen]
        import_observations(
            BytesIO("\n".join(["checked_at,monitor,verdict,http_status,response_ms", *lines]).encode()),
            agreement=AGREEMENT,
            service="api",
            mapped=Mapped(names={"web": "web"}, defines=True, max_gap=timedelta(hours=26)),
            watched=Watched(on_fault=stop, reading=lambda *_: None, storing=lambda *_: None),
            by=JONAS,
            now=now,
        )
        self._fed = now

    def _looks(self) -> list[datetime]:
        days = [START + DAY * number for number in range(DAYS)]
        edges = [moment for one in (*self.down, *self.unseen) for moment in (one.start, one.end)]
        return [moment for moment in (*days, *edges) if not any(one.start < moment < one.end for one in self.unseen)]

    def _status(self, moment: datetime) -> int:
        return 503 if any(one.start <= moment < one.end for one in self.down) else 200

    # What people do

    def uses(self, amount: str, *, month: Month = OCTOBER, number: str = "acme") -> Callable[[datetime], object]:
        """Set an account's usage."""
        money = Money.of(amount, "USD")
        return lambda now: customers.set_usage(account_id(number), month, money, by=MIRA, now=now)

    def claims(self, *times: Interval, month: Month = OCTOBER, number: str = "acme") -> Callable[[datetime], object]:
        """File a claim."""
        sent = Received(month=month, times=times)
        return lambda now: file_claim(account_id(number), sent, by=ACMES_BUYER, now=now)

    def takes_up(self, *, month: Month = OCTOBER, number: str = "acme") -> Callable[[datetime], object]:
        """Begin to examine the account's claim."""
        return lambda now: take_up(self.claim(month=month, number=number).id, by=JONAS, now=now)

    def approves(self, *, month: Month = OCTOBER, number: str = "acme") -> Callable[[datetime], object]:
        """Approve the account's claim."""
        return lambda now: approve(self.claim(month=month, number=number).id, by=MIRA, now=now)

    def rejects(self, code: str, sentence: str) -> Callable[[datetime], object]:
        """Reject Acme's claim for October."""
        return lambda now: reject(self.claim().id, code=code, sentence=sentence, by=MIRA, now=now)

    # What can be seen

    def claim(self, *, month: Month = OCTOBER, number: str = "acme") -> Claim:
        """Give the account's last claim or refused filing for the month."""
        return Claim.objects.filter(account=account_id(number), month=month).latest("received_at")

    def statement(self, *, month: Month = OCTOBER, number: str = "acme") -> Figures:
        """Give what the account's newest statement says."""
        return statements.figures_of(account_id(number), AGREEMENT, month)

    def entitlement(self, *, month: Month = OCTOBER, number: str = "acme") -> Entitlement:
        """Give the account's only entitlement for the month."""
        return Entitlement.objects.get(account=account_id(number), month=month)

    def balance(self, number: str = "acme") -> str | None:
        """Tell an account's credit."""
        found = ledger.balance(account_id(number))
        return str(found.balance) if found else None

    def mails(self, who: str = "acme") -> list[str]:
        """List the kinds of mails to an account's person, or to the operator, in order of time."""
        to = OPERATOR if who == "operator" else f"{who}@customers.example"
        return list(Mail.objects.filter(recipient=to).order_by("queued_at", "id").values_list("kind", flat=True))

    def mail(self, kind: str, who: str = "acme") -> str:
        """Give the text of the last mail of a kind, its spaces made one."""
        to = OPERATOR if who == "operator" else f"{who}@customers.example"
        row = Mail.objects.filter(recipient=to, kind=kind).latest("queued_at")
        return " ".join(f"{row.subject} {row.text}".split())

    @staticmethod
    def parked() -> list[str]:
        """List what no subscription could handle."""
        return list(Parked.objects.order_by("id").values_list("error", flat=True))
