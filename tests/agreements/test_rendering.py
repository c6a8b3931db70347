"""One tree, shown as HTML, as text and as plain data: nothing is left out, nothing is added, nothing is trusted."""

from __future__ import annotations

from html.parser import HTMLParser

from agreements.explaining import Step, walk
from agreements.rendering import STYLESHEET, as_html, as_plain, as_text

CHECKS = Step(rule="Checks", result="720 failed", sentence="720 of 44,640 checks failed.")
UPTIME = Step(
    rule="Uptime",
    inputs=(("total", "44,640 minutes"), ("down", "720 minutes"), ("excused", "")),
    clause="§2.1",
    result="98.387096…%",
    sentence="43,920 of 44,640 minutes were up.",
    steps=(CHECKS,),
)
TARGET = Step(rule="Target", result="missed", sentence="98.387096…% misses the target.", clause="§2.3")
CREDIT = Step(rule="Credit", result="20.00 USD", sentence="10% of 200.00 USD.", steps=(UPTIME, TARGET))


class Tree(HTMLParser):
    """Reads nested lists: the summaries with their depth, and which of them stand open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth, self.summaries, self.open, self.text = 0, list[tuple[int, str]](), list[bool](), ""
        self._inside = False
        self.feed(html)
        assert self.depth == 0, "every list is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "ul"
        if tag == "details":
            self.open.append("open" in dict(attrs))
        if tag == "summary":
            self._inside = True
            self.summaries.append((self.depth, ""))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "ul"
        self._inside = self._inside and tag != "summary"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            depth, told = self.summaries[-1]
            self.summaries[-1] = (depth, told + data)


def test_each_step_is_an_item_below_the_step_that_it_serves() -> None:
    assert Tree(as_html(CREDIT)).summaries == [
        (1, "Credit 20.00 USD"),
        (2, "Uptime 98.387096… %"),
        (3, "Checks 720 failed"),
        (2, "Target missed"),
    ]


def test_the_decision_and_its_steps_stand_open_and_what_they_come_from_opens_without_a_script() -> None:
    assert Tree(as_html(CREDIT)).open == [True, True, False, True]
    assert "<script" not in as_html(CREDIT)
    assert "style=" not in as_html(CREDIT)


def test_a_page_has_every_word_of_the_tree() -> None:
    page = Tree(as_html(CREDIT)).text
    for step in walk(CREDIT):
        assert step.sentence in page
        assert step.clause in page
        for name, value in step.inputs:
            assert not value or f"{name}{value}" in page
    assert "excused" not in page, "an input without a value is none"


def test_words_of_a_customer_are_written_and_not_obeyed() -> None:
    step = Step(rule="<b>", result="<i>", sentence="<script>", clause="<u>", inputs=(("<a>", "<p onclick=x>"),))
    html = as_html(step)
    for tag in ("<b>", "<i>", "<script>", "<u>", "<a>", "<p onclick"):
        assert tag not in html
    assert Tree(html).text.count("<") == 6


def test_a_mail_has_each_step_on_a_line() -> None:
    assert as_text(CREDIT).splitlines() == [
        "Credit: 10 % of 200.00 USD.",
        "  Uptime: 43,920 of 44,640 minutes were up. (§2.1)",
        "    Checks: 720 of 44,640 checks failed.",
        "  Target: 98.387096… % misses the target. (§2.3)",
    ]


def test_a_program_reads_the_same_tree() -> None:
    assert as_plain(CREDIT)["steps"][0]["inputs"][0] == {"name": "total", "value": "44,640 minutes"}
    assert as_plain(CREDIT)["steps"][0]["steps"][0]["result"] == "720 failed"


def test_every_class_of_the_markup_is_styled() -> None:
    style = STYLESHEET.read_text(encoding="utf-8")
    for name in ("explanation", "rule", "told", "clause"):
        assert f".{name}" in style
