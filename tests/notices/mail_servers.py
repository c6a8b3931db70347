"""Real mail servers, one for each way in which a server can answer."""

# ruff: noqa: N802 — the handlers have the names and arguments that aiosmtpd calls them with

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOCALHOST = "127.0.0.1"


@dataclass
class Accepting:
    """Takes every mail and keeps it."""

    arrived: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.arrived.append(mail)
        return "250 taken"


@dataclass
class AnsweringRecipients(Accepting):
    """Answers each recipient with this; what it takes, it keeps."""

    answer: str = "250 known here"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer


@dataclass
class AnsweringMails(Accepting):
    """Takes the whole mail and then answers it with this."""

    answer: str = "554 5.7.1 not in this house"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await super().handle_DATA(server, session, envelope)
        return self.answer


class DroppingInData(SMTP):
    """Asks for the mail and then closes the connection."""

    async def smtp_DATA(self, arg: str) -> None:
        await self.push("354 go on")
        assert self.transport is not None
        self.transport.close()


@dataclass
class Hanging(Accepting):
    """Takes the mail and keeps silent until it is released."""

    reached: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.reached.set()
        await asyncio.to_thread(self.released.wait, 30)
        return await super().handle_DATA(server, session, envelope)


class DroppingController(Controller):
    """A server that drops every connection in DATA."""

    def factory(self) -> SMTP:
        return DroppingInData(self.handler)


@contextmanager
def running(handler: Accepting, controller: type[Controller] = Controller) -> Iterator[int]:
    """Run a mail server in a thread; give its port."""
    server = controller(handler, hostname=LOCALHOST, port=free_port())
    server.start()
    try:
        yield server.port
    finally:
        if isinstance(handler, Hanging):
            handler.released.set()
        server.stop()


@contextmanager
def silent() -> Iterator[int]:
    """Listen and never say a word."""
    with socket.create_server((LOCALHOST, 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def dripping() -> Iterator[int]:
    """Greet, and answer the sender's address a byte at a time, without an end."""
    ended = Event()

    def drip(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, line.makefile("rwb", buffering=0) as spoken:
            spoken.write(b"220 good day\r\n")
            while not spoken.readline().upper().startswith(b"MAIL"):
                spoken.write(b"250 go on\r\n")
            while not ended.wait(0.2):
                spoken.write(b"2")

    def quietly(listening: socket.socket) -> None:
        with suppress(OSError):  # whoever waited has hung up
            drip(listening)

    with socket.create_server((LOCALHOST, 0)) as listening:
        Thread(target=quietly, args=(listening,), daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.create_server((LOCALHOST, 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
