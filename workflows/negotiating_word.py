"""`manage.py agreements override`: draft, compare, announce, agree, withdraw and list what was negotiated."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from agreements import overrides, overriding
from agreements.further_words import Tell
from agreements.standing import TITLES
from customers import queries as customers
from customers.queries import AccountView
from eventstore import SYSTEM, DomainError
from kernel import clock
from workflows import negotiating


class OverrideWord:
    """The word `override`, with words of its own."""

    name = "override"
    help = "what was negotiated with one account: draft, difference, announce, agree, withdraw, list"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be done, and with what."""
        acts = parser.add_subparsers(dest="act", required=True)
        draft = acts.add_parser("draft", help="write down a file as the next version for the account that it names")
        draft.add_argument("file", type=Path, metavar="FILE")
        _about(acts.add_parser("difference", help="tell what a version changes for its account, clause by clause"))
        _about(acts.add_parser("announce", help="announce a draft to the account's people by mail"))
        agree = acts.add_parser("agree", help="note that the customer agreed to a version: no notice is waited for")
        _about(agree)
        agree.add_argument("--who", required=True, help="who of the customer agreed")
        agree.add_argument("--on", required=True, type=_day, metavar="DATE", help="on which day: 2026-11-20")
        agree.add_argument("--where", required=True, help="where that is written")
        withdraw = acts.add_parser("withdraw", help="take back a draft, or a version that is not in force yet")
        _about(withdraw)
        withdraw.add_argument("--reason", required=True, help="why; the account's people, if they were told, read this")
        listed = acts.add_parser("list", help="list the versions of an account, or of all accounts of an agreement")
        listed.add_argument("--account", metavar="NUMBER")
        listed.add_argument("--agreement", metavar="NAME")

    def carry_out(self, options: dict[str, Any], *, out: Tell, progress: Tell) -> None:  # noqa: ARG002 — as of every word
        """Do it. Errors: CommandError."""
        act: Callable[[dict[str, Any], Tell], None] = _ACTS[options["act"]]
        try:
            act(options, out)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal


def _draft(options: dict[str, Any], out: Tell) -> None:
    path: Path = options["file"]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
    drafted = negotiating.draft(text, by=SYSTEM, now=clock.now())
    account = drafted.account
    out(f"{path.name} is version {drafted.number} of what was negotiated with account {account.number}, a draft.")
    _tell_differences(account, drafted.number, out)


def _difference(options: dict[str, Any], out: Tell) -> None:
    _tell_differences(_account(options), options["number"], out)


def _tell_differences(account: AccountView, number: int, out: Tell) -> None:
    changes = overrides.changes_of_override(account.agreement, account.id, number)
    for one in changes:
        out(f"  {one.clause} {one.sentence}" if one.clause else f"  {one.sentence}")
    if not changes:
        out("  No rule differs.")


def _announce(options: dict[str, Any], out: Tell) -> None:
    account, number = _account(options), options["number"]
    overriding.announce_override(account.agreement, account.id, number, by=SYSTEM, now=clock.now())
    until = overrides.override(account.agreement, account.id, number).notice_until
    out(f"Version {number} is announced to account {account.number}. It has to go out by {until:%Y-%m-%d %H:%M} UTC.")


def _agree(options: dict[str, Any], out: Tell) -> None:
    account, number = _account(options), options["number"]
    overriding.agree_override(
        account.agreement,
        account.id,
        number,
        who=options["who"],
        agreed_on=options["on"],
        where=options["where"],
        by=SYSTEM,
        now=clock.now(),
    )
    begins = overrides.override(account.agreement, account.id, number).in_force_from
    out(f"It is noted. Version {number} is in force for account {account.number} from {begins:%Y-%m-%d %H:%M} UTC.")


def _withdraw(options: dict[str, Any], out: Tell) -> None:
    account, number, reason = _account(options), options["number"], options["reason"]
    overriding.withdraw_override(account.agreement, account.id, number, reason=reason, by=SYSTEM, now=clock.now())
    out(f"Version {number} of account {account.number} is withdrawn.")


def _list(options: dict[str, Any], out: Tell) -> None:
    wanted = customers.account_by_number(options["account"]).id if options["account"] else None
    found = [one for one in overrides.everything_negotiated(options["agreement"]) if wanted in (None, one.account)]
    for one in found:
        account = customers.account(one.account)
        out(f"{account.number} {account.name}, under {one.agreement}")
        for version in one.versions:
            until = f" until {version.until:%Y-%m-%d %H:%M} UTC" if version.until else ""
            begins = f"from {version.in_force_from:%Y-%m-%d %H:%M} UTC{until}"
            out(f"  version {version.number}, {TITLES[version.standing]}, {begins}, {version.title}")
    if not found:
        out("Nothing was negotiated.")


_ACTS: dict[str, Callable[[dict[str, Any], Tell], None]] = {
    "draft": _draft,
    "difference": _difference,
    "announce": _announce,
    "agree": _agree,
    "withdraw": _withdraw,
    "list": _list,
}


def _about(parser: ArgumentParser) -> None:
    parser.add_argument("account", metavar="ACCOUNT", help="the account's number, such as A-1042")
    parser.add_argument("number", type=int, metavar="VERSION", help="the version's number")


def _account(options: dict[str, Any]) -> AccountView:
    return customers.account_by_number(options["account"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-20") from error
