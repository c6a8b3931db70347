"""Each posting tells how its amounts came about: computed again from its own words (SEMANTICS 15, 28)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agreements.explaining import Step, find
from claims.events.ledger import CreditDrawn, CreditPosted, CycleOpened, DrawAdjusted, PostingReversed
from claims.explain.ledger import explain_posting
from claims.models.ledger import CreditAccount
from claims.rules import ledger as rules
from claims.rules.identity import ledger_id
from claims.rules.ledger import Grant
from eventstore import Event
from kernel.ids import derived
from kernel.money import Money
from kernel.months import Month
from tests.personas import ACME

AUGUST, SEPTEMBER, OCTOBER = (Month(2026, month) for month in (8, 9, 10))
cents = st.integers(1, 50_000)


def dollars(count: int) -> Money:
    """Give an amount in cents."""
    return Money.of(f"{count // 100}.{count % 100:02}", "USD")


def amount(text: str) -> Decimal:
    """Read an amount: 1,234.50 USD."""
    return Decimal(text.removesuffix(" USD").replace(",", ""))


def known(step: Step) -> dict[str, Decimal]:
    """Read what went into a step."""
    return {name: amount(value) for name, value in step.inputs if value.endswith("USD")}


def balanced(step: Step) -> None:
    """Add up what the balance was and what changed it."""
    balance = find(step, "Balance")
    assert balance
    assert sum(known(balance).values()) == amount(balance.result)
    assert balance.result in balance.sentence


def story(credit: int, usage: int, later: int) -> list[Event]:
    """Post a credit, open a cycle, draw it, and change its usage."""
    grant = Grant(
        account=ACME,
        agreement="apicheap",
        claim=derived("claim", 1),
        month=AUGUST,
        credit=dollars(credit),
        cap=dollars(credit * 2),
        statement_version=1,
    )
    told: list[Event] = []
    book = CreditAccount(id=ledger_id(ACME))
    for decide in (
        lambda _: rules.posting(grant, None, cycle=AUGUST),
        lambda ledger: rules.opening(ledger, SEPTEMBER),
        lambda ledger: rules.drawing(ledger, SEPTEMBER, dollars(usage), current=SEPTEMBER),
        lambda ledger: rules.drawing(ledger, SEPTEMBER, dollars(later), current=SEPTEMBER),
    ):
        event = decide(book)
        if event is not None:
            told.append(event)
            book = CreditAccount.fold(ledger_id(ACME), told)
    return told


@given(credit=cents, usage=cents, later=cents)
def test_every_posting_comes_out_again_from_its_words(credit: int, usage: int, later: int) -> None:
    for event in story(credit, usage, later):
        step = explain_posting(event)
        balanced(step)
        inputs, result = known(step), amount(step.result)
        if isinstance(event, CreditPosted):
            assert result == inputs["credited for the month"] - inputs["of it before"] == event.amount.amount
        elif isinstance(event, CycleOpened):
            assert result == inputs["balance"] == event.reserved.amount
        elif isinstance(event, CreditDrawn):
            assert result == min(inputs["set aside"], inputs["usage"]) == event.drawn.amount
            back = find(step, "Return")
            assert back
            assert amount(back.result) == known(back)["set aside"] - known(back)["drawn"]
        elif isinstance(event, DrawAdjusted):
            most = inputs["drawn before"] + inputs["balance"]
            assert result == min(inputs["set aside"], inputs["usage"], most) == event.drawn.amount


def test_a_bill_takes_the_smaller_and_the_rest_goes_back() -> None:
    drawn = explain_posting(story(5_000, 2_000, 2_000)[2])
    assert drawn.sentence == (
        "The bill of September 2026 takes what was set aside, 50.00 USD, "
        "and no more than its usage, 20.00 USD: 20.00 USD."
    )
    assert drawn.steps[0].sentence == "What the bill left of 50.00 USD goes back to the balance: 30.00 USD."
    assert drawn.steps[0].steps[0].sentence == "The balance was 0.00 USD and became 30.00 USD."


def test_a_difference_tells_what_was_credited_for_the_month_before() -> None:
    event = CreditPosted(
        account=ACME,
        agreement="apicheap",
        claim=derived("claim", 1),
        month=AUGUST,
        statement_version=2,
        amount=dollars(3_000),
        cap=dollars(10_000),
        earned=dollars(5_000),
        balance=dollars(3_000),
        cycle=OCTOBER,
    )
    assert explain_posting(event).sentence == (
        "30.00 USD are credited for August 2026, by version 2 of its statement, "
        "beside 20.00 USD that were credited for it before."
    )


def test_an_undone_credit_tells_what_is_left() -> None:
    event = PostingReversed(
        posting=1,
        month=AUGUST,
        amount=dollars(5_000),
        earned=dollars(0),
        balance=dollars(0),
        reason="The wrong month.",
        reversed_by="mira",
    )
    step = explain_posting(event)
    balanced(step)
    assert step.sentence == "Posting 1 is undone, 50.00 USD for August 2026: The wrong month."
