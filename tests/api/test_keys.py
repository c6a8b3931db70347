"""Who gets in: a live key and nothing else, so many times a minute; every refusal is problem details."""

from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connections
from django.test import Client

from config.api import Nowhere
from config.services.postgres import APPLICATION, Cluster
from config.services.redis import Server
from customers import commands, queries
from customers.models import User
from tests.api.programs import PROBLEM, Program, described, refused
from tests.claims.october import MONDAY_9TH, NOVEMBER_2ND
from tests.personas import ACME, MIRA


def test_a_key_tells_whose_it_is_and_that_it_was_used(acme: Program) -> None:
    account = acme.get("account").json()
    assert (account["number"], account["agreement"], account["tier"]) == ("acme", "apicheap", "pro")
    assert account["holdings"] == [{"tier": "pro", "start": "2026-04-01T00:00:00Z", "end": None}]
    (key,) = queries.keys_of(ACME)
    assert key.last_used_at is not None
    assert key.last_used_at >= MONDAY_9TH


def test_an_ended_key_opens_nothing_from_that_moment(acme: Program) -> None:
    assert acme.get("claims").status_code == 200
    commands.end_key(queries.keys_of(ACME)[0].id, by=MIRA, now=NOVEMBER_2ND)
    answer = acme.get("claims")
    refused(answer, 401, "authentication_failed")
    assert answer["WWW-Authenticate"] == 'Bearer realm="makegood"'


@pytest.mark.parametrize("key", ["mgc_guess_guess", "mgp_guess_guess", "", "\x00"])
def test_a_key_that_is_none_opens_nothing(october_closed: None, key: str) -> None:
    answer = Program().get("claims", Authorization=f"Bearer {key}")
    refused(answer, 401, "authentication_failed")


