"""What is posted, reserved and drawn: SEMANTICS 13 and 15, as tables with the arithmetic on each row."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import CreditSpent, NoSuchPosting, ReversedBefore
from claims.events.ledger import CreditPosted, CycleOpened
from claims.models.double_entry import Book, lines
from claims.models.ledger import CreditAccount
from claims.rules import ledger as rules
from claims.rules.identity import ledger_id
from claims.rules.ledger import Grant
from eventstore import Event
from kernel.ids import derived
from kernel.money import Money
from kernel.months import Month
from tests.personas import ACME

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))


def dollars(amount: str | int) -> Money:
    return Money.of(amount, "USD")


def grant(credit: str | int, *, cap: str | int | None = 1000, month: Month = AUGUST) -> Grant:
    return Grant(
        account=ACME,
        agreement="apicheap",
        claim=derived("claim", month),
        month=month,
        credit=dollars(credit),
        cap=None if cap is None else dollars(cap),
        statement_version=1,
    )


def ledger(*events: Event) -> CreditAccount:
    return CreditAccount.fold(ledger_id(ACME), events)


def posted(credit: str | int, *, cycle: Month = SEPTEMBER, month: Month = AUGUST) -> CreditPosted:
    event = rules.posting(grant(credit, month=month), None, cycle=cycle)
    assert event is not None
    return event


def opened(book: CreditAccount, current: Month) -> CreditAccount:
    event = rules.opening(book, current)
    if event is not None:
        book.apply(event)
    return book


def drawn(book: CreditAccount, cycle: Month, usage: str | int, *, current: Month = NOVEMBER) -> CreditAccount:
    event = rules.drawing(book, cycle, dollars(usage), current=current)
    if event is not None:
        book.apply(event)
    return book


@pytest.mark.parametrize(
    ("credit", "cap", "earned", "left"),
    [
        ("50", "100", "0", "50"),
        ("50", "100", "20", "30"),  # 50 - 20
        ("50", "100", "60", "0"),  # more than it was credited already
        ("120", "100", "0", "100"),  # no more than the cap
        ("120", "100", "70", "30"),  # 100 - 70
        ("50", None, "20", "30"),  # an agreement without a cap
        ("40", "30", "50", "0"),  # a restated month with a lower cap takes nothing back
    ],
)
def test_what_is_left_to_post_is_the_credit_under_the_cap_less_what_was_earned(
    credit: str, cap: str | None, earned: str, left: str
) -> None:
    most = None if cap is None else dollars(cap)
    assert rules.to_post(dollars(credit), cap=most, earned=dollars(earned)) == dollars(left)


@pytest.mark.parametrize(
    ("credit", "before", "cap", "earned", "left"),
    [
        ("100", "50", "100", "50", "50"),  # 100 - 50
        ("100", "50", "100", "0", "50"),  # the first 50 were undone: they are not posted again
        ("50.01", "50", "100.02", "0", "0.01"),  # a usage of four cents more, and nothing of the 50
        ("120", "50", "100", "80", "20"),  # 100 - 80: another claim's credit stands beside it
        ("40", "50", "100", "0", "0"),  # a lower credit posts nothing
    ],
)
def test_a_raised_credit_posts_no_more_than_it_was_raised_by(
    credit: str, before: str, cap: str, earned: str, left: str
) -> None:
    found = rules.to_post(dollars(credit), cap=dollars(cap), earned=dollars(earned), before=dollars(before))
    assert found == dollars(left)


def test_what_stands_of_a_claim_is_what_was_posted_and_not_undone() -> None:
    book = ledger(posted(50))
    more = rules.posting(replace(grant(70), before=dollars(50)), book, cycle=SEPTEMBER)
    assert more is not None
    book.apply(more)
    claim = grant(70).claim
    assert rules.standing_of(claim, book) == dollars(70)
    book.apply(rules.reversal(book, 1, reason="a mistake", by="mira"))
    assert rules.standing_of(claim, book) == dollars(20)
    assert rules.standing_of(grant(70, month=OCTOBER).claim, book) == dollars(0)


@pytest.mark.parametrize(
    ("reserved", "usage", "taken", "rest"),
    [("50", "200", "50", "0"), ("50", "20", "20", "30"), ("50", "50", "50", "0"), ("50", "0", "0", "50")],
)
def test_a_bill_takes_the_smaller_of_reserve_and_usage_and_the_rest_returns(
    reserved: str, usage: str, taken: str, rest: str
) -> None:
    book = drawn(opened(ledger(posted(reserved)), OCTOBER), OCTOBER, usage)
    assert book.cycles[0].drawn == dollars(taken)
    assert book.balance == dollars(rest)


def test_a_credit_is_reserved_for_the_cycle_after_the_one_in_which_it_was_posted() -> None:
    book = ledger(posted(50, cycle=SEPTEMBER))
    assert rules.opening(book, SEPTEMBER) is None
    event = rules.opening(book, OCTOBER)
    assert event is not None
    assert (event.cycle, event.reserved, event.balance) == (OCTOBER, dollars(50), dollars(0))


def test_a_cycle_that_is_opened_late_reserves_only_what_was_posted_before_it_began() -> None:
    """Posted in September; October is opened only in November, when another credit comes: that one waits."""
    book = opened(ledger(posted(50, cycle=SEPTEMBER)), NOVEMBER)
    assert book.cycles[0].month == OCTOBER
    later = rules.posting(grant(20, month=SEPTEMBER), book, cycle=NOVEMBER)
    assert later is not None
    book.apply(later)
    assert rules.opening(book, NOVEMBER) is None
    assert book.balance == dollars(20)


def test_what_returns_is_reserved_for_a_cycle_that_begins_after_it_returned() -> None:
    """October's usage arrives in December: what it leaves is no reserve of November."""
    december, january = NOVEMBER.next(), NOVEMBER.plus(2)
    book = drawn(opened(ledger(posted(50)), december), OCTOBER, 20, current=december)
    assert rules.opening(book, december) is None
    event = rules.opening(book, january)
    assert event is not None
    assert (event.cycle, event.reserved) == (january, dollars(30))


