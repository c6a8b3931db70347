"""What a mail says: every kind in text and HTML, with its figures, and nobody's mark-up."""

from dataclasses import replace

import pytest
from django.template import Engine

from notices.kinds import KINDS, Notice
from notices.rendering import WIDTH, render
from tests.notices.letters import FILED, INVITATION, LETTERS, OPENED, REJECTED

EVERY_KIND = pytest.mark.parametrize("notice", LETTERS, ids=lambda notice: notice.kind)


def test_there_is_a_letter_of_every_kind() -> None:
    assert [type(letter) for letter in LETTERS] == list(KINDS.values())


def test_a_kind_has_the_name_under_which_it_is_listed() -> None:
    assert all(notice.kind == name for name, notice in KINDS.items())


@EVERY_KIND
def test_both_forms_of_a_mail_show_every_value_of_its_notice(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that a template forgets, or asks for under another name, would be missing in silence."""
    monkeypatch.setattr(Engine.get_default(), "string_if_invalid", "MISSING(%s)")
    words = render(notice)
    text, html = " ".join(words.text.split()), " ".join(words.html.split())
    assert "MISSING" not in text + html
    for name, value in notice.context().items():
        if isinstance(value, str) and name not in {"words", "about"}:
            escaped = value.replace("&", "&amp;")
            assert value in f"{words.subject} {text}", name
            assert escaped in html, name


@EVERY_KIND
def test_a_subject_is_one_line_that_fits_the_column(notice: Notice) -> None:
    subject = render(notice).subject
    assert subject.isprintable()
    assert "{" not in subject
    assert 5 < len(subject) < 100


@EVERY_KIND
def test_text_is_broken_between_words_and_has_no_holes(notice: Notice) -> None:
    text = render(notice).text
    assert "\n\n\n" not in text
    assert all(len(line) <= WIDTH or " " not in line for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


@EVERY_KIND
def test_html_loads_nothing_from_anywhere(notice: Notice) -> None:
    """An image or a style sheet from outside would tell a third party that the mail was read."""
    html = render(notice).html
    assert "src=" not in html
    assert "<link" not in html
    assert "url(" not in html
    assert "<script" not in html


@EVERY_KIND
def test_rendering_twice_gives_the_same_words(notice: Notice) -> None:
    assert render(notice) == render(notice)


def test_a_claim_that_arrived_is_answered_with_the_time_by_which_it_is_settled() -> None:
    words = render(FILED)
    assert words.subject == "Your claim for October 2026 has arrived (C-7)"
    assert words.text == (
        "Your claim for service credit for October 2026 arrived on 5 November 2026,\n"
        "10:12 (UTC). Its reference is C-7.\n"
        "\n"
        "It covers the whole month, whatever times it states. We compare it with our\n"
        "measurements and either post the credit or give you our reasons for rejecting\n"
        "it by Thursday, 19 November 2026 (Asia/Hong_Kong) (§3.4).\n"
        "\n"
        "You need not do anything now. Until it is decided you can add times and\n"
        "evidence.\n"
        "\n"
        "Follow your claim:\n"
        "https://sla.example/claims/C-7\n"
        "\n"
        "--\n"
        "LOOM AGENCY LIMITED, account Acme & Sons (A-1001)\n"
        "Questions? Answer this mail or write to admin@apicheap.net.\n"
    )


def test_plain_text_is_not_escaped_and_html_is() -> None:
    words = render(FILED)
    assert "Acme & Sons" in words.text
    assert "Acme &amp; Sons" in words.html
    assert "Acme & Sons" not in words.html


def test_mark_up_in_a_customers_words_stays_words() -> None:
    words = render(replace(REJECTED, reason="<script>alert(1)</script>"))
    assert "<script>" not in words.html
    assert "&lt;script&gt;" in words.html
    assert "<script>alert(1)</script>" in words.text


def test_a_line_break_in_a_name_never_reaches_the_subject() -> None:
    subject = render(replace(INVITATION, account="Acme\r\nBcc: everybody@example.com")).subject
    assert subject == "Mira invites you to Acme Bcc: everybody@example.com at LOOM AGENCY LIMITED"


def test_a_credit_without_usage_is_told_by_its_rate() -> None:
    words = " ".join(render(replace(OPENED, credit="")).text.split())
    assert "You can claim a service credit of 25 % of the month's usage; the amount is known once the usage is" in words
    assert "Credit:" not in words


def test_a_rejection_that_can_not_be_appealed_says_that_it_is_final() -> None:
    final = render(replace(REJECTED, appeal_by="")).text
    assert "This decision is final." in final
    assert "appeal" not in final.lower()


def test_a_claim_that_lacks_something_is_answered_by_asking_for_it_in_both_forms() -> None:
    lacking = replace(FILED, missing=("evidence: an error log",), parts_clause="§3.3")
    words = render(lacking)
    assert "Something is missing from it (§3.3). Please add:\n\n- evidence: an error log\n\n" in words.text
    assert "<li>evidence: an error log</li>" in words.html
    for form in (words.text, words.html):
        assert "The time at which it was filed stands." in form
        assert "You need not do anything now" not in form
