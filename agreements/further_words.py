"""Words of `manage.py agreements` that other rooms carry out: config registers them, nobody is imported."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any, Protocol

# Takes one line to be shown.
Tell = Callable[[str], object]


class Word(Protocol):
    """One word of the command."""

    @property
    def name(self) -> str:
        """What is typed."""
        ...

    @property
    def help(self) -> str:
        """What it does, in a line."""
        ...

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it takes."""
        ...

    def carry_out(self, options: dict[str, Any], *, out: Tell, progress: Tell) -> None:
        """Do it. Errors: CommandError."""
        ...


_WORDS: dict[str, Word] = {}


def register(word: Word) -> None:
    """Let the command know a word, instead of any of the same name before."""
    _WORDS[word.name] = word


def registered() -> Iterator[Word]:
    """Give the words that are known, by name."""
    yield from (word for _, word in sorted(_WORDS.items()))


def registered_as(name: str) -> Word | None:
    """Give the word of this name, if one is known."""
    return _WORDS.get(name)
