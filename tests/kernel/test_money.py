"""Money: exact, of one currency, rounded once and only where asked (SEMANTICS 13)."""

from decimal import Decimal
from fractions import Fraction
from operator import add, ge, gt, le, lt, sub
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import CurrencyMismatch, MoneyMalformed
from kernel.money import Money, minor_digits, share, share_down


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


amounts = st.decimals(Decimal(-(10**12)), Decimal(10**12), places=6).map(lambda amount: Money(amount, "USD"))
parts = st.fractions(0, 1, max_denominator=100_000)

# Arithmetic.


@given(amounts, amounts)
def test_adding_and_taking_away_is_exact(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert Fraction((one + other).amount) == Fraction(one.amount) + Fraction(other.amount)


def test_arithmetic_never_rounds_however_many_digits() -> None:
    assert usd("1e40") + usd("1e-40") - usd("1e40") == usd("1e-40")


def test_negation_and_magnitude() -> None:
    assert -usd("5") == usd("-5")
    assert abs(usd("-5")) == usd("5")


@pytest.mark.parametrize("operation", [add, sub, lt, le, gt, ge])
def test_two_currencies_do_not_mix(operation: Any) -> None:
    with pytest.raises(CurrencyMismatch):
        operation(usd("1"), Money.of(1, "EUR"))


@pytest.mark.parametrize("operation", [add, sub, lt, le, gt, ge])
@pytest.mark.parametrize("other", [1, 1.0, Decimal(1), "1 USD", None])
def test_money_mixes_with_nothing_else(operation: Any, other: object) -> None:
    with pytest.raises(MoneyMalformed):
        operation(usd("1"), other)


def test_amounts_compare_within_a_currency() -> None:
    assert usd("1") < usd("2") <= usd("2.00") < usd("2.01")
    assert usd("3") > usd("2.5") >= usd("2.5")
    assert usd("2") == usd("2.00")
    assert hash(usd("2")) == hash(usd("2.00"))
    assert usd("2") != Money.of(2, "EUR")


def test_no_money_is_false() -> None:
    assert not Money.zero("USD")
    assert usd("0.01")


# Values.


@pytest.mark.parametrize("amount", [1, 1.0, "1", None, True, Decimal("NaN"), Decimal("Infinity")])
def test_an_amount_is_a_finite_decimal(amount: Any) -> None:
    with pytest.raises(MoneyMalformed):
        Money(amount, "USD")


def test_an_exponent_is_written_out() -> None:
    assert str(Money(Decimal("1E+2"), "USD")) == "100.00 USD"
    assert str(Money(Decimal("0E-9"), "USD")) == "0.00 USD"
    assert str(Money(Decimal("0E+999"), "USD")) == "0.00 USD"


@pytest.mark.parametrize("amount", ["1e999999", "-1e101", "1e-999999", "0." + "1" * 300, "1" * 150 + ".00"])
def test_an_amount_beyond_all_reason_is_refused(amount: str) -> None:
    with pytest.raises(MoneyMalformed):
        Money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    "amount", [0.1, 1.0, True, "one", "", "NaN", "1,00", "1_000", " 1", "1e3", "\u0661", ".5", None]
)
def test_money_is_not_made_of_floats_or_words(amount: Any) -> None:
    with pytest.raises(MoneyMalformed):
        Money.of(amount, "USD")


@pytest.mark.parametrize("currency", ["", "usd", "US", "USDT", "U$D", "ÜSD"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(MoneyMalformed):
        Money.of(1, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("50", "USD", "50.00 USD"),
        ("50.000", "USD", "50.00 USD"),
        ("-0", "USD", "0.00 USD"),
        ("0.000125", "USD", "0.000125 USD"),
        ("1.2500", "USD", "1.25 USD"),
        ("+1", "USD", "1.00 USD"),
        ("100", "JPY", "100 JPY"),
        ("0.5", "JPY", "0.5 JPY"),
        ("1.5", "KWD", "1.500 KWD"),
        ("-3", "CLF", "-3.0000 CLF"),
    ],
)
def test_one_value_is_written_one_way(amount: str, currency: str, written: str) -> None:
    money = Money.of(amount, currency)
    assert str(money) == written
    assert str(Money.parse(written)) == written
    assert Money.parse(written) == money


@given(amounts)
def test_what_is_written_can_be_read(money: Money) -> None:
    assert Money.parse(str(money)) == money


@pytest.mark.parametrize("text", ["", "50.00", "50.00USD", "USD 50.00", "50.00  USD", "50.00 usd"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MoneyMalformed):
        Money.parse(text)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("XYZ", 2)])
def test_a_currency_has_its_own_minor_unit(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_whole_minor_units_are_told_from_parts_of_one() -> None:
    assert usd("0.01").is_whole
    assert not usd("0.011").is_whole
    assert not Money.of("0.5", "JPY").is_whole


# Shares.


@pytest.mark.parametrize(
    ("base", "percent", "half_even", "down"),
    [
        ("200.00 USD", 25, "50.00 USD", "50.00 USD"),  # 200 x 25 % = 50: the document's own example
        ("0.05 USD", 50, "0.02 USD", "0.02 USD"),  # 0.025, half to even
        ("0.15 USD", 50, "0.08 USD", "0.07 USD"),  # 0.075, half to even
        ("99.99 USD", 5, "5.00 USD", "4.99 USD"),  # 4.9995
        ("33.33 USD", 10, "3.33 USD", "3.33 USD"),  # 3.333
        ("101 JPY", 50, "50 JPY", "50 JPY"),  # 50.5, half to even
        ("103 JPY", 50, "52 JPY", "51 JPY"),  # 51.5, half to even
        ("1.001 KWD", 50, "0.500 KWD", "0.500 KWD"),  # 0.5005, half to even
        ("0.000125 USD", 100, "0.00 USD", "0.00 USD"),  # less than a cent
        ("-0.15 USD", 50, "-0.08 USD", "-0.08 USD"),  # down is down, also below zero
    ],
)
def test_a_share_is_rounded_once_to_the_minor_unit(base: str, percent: int, half_even: str, down: str) -> None:
    part = Fraction(percent, 100)
    assert str(share(Money.parse(base), part)) == half_even
    assert str(share_down(Money.parse(base), part)) == down


@given(amounts, parts)
def test_a_share_is_within_half_a_cent_and_a_share_down_never_above(money: Money, part: Fraction) -> None:
    exact = Fraction(money.amount) * part
    assert abs(Fraction(share(money, part).amount) - exact) <= Fraction(1, 200)
    assert 0 <= exact - Fraction(share_down(money, part).amount) < Fraction(1, 100)
    assert share(money, part).is_whole
    assert share_down(money, part).is_whole


@pytest.mark.parametrize("part", [0.25, Decimal("0.25"), "1/4"])
def test_a_share_is_an_exact_fraction(part: Any) -> None:
    for taken in (share, share_down):
        with pytest.raises(MoneyMalformed):
            taken(usd("200"), part)
