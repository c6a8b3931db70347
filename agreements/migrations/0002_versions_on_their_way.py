from uuid import UUID

from django.db import migrations

from kernel.ids import derived

EFFECT = "agreements.effect"
# A version that was published before versions had a standing is woken on its day, or at once.
WAKE = """
INSERT INTO deadlines (id, owner, kind, due_at, late_from, next_at, held_until, attempts)
SELECT %s, a.id, %s, v.begins, v.begins, v.begins, NULL, 0
FROM agreements_agreement a,
     (SELECT min((one ->> 'in_force_from')::timestamptz) AS begins
      FROM agreements_agreement b, jsonb_array_elements(b.versions::jsonb) AS one WHERE b.id = %s) AS v
WHERE a.id = %s AND v.begins IS NOT NULL
"""


def wake(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM agreements_agreement")
        for (owner,) in cursor.fetchall():
            cursor.execute(WAKE, [_id(owner), EFFECT, owner, owner])


def _id(owner: UUID) -> UUID:
    return derived("deadline", owner, EFFECT)


def let_sleep(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM deadlines WHERE kind LIKE 'agreements.%%'", [])


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0001_agreements"),
        ("deadlines", "0001_deadlines"),
    ]

    operations = [migrations.RunPython(wake, let_sleep)]
