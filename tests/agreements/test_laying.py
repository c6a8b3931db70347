"""An override laid over an agreement: what it says counts, with its clause; everything else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.differences import differences
from agreements.examples import failures
from agreements.judging import judge
from agreements.lint import findings
from agreements.terms import Document, Terms, TermsMalformed, laid_over, load_override
from kernel.money import Money
from tests.agreements.texts import APICHEAP, SOUND, bent, document

HEAD = """\
overrides: apicheap
account: "A-1042"
document_date: 2026-11-20
in_force_from: 2027-01-01T00:00Z
clause: Order form 17, §2
"""
BASE = document(APICHEAP)


def laid(changes: str, *, head: str = HEAD, base: Document = BASE) -> Document:
    body = f"changes:\n{changes}" if changes.startswith("  ") else f"changes: {changes}\n"
    return laid_over(base, load_override(head + body, file="order-form-17.yaml"))


def told(changes: str) -> list[str]:
    return [f"{one.clause}: {one.sentence}" for one in differences(BASE, laid(changes))]


TARGET = "  commitments: [{name: uptime, target: {enterprise: 99.95%}}]\n"
ROWS = """\
  commitments:
    - name: uptime
      target: {enterprise: {at_least: 99.95%}}
      credits:
        rows:
          - {from: 99.0%, below: 99.95%, pays: 15%}
          - {below: 99.0%, pays: 60%}
        cap: {is: 60% of usage of the month, clause: "Order form 17, §4"}
