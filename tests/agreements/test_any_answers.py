"""Whatever is answered: it is asked again, or the file that is written loads, lints without errors and is fulfilled."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agreements.drafting import QUESTIONS, AnswersRefused, answered, drafted
from agreements.examples import failures
from agreements.lint import Severity, findings
from agreements.terms import load_document

TODAY = date(2026, 11, 22)
KEYS = [question.key for question in QUESTIONS]

TITLES = st.sampled_from(
    ["Basic", "Pro", "Enterprise Plus", "Größe XL", "no", "true", "2nd tier", "a: b", "50% off", '"']
)
LETTERS = st.text("aB1 :#{}[]'\"&*!%@-é§中", min_size=1).map(lambda text: f"x{text}".strip())
PERCENTS = st.integers(1, 99_999).map(lambda number: percent_text_of(number))
TIMES = st.sampled_from(
    ["1 hour", "90 minutes", "3 business days", "best effort", "next business day", "8 business hours"]
)
OFFICES = st.sampled_from(["monday-friday 09:00-17:00", "monday 08:00-12:00, monday 13:00-17:00, friday 22:00-06:00"])


def percent_text_of(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}%"


@st.composite
def sound_answers(draw: st.DrawFn) -> dict[str, str]:
    tiers = draw(st.lists(st.sampled_from(["Basic", "Pro", "Größe XL", "Tier 4", "Yes"]), min_size=1, unique=True))
    targets = [draw(st.integers(10_001, 100_000)) for _ in tiers]
    steps = sorted({draw(st.integers(1, min(targets))) for _ in range(draw(st.integers(0, 3)))}, reverse=True)
    pays = sorted({draw(st.integers(1, 100_000)) for _ in range(len(steps) + 1)})
    rows = [f"{percent_text_of(pays[0])} below target"]
    rows += [f"{percent_text_of(p)} below {percent_text_of(s)}" for s, p in zip(steps, pays[1:], strict=False)]
    wanted = {
        "company": draw(LETTERS),
        "title": draw(LETTERS),
        "agreement": "x",
        "in_force_from": str(draw(st.dates(date(2020, 1, 1), date(2035, 1, 1)))),
        "time_zone": draw(st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])),
        "currency": draw(st.sampled_from(["USD", "JPY", "KWD"])),
        "tiers": ", ".join(tiers),
        "targets": ", ".join(f"{tier} {percent_text_of(target)}" for tier, target in zip(tiers, targets, strict=True)),
        "credits": draw(st.sampled_from(["none", ", ".join(rows)])),
        "cap": draw(st.sampled_from(["none", "100%"])),
        "file_within": draw(st.sampled_from(["1 day", "30 days", "2 months", "999 days"])),
        "settle_within": draw(st.sampled_from(["1 business day", "10 business days", "45 days"])),
        "maintenance": draw(st.sampled_from(["none", "48 hours", "30 minutes"])),
        "support": draw(st.sampled_from(["none", f"Urgent {draw(TIMES)}, Not so urgent {draw(TIMES)}"])),
        "hours": draw(OFFICES),
        "holidays": draw(st.sampled_from(["none", "US", "DE", "GB-ENG"])),
    }
    return {key: wanted[key] for key in wanted if draw(st.booleans()) or key in NEEDED}


NEEDED = ("company", "agreement", "tiers", "targets", "cap")


@settings(max_examples=50)
@given(sound_answers())
def test_sound_answers_make_a_sound_file(answers: dict[str, str]) -> None:
    is_sound(answers)


@settings(max_examples=50)
@given(st.sampled_from(KEYS), st.text(max_size=40) | LETTERS | TITLES | PERCENTS | TIMES)
@example("tiers", "Every tier")
@example("tiers", "True, Null")
@example("support", "Null 1 hour")
@example("company", "TRUE")
@example("in_force_from", "2099-12-31")
@example("hours", "sunday 00:00-24:00")
@example("support", "Urgent 999 business hours")
def test_any_other_answer_is_refused_or_makes_one_too(key: str, text: str) -> None:
    with suppress(AnswersRefused):
        is_sound({"company": "Example Ltd", key: text})


def is_sound(answers: dict[str, str]) -> None:
    draft = answered(answers, today=TODAY)
    document = load_document(drafted(draft, schema="terms.schema.json"))
    assert [finding for finding in findings(document) if finding.severity is Severity.ERROR] == []
    assert failures(document) == []
    assert document.terms.title == draft.title
    assert document.terms.contacts.legal_name == draft.company
    assert [tier.title for tier in document.terms.tiers.values()] == list(draft.tiers.values())
    assert {name: document.terms.target(name) for name in draft.tiers} == dict(draft.targets)
    assert len(document.terms.examples) >= 2 * len(draft.promised) + len(draft.support)
