"""Filing in the portal: times filled in, nothing lost by an error, one claim however often one clicks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connections

from claims.models.claim import Claim
from customers.models import Role
from tests.claims import october
from tests.claims.history import at
from tests.personas import ACME
from tests.portal.conftest import SetClock, at_another_desk, visitor
from tests.portal.visitors import Visitor, claim_in, text_of, upload

FORM = "months/2026-10/claim/"


def test_the_form_begins_with_the_times_that_we_measured_and_names_the_last_day(ada: Visitor) -> None:
    response = ada.get(FORM)

    assert response.context["form"]["times"].value() == "2026-10-20 10:00 to 2026-10-22 07:00"
    assert "File by Monday, 23 November 2026 (UTC) , 14 days left" in text_of(response)


def test_a_claim_arrives_with_its_times_words_and_files(ada: Visitor) -> None:
    ada.filed(words="Our checkout failed.", evidence=upload())

    claim = Claim.objects.get()
    assert claim.times == (october.OUTAGE,)
    assert claim.words
    assert claim.words.reveal() == "Our checkout failed."
    assert [one.name.reveal() for one in claim.evidence] == ["failed.log"]
    assert claim.missing == ()


def test_two_clicks_on_one_form_file_one_claim(ada: Visitor) -> None:
    key = uuid4()

    first, second = ada.file(key=key, evidence=upload()), ada.file(key=key, evidence=upload())

    assert claim_in(first) == claim_in(second)
    assert Claim.objects.count() == 1
    assert "Your claim has arrived" in text_of(second)


@pytest.mark.parametrize("one_form", [True, False], ids=["one form", "two tabs"])
def test_two_clicks_at_the_same_moment_make_one_claim(october_closed_for_real: None, *, one_form: bool) -> None:
    ada, key = visitor("Ada", ACME, Role.OWNER), uuid4()
    both_are_ready = Barrier(2)

    def click(person: Visitor) -> UUID:
        both_are_ready.wait()
        try:
            return claim_in(person.file(key=key if one_form else uuid4()))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clicks:
        first, second = clicks.map(click, (ada, at_another_desk(ada)))

    assert first == second
    assert Claim.objects.exclude(state="refused").count() == 1
    assert Claim.objects.filter(refused_code="duplicate").count() == (0 if one_form else 1)


def test_a_second_tab_is_answered_with_the_claim_that_there_is(ada: Visitor) -> None:
    claim = ada.filed()

    again = ada.file()

    assert claim_in(again) == claim
    assert "You have a claim for this month already" in text_of(again)
    assert Claim.objects.get(existing=claim).refused_code == "duplicate"


def test_a_form_corrected_after_a_refusal_is_a_new_filing(ada: Visitor, set_clock: SetClock) -> None:
    key = uuid4()
    set_clock(october.BOUND)
    late = ada.file(key=key)

    corrected = ada.file(key=key, words="We wrote to you on the 5th.")

    assert claim_in(late) != claim_in(corrected)


def test_a_refused_filing_tells_the_rule_its_clause_and_its_code(ada: Visitor, set_clock: SetClock) -> None:
    set_clock(october.BOUND)
    assert "The last day to claim this month was Monday, 23 November 2026 (UTC)" in ada.read(FORM)

    refused = text_of(ada.file())

    assert "This filing could not be accepted" in refused
    assert "the last day to file it was 23 November 2026 (UTC)" in refused
    assert " §3.3 late " in refused


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("last Tuesday", "Line 2 (“last Tuesday”) is no stretch of time. Write it as 2026-10-05 12:30 to"),
        ("2026-10-21 12:00 to 2026-10-21 11:00", "Line 2 (“2026-10-21 12:00 to 2026-10-21 11:00”) ends before"),
        ("2026-13-01 12:00 to 2026-13-01 13:00", "is no stretch of time"),
        ("2026-10-21 12:00 to 9999-12-31 23:59", "ends on 31 December 9999, 23:59 (UTC), which has not passed yet."),
        (
            "2026-09-01 12:00 to 2026-09-01 13:00",
            "ends on 1 September 2026, 13:00 (UTC), and does not touch October 2026.",
        ),
    ],
)
def test_an_error_names_the_line_and_how_to_mend_it_and_loses_nothing(ada: Visitor, line: str, told: str) -> None:
    times = line if "2026-09" in line else f"2026-10-20 10:00 to 2026-10-20 11:00\n{line}"

    response = ada.file(times=times, words="Kept.", evidence=upload())

    assert response.status_code == 422
    assert told in text_of(response)
    assert response.context["form"]["times"].value() == times
    assert "Kept." in text_of(response)
    assert "Choose “failed.log” again: it was fine" in text_of(response)
    assert not Claim.objects.exists()


def test_whatever_is_wrong_with_a_filing_is_told_at_once_and_no_file_is_lost_silently(ada: Visitor) -> None:
    program = upload("program.exe", b"\x7fELF\x02\x01\x01\x00" + bytes(64))
    times = "last Tuesday\n2026-09-01 12:00 to 2026-09-01 13:00"
    told = text_of(ada.file(times=times, words="x" * 10_001, evidence=[upload("a.log"), program, upload("b.log")]))

    assert "Line 1 (“last Tuesday”) is no stretch of time." in told
    assert "13:00”): The claimed time ends on 1 September 2026, 13:00 (UTC), and does not touch October 2026." in told
    assert "Ensure this value has at most 10000 characters" in told
    assert "“program.exe”: Evidence is a picture" in told
    assert "Choose “a.log” and “b.log” again: they were fine, but a browser does not send files" in told
    assert not Claim.objects.exists()


def test_files_are_asked_for_once_more_where_the_claim_itself_is_refused_as_it_is_added_to(ada: Visitor) -> None:
    claim = ada.filed()

    told = text_of(ada.post(f"claims/{claim}/add/", times="last Tuesday", key=uuid4(), evidence=upload()))

    assert "Line 1 (“last Tuesday”) is no stretch of time." in told
    assert "Choose “failed.log” again: it was fine" in told


def test_of_times_and_too_many_files_neither_is_added(ada: Visitor) -> None:
    claim = ada.filed(evidence=[upload(f"{one}.log", f"line {one}\n".encode()) for one in range(15)])
    more = [upload(f"{one}.log", f"line {one}\n".encode()) for one in range(15, 25)]

    told = text_of(ada.post(f"claims/{claim}/add/", times="2026-10-25 10:00 to 10:30", key=uuid4(), evidence=more))

    assert "A claim holds at most 20 files." in told
    assert Claim.objects.get().times == (october.OUTAGE,)


def test_every_line_that_cannot_be_read_is_named_at_once(ada: Visitor) -> None:
    told = text_of(ada.file(times="last Tuesday\n2026-10-20 10:00 to 11:30\n2026-10-21 12:00 to 11:00"))

    assert "Line 1 (“last Tuesday”) is no stretch of time." in told
    assert "Line 3 (“2026-10-21 12:00 to 11:00”) ends before it starts" in told
    assert "Line 2 (" not in told


@pytest.mark.parametrize(
    "written", ["2026-10-20 10:00 \N{EN DASH} 2026-10-22 07:00", "2026-10-20T10:00 until 2026-10-22T07:00"]
)
def test_times_are_read_as_people_write_them(ada: Visitor, written: str) -> None:
    ada.filed(times=written)

    assert Claim.objects.get().times == (october.OUTAGE,)


def test_an_end_on_the_same_day_may_be_written_as_a_time(ada: Visitor) -> None:
    ada.filed(times="2026-10-20 10:00 to 11:30")

    assert Claim.objects.get().times[0].end == at("2026-10-20T11:30Z")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x7fELF\x02\x01\x01\x00" + bytes(64), "“failed.log”: Evidence is a picture (PNG, JPEG, GIF, WebP)"),
        (b"x" * 2_001, "“failed.log”: The file is larger than 2.0 KB."),
        (b"", "“failed.log”: The file is empty."),
    ],
)
def test_a_file_that_is_no_evidence_is_an_error_of_the_form(
    ada: Visitor, settings: LazySettings, content: bytes, told: str
) -> None:
    settings.MAKEGOOD_EVIDENCE_BYTES = 2_000

    response = ada.file(evidence=upload(content=content))

    assert response.status_code == 422
    assert told in text_of(response)
    assert not Claim.objects.exists()


def test_a_month_that_is_not_judged_has_no_form(ada: Visitor) -> None:
    assert ada.get("months/2031-01/claim/").status_code == 404


def test_nobody_repeats_anothers_form(ada: Visitor, max_: Visitor) -> None:
    key = uuid4()
    claim = ada.filed(key=key)

    response = max_.file(key=key)

    assert "You have a claim for this month already" in text_of(response)
    assert claim_in(response) == claim
    assert Claim.objects.filter(account=ACME, state="filed").count() == 1
