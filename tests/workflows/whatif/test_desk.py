"""What if at the desk: a draft is picked or uploaded, a worker runs it, and its report is opened or downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django import Settings

from agreements import commands, queries
from customers.models import User
from kernel import clock
from kernel.months import Month
from tests.personas import MIRA
from tests.workflows.whatif.scenes import OCTOBER, STRICT, account, draft, observed, uses
from workflows.tasks import run_what_if
from workflows.whatif import kept


@dataclass(frozen=True)
class Desk:
    """What if, as Mira has it."""

    client: Client

    def asks(self, text: str = "", **fields: str) -> Any:
        """Send the form with this file."""
        file = {"file": SimpleUploadedFile("draft.yaml", text.encode())} if text else {}
        asked = {"version": "", "agreement": "", "since": "2026-10", "until": "2026-10", **fields, **file}
        return self.client.post(reverse("what-if"), asked)

    def page(self, name: str, number: int) -> str:
        """Read a page of a run."""
        answer = self.client.get(reverse(name, args=[number]))
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


@pytest.fixture
def desk(database: object) -> Iterator[Desk]:
    """Sign Mira in, with October measured and Acme's usage of it."""
    queries.forget()
    cache.clear()
    observed(OCTOBER, minutes=60)
    uses(account("acme", "pro"), "200", OCTOBER)
    mira = User.objects.create_user("mira@provider.example", "a long pass phrase", name="Mira", is_staff=True)
    client = Client()
    client.force_login(mira, backend="django.contrib.auth.backends.ModelBackend")
    yield Desk(client)
    cache.clear()
    queries.forget()


def number_of(answer: Any) -> int:
    """Tell the number of the run that an answer leads to."""
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def test_an_uploaded_draft_is_run_and_its_report_opened_again(desk: Desk) -> None:
    number = number_of(desk.asks(draft(*STRICT)))
    assert "It waits for a worker" in desk.page("what-if-run", number)
    run_what_if(number)
    page = desk.page("what-if-run", number)
    assert "It is done" in page
    assert "10.00 USD" in page
    assert "http-equiv" not in page, "what is done is not asked for again"
    for _ in range(2):
        assert "Acme Ltd" in desk.page("what-if-report", number)
    assert "draft.yaml" in str(desk.client.get(reverse("what-if")).content.decode())


def test_the_report_and_the_table_are_downloaded(desk: Desk) -> None:
    number = number_of(desk.asks(draft(*STRICT)))
    run_what_if(number)
    report = desk.client.get(reverse("what-if-report", args=[number]), {"download": "1"})
    assert report["Content-Disposition"] == f'attachment; filename="what-if-{number}.html"'
    assert report["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    table = desk.client.get(reverse("what-if-table", args=[number]))
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table.content.decode().splitlines()[1].startswith("2026-10,acme,Acme Ltd,pro,")


def test_a_published_version_can_be_the_draft(desk: Desk) -> None:
    number = number_of(desk.asks(version="apicheap/1"))
    run_what_if(number)
    assert "apicheap, version 1" in desk.page("what-if-run", number)
    assert "The draft changes nothing for anybody" in desk.page("what-if-report", number)


def test_a_draft_that_waits_to_be_announced_can_be_picked_from_its_page(desk: Desk) -> None:
    later, _, _ = draft(*STRICT, ("in_force_from: 2026-03-30", "in_force_from: 2027-03-01")).partition("\nexamples:")
    agreement = commands.draft(later, by=MIRA, now=clock.now())
    page = desk.client.get(reverse("admin:agreements_agreement_change", args=[agreement])).content.decode()
    link = f"{reverse('what-if')}?version=apicheap/2"
    assert link in page
    assert '<option value="apicheap/2" selected>' in desk.client.get(link).content.decode()
    number = number_of(desk.asks(version="apicheap/2"))
    run_what_if(number)
    assert "10.00 USD" in desk.page("what-if-run", number)


@pytest.mark.parametrize(
    ("text", "fields", "told"),
    [
        ("", {}, "one of them"),
        ("format: 1\nagreement: [", {}, 'role="alert"'),
        ("x" * 500_001, {}, "500,000 are the most"),
        (draft(), {"version": "apicheap/1"}, "one of them"),
        (draft(), {"since": "October"}, "Write year and month"),
        (draft(), {"until": "2999-01"}, "is not over"),
        (draft(), {"since": "2026-11", "until": "2026-10"}, "lies after the last one"),
    ],
)
def test_what_can_not_be_run_is_told_in_the_form(desk: Desk, text: str, fields: dict[str, str], told: str) -> None:
    answer = desk.asks(text, **fields)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert kept.newest() == []


def test_what_is_no_text_is_told_in_the_form(desk: Desk) -> None:
    file = SimpleUploadedFile("draft.yaml", b"\xff\xfe\x00")
    answer = desk.client.post(reverse("what-if"), {"since": "2026-10", "file": file})
    assert "not text in UTF-8" in answer.content.decode()


def test_a_run_is_cancelled(desk: Desk) -> None:
    number = number_of(desk.asks(draft()))
    by_link = desk.client.get(reverse("what-if-cancel", args=[number]), follow=True)
    assert "Nothing was cancelled." in by_link.content.decode()
    assert "It was cancelled" not in desk.page("what-if-run", number)
    desk.client.post(reverse("what-if-cancel", args=[number]))
    run_what_if(number)
    assert "It was cancelled" in desk.page("what-if-run", number)
    assert kept.page_of(number) is None


def test_a_run_that_is_cancelled_while_it_runs_ends(desk: Desk) -> None:
    number = number_of(desk.asks(draft()))
    kept.cancel(number)
    run_what_if(number)
    found = kept.found(number)
    assert found is not None
    assert found.state == kept.State.CANCELLED


def test_without_a_worker_to_reach_the_run_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_args: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(run_what_if, "apply_async", unreachable)
    number = number_of(desk.asks(draft()))
    assert "No worker can be reached" in desk.page("what-if-run", number)


def test_a_run_that_fails_unexpectedly_says_so_and_is_told_to_the_worker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(desk.asks(draft()))

    def away(_number: int) -> str:
        raise ConnectionError

    monkeypatch.setattr(kept, "text_of", away)
    with pytest.raises(ConnectionError):
        run_what_if(number)
    assert "The run failed unexpectedly" in desk.page("what-if-run", number)


def test_the_last_year_is_suggested(desk: Desk) -> None:
    page = desk.client.get(reverse("what-if")).content.decode()
    last = Month.of(clock.now(), UTC).previous()
    assert f'value="{last.plus(-11)}"' in page
    assert f'value="{last}"' in page


def test_without_redis_the_page_says_so(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    redis = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": redis, "LOCATION": f"unix://{tmp_path}/nobody.sock"}}
    for answer in (desk.client.get(reverse("what-if")), desk.asks(draft())):
        assert answer.status_code == 503
        assert "can not be reached at the moment" in answer.content.decode()


def test_a_run_that_is_no_more_is_not_found(desk: Desk) -> None:
    number = number_of(desk.asks(draft()))
    cache.clear()
    for name in ("what-if-run", "what-if-report", "what-if-table"):
        assert desk.client.get(reverse(name, args=[number])).status_code == 404
    run_what_if(number)
    assert kept.newest() == []