def test_a_cycle_is_drawn_once_and_a_change_posts_the_difference() -> None:
    book = drawn(opened(ledger(posted(50)), OCTOBER), OCTOBER, 20)
    assert rules.drawing(book, OCTOBER, dollars(20), current=NOVEMBER) is None
    event = rules.drawing(book, OCTOBER, dollars(35), current=NOVEMBER)
    assert event is not None
    book.apply(event)
    assert book.cycles[0].drawn == dollars(35)
    assert book.balance == dollars(15)
    assert {line.book: line.amount for line in lines(event)} == {
        Book.BALANCE: dollars(-15),
        Book.BILLED: dollars(15),
    }


def test_a_lower_usage_gives_back_what_was_drawn_too_much() -> None:
    book = drawn(drawn(opened(ledger(posted(50)), OCTOBER), OCTOBER, 50), OCTOBER, 30)
    assert book.balance == dollars(20)


def test_a_raised_usage_takes_no_more_than_todays_balance() -> None:
    """Of 50 reserved, 20 were drawn, and the other 30 are reserved for December by now."""
    december = NOVEMBER.next()
    book = opened(drawn(opened(ledger(posted(50)), OCTOBER), OCTOBER, 20), december)
    assert book.balance == dollars(0)
    assert rules.drawing(book, OCTOBER, dollars(50), current=december) is None


def test_nothing_is_drawn_where_nothing_was_reserved() -> None:
    assert rules.drawing(ledger(posted(50)), SEPTEMBER, dollars(200), current=NOVEMBER) is None


def test_a_credit_is_reversed_once_and_only_while_it_is_in_the_balance() -> None:
    book = ledger(posted(50))
    event = rules.reversal(book, 1, reason="posted to the wrong month", by="mira")
    with pytest.raises(CreditSpent):
        rules.reversal(opened(ledger(posted(50)), OCTOBER), 1, reason="too late", by="mira")
    book.apply(event)
    assert book.balance == dollars(0)
    assert rules.earned_for(AUGUST, book.earned, "USD") == dollars(0)
    with pytest.raises(ReversedBefore):
        rules.reversal(book, 1, reason="again", by="mira")
    with pytest.raises(NoSuchPosting):
        rules.reversal(book, 2, reason="that was the reversal", by="mira")


