"""What operators see of the machinery: parked events, which are tried again once their cause is mended."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse

from customers.events import AccountOpened
from eventstore import Event, Recorded, Subscription
from eventstore.models import Parked
from eventstore.subscriptions import REGISTERED, register
from tests.claims import october
from tests.claims.desk.conftest import Desk, desk_of, operator, told

NAME = "a test's reader"


class Reader:
    """A reader that fails until it is mended."""

    def __init__(self) -> None:
        self.is_mended = False
        self.handled = 0

    def __call__(self, _event: Event, _recorded: Recorded) -> None:
        if not self.is_mended:
            raise ValueError("the ledger of yesterday is missing")
        self.handled += 1


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    REGISTERED.pop(NAME, None)


@pytest.fixture
def parked(database: object, sealed: Callable[..., None], reader: Reader) -> Parked:
    """Let the reader meet an event that it can not handle."""
    october.publish()
    october.open_accounts(acme="pro")
    subscription = Subscription(NAME, {AccountOpened: reader})
    register(subscription)
    sealed(subscription)
    return Parked.objects.get()


@pytest.fixture
def desk(database: object) -> Desk:
    return desk_of(operator("Mira"))


def try_again(desk: Desk, parked: Parked) -> str:
    address = reverse("admin:eventstore_parked_try_again", args=[parked.pk])
    return told(desk.client.post(address, follow=True))


def test_a_parked_event_is_tried_again_until_it_succeeds(parked: Parked, desk: Desk, reader: Reader) -> None:
    assert "the ledger of yesterday is missing" in desk.text("eventstore_parked_change", parked.pk)
    assert try_again(desk, parked) == "It failed again: ValueError: the ledger of yesterday is missing"
    assert Parked.objects.get().attempts == parked.attempts + 1
    reader.is_mended = True
    assert try_again(desk, parked) == "It is handled."
    assert not Parked.objects.exists()
    assert reader.handled == 1
    assert try_again(desk, parked) == "It was handled meanwhile: nothing is left to do."
    assert reader.handled == 1


def test_a_link_does_not_try_again(parked: Parked, desk: Desk, reader: Reader) -> None:
    reader.is_mended = True
    assert desk.get("eventstore_parked_try_again", parked.pk).status_code == 403
    assert reader.handled == 0


def test_parked_events_are_neither_edited_nor_deleted(parked: Parked, desk: Desk) -> None:
    for act in ("change", "delete"):
        address = reverse(f"admin:eventstore_parked_{act}", args=[parked.pk])
        assert desk.client.post(address, {"post": "yes", "error": "none"}).status_code == 403
    assert desk.client.post(reverse("admin:eventstore_parked_add"), {"error": "x"}).status_code == 403
    assert Parked.objects.get().error == parked.error


def test_the_log_is_read_backwards_a_page_at_a_time(
    desk: Desk, sealed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three accounts open, each by an event and a tier; two of those are on a page."""
    monkeypatch.setattr("eventstore.admin.ON_A_PAGE", 2)
    october.publish()
    october.open_accounts(one="pro", two="pro", three="pro")
    sealed()
    answer = desk.get("eventstore_log", type="customers.account_opened")
    assert len(answer.context["events"]) == 2
    older = desk.get("eventstore_log", type="customers.account_opened", until=answer.context["older"])
    assert len(older.context["events"]) == 1
    streams = [one.stream for page in (answer, older) for one in page.context["events"]]
    assert streams == [october.account_of(name) for name in ("three", "two", "one")]


@pytest.mark.parametrize("until", ["x", "-1", "9" * 30, "0"])
def test_a_page_of_the_log_that_is_not_there_does_no_harm(desk: Desk, until: str) -> None:
    assert "No such event" in desk.text("eventstore_log", type="no.such", until=until)
    assert desk.get("eventstore_log_stream", "00000000-0000-0000-0000-000000000001").status_code == 404
