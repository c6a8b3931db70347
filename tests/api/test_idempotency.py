"""A request with an Idempotency-Key is carried out once; a repeat is given the first answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Final

import psycopg
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from customers.commands.answers import HOLD, lock_of
from customers.models import ApiKey, KeptAnswer
from customers.tasks import forget_answers
from eventstore.private import erase
from kernel.ids import derived
from tests.api.conftest import SetClock, key_of, open_october
from tests.api.programs import Program, refused
from tests.claims.october import BOUND, MONDAY_9TH
from tests.personas import ACME

OUTAGE: Final = {"start": "2026-10-20T10:00:00Z", "end": "2026-10-22T07:00:00Z"}
OCTOBER: Final = {"month": "2026-10", "times": [OUTAGE], "words": "We were down."}
USAGE: Final = {"account": "acme", "month": "2026-10", "amount": "300.00"}


def test_a_repeat_is_given_the_first_answer_and_does_nothing(acme: Program) -> None:
    first = acme.post("claims", OCTOBER, named="a-claim")
    second = acme.post("claims", OCTOBER, named="a-claim")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (second.content, second["Location"]) == (first.content, first["Location"])
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert len(acme.get("claims").json()["items"]) == 1


def test_a_repeat_is_given_the_first_answer_whatever_became_of_the_claim(acme: Program) -> None:
    claim = acme.post("claims", OCTOBER, named="filing").json()
    acme.post(f"claims/{claim['id']}/withdraw", named="withdrawing")
    assert acme.post("claims", OCTOBER, named="filing").json() == claim
    withdrawn = acme.post(f"claims/{claim['id']}/withdraw", named="withdrawing")
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")


def test_a_refused_filing_is_recorded_once(acme: Program, set_clock: SetClock) -> None:
    set_clock(BOUND)
    first = acme.post("claims", OCTOBER, named="too-late")
    second = acme.post("claims", OCTOBER, named="too-late")
    assert refused(first, 409, "late") == refused(second, 409, "late")
    assert len(acme.get("claims").json()["items"]) == 1


def test_a_refusal_by_a_rule_stands_and_unusable_input_may_be_mended(acme: Program) -> None:
    claim = acme.post("claims", OCTOBER).json()["id"]
    acme.post(f"claims/{claim}/withdraw")
    for repeated in (None, "true"):
        answer = acme.post(f"claims/{claim}/withdraw", named="again")
        refused(answer, 409, "transition_refused")
        assert answer.get("Idempotency-Replayed") == repeated
    refused(acme.post("claims", {"month": "October"}, named="mended"), 422, "fields_unusable")
    assert acme.post("claims", OCTOBER, named="mended").status_code == 201


def test_another_request_under_the_same_key_is_refused(acme: Program) -> None:
    claim = acme.post("claims", OCTOBER, named="once").json()["id"]
    other = acme.post("claims", {**OCTOBER, "words": "Other words."}, named="once")
    (fault,) = refused(other, 422, "idempotency_key_reused")["errors"]
    assert (fault["field"], fault["value"]) == ("Idempotency-Key", "once")
    refused(acme.post(f"claims/{claim}/withdraw", named="once"), 422, "idempotency_key_reused")
    assert acme.get(f"claims/{claim}").json()["state"] == "filed"


def test_the_same_key_of_another_program_is_another_key(acme: Program, rival: Program) -> None:
    ours = acme.post("claims", OCTOBER, named="1").json()["id"]
    theirs = rival.post("claims", OCTOBER, named="1").json()["id"]
    assert ours != theirs


def test_a_form_is_the_same_whatever_the_border_of_its_parts(acme: Program) -> None:
    answers = [
        acme.send("claims", {"month": "2026-10", "evidence": SimpleUploadedFile("a.log", b"down")}, named="a-form")
        for _ in range(2)
    ]
    assert answers[0].status_code == 201, answers[0].content
    assert answers[0].content == answers[1].content
    other = {"month": "2026-10", "evidence": SimpleUploadedFile("a.log", b"up")}
    refused(acme.send("claims", other, named="a-form"), 422, "idempotency_key_reused")


@pytest.mark.parametrize("name", ["", " ", "two words", "x" * 256, "schlüssel"])
def test_a_key_that_is_none_is_refused(acme: Program, name: str) -> None:
    (fault,) = refused(acme.post("claims", OCTOBER, named=name), 422, "fields_unusable")["errors"]
    assert fault["field"] == "Idempotency-Key"


def test_a_key_that_is_none_is_refused_where_nothing_is_written_too(billing: Program) -> None:
    answer = billing.post("usage/import?preview=true", "", named="two words")
    (fault,) = refused(answer, 422, "fields_unusable")["errors"]
    assert (fault["field"], fault["value"]) == ("Idempotency-Key", "two words")


def test_usage_is_set_once(billing: Program) -> None:
    first = billing.post("usage", USAGE, named="an-invoice")
    billing.post("usage", {**USAGE, "amount": "400.00"})
    second = billing.post("usage", USAGE, named="an-invoice")
    assert first.json()["amount"] == {"amount": "300.00", "currency": "USD"}
    assert (second.status_code, second.content) == (200, first.content)


def test_an_import_is_answered_once(billing: Program) -> None:
    file = "account,month,amount\nacme,2026-10,300.00\nrival,2026-10,75.00\n"
    first = billing.post("usage/import", file, named="a-file")
    assert (first.json()["new"], first.json()["changed"]) == (1, 1)
    assert billing.post("usage/import", file, named="a-file").json() == first.json()
    assert billing.post("usage/import", file).json()["unchanged"] == 2


def test_old_answers_are_forgotten_and_a_repeat_still_does_nothing(acme: Program, set_clock: SetClock) -> None:
    first = acme.post("claims", OCTOBER, named="a-claim").json()
    set_clock(MONDAY_9TH + timedelta(days=29))
    forget_answers()
    assert KeptAnswer.objects.count() == 1
    set_clock(MONDAY_9TH + timedelta(days=31))
    forget_answers()
    assert KeptAnswer.objects.count() == 0
    second = acme.post("claims", OCTOBER, named="a-claim")
    assert (second.status_code, second.json()["id"]) == (201, first["id"])
    other = acme.post("claims", {**OCTOBER, "words": "Other words."}, named="a-claim")
    refused(other, 422, "idempotency_key_reused" if KeptAnswer.objects.exists() else "command_id_reused")


def test_what_was_written_is_kept_sealed_and_can_be_erased(acme: Program) -> None:
    acme.post("claims", OCTOBER, named="a-claim")
    assert "We were down." not in KeptAnswer.objects.get().body.token
    erase(ACME)
    refused(acme.post("claims", OCTOBER, named="a-claim"), 410, "answer_erased")


@pytest.fixture
def for_real(database: object, measured: None, monday: None, settings: LazySettings, tmp_path: Path) -> Program:
    """Close October in transactions that commit."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    open_october()
    return key_of(ACME)


