"""The main job, end to end on real parts: months are measured from real data, customers claim, credit arrives.

TORO's Minecraft server (tests/data) under apicheap's terms: from 82.1 % to 100 %, an account at each tier. The
clock is moved by MAKEGOOD_CLOCK; worker, log process, mail server and Chromium are real.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from agreements import commands as agreements
from agreements.shipped import shipped
from claims.commands import periods
from claims.commands.claims.decide import approve
from claims.commands.claims.verify import take_up
from claims.events.claim import SettlementMissed, SettlementWarned
from claims.explain.statement import explain_statement
from claims.models.claim import Claim
from claims.models.period import Period
from claims.queries import ledger, statements
from claims.tasks import tend_periods
from customers import commands as customers
from customers.commands import Opening
from customers.identity import account_id
from customers.models import Member, Role, User
from deadlines.tasks import sweep_due
from eventstore import Actor, history
from kernel import clock
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month
from tests.browsers import chromium
from tests.main_job.plainly import PlainMonth, checks_of, credit_of, month_of, percent_of
from tests.notices.mail_servers import Accepting, running
from tests.processes import Launcher
from tests.waiting import eventually
from uptime import commands as uptime
from uptime.observations.importing import Watched, import_observations
from uptime.observations.names import Mapped
from uptime.observations.reading import stop

CHECKS = Path(__file__).resolve().parent.parent / "data" / "checks-toro.csv"
MONITOR = "TORO Minecraft Server"
APICHEAP = "apicheap"
BEGINNING = datetime(2024, 4, 1, tzinfo=UTC)
AFTER_DECEMBER = datetime(2025, 1, 2, 1, tzinfo=UTC)
FRIDAY_THE_10TH = datetime(2025, 1, 10, 2, tzinfo=UTC)
TEN_BUSINESS_DAYS_LATER = datetime(2025, 1, 16, 17, tzinfo=UTC)
DECEMBER = Month(2024, 12)
JUDGED = [Month(2024, month) for month in range(4, 13)]
USAGE = {"free": "0.00", "basic": "120.00", "pro": "199.99", "enterprise": "3100.10"}
PASSWORD = "correct horse battery"


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Move the clock of this process, and of every process that it starts."""
    before = os.environ.pop(clock.VARIABLE, None)
    seconds = round((moment - clock.now()).total_seconds())
    os.environ[clock.VARIABLE] = f"{'+' if seconds > 0 else '-'}{abs(seconds)}s"
    try:
        yield
    finally:
        os.environ.pop(clock.VARIABLE)
        if before:
            os.environ[clock.VARIABLE] = before


def operator(name: str) -> Actor:
    email = f"{name}@makegood.example"
    known = User.objects.filter(email=email).first()
    user = known or User.objects.create_user(email=email, password=PASSWORD, name=name.title(), is_staff=True)
    return Actor("operator", str(user.pk))


def account(tier: str) -> AccountId:
    return account_id(f"TORO-{tier}")


def person(tier: str) -> str:
    return f"{tier}@toro.example"


def set_up() -> None:
    """Publish the terms, define the service, open an account at each tier, feed in what was seen until now."""
    mira = operator("mira")
    text = next(path for path in shipped() if path.name.startswith(APICHEAP)).read_text(encoding="utf-8")
    earlier = text.replace("in_force_from: 2026-03-30", "in_force_from: 2024-04-01")
    agreements.publish(earlier, by=mira, now=BEGINNING)
    uptime.define_service(APICHEAP, "api", by=mira, now=BEGINNING)
    for tier in USAGE:
        opening = Opening(f"TORO-{tier}", f"Toro {tier.title()}", APICHEAP, tier, BEGINNING)
        customers.open_account(opening, by=mira, now=BEGINNING)
        user = User.objects.create_user(email=person(tier), password=PASSWORD, name=tier.title())
        Member.objects.create(account=account(tier), user=user, role=Role.OWNER, joined_at=BEGINNING)
    feed()
    for month in JUDGED:
        for tier, amount in USAGE.items():
            customers.set_usage(account(tier), month, Money.of(amount, "USD"), by=mira, now=clock.now())