AMOUNTS = st.integers(0, 500).map(dollars)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), AMOUNTS, AMOUNTS, st.integers(0, 3)),
        st.tuples(st.just("open")),
        st.tuples(st.just("usage"), AMOUNTS, st.integers(0, 6)),
        st.tuples(st.just("reverse"), st.integers(1, 8)),
        st.tuples(st.just("month")),
    ),
    max_size=30,
)


class Run:
    """The ledger as the commands lead it: whoever changes the balance opens the due cycle first."""

    def __init__(self, steps: list[tuple[Any, ...]]) -> None:
        self.book: CreditAccount | None = None
        self.events: list[Event] = []
        self.today = SEPTEMBER
        for name, *arguments in steps:
            if name != "month":
                self.open()
            getattr(self, name)(*arguments)

    def follow(self, event: Event | None) -> None:
        if event is not None:
            self.book = self.book or ledger()
            self.book.apply(event)
            self.events.append(event)

    def month(self) -> None:
        self.today = self.today.next()

    def open(self) -> None:
        if self.book is not None:
            self.follow(rules.opening(self.book, self.today))

    def post(self, credit: Money, cap: Money, month: int) -> None:
        wanted = grant(str(credit.amount), cap=str(cap.amount), month=AUGUST.plus(month))
        self.follow(rules.posting(wanted, self.book, cycle=self.today))

    def usage(self, usage: Money, cycle: int) -> None:
        if self.book is not None and SEPTEMBER.plus(cycle) < self.today:
            self.follow(rules.drawing(self.book, SEPTEMBER.plus(cycle), usage, current=self.today))

    def reverse(self, number: int) -> None:
        with suppress(NoSuchPosting, ReversedBefore, CreditSpent):
            if self.book is not None:
                self.follow(rules.reversal(self.book, number, reason="a mistake", by="mira"))


@given(STEPS)
def test_the_balance_is_never_negative_and_every_posting_sums_to_zero(steps: list[tuple[Any, ...]]) -> None:
    run = Run(steps)
    book, events = run.book, run.events
    zero = dollars(0)
    for event in events:
        assert sum((line.amount for line in lines(event)), start=zero) == zero
    totals = dict.fromkeys(Book, zero)
    for event in events:
        for line in lines(event):
            totals[line.book] += line.amount
            assert totals[Book.BALANCE] >= zero
            assert totals[Book.BILLED] >= zero
            assert totals[Book.RESERVED] >= zero
    if book is not None:
        assert book.balance == totals[Book.BALANCE]
        apart = sum((one.reserved for one in book.cycles if one.drawn is None), start=zero)
        assert apart == totals[Book.RESERVED]


@given(STEPS)
def test_the_credits_of_a_month_never_exceed_its_cap(steps: list[tuple[Any, ...]]) -> None:
    for event in Run(steps).events:
        if isinstance(event, CreditPosted):
            assert event.cap is not None
            assert event.amount > dollars(0)
            assert event.earned <= event.cap


@given(STEPS)
def test_no_cycle_is_reserved_twice(steps: list[tuple[Any, ...]]) -> None:
    cycles = [event.cycle for event in Run(steps).events if isinstance(event, CycleOpened)]
    assert cycles == sorted(set(cycles))


def test_a_clock_that_is_behind_opens_no_cycle_twice() -> None:
    """October was opened; a worker whose clock is still in September posts: that waits for November."""
    book = opened(ledger(posted(50)), OCTOBER)
    late = rules.posting(grant(20, month=SEPTEMBER), book, cycle=SEPTEMBER)
    assert late is not None
    book.apply(late)
    assert rules.opening(book, OCTOBER) is None
    assert [(one.month, one.reserved) for one in book.cycles] == [(OCTOBER, dollars(50))]


def test_a_draw_by_a_clock_that_is_behind_opens_no_cycle_twice() -> None:
    """November was opened; then October's usage is corrected where it is October still."""
    book = opened(drawn(opened(ledger(posted(50)), OCTOBER), OCTOBER, 20, current=OCTOBER), NOVEMBER)
    book = drawn(book, OCTOBER, 10, current=OCTOBER)
    assert rules.opening(book, NOVEMBER) is None
    assert [(one.month, one.reserved) for one in book.cycles] == [(OCTOBER, dollars(50)), (NOVEMBER, dollars(30))]
