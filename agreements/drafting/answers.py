"""Answers that stand in a file, for scripts: all are read, and every one that is not understood is told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from agreements.drafting.draft import Draft
from agreements.drafting.questions import QUESTIONS, Question
from agreements.drafting.readers import NotUnderstood
from agreements.terms.problems import TermsMalformed, nearest
from agreements.terms.source import read

WITHOUT_DEFAULT = "This has no default."


class AnswersRefused(ValueError):
    """The answers make no agreement; the text tells every fault by its key."""


def given_answers(path: Path) -> dict[str, str]:
    """Read a file of answers, JSON or YAML, as what would be typed. Errors: AnswersRefused, OSError."""
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".json":
            found = json.loads(text, parse_float=str, parse_int=str)
        else:
            found = read(text, file=str(path)).tree
    except (TermsMalformed, json.JSONDecodeError) as error:
        raise AnswersRefused(str(error)) from error
    if not isinstance(found, dict):
        raise AnswersRefused(f"{path} holds no answers, such as `company: Example Ltd`.")
    return {str(key): typed(value) for key, value in found.items()}


def typed(value: Any) -> str:
    """Write an answer as it would be typed: lists with commas, names before what they name."""
    if value is None or value is False:
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {each}" for name, one in value.items() for each in map(typed, _listed(one)))
    return ", ".join(map(typed, value)) if isinstance(value, list | tuple) else str(value)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def answered(answers: Mapping[str, str], *, today: date) -> Draft:
    """Make a draft of answers; what is not answered has its default. Errors: AnswersRefused."""
    known = [question.key for question in QUESTIONS]
    faults = [
        f"{key}: There is no such question. {nearest(key, known)}".rstrip() for key in answers if key not in known
    ]
    earlier: dict[str, Any] = {"today": today}
    for question in QUESTIONS:
        try:
            earlier[question.key] = answer(question, answers.get(question.key), earlier)
        except NotUnderstood as error:
            faults.append(f"{question.key}: {error}")
            break
    if faults:
        raise AnswersRefused("\n".join(faults))
    return draft_of(earlier)


def answer(question: Question, text: str | None, earlier: Mapping[str, Any]) -> Any:
    """Read an answer, or take the default. Errors: NotUnderstood."""
    if not question.asked(earlier):
        return question.otherwise
    given = question.default(earlier) if text is None else text.strip()
    if given is None:
        raise NotUnderstood(WITHOUT_DEFAULT, question.asks.rstrip("?").lower())
    return question.read(given, earlier)


def draft_of(answers: Mapping[str, Any]) -> Draft:
    """Put the answers together."""
    return Draft(**{key: value for key, value in answers.items() if key != "today"})