def feed() -> None:
    """Import what the monitor had seen by now."""
    header, *lines = CHECKS.read_text(encoding="utf-8").splitlines()
    seen = [line for line in lines if datetime.fromisoformat(line.partition(",")[0]) < clock.now()]
    import_observations(
        BytesIO("\n".join([header, *seen]).encode()),
        agreement=APICHEAP,
        service="api",
        mapped=Mapped(names={MONITOR: "minecraft"}, defines=True, max_gap=timedelta(hours=26)),
        watched=Watched(on_fault=stop, reading=lambda *_: None, storing=lambda *_: None),
        by=operator("jonas"),
        now=clock.now(),
    )


def accept_what_nobody_measured() -> None:
    """Let the months with unknown minutes close, by name and reason."""
    for row in Period.objects.filter(state="waiting"):
        reason = "The monitor was away; nothing else measured these minutes."
        periods.accept_as_it_stands(APICHEAP, row.month, reason=reason, by=operator("mira"), now=clock.now())


def closed(*months: Month) -> bool:
    return Period.objects.filter(month__in=months, state="closed").count() == len(months)


@contextmanager
def browser(site: str) -> Iterator[Page]:
    """Open a page of the portal in Chromium."""
    with chromium() as opened:
        page = opened.new_page(base_url=site)
        page.set_default_timeout(15_000)
        yield page


def sign_in(page: Page, tier: str) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(person(tier))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Months").wait_for()


def file_december(page: Page, tier: str, log: Path) -> UUID:
    """Claim December as a customer does, and give the claim's id."""
    sign_in(page, tier)
    page.get_by_role("link", name="December 2024", exact=True).click()
    page.get_by_role("link", name="Claim a credit").click()
    stated = page.get_by_label("When the service was down for you")
    assert "2024-12" in stated.input_value(), "the measured times are filled in"
    page.get_by_label("Evidence").set_input_files(log)
    page.get_by_role("button", name="File the claim").click()
    page.get_by_text("Your claim has arrived").wait_for()
    return UUID(re.findall(r"/claims/([0-9a-f-]{36})/", page.url)[0])


def plain_months() -> dict[Month, PlainMonth]:
    checks = checks_of(CHECKS, MONITOR, before=AFTER_DECEMBER)
    return {month: month_of(checks, month.year, month.month) for month in JUDGED}


def assert_statements_agree(plain: dict[Month, PlainMonth]) -> None:
    """Every month of every tier is what the plain computation says, to the minute and the cent."""
    for month, said in plain.items():
        for tier, amount in USAGE.items():
            figures = statements.figures_of(account(tier), APICHEAP, month)
            classes = figures.classes
            assert (classes.up, classes.down, classes.unknown) == (said.up, said.down, said.unknown), (month, tier)
            assert figures.uptime == said.uptime
            percent = percent_of(tier, said.uptime)
            assert (figures.percent or 0) * 100 == percent, (month, tier)
            if percent:
                assert figures.credit is not None
                assert figures.credit.amount == credit_of(Decimal(amount), percent), (month, tier)


@dataclass
class Scene:
    """What a phase of the story needs: real processes, the site, the mail that arrived, a file of evidence."""

    processes: Launcher
    site: str
    post: Accepting
    leaving: dict[str, str]
    evidence: Path

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Move the clock, with a worker and a log process of that time."""
        with moved_to(moment):
            started = [self.processes.worker(extra=self.leaving), self.processes.log(extra=self.leaving)]
            yield
            for one in started:
                one.stop()

    def wait_for_mail(self, tier: str | None, subject: str) -> None:
        """Wait until the mail has arrived at the mail server."""
        eventually(lambda: told(self.post, tier, subject), within=60)


def months_close(scene: Scene) -> None:
    """Real workers close nine months; three wait for an operator, who accepts what nobody measured."""
    tend_periods.delay()
    eventually(lambda: Period.objects.filter(state="waiting").count() == 3, within=60)
    accept_what_nobody_measured()
    tend_periods.delay()
    eventually(lambda: closed(*JUDGED), within=60)
    scene.wait_for_mail("pro", "December 2024 was below target")


def customers_claim(scene: Scene) -> tuple[UUID, UUID]:
    """Pro and Enterprise claim December in the browser."""
    with browser(scene.site) as page:
        pro = file_december(page, "pro", scene.evidence)
    with browser(scene.site) as page:
        enterprise = file_december(page, "enterprise", scene.evidence)
    scene.wait_for_mail("pro", "Your claim for December 2024 has arrived")
    return pro, enterprise


def one_is_credited(scene: Scene, pro: UUID, enterprise: UUID) -> None:
    """Half the time has passed, operators are warned; Pro's claim is approved, and credited by the workflow."""
    sweep_due.delay()
    scene.wait_for_mail(None, "Due in 7 days: claim 2024-12/1 of Toro Enterprise")
    for claim in (pro, enterprise):
        take_up(claim, by=operator("jonas"), now=clock.now())
    approve(pro, by=operator("mira"), now=clock.now())
    eventually(lambda: Claim.objects.get(id=pro).state == "credited", within=30)
    scene.wait_for_mail("pro", "credited for December 2024")