"""


def test_a_target_that_was_negotiated_is_the_accounts_and_the_others_stay() -> None:
    terms = laid(TARGET).terms
    assert terms.target("enterprise") == Fraction(9995, 10000)
    assert terms.target("pro") == BASE.terms.target("pro")


def test_a_table_is_replaced_whole() -> None:
    table = laid(ROWS).terms.credits
    assert table is not None
    assert [row.pay.flat_share for row in table.rows] == [Fraction(15, 100), Fraction(60, 100)]


def test_a_rule_is_taken_away_by_null() -> None:
    changes = "  commitments: [{name: uptime, credits: {cap: null}}]\n"
    table = laid(changes).terms.credits
    assert table is not None
    assert table.caps == ()
    assert told(changes) == ["Order form 17, §2: Most credit for uptime: no longer 50 % of usage of the month."]


def test_a_rule_that_changes_has_the_clause_of_the_override_or_one_of_its_own() -> None:
    terms = laid(ROWS).terms
    assert terms.clause("commitments", 0, "credits", "rows", 1) == "Order form 17, §2"
    assert terms.clause("commitments", 0, "credits", "cap") == "Order form 17, §4"
    assert terms.clause("commitments", 0, "credits", "of") == "§3.1, §3.2"
    assert terms.clause("claims", "file_within") == "§3.3"


def test_the_judge_names_the_clause_that_was_negotiated() -> None:
    terms, base = laid(ROWS).terms, Money.parse("200 USD")
    paid = judge(terms, tier="enterprise", uptime=Fraction(9993, 10000), base=base)
    assert (paid.clause, paid.credit) == ("Order form 17, §2", Money.parse("30 USD"))
    met = judge(terms, tier="enterprise", uptime=Fraction(9996, 10000), base=base)
    assert (met.missed, met.clause) == (False, "Order form 17, §2")
    assert judge(terms, tier="pro", uptime=Fraction(9996, 10000), base=base).clause == "§2.1"


def test_differences_name_old_and_new_with_the_negotiated_clause() -> None:
    assert told("  claims: {file_within: 60 days}\n  support: {response: {pro: {severity_1: 2 hours}}}\n") == [
        "Order form 17, §2: Time to claim a credit: 60 days instead of 30 days.",
        "Order form 17, §2: First reply to Pro, Service Down: 2 hours instead of 4 hours.",
    ]


def test_what_is_only_said_again_is_no_difference() -> None:
    assert (
        told("  claims: {file_within: 30 days}\n  commitments: [{name: uptime, target: {pro: {at_least: 99.50%}}}]\n")
        == []
    )


def test_two_overrides_are_compared_with_each_other() -> None:
    old, new = laid("  claims: {file_within: 60 days}\n"), laid(TARGET)
    assert [f"{one.clause}: {one.sentence}" for one in differences(old, new)] == [
        (
            "Order form 17, §2: Target of uptime, Enterprise: 99.95 % instead of at least 99.9 %, negotiable yes, "
            "maximum downtime ~43 minutes."
        ),
        "§3.3: Time to claim a credit: 30 days instead of 60 days.",
    ]


def test_the_agreements_examples_are_not_tried_and_those_of_the_override_are() -> None:
    example = (
        "examples:\n  - name: Ours\n    given: {tier: enterprise, uptime: 99.93%, usage: 200 USD}\n"
        "    expect: {missed: true, credit: 30.00 USD}\n"
    )
    assert laid(ROWS).terms.examples == ()
    assert failures(laid(ROWS, head=HEAD + example)) == []
    (failure,) = failures(laid(TARGET, head=HEAD + example))
    assert str(failure).startswith("order-form-17.yaml:9: ")


def test_a_finding_points_into_the_file_where_the_rule_stands() -> None:
    raised = findings(laid("  commitments: [{name: uptime, target: {pro: {at_least: 99.7%}}}]\n"))
    assert [
        (one.file, one.line) for one in raised if one.code == "figure_disagrees" and "2.016 hours" in one.sentence
    ] == [("agreement.yaml", BASE.source.line(("commitments", 0, "target", "pro", "maximum_downtime")))]
    paying = findings(laid(ROWS))
    assert {one.file for one in paying if one.code == "row_above_target"} == {"order-form-17.yaml"}


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("enterprise: 99.95%", "enterprize: 99.95%", "There is no tier `enterprize`.|did you mean `enterprise`?"),
        ("name: uptime", "name: uptme", "The agreement has no entry `uptme` here.|did you mean `uptime`?"),
        ("{name: uptime, target", "{target", "Nothing says which of the agreement's entries|add `name: ...`"),
        ("99.95%", "99.95", "'99.95' was not understood.|write 99.95%"),
        ("  commitments:", "  claims:\n    roll:\n  commitments:", "`roll` has no value.|`null` to take away"),
        ("target: {enterprise: 99.95%}", "credits: {minimum: null}", "says no `minimum`|remove this line"),
        ("target: {enterprise: 99.95%}", "period: calendar_year", "`period` is the same for all|for everybody"),
        ("target: {enterprise: 99.95%}", "measure: latency", "`measure` is the same for all accounts.|for everybody"),
        ("  commitments:", "  currency: EUR\n  commitments:", "`currency` is the same for all accounts.|for everybody"),
        ("  commitments:", "  excused: {network: null}\n  commitments:", "`excused` is the same for all|everybody"),
        ("  commitments:", "  comitments:", "There is no field `comitments` here.|did you mean `commitments`?"),
        ("  commitments:", "  target: 99%\n  commitments:", "There is no field `target` here.|stands in `commitments`"),
        ("changes:", "claims: {}\nchanges:", "`claims` stands in `changes`.|move it into `changes`"),
        ("changes:", "currency: EUR\nchanges:", "`currency` is the same for all accounts.|for everybody"),
        ("changes:", "untill: 2028-01-01\nchanges:", "There is no field `untill` here.|did you mean `until`?"),
        ("clause: Order form 17, §2\n", "", "Nothing says where this was negotiated.|add `clause: Order form 17, §2`"),
        ('account: "A-1042"\n', "", "`account` is missing.|the number of the account"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_how_to_mend_it(old: str, new: str, line: str) -> None:
    text = bent(old, new, text=HEAD + "changes:\n" + TARGET)
    with pytest.raises(TermsMalformed) as refused:
        laid_over(BASE, load_override(text, file="order-form-17.yaml"))
    sentence, mend = line.split("|")
    written = str(refused.value)
    assert sentence in written
    assert mend in written
    assert re.match(r"order-form-17\.yaml:\d+", written)


def test_a_fault_that_only_both_files_make_points_at_what_the_override_says() -> None:
    unpaid = re.sub(r"(?ms)^    credits:.*?(?=^business_hours:)", "", SOUND)
    paying = "credits: {of: usage of the month, rows: [{below: 99.0%, pays: 10%}]}"
    with pytest.raises(TermsMalformed, match=r"order-form-17.yaml:\d+:\d+.*Nothing says how these credits are claimed"):
        laid(f"  commitments: [{{name: uptime, {paying}}}]\n", base=document(unpaid))


# Laws

PATIENT = settings(max_examples=60)

_TARGETS = st.dictionaries(
    st.sampled_from(["basic", "pro", "enterprise"]),
    st.integers(9000, 9999).map(lambda share: f"{share / 100:.2f}%"),
    min_size=1,
)
_RULES: Mapping[tuple[str, ...], st.SearchStrategy[str]] = {
    ("claims", "file_within"): st.integers(31, 90).map("{} days".format),
    ("claims", "appeal_within"): st.integers(31, 90).map("{} days".format),
    ("claims", "settle_within"): st.integers(1, 9).map("{} business days".format),
    ("support", "response", "pro", "severity_1"): st.sampled_from(["1 hour", "2 hours", "30 minutes"]),
    ("support", "response", "enterprise", "severity_3"): st.sampled_from(["3 hours", "2 business days"]),
    ("remedies", "sole_remedy"): st.just("false"),
}


@st.composite
def changes(draw: st.DrawFn) -> dict[tuple[str, ...], str]:
    chosen = draw(st.sets(st.sampled_from(sorted(_RULES))))
    found = {path: draw(_RULES[path]) for path in sorted(chosen)}
    targets = draw(st.one_of(st.just({}), _TARGETS))
    return found | {("commitments", "uptime", "target", tier): share for tier, share in targets.items()}


def written(rules: Mapping[tuple[str, ...], str]) -> str:
    tree: dict[str, object] = {}
    for path, value in rules.items():
        at: dict[str, object] = tree
        for step in path[:-1]:
            at = at.setdefault(step, {})  # type: ignore[assignment]
        at[path[-1]] = value
    promises = tree.pop("commitments", None)
    lines = [f"  {name}: {_flow(part)}\n" for name, part in tree.items()]
    if isinstance(promises, dict):
        lines.append(f"  commitments: [{{name: uptime, target: {_flow(promises['uptime']['target'])}}}]\n")
    return "".join(lines) or "{}"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    return str(value)


def test_laying_nothing_changes_nothing_but_the_examples() -> None:
    terms = laid("{}").terms
    assert {name for name in Terms.model_fields if getattr(terms, name) != getattr(BASE.terms, name)} == {"examples"}
    assert terms.holidays == BASE.terms.holidays
    assert {path: terms.clause(*path) for path in _RULES} == {path: BASE.terms.clause(*path) for path in _RULES}
    assert differences(BASE, laid("{}")) == ()


@PATIENT
@given(changes())
def test_differences_are_exactly_the_rules_that_were_named(rules: dict[tuple[str, ...], str]) -> None:
    found = {one.path for one in differences(BASE, laid(written(rules)))}
    assert {path[:4] if path[0] == "commitments" else path for path in found} == set(rules)


@PATIENT
@given(changes())
def test_laying_again_changes_nothing_more(rules: dict[tuple[str, ...], str]) -> None:
    once = laid(written(rules))
    assert laid(written(rules), base=once).terms == once.terms


@PATIENT
@given(changes())
def test_a_rule_that_is_not_named_is_the_agreements_with_its_clause(rules: dict[tuple[str, ...], str]) -> None:
    terms = laid(written(rules)).terms
    for path in _RULES:
        if path not in rules:
            assert terms.clause(*path) == BASE.terms.clause(*path)
    for tier in ("basic", "pro", "enterprise"):
        if ("commitments", "uptime", "target", tier) not in rules:
            assert terms.target(tier) == BASE.terms.target(tier)
            assert terms.clause("commitments", 0, "target", tier) == "§2.1"
    assert (terms.currency, terms.tiers, terms.excuses) == (BASE.terms.currency, BASE.terms.tiers, BASE.terms.excuses)
