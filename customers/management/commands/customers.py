"""`manage.py customers`: open an account, say which tier it holds, invite its people, take over usage."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from customers import commands, queries
from customers.commands import Opening
from customers.models import Role
from customers.terms_of import terms_at
from customers.usage_file import Progress, UsageSheet, read_usage
from eventstore import Actor, DomainError
from kernel import clock
from kernel.dates import start_of

SHELL: Final = Actor("operator", "shell")
SHOWN: Final = 20


class Command(BaseCommand):
    """Work with accounts, their people and their usage."""

    help = "Open accounts, set their tiers, invite their people, take over their usage."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of four words, and what it needs."""
        words = parser.add_subparsers(dest="word", required=True)
        opening = words.add_parser("open", help="open an account")
        opening.add_argument("number", help="what your billing calls it")
        opening.add_argument("--name", help="what people call it (default: its number)")
        opening.add_argument("--agreement", required=True)
        opening.add_argument("--tier", help="the tier that it holds")
        opening.add_argument("--from", dest="start", metavar="WHEN", help="since when (default: now)")
        opening.add_argument("--time-zone", default="UTC", help="where its people are (default: UTC)")
        tier = words.add_parser("tier", help="say which tier an account holds, or that one ends")
        tier.add_argument("number")
        tier.add_argument("tier", nargs="?", help="the tier that it takes; without one, the tier that it holds ends")
        tier.add_argument("--from", dest="start", metavar="WHEN", required=True, help="from when, or when it ends")
        tier.add_argument("--until", metavar="WHEN", help="until when (default: until further notice)")
        tier.add_argument("--reason", default="")
        invite = words.add_parser("invite", help="invite somebody to an account")
        invite.add_argument("number")
        invite.add_argument("email")
        invite.add_argument("--owner", action="store_true", help="they may invite others and make keys")
        usage = words.add_parser("usage", help="take over a CSV file: account,month,amount[,currency]")
        usage.add_argument("file", type=Path)
        usage.add_argument("--preview", action="store_true", help="only say what it would change")
        usage.add_argument("--good-lines", action="store_true", help="take over the good lines of a file with faults")
        usage.add_argument("--reason", default="", help="kept with every amount")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what the word says; WHEN is a date in the agreement's zone, or an instant with its offset."""
        try:
            getattr(self, f"_{options['word']}")(options)
        except DomainError as refusal:
            raise CommandError(" ".join(part for part in (refusal.sentence, refusal.clause) if part)) from refusal

    def _open(self, options: dict[str, Any]) -> None:
        now = clock.now()
        agreement, number = options["agreement"], options["number"]
        start = _when(options["start"], agreement, now)
        opening = Opening(number, options["name"] or number, agreement, options["tier"], start, options["time_zone"])
        commands.open_account(opening, by=SHELL, now=now)
        self.stdout.write(f"The account {number} is open under {agreement}.")

    def _tier(self, options: dict[str, Any]) -> None:
        now = clock.now()
        account = queries.account_by_number(options["number"])
        start = _when(options["start"], account.agreement, now)
        if options["tier"] is None:
            commands.end_tier(account.id, at=start, reason=options["reason"], by=SHELL, now=now)
        else:
            end = _when(options["until"], account.agreement, now) if options["until"] else None
            reason = options["reason"]
            commands.set_tier(
                account.id, options["tier"], from_at=start, until_at=end, reason=reason, by=SHELL, now=now
            )
        for held in queries.holdings(account.id):
            until = f"{held.end:%Y-%m-%d %H:%M}" if held.end else "until further notice"
            self.stdout.write(f"{held.tier}: {held.start:%Y-%m-%d %H:%M} to {until} (UTC)")

    def _invite(self, options: dict[str, Any]) -> None:
        account = queries.account_by_number(options["number"])
        role = Role.OWNER if options["owner"] else Role.MEMBER
        invited = commands.invite(account.id, options["email"], role, by=SHELL, now=clock.now())
        self.stdout.write(f"{invited.email} is invited as {role}, until {invited.expires_at:%Y-%m-%d %H:%M} (UTC).")

    def _usage(self, options: dict[str, Any]) -> None:
        sheet = self._read(options["file"])
        self._tell(sheet)
        if options["preview"]:
            if sheet.faults:
                raise CommandError("The file has faults; nothing of it would be taken over.")
            return
        take_over = commands.import_good_lines if options["good_lines"] else commands.import_usage
        written = take_over(
            sheet, reason=options["reason"], by=SHELL, now=clock.now(), progress=self._progress("taken over")
        )
        self.stdout.write(f"{written} amounts were set or changed.")
        if sheet.faults:
            raise CommandError(f"{sheet.faults_counted} were left out.")

    def _read(self, path: Path) -> UsageSheet:
        try:
            with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                return read_usage(file, now=clock.now(), progress=self._progress("read"))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error

    def _tell(self, sheet: UsageSheet) -> None:
        self.stdout.write(f"{sheet.new} new, {sheet.changed} changed, {sheet.unchanged} as before.")
        for (month, _), amount in sheet.totals.items():
            self.stdout.write(f"{month}: {amount}")
        for fault in sheet.faults[:SHOWN]:
            self.stderr.write(str(fault))
        if sheet.faulty_lines > SHOWN:
            self.stderr.write(f"… and {sheet.faulty_lines - SHOWN} more.")

    def _progress(self, what: str) -> Progress:
        """Count on one line of a terminal; a file or a pipe gets no such lines."""
        if not self.stderr.isatty():
            return lambda _lines: None

        def tell(lines: int) -> None:
            self.stderr.write(f"{lines:,} lines {what}", ending="\r")

        return tell


def _when(written: str | None, agreement: str, now: datetime) -> datetime:
    """Read a date, which begins in the agreement's zone, or an instant with its offset; now without one."""
    if written is None:
        return now
    try:
        if "T" not in written:
            return start_of(date.fromisoformat(written), terms_at(agreement, now).zone)
        instant = datetime.fromisoformat(written)
    except ValueError as error:
        raise CommandError(f"{written!r} is neither a date (2026-10-01) nor an instant (2026-10-01T08:00Z).") from error
    if instant.tzinfo is None:
        raise CommandError(f"{written!r} does not say its offset from UTC; write 2026-10-01T08:00Z.")
    return instant.astimezone(UTC)