def balance_in_the_portal(scene: Scene) -> str:
    """Read the balance as the customer sees it."""
    with browser(scene.site) as page:
        sign_in(page, "pro")
        page.get_by_role("link", name="Credit", exact=True).click()
        return page.get_by_role("heading", name="Balance", exact=True).locator("..").inner_text()


@pytest.mark.browser
@pytest.mark.usefixtures("database")
def test_from_real_checks_to_credit_on_the_bill(processes: Launcher, site: str, tmp_path: Path) -> None:
    plain, evidence = plain_months(), tmp_path / "failed.log"
    evidence.write_text("2024-12-20 10:00:00 connection refused\n", encoding="utf-8")

    with running(post := Accepting()) as port:
        scene = Scene(processes, site, post, {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}, evidence)
        with moved_to(AFTER_DECEMBER):
            set_up()
        with scene.at(AFTER_DECEMBER):
            months_close(scene)
            assert_statements_agree(plain)
            pro, enterprise = customers_claim(scene)
        with scene.at(FRIDAY_THE_10TH):
            one_is_credited(scene, pro, enterprise)
        with scene.at(TEN_BUSINESS_DAYS_LATER):
            sweep_due.delay()
            scene.wait_for_mail(None, "Missed: claim 2024-12/1 of Toro Enterprise")
            shown = balance_in_the_portal(scene)

    assert_the_credit_is_everywhere_the_same(post, credit_of(Decimal(USAGE["pro"]), 50), shown, pro)
    assert_the_miss_has_its_own_time(enterprise)
    call_command("verify")


def told(post: Accepting, tier: str | None, subject: str) -> str | None:
    """Give the text of a mail to a tier's person, or to an operator, whose subject says this."""
    to = person(tier) if tier else "@makegood.example"
    for mail in list(post.arrived):
        if subject in str(mail["Subject"]) and to in str(mail["To"]):
            body = mail.get_body(("plain",))
            return body.get_content() if body else ""
    return None


def assert_the_credit_is_everywhere_the_same(post: Accepting, expected: Decimal, shown: str, claim: UUID) -> None:
    """Mail, page, ledger, claim and explanation agree with the plain computation: half of 199.99, rounded down."""
    assert expected == Decimal("99.99")
    assert f"{expected} USD" in (told(post, "pro", "credited for December 2024") or "")
    assert f"{expected} USD" in shown
    balance = ledger.balance(account("pro"))
    assert balance is not None
    assert balance.balance.amount == expected
    (posting,) = [one for one in ledger.postings(account("pro")) if one.type == "claims.credit_posted"]
    assert sum(line.amount.amount for line in posting.lines) == 0
    assert {abs(line.amount.amount) for line in posting.lines} == {expected}
    posted = Claim.objects.get(id=claim).posted
    explained = explain_statement(account("pro"), APICHEAP, DECEMBER)
    assert explained is not None
    assert explained.credit == posted == Money(expected, "USD")


def assert_the_miss_has_its_own_time(claim: UUID) -> None:
    """Filed on 2 January: day 10 is 16 January in Hong Kong, and the miss happened when it ended there."""
    recorded = {type(one.event): one for one in history(claim)}
    missed = recorded[SettlementMissed]
    assert missed.occurred_at == datetime(2025, 1, 16, 16, tzinfo=UTC)
    assert missed.recorded_at > missed.occurred_at
    assert SettlementWarned in recorded
