"""Append and seal without asking again for what a connection was told once: its cluster and the log's generation."""

from django.db import migrations

from eventstore.sql import statements


class Migration(migrations.Migration):

    dependencies = [
        ('eventstore', '0002_lean_append'),
    ]

    operations = [
        migrations.RunSQL(statements("known_generation"), migrations.RunSQL.noop),
    ]
