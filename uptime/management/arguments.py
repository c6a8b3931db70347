"""What the words of `manage.py uptime` take, and how it is read."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.management.base import CommandError

from agreements import queries as agreements
from customers import queries as customers
from eventstore import SYSTEM, Actor
from kernel.clock import parse_offset
from kernel.errors import KernelError
from kernel.months import Month
from uptime import queries
from uptime.events import Category


def instant(text: str) -> datetime:
    """Read an instant with its offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is no instant with its offset, such as 2026-10-05T14:00Z")
    return read.astimezone(UTC)


def month(text: str) -> Month:
    """Read a month."""
    try:
        return Month.parse(text)
    except KernelError as error:
        raise ArgumentTypeError(f"{text!r} is no month, such as 2026-10") from error


def gap(text: str) -> timedelta:
    """Read a length of time: 26h, 5m, 90s, 1d12h."""
    try:
        return parse_offset(f"+{text}")
    except KernelError as error:
        raise ArgumentTypeError(f"{text!r} is no length of time, such as 26h, 5m or 90s") from error


def pair(text: str) -> tuple[str, str]:
    """Read NAME=VALUE."""
    left, sign, right = text.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise ArgumentTypeError(f"{text!r} is no pair, such as 'their name=our name'")
    return left.strip(), right.strip()


def add_service(parser: ArgumentParser) -> None:
    """Take a service and its agreement."""
    parser.add_argument("--service", required=True, metavar="NAME", help="the service")
    parser.add_argument("--agreement", metavar="NAME", help="its agreement; needed where several have such a service")


def add_actor(parser: ArgumentParser, *, required: bool = False) -> None:
    """Take who does it."""
    parser.add_argument("--by", required=required, metavar="NAME", help="the operator who does this")


def add_import(parser: ArgumentParser) -> None:
    """Take what an import needs."""
    parser.add_argument("file", metavar="FILE", help="the CSV file; - reads standard input")
    add_service(parser)
    add_actor(parser)
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=pair,
        metavar="THEIRS=OURS",
        help="the file's monitor and ours; with any given, the lines of other monitors are left out",
    )
    parser.add_argument("--define", action="store_true", help="add the service and monitors that are missing")
    parser.add_argument("--max-gap", type=gap, metavar="26h", help="carry these monitors so far after a check")
    parser.add_argument(
        "--on-error", choices=("stop", "skip"), default="stop", help="what to do about a line that cannot be used"
    )


def add_monitor(parser: ArgumentParser) -> None:
    """Take a service and perhaps a monitor of it."""
    add_service(parser)
    add_actor(parser)
    parser.add_argument("--monitor", metavar="NAME", help="a monitor that watches it")
    parser.add_argument("--max-gap", type=gap, metavar="5m", help="carry the monitor so far after a check")
    parser.add_argument("--quorum", choices=("all", "majority", "any"), help="how many checks of a minute must fail")
    parser.add_argument(
        "--failing", type=int, action="append", default=[], metavar="401", help="a status that fails at this monitor"
    )
    parser.add_argument(
        "--since",
        type=instant,
        metavar="INSTANT",
        help="when it began to belong to the service; otherwise by its first check, or now",
    )


def add_proposal(parser: ArgumentParser) -> None:
    """Take an exclusion as it is proposed."""
    add_service(parser)
    add_actor(parser, required=True)
    parser.add_argument("--category", required=True, choices=[category.value for category in Category])
    parser.add_argument("--from", dest="start", type=instant, required=True, metavar="INSTANT")
    parser.add_argument("--to", dest="end", type=instant, metavar="INSTANT")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--evidence", default="")
    parser.add_argument("--monitor", action="append", default=[], help="only this monitor; may be repeated")
    parser.add_argument("--account", action="append", default=[], help="only this account, by number; may be repeated")
    planned = parser.add_argument_group("planned maintenance")
    planned.add_argument("--announced-at", type=instant, metavar="INSTANT")
    planned.add_argument("--channel", choices=("mail", "page"))
    planned.add_argument(
        "--accepted",
        action="append",
        default=[],
        type=pair,
        metavar="ACCOUNT=INSTANT",
        help="when the account's mail server took the notice; may be repeated",
    )
    emergency = parser.add_argument_group("emergency maintenance")
    emergency.add_argument("--condition", choices=("network", "security"))
    emergency.add_argument("--customers-affected", type=int, default=0)
    emergency.add_argument("--urgency", default="")
    emergency.add_argument("--notice-given-at", type=instant, metavar="INSTANT")
    emergency.add_argument("--why-no-notice", default="")


def add_decision(parser: ArgumentParser, *, reason_required: bool) -> None:
    """Take a decision about an exclusion."""
    parser.add_argument("exclusion", type=UUID, metavar="ID")
    add_actor(parser, required=True)
    parser.add_argument("--reason", default="", required=reason_required)


def add_show(parser: ArgumentParser) -> None:
    """Take a month, and perhaps an account."""
    parser.add_argument("month", type=month, metavar="MONTH", help="such as 2026-10")
    add_service(parser)
    parser.add_argument("--account", metavar="NUMBER", help="as it is for this account")


def actor(options: dict[str, Any]) -> Actor:
    """Tell who does it; without a name it is the system."""
    return Actor("operator", options["by"]) if options["by"] else SYSTEM


def agreement(options: dict[str, Any]) -> str:
    """Tell which agreement is meant, where that is clear."""
    named: str | None = options["agreement"]
    if named:
        return named
    found = queries.agreements_with(options["service"]) or [listed.name for listed in agreements.current()]
    if len(found) != 1:
        raise CommandError(f"Name the --agreement: {' or '.join(found) or 'none is published yet'}.")
    return found[0]


def account(number: str) -> UUID:
    """Find an account by its number."""
    return customers.account_by_number(number).id


def opened(name: str) -> BinaryIO:
    """Open a file, or tell why that cannot be done."""
    try:
        return Path(name).open("rb")
    except FileNotFoundError as error:
        raise CommandError(f"There is no file {name}.") from error
    except IsADirectoryError as error:
        raise CommandError(f"{name} is a directory: name the file in it.") from error
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
