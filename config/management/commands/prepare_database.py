"""`manage.py prepare_database`: migrate as the owner, then give the application's login exactly its rights."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections, transaction
from psycopg import sql

from eventstore import grants

LOCK = "SELECT pg_advisory_lock(hashtext('makegood prepare_database'))"
ROWS = "SELECT, INSERT, UPDATE, DELETE"
NUMBERS = "USAGE, SELECT"


class Command(BaseCommand):
    """Bring the database to this version; safe to repeat, and safe beside another that does the same."""

    help = "Migrates by DATABASE_OWNER_URL and grants the login of DATABASE_URL its rights."
    requires_system_checks = ()

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        """Hold a lock of the session, so that of two machines one migrates and the other then finds it done."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(LOCK)
        call_command("migrate", database="owner", interactive=False, verbosity=verbosity - 1)
        application, owner = _login("default"), _login("owner")
        if application == owner:
            self.stderr.write(
                f"DATABASE_URL and DATABASE_OWNER_URL are both {owner}: the log is guarded by triggers only"
            )
        else:
            grant(application)
        connections["owner"].close()
        if verbosity:
            self.stdout.write(f"the database is prepared for {application}")


def _login(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def grant(application: str) -> None:
    """Let the application's login work with rows, and add to the log, checks and ledger and read them, nothing else."""
    role = sql.Identifier(application)
    statements = [
        f"GRANT {ROWS} ON ALL TABLES IN SCHEMA public TO {{}}",
        f"GRANT {NUMBERS} ON ALL SEQUENCES IN SCHEMA public TO {{}}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {ROWS} ON TABLES TO {{}}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {NUMBERS} ON SEQUENCES TO {{}}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}",
        "REVOKE UPDATE, DELETE ON checks, ledger_entries FROM {}",
    ]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role))
        for restriction in grants.statements(application):
            cursor.execute(restriction)