def test_a_request_that_is_being_carried_out_is_to_be_repeated_later(for_real: Program, superuser_dsn: str) -> None:
    request = derived("api request", ApiKey.objects.get(account=ACME).id, "slow")
    with psycopg.connect(superuser_dsn) as other:
        other.execute(HOLD, (lock_of(request),))
        answer = for_real.post("claims", OCTOBER, named="slow")
        refused(answer, 409, "still_carried_out")
        assert answer["Retry-After"] == "1"
    assert for_real.post("claims", OCTOBER, named="slow").status_code == 201


def at_once(ask: Callable[[], Any], *, times: int) -> list[Any]:
    """Ask in real threads that begin together."""
    ready = Barrier(times)

    def together(_number: int) -> Any:
        try:
            ready.wait()
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(together, range(times)))


def test_repeats_at_once_have_one_effect(for_real: Program) -> None:
    answers = at_once(lambda: for_real.post("claims", OCTOBER, named="at-once"), times=6)
    filed = [one for one in answers if one.status_code == 201]
    waiting = [one for one in answers if one.status_code == 409]
    assert len(filed) + len(waiting) == 6
    assert {one.content for one in filed} == {for_real.post("claims", OCTOBER, named="at-once").content}
    assert {one.json()["code"] for one in waiting} <= {"still_carried_out"}
    assert len(for_real.get("claims").json()["items"]) == 1


def test_two_that_file_at_once_without_a_key_give_one_claim_and_one_duplicate(for_real: Program) -> None:
    answers = at_once(lambda: for_real.post("claims", OCTOBER), times=2)
    assert sorted(one.status_code for one in answers) == [201, 409]
    (duplicate,) = (one.json() for one in answers if one.status_code == 409)
    (claim,) = (one.json() for one in answers if one.status_code == 201)
    assert (duplicate["code"], duplicate["claim"]) == ("duplicate", claim["url"])


def test_what_failed_by_our_fault_is_not_kept(for_real: Program, superuser_dsn: str) -> None:
    """The event table is locked away, so the filing fails; the same request is carried out afterwards."""
    with psycopg.connect(superuser_dsn, autocommit=True) as other:
        other.execute("REVOKE INSERT ON events FROM PUBLIC, makegood_app")
        try:
            with pytest.raises(Exception, match="permission denied"):
                for_real.post("claims", OCTOBER, named="unlucky")
        finally:
            other.execute("GRANT INSERT ON events TO makegood_app")
    assert for_real.post("claims", OCTOBER, named="unlucky").status_code == 201