def test_without_a_key_nothing_opens_even_for_somebody_signed_in(october_closed: None, client: Client) -> None:
    answer = Program().get("claims")
    refused(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="makegood"'
    client.force_login(User.objects.create_superuser("mira@makegood.example", "a long pass phrase", name="Mira"))
    assert client.get("/api/v1/claims").status_code == 401
    refused(Program().get("claims", Authorization="Basic bWlyYTptaXJh"), 401, "not_authenticated")


def test_each_key_may_ask_so_many_times_a_minute(acme: Program, rival: Program, settings: LazySettings) -> None:
    """Seven requests fall into at most two minutes, of which each allows three."""
    settings.MAKEGOOD_API_PER_MINUTE = 3
    answers = [acme.get("account") for _ in range(7)]
    over = [one for one in answers if one.status_code == 429]
    assert over
    refused(over[0], 429, "throttled")
    assert 1 <= int(over[0]["Retry-After"]) <= 60
    assert rival.get("account").status_code == 200


def cached_in(settings: LazySettings, location: str) -> None:
    """Let the cache be a Redis."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": location}}


def test_a_keys_requests_are_counted_in_redis(acme: Program, settings: LazySettings, redis_server: Server) -> None:
    cached_in(settings, redis_server.url)
    settings.MAKEGOOD_API_PER_MINUTE = 3
    statuses = [acme.get("account").status_code for _ in range(7)]
    assert statuses[0] == 200
    assert 429 in statuses
    caches["default"].close()


def test_without_the_cache_nobody_is_refused(acme: Program, settings: LazySettings, tmp_path: Path) -> None:
    cached_in(settings, f"unix://{tmp_path}/nothing?db=0")
    settings.MAKEGOOD_API_PER_MINUTE = 1
    with pytest.raises(redis.RedisError):
        caches["default"].get("anything")
    assert [acme.get("account").status_code for _ in range(3)] == [200, 200, 200]


def test_what_the_api_does_not_do_is_answered_with_problem_details(acme: Program) -> None:
    headers = {"Authorization": f"Bearer {acme.key}"}
    answers = {
        405: (Client().delete("/api/v1/claims", headers=headers), "method_not_allowed"),
        406: (Client().get("/api/v1/claims", headers={**headers, "Accept": "text/html"}), "not_acceptable"),
        415: (
            Client().post("/api/v1/claims", "<a/>", content_type="text/xml", headers=headers),
            "unsupported_media_type",
        ),
        400: (Client().post("/api/v1/claims", "{", content_type="application/json", headers=headers), "parse_error"),
        404: (Client().get("/api/v1/clams", headers=headers), "not_found"),
    }
    for status, (answer, code) in answers.items():
        refused(answer, status, code)
    assert answers[405][0]["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path", ["", "clams", "claims/", "claims/1", "months/2026-13", "months/october", "claims/%00", "../admin"]
)
def test_addresses_that_there_are_not_are_answered_alike(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["detail"] == "There is nothing at this address."


def test_a_fault_that_nobody_expected_is_answered_to_programs_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Nowhere, "initial", broken)
    answer = Client(raise_request_exception=False).get("/api/v1/clams")
    refused(answer, 500, "failed")
    assert "send it again later, with the same Idempotency-Key" in answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused_unread(acme: Program) -> None:
    refused(acme.post("claims", {"month": "2026-10", "words": "x" * 1_000_000}), 413, "body_too_large")


def test_a_body_without_a_length_is_refused_and_not_taken_for_an_empty_one(acme: Program) -> None:
    headers = {"Authorization": f"Bearer {acme.key}", "Transfer-Encoding": "chunked"}
    claim = acme.post("claims", {"month": "2026-10"}).json()["id"]
    answer = Client().generic(
        "POST", f"/api/v1/claims/{claim}/withdraw", b"", content_type="application/json", headers=headers
    )
    described(answer)
    refused(answer, 411, "length_required")
    assert acme.get(f"claims/{claim}").json()["state"] == "filed"
    assert Client().get("/api/v1/claims", headers=headers).status_code == 200


def test_no_format_in_a_query_hides_what_is_there(acme: Program) -> None:
    assert acme.get("account", {"format": "xml"}).json()["number"] == "acme"
    (fault,) = refused(acme.get("claims", {"format": "xml"}), 422, "fields_unusable")["errors"]
    assert fault["field"] == "format"


def test_an_unknown_host_is_refused_to_programs_with_problem_details(client: Client) -> None:
    refused(client.get("/api/v1/claims", headers={"Host": "evil.example"}), 400, "bad_request")
    assert client.get("/", headers={"Host": "evil.example"})["Content-Type"].startswith("text/html")


def test_a_body_that_is_no_object_is_refused(acme: Program) -> None:
    for body in ([1], [{"month": "2026-10"}], 5):
        (fault,) = refused(acme.post("claims", body), 422, "fields_unusable")["errors"]
        assert fault["mend"] == "Send one object, with the fields by name."


def test_a_body_that_is_nested_without_end_is_refused(acme: Program) -> None:
    headers = {"Authorization": f"Bearer {acme.key}"}
    nested = Client().post("/api/v1/claims", "[" * 400_000, content_type="application/json", headers=headers)
    refused(nested, 400, "bad_request")


def test_without_the_database_a_program_is_told_to_come_again(database: Cluster, superuser_dsn: str) -> None:
    with psycopg.connect(superuser_dsn, autocommit=True) as other:
        other.execute(f"ALTER ROLE {APPLICATION} NOLOGIN")
        connections.close_all()
        answer = Program("mgc_any_key").get("claims")
        other.execute(f"ALTER ROLE {APPLICATION} LOGIN")
    refused(answer, 503, "unavailable")
    assert answer["Retry-After"] == "30"


def test_a_text_that_cannot_be_stored_is_refused(acme: Program) -> None:
    for words in ("down\x00", "half \ud800"):
        (fault,) = refused(acme.post("claims", {"month": "2026-10", "words": words}), 422, "fields_unusable")["errors"]
        assert fault["field"] == "words"
    (unknown,) = refused(acme.post("claims", {"month": "2026-10", "\udc00": "?"}), 422, "fields_unusable")["errors"]
    assert unknown["problem"] == "This field is not known."
