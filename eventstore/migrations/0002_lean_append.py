"""Append with less that a statement sets up anew: the same function, shorter, and no checks beside it."""

from django.db import migrations

from eventstore.sql import statements


class Migration(migrations.Migration):

    dependencies = [
        ('eventstore', '0001_the_log'),
    ]

    operations = [
        migrations.RunSQL(statements("lean_append"), statements("lean_append_undo")),
    ]
