"""What the two shipped agreements say, read from their files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from agreements.examples import failures
from agreements.shipped import shipped
from agreements.terms import Terms, Treatment, load, load_file
from agreements.terms.supporting import Promise, promise
from tests.agreements.texts import APICHEAP, APISEC


@pytest.fixture(scope="module")
def apicheap() -> Terms:
    return load(APICHEAP)


@pytest.fixture(scope="module")
def apisec() -> Terms:
    return load(APISEC)


def test_both_agreements_are_shipped() -> None:
    assert [path.name for path in shipped()] == ["apicheap-2026-03-30.yaml", "apisec.yaml"]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_agreement_fulfils_its_own_examples(path: Path) -> None:
    document = load_file(path)
    assert document.terms.examples
    assert failures(document) == []


def test_apicheap_names_its_dates_parties_and_currency(apicheap: Terms) -> None:
    assert apicheap.document_date == date(2026, 3, 30)
    assert apicheap.in_force_from == datetime(2026, 3, 30, tzinfo=UTC)
    assert (apicheap.zone.key, apicheap.currency) == ("UTC", "USD")
    assert apicheap.contacts.legal_name == "LOOM AGENCY LIMITED"
    assert apicheap.contacts.address is not None
    assert apicheap.contacts.address.endswith("KOWLOON, HONG KONG")
    assert apicheap.contacts.claims == apicheap.contacts.support == "admin@apicheap.net"
    assert apicheap.contacts.general == "support@apicheap.net"


def test_apicheap_promises_uptime_by_tier_and_nothing_to_the_free_one(apicheap: Terms) -> None:
    targets = {tier: apicheap.target(tier) for tier in apicheap.tiers}
    assert targets == {
        "free": None,
        "basic": Fraction(99, 100),
        "pro": Fraction(995, 1000),
        "enterprise": Fraction(999, 1000),
    }
    assert [apicheap.tier_rank(tier) for tier in ("free", "basic", "pro", "enterprise")] == [0, 1, 2, 3]


def test_apicheap_pays_by_four_rows_up_to_half_of_the_usage(apicheap: Terms) -> None:
    assert apicheap.credits is not None
    rows = [(str(row.band), row.share) for row in apicheap.credits.rows]
    assert rows == [
        ("from 99% to below 99.5%", Fraction(5, 100)),
        ("from 95% to below 99%", Fraction(10, 100)),
        ("from 90% to below 95%", Fraction(25, 100)),
        ("below 90%", Fraction(50, 100)),
    ]
    assert apicheap.credits.cap is not None
    assert apicheap.credits.cap.share == Fraction(1, 2)
    assert (apicheap.credits.cash, apicheap.credits.transferable) == (False, False)


def test_apicheap_is_claimed_within_30_days_and_settled_within_10_business_days(apicheap: Terms) -> None:
    claims = apicheap.claims
    assert claims is not None
    assert (claims.file_within, claims.roll, claims.min_after_known) == (30, True, 7)
    assert (claims.settle_within, claims.pause_for_evidence, claims.appeal_within) == (10, True, 30)
    assert claims.warn_at == (Fraction(1, 2), Fraction(4, 5))
    assert claims.request is not None
    assert claims.request.subject == "SLA Credit Request \N{EN DASH} [Month/Year]"
    assert claims.required_parts == ("account", "times", "evidence")


@pytest.mark.parametrize(
    ("category", "apicheap_treats", "apisec_treats"),
    [
        ("planned_maintenance", Treatment.WINDOW_LEAVES_TOTAL, Treatment.OUTAGE_LEAVES_TOTAL),
        ("emergency_maintenance", None, Treatment.OUTAGE_LEAVES_TOTAL),
        ("third_party", Treatment.COUNTS_AS_UP, None),
        ("force_majeure", Treatment.COUNTS_AS_UP, None),
        ("customer_action", Treatment.COUNTS_AS_UP, None),
        ("network", Treatment.COUNTS_AS_UP, None),
        ("ddos", Treatment.COUNTS_AS_UP, None),
    ],
)
def test_each_agreement_excuses_its_own_categories(
    apicheap: Terms,
    apisec: Terms,
    category: str,
    apicheap_treats: Treatment | None,
    apisec_treats: Treatment | None,
) -> None:
    assert apicheap.excused(category) == apicheap_treats
    assert apisec.excused(category) == apisec_treats


def test_apicheap_announces_two_days_before_and_only_by_mail_while_no_page_is_named(apicheap: Terms) -> None:
    assert apicheap.planned_notice == timedelta(hours=48)
    assert apicheap.notice_channels == ("mail",)
    named = load(
        APICHEAP.replace(
            "[To be determined \N{EN DASH} status.apicheap.net recommended]", "https://status.apicheap.net"
        )
    )
    assert named.notice_channels == ("mail", "page")


def test_apisec_publishes_its_schedule_and_states_no_notice(apisec: Terms) -> None:
    assert apisec.planned_notice is None
    assert apisec.notice_channels == ("page",)


def test_apisec_has_no_target_no_credits_and_no_claims(apisec: Terms) -> None:
    assert apisec.commitment is not None
    assert apisec.target("client") is None
    assert apisec.credits is None
    assert apisec.claims is None


@pytest.mark.parametrize(
    ("tier", "answers"),
    [
        ("free", ("best effort", "best effort", "best effort")),
        ("basic", ("24 hours", "48 hours", "5 business days")),
        ("pro", ("4 hours", "12 hours", "2 business days")),
        ("enterprise", ("1 hour", "4 hours", "1 business day")),
    ],
)
def test_apicheap_answers_by_tier_and_severity(apicheap: Terms, tier: str, answers: tuple[str, str, str]) -> None:
    cells: list[Promise | None] = [apicheap.promise(tier, f"severity_{number}") for number in (1, 2, 3)]
    assert cells == [promise(answer) for answer in answers]


def test_a_refused_sign_in_is_success_at_apicheap_and_no_access_at_apisec(apicheap: Terms, apisec: Terms) -> None:
    assert [apicheap.measurement.success(status) for status in (200, 302, 401, 429, 500, 0)] == [
        *(True, True, True, True),
        *(False, False),
    ]
    assert [apisec.measurement.success(status) for status in (200, 302, 401, 429, 500, 0)] == [
        *(True, True),
        *(False, False, False, False),
    ]


@pytest.mark.parametrize(
    ("path", "clause"),
    [
        (("claims", "file_within"), "§3.3"),
        (("claims", "settle_within"), "§3.4"),
        (("commitments", 0, "credits", "rows", 2), "§3.1"),
        (("commitments", 0, "credits", "cap"), "§3.3"),
        (("excused", "ddos"), "§4"),
        (("remedies",), "§7"),
        (("changes", "notice"), "§8"),
        (("contacts", "legal_name"), "§9"),
        (("agreement",), ""),
    ],
)
def test_a_rule_knows_its_clause_or_that_of_the_part_around_it(
    apicheap: Terms, path: tuple[str | int, ...], clause: str
) -> None:
    assert apicheap.clause(*path) == clause


def test_every_clause_of_the_document_is_in_the_terms(apicheap: Terms) -> None:
    named = {clause for listed in apicheap.clauses().values() for clause in listed.split(", ")}
    numbered = {"§2.1", "§2.2", "§3.1", "§3.2", "§3.3", "§3.4"}
    assert named == {"§1", "§4", "§5", "§6", "§7", "§8", "§9"} | numbered


def test_hong_kong_closes_on_its_17_general_holidays(apicheap: Terms) -> None:
    by_year = [sum(day.year == year for day in apicheap.holidays) for year in range(2023, 2031)]
    assert by_year == [17] * 8
    assert date(2026, 4, 3) in apicheap.holidays  # Good Friday, which is no statutory holiday
    assert not apicheap.calendar().is_business_day(date(2026, 10, 1))


def test_the_holidays_of_2026_are_those_of_the_gazettes(apicheap: Terms, apisec: Terms) -> None:
    hong_kong = "01-01 02-17 02-18 02-19 04-03 04-04 04-06 04-07 05-01 05-25 06-19 07-01 09-26 10-01 10-19 12-25 12-26"
    federal = "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"
    for terms, dates in ((apicheap, hong_kong), (apisec, federal)):
        assert [f"{day:%m-%d}" for day in terms.holidays if day.year == 2026] == dates.split()
