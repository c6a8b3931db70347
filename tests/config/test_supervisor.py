"""An installation starts with one command, survives its parts, and leaves nothing running, however it ends."""

import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.config.installations import OPERATOR, ORDINARY, READY, Place, free_port
from tests.processes import PROJECT, Running
from tests.waiting import eventually


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collected = tmp_path_factory.mktemp("static")
    command = [sys.executable, "manage.py", "collect_static_files"]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, **production(collected)}, check=True)
    return collected


def production(collected: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MAKEGOOD_ENV": "production",
        "MAKEGOOD_STATIC": str(collected),
        "SECRET_KEY": "of no use to anybody",
    }


@pytest.fixture
def place(tmp_path: Path, static_files: Path) -> Iterator[Place]:
    yield from installed(tmp_path / "data", static_files)


@pytest.fixture
def beside(tmp_path: Path, static_files: Path) -> Iterator[Place]:
    yield from installed(tmp_path / "beside", static_files)


def installed(data: Path, static_files: Path) -> Iterator[Place]:
    found = Place(data, free_port(), static_files)
    yield found
    print(found.end())
    assert eventually(lambda: not found.left_running())


def status_of(place: Place, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def child_called(running: Running, word: str) -> psutil.Process | None:
    """Find the supervisor's child that has a word in its command line."""
    for child in psutil.Process(running.pid).children():
        if word in " ".join(child.cmdline()):
            return child
    return None


def test_two_installations_run_side_by_side_and_stop_without_a_trace(place: Place, beside: Place) -> None:
    another_account = ORDINARY if os.geteuid() == 0 else ()
    both = {place: place.start(**OPERATOR), beside: beside.start(*another_account, **OPERATOR)}

    for here, running in both.items():
        running.wait_for(READY, within=180)
        assert status_of(here, "/accounts/login/") == http.client.OK
        assert "sealed up to" in here.manage("log", "status"), "manage.py finds the running installation by itself"
        assert stat.S_IMODE((here.home / "sockets").stat().st_mode) == 0o700
        assert "running here already" in here.refused()
    taken = Place(place.data.parent / "elsewhere", place.port, place.static_files)
    assert f"port {place.port} on 127.0.0.1 is taken; choose another, such as PORT=" in taken.refused()

    for here, running in both.items():
        assert running.stop() == 0
        assert not here.left_running()
        assert not (here.home / "sockets").exists()
        assert not (here.data / "environment").exists()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", here.port))


def test_what_crashes_is_started_again_and_nothing_outlives_a_killed_supervisor(
    place: Place,
) -> None:
    first = place.start(**OPERATOR)
    first.wait_for(READY, within=180)
    for word, line in (
        ("worker@", "worker ended"),
        ("errands@", "errands ended"),
        ("redis-server", "redis had ended"),
        ("gunicorn", "web ended"),
    ):
        victim = child_called(first, word)
        assert victim is not None
        victim.kill()
        first.wait_for(line)
    eventually(lambda: answers(place), within=60)

    os.kill(first.pid, signal.SIGKILL)
    first.child.wait()
    eventually(lambda: not place.left_running())

    leave_no_room(place, "prepare", "beat", "web")
    background_shell = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
    second = place.start(*background_shell)
    second.wait_for(READY, within=180)
    assert f"{place.home}/logs/beat.log can't be written (No space left on device)" in second.said()
    os.kill(second.pid, signal.SIGINT)
    assert second.child.wait(60) == 0, "SIGINT stops it although the shell had it ignored"
    assert not place.left_running()
    assert not (place.home / "sockets").exists()
    assert not (place.home / "environment").exists()


def leave_no_room(place: Place, *names: str) -> None:
    """Let these logs lie on a disk that is full: that ends nothing, and the stop is whole."""
    for name in names:
        log = place.home / "logs" / f"{name}.log"
        log.unlink(missing_ok=True)
        log.symlink_to("/dev/full")


def has_asked(running: Running, times: int) -> bool:
    questions = ("e-mail address: ", "password: ", "the same again: ")
    return sum(running.said().count(one) for one in questions) == times


def answers(place: Place) -> bool:
    try:
        return status_of(place, "/health/") == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def test_a_directory_that_can_not_be_written_is_named_with_its_mend(place: Place) -> None:
    place.data.mkdir()
    read_only = f'mount -t tmpfs -o ro none "{place.data}" && exec "$@"'
    one_line = place.refused("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", read_only, "sh")
    assert f"{place.home} can't be used (Read-only file system)" in one_line
    assert "MAKEGOOD_DATA=/another/directory make run" in one_line
    assert one_line.count("\n") == 1


def test_a_directory_that_another_account_made_is_named_with_its_mend(place: Place) -> None:
    (place.home / "postgres").mkdir(parents=True)
    (place.home / "postgres").chmod(0)
    one_line = place.refused(*(ORDINARY if os.geteuid() == 0 else ()))
    assert f"{place.home}/postgres/PG_VERSION can't be used (Permission denied)" in one_line
    assert "MAKEGOOD_DATA=/another/directory make run" in one_line
    assert one_line.count("\n") == 1


def test_it_can_be_stopped_while_it_starts(place: Place) -> None:
    running = place.start(**OPERATOR)
    running.wait_for("starting PostgreSQL")
    assert running.stop() == 0
    assert READY not in running.said()


def test_the_first_operator_is_named_or_asked_for(place: Place) -> None:
    assert "MAKEGOOD_OPERATOR_EMAIL" in place.refused(), "nobody can be asked without a terminal"

    ours, theirs = os.openpty()
    output = place.data.parent / "prompt.log"
    with output.open("wb") as target:
        child = subprocess.Popen(
            [sys.executable, "-m", "config.services", "run"],
            cwd=PROJECT,
            env=place.environment(),
            stdin=theirs,
            stdout=target,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = place.note(child, output)
    attempts = (
        ("mira@provider.example", "short", "short"),
        ("mira at the provider", "correct horse 9", "correct horse 9"),
        ("mira@provider.example", "correct hrose 9", "correct horse 9", "correct horse 9", "correct horse 9"),
    )
    prompts = 0
    for attempt in attempts:
        for answer in attempt:
            prompts += 1
            eventually(partial(has_asked, running, prompts), within=180)
            os.write(ours, f"{answer}\n".encode())
    running.wait_for("mira@provider.example can sign in", within=60)
    assert "the operator was refused: This password is too short" in running.said()
    assert "the operator was refused: Enter a valid email address." in running.said()
    assert "The two differ." in running.said()
    os.kill(child.pid, signal.SIGTERM)
    assert child.wait(60) == 0
    os.close(ours)
    os.close(theirs)
