"""Starts an installation, keeps it running, and stops all of it."""

import http.client
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from config.services import children, operators, procfile
from config.services.console import Console, Pump, TerminalGone
from config.services.installation import PROJECT, CannotStart, Installation
from config.services.procfile import Entry
from config.services.servers import Servers

ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)
PATIENCE: Final = 15.0
LONGEST_PAUSE: Final = 30.0
STEADY_AFTER: Final = 60.0
# The demo tells of the last four months; its agreements are published before them.
BEFORE_THE_STORY: Final = {"MAKEGOOD_CLOCK": "-130d"}
MARKERS: Final = {"worker": b"ready.", "errands": b"ready.", "beat": b"Starting...", "log": b"sealing"}


@dataclass
class Process:
    """One process of the Procfile, through its restarts."""

    entry: Entry
    child: subprocess.Popen[bytes] | None = None
    pump: Pump | None = None
    started_at: float = 0
    pause: float = 1
    start_at: float = 0


@dataclass
class Supervisor:
    """The parent of everything that an installation runs; it works in one thread and never blocks for long."""

    installation: Installation
    console: Console
    servers: Servers
    variables: dict[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    asked_to_stop: int = 0
    announced: bool = False

    def run(self) -> None:
        """Run until asked to stop, by Ctrl-C, SIGTERM or the end of the terminal."""
        with self.installation.held(), self._listening():
            self.installation.require_free_port()
            try:
                self._start()
                self._watch()
            except TerminalGone:
                self.asked_to_stop += 1
            finally:
                self._stop()

    def _start(self) -> None:
        self.installation.make_directories()
        self.console.say(f"starting PostgreSQL and Redis, data in {self.installation.home}")
        self.variables = self.installation.variables(self.servers.start())
        self.installation.leave_word(self.variables)
        self._prepare()
        environment = self.installation.complete_environment(self.variables)
        entries = [] if self._is_stopping() else procfile.read(PROJECT / "Procfile", environment)
        self.processes = [Process(entry) for entry in entries]

    def _prepare(self) -> None:
        """Do what is done once before the processes run; each step is safe to repeat."""
        prepare = Entry("prepare", ("python", "manage.py", "prepare_installation"))
        if self.installation.kind == "demo":
            self._carry_out(prepare, extra=BEFORE_THE_STORY)
            self._carry_out(Entry("history", ("python", "manage.py", "demo_history")))
            return
        self._carry_out(prepare)
        operator = Entry("operator", ("python", "manage.py", "first_operator"))
        status = self._carry_out(operator, understood=(operators.NOBODY_YET,))
        while status in {operators.NOBODY_YET, operators.REFUSED} and not self._is_stopping():
            answers = operators.ask()
            status = self._carry_out(operator, extra=answers, understood=(operators.REFUSED,))

    def _carry_out(
        self, entry: Entry, *, extra: Mapping[str, str] | None = None, understood: Sequence[int] = ()
    ) -> int:
        """Run one step to its end, or to ours, and tell its exit status, which is 0 or one that is understood."""
        if self._is_stopping():
            return 0
        process = Process(entry)
        self.processes = [process]
        self._launch(process, extra or {})
        while process.child and process.child.poll() is None and not self._is_stopping():
            self._pump(1)
        if self._is_stopping():
            return 0
        status = self._reap(process)
        self.processes = []
        if status and status not in understood:
            raise CannotStart(f"the step {entry.name} failed; {self.console.logs / entry.name}.log has its output")
        return status

    def _watch(self) -> None:
        """Start what is due, carry output, start again what ended by itself."""
        while not self._is_stopping():
            for name in self.servers.restart_dead():
                self.console.say(f"{name} had ended and was started again")
            for process in self.processes:
                if process.child is None and time.monotonic() >= process.start_at:
                    self._launch(process, {})
                elif process.child and process.child.poll() is not None:
                    self._plan_restart(process)
            self._pump(0.25)
            if not self.announced and self._is_ready():
                self._announce()

    def _launch(self, process: Process, extra: Mapping[str, str]) -> None:
        name = process.entry.name
        process.child = children.start(
            process.entry.command,
            output=subprocess.PIPE,
            environment={**self.installation.complete_environment(self.variables), **extra},
            death_signal=signal.SIGKILL,
            directory=PROJECT,
        )
        assert process.child.stdout is not None  # noqa: S101 (asked for above)
        marker = MARKERS.get(name, b"")
        process.pump = Pump(name, process.child.stdout, self.console, self.console.open_log(name), marker)
        process.started_at = time.monotonic()
        self.selector.register(process.child.stdout, selectors.EVENT_READ, process.pump)

    def _plan_restart(self, process: Process) -> None:
        """Start a crashed process again after a pause that doubles until it has run steadily."""
        steady = time.monotonic() - process.started_at > STEADY_AFTER
        status = self._reap(process)
        pause = 1 if steady else process.pause
        process.start_at = time.monotonic() + pause
        process.pause = min(pause * 2, LONGEST_PAUSE)
        self.console.say(f"{process.entry.name} ended with status {status}; starting it again in {pause:g} s")

    def _reap(self, process: Process) -> int:
        """Take leave of a child that has ended, and end what it left behind."""
        if process.child is None or process.pump is None:
            return 0
        children.kill_group(process.child)
        status = process.child.wait()
        if process.pump.source.fileno() in self.selector.get_map():
            self.selector.unregister(process.pump.source)
        process.pump.close()
        process.child = process.pump = None
        return status

    def _pump(self, timeout: float) -> None:
        """Carry output until there is a pause, a signal or a child's end."""
        for key, _ in self.selector.select(timeout):
            if isinstance(key.data, Pump):
                if not key.data.carry():
                    self.selector.unregister(key.fileobj)
            else:
                key.data.recv(4096)

    def _is_ready(self) -> bool:
        pumps = [process.pump for process in self.processes]
        heard = all(pump and (pump.heard_marker or not pump.marker) for pump in pumps)
        return heard and self._site_answers()

    def _site_answers(self) -> bool:
        """Ask the site for its health as a proxy would."""
        here = self.installation
        connection = http.client.HTTPConnection(here.local_address, here.port, timeout=2)
        scheme = here.url.partition(":")[0]
        try:
            connection.request("GET", "/health/", headers={"Host": here.host_header(), "X-Forwarded-Proto": scheme})
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self) -> None:
        self.announced = True
        url = self.installation.url
        sign_ins = self.installation.home / "sign-ins.txt"
        lines = [
            "Makegood is running.",
            f"  portal    {url}/",
            f"  admin     {url}/admin/",
            f"  OpenAPI   {url}/api/schema/ (to read: {url}/api/docs/)",
            f"  data      {self.installation.home} (logs in logs/)",
            *([*sign_ins.read_text(encoding="utf-8").splitlines()] if sign_ins.exists() else []),
            "  Ctrl-C stops everything.",
        ]
        for line in lines:
            self.console.say(line)

    def _stop(self) -> None:
        """End the processes, then the servers; whatever goes wrong with the one, the other is done."""
        try:
            self._end_processes()
        finally:
            try:
                self.servers.stop()
            finally:
                if self.variables:
                    self.installation.take_word_back()

    def _end_processes(self) -> None:
        """Ask every process at once, and end what has not ended in time."""
        self._ask_all()
        ends = time.monotonic() + PATIENCE
        asked = self.asked_to_stop
        while self._alive() and time.monotonic() < ends and self.asked_to_stop <= max(asked, 1):
            self._pump_quietly()
        for process in self.processes:
            try:
                self._reap(process)
            except TerminalGone:
                continue

    def _ask_all(self) -> None:
        for process in self._alive():
            if process.child:
                process.child.send_signal(signal.SIGTERM)

    def _alive(self) -> list[Process]:
        return [process for process in self.processes if process.child and process.child.poll() is None]

    def _pump_quietly(self) -> None:
        try:
            self._pump(0.25)
        except TerminalGone:
            return

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Turn signals into a wish to stop, and let them wake the selector.

        SIGINT is taken even where a background shell had it ignored; SIGHUP only where it was not (nohup).
        """
        waking, woken = socket.socketpair()
        with waking, woken:
            for end in (waking, woken):
                os.set_blocking(end.fileno(), False)
            self.selector.register(woken, selectors.EVENT_READ, woken)
            signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
            taken = [*ENDINGS, *([signal.SIGHUP] if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL else [])]
            before = {number: signal.signal(number, self._ask_to_stop) for number in taken}
            before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
            try:
                yield
            finally:
                signal.set_wakeup_fd(-1)
                for number, handler in before.items():
                    signal.signal(number, handler)

    def _is_stopping(self) -> bool:
        return self.asked_to_stop > 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1
