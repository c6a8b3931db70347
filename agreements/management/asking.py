"""`manage.py agreements new`: ask in the terminal or take a file of answers, and write the terms file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

import agreements
from agreements.drafting import QUESTIONS, AnswersRefused, Draft, NotUnderstood, Question, drafted, given_answers
from agreements.drafting import answered as answered_in_file
from agreements.drafting.answers import answer, draft_of

Say = Callable[[str], object]

SCHEMA = Path(agreements.__file__).resolve().parents[1] / "docs" / "terms.schema.json"
INTRODUCTION = """\
A new terms file. Each question has its answer in brackets, which Enter takes; Ctrl-C ends it, and nothing is written.
"""


class NothingWritten(CommandError):
    """The questions were broken off, so nothing was written."""


def new(path: Path | None, *, answers: Path | None, overwrite: bool, today: date, say: Say) -> Path:
    """Make a draft, and write it. Errors: NothingWritten, CommandError."""
    if answers is None and not sys.stdin.isatty():
        raise CommandError("The questions are asked in a terminal; without one, give the answers by --answers FILE.")
    try:
        if path is not None:
            overwrite = overwrite or (answers is None and _may_replace(path, say))
            _require_free(path, overwrite=overwrite)
        draft = _asked(today, say) if answers is None else _from_file(answers, today)
        target = path or Path(f"{draft.agreement}.yaml")
        if path is None:
            overwrite = overwrite or (answers is None and _may_replace(target, say))
            _require_free(target, overwrite=overwrite)
        _write(target, drafted(draft, schema=schema_from(target)), overwrite=overwrite)
    except (KeyboardInterrupt, EOFError):
        say("")
        raise NothingWritten("Nothing was written.", returncode=130) from None
    return target


def schema_from(target: Path) -> str:
    """Tell where the JSON Schema is from the file: by a relative path within the project, else by an absolute one."""
    place = target.resolve().parent
    project = SCHEMA.parents[1]
    found = os.path.relpath(SCHEMA, place) if place.is_relative_to(project) else str(SCHEMA)
    return SCHEMA.as_uri() if any(sign.isspace() for sign in found) else Path(found).as_posix()


def _from_file(path: Path, today: date) -> Draft:
    try:
        return answered_in_file(given_answers(path), today=today)
    except AnswersRefused as error:
        raise CommandError(f"{path} makes no agreement.\n{error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} can not be read: {error}.") from error


def _asked(today: date, say: Say) -> Draft:
    say(INTRODUCTION)
    earlier: dict[str, Any] = {"today": today}
    for question in QUESTIONS:
        earlier[question.key] = _answer(question, earlier, say)
    return draft_of(earlier)


def _answer(question: Question, earlier: dict[str, Any], say: Say) -> Any:
    """Ask until the answer is understood."""
    if not question.asked(earlier):
        return question.otherwise
    default = question.default(earlier)
    say(f"\n{question.asks}\n  {question.explains}")
    while True:
        text = input(f"  [{default}] " if default is not None else "  > ").strip()
        try:
            return answer(question, text or default or "", earlier)
        except NotUnderstood as error:
            say(f"  {error}")


def _may_replace(path: Path, say: Say) -> bool:
    """Ask whether a file that is there may be replaced."""
    if not path.exists():
        return False
    say(f"\n{path} is there already.")
    while True:
        text = input("  Replace it? [no] ").strip().lower()
        if text in ("", "n", "no", "y", "yes"):
            return text in ("y", "yes")
        say("  Expected: yes or no.")


def _require_free(path: Path, *, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise CommandError(f"There is no folder {path.parent}.")
    if path.is_dir():
        raise CommandError(f"{path} is a folder.")
    if path.exists() and not overwrite:
        raise CommandError(f"{path} is there already, and stays as it is. Name another file, or add --overwrite.")


def _write(path: Path, text: str, *, overwrite: bool) -> None:
    """Write the whole file or none; without leave to overwrite, never in place of another."""
    written = path.with_name(f".{path.name}.{os.getpid()}") if overwrite else path
    try:
        with written.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except BaseException:
                written.unlink()
                raise
        if overwrite:
            written.replace(path)
    except FileExistsError as error:
        raise CommandError(f"{written} came to be meanwhile, and stays as it is.") from error
    except OSError as error:
        raise CommandError(f"{path} can not be written: {error}.") from error
