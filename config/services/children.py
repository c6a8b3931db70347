"""Child processes that never outlive us: a group of their own, and a signal from the kernel when we die."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

PR_SET_PDEATHSIG: Final = 1
_libc: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The operating system's account that a server runs as, where it is not our own."""

    name: str
    uid: int
    gid: int


def start(
    command: Sequence[str | Path],
    *,
    output: int | IO[bytes],
    environment: Mapping[str, str],
    death_signal: signal.Signals,
    account: Account | None = None,
    directory: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a child; call it from the main thread, whose end is what the kernel takes for ours."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        cwd=directory,
        umask=0o077,
        process_group=0,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_bound_to_us(death_signal, os.getpid()),
    )


def _bound_to_us(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    """Make what the child runs before its program.

    A change of user clears the death signal, so it is set here, after it. A background shell lets SIGINT
    be inherited as ignored, so it is given back its meaning.
    """

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop(child: subprocess.Popen[bytes], *, asks: signal.Signals, patience: float) -> int:
    """Ask a child to end, end its whole group after `patience` seconds, and tell its exit status."""
    if child.poll() is None:
        child.send_signal(asks)
        with suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    kill_group(child)
    return child.wait()


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End what is left of a child and of its own children."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
