"""Clients: processes that each have a connection of their own and begin a round together."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import perf_counter

import django

Work = Callable[[int], None]
Prepare = Callable[[int], Work]


class Clients:
    """Some processes that do the same work; a round is over when the last has done its share."""

    def __init__(self, pipes: list[Connection]) -> None:
        self.pipes = pipes

    def round(self, operations: int) -> float:
        """Let the clients share so many operations; give the seconds that the slowest took."""
        share = operations // len(self.pipes)
        begin = perf_counter()
        for pipe in self.pipes:
            pipe.send(share)
        for pipe in self.pipes:
            pipe.recv()
        return perf_counter() - begin


@contextmanager
def clients(prepare: Prepare, count: int) -> Iterator[Clients]:
    """Start the processes; `prepare`, a function of a module, gets each one's number and gives its work."""
    context = multiprocessing.get_context("spawn")
    pipes, children = [], []
    for number in range(count):
        ours, theirs = context.Pipe()
        child = context.Process(target=_serve, args=(prepare, number, theirs), daemon=True)
        child.start()
        pipes.append(ours)
        children.append(child)
    for pipe in pipes:
        pipe.recv()
    try:
        yield Clients(pipes)
    finally:
        for pipe in pipes:
            pipe.send(0)
        for child in children:
            child.join()


def _serve(prepare: Prepare, number: int, pipe: Connection) -> None:
    django.setup()
    work = prepare(number)
    pipe.send("ready")
    while share := pipe.recv():
        work(share)
        pipe.send("done")
