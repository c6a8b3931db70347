"""The sealer: numbers what every reader may rely on, behind the writers."""

from django.db import DatabaseError, connections

from eventstore.errors import ForeignCluster
from eventstore.raw import one

MOST = 10_000


def seal(*, most: int = MOST) -> int:
    """Number the events below the horizon, in one transaction; return how many.

    Any number of processes may call it; a lock lets one at a time. Must be
    called outside a transaction of the caller's own. Errors: ForeignCluster.
    """
    try:
        row = one("SELECT seal_events(%s)", (most,))
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == ForeignCluster.sqlstate:
            raise ForeignCluster from error
        raise
    return int(row[0]) if row else 0


ADOPT = """
INSERT INTO log_generations (generation, system_identifier)
SELECT newest.generation + 1, here.system_identifier
FROM (SELECT generation, system_identifier FROM log_generations
      ORDER BY generation DESC LIMIT 1) newest, pg_control_system() here
WHERE newest.system_identifier <> here.system_identifier
RETURNING generation
"""


def adopt_cluster() -> int | None:
    """Open the next generation where this is another cluster than the log was written in.

    It is the owner's to do. What the earlier generation left unsealed is
    sealed next, in its own order. Returns the new generation, or None where
    nothing was to be done.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute(ADOPT)
        row = cursor.fetchone()
    return int(row[0]) if row else None
