"""The log's tables, functions and guards, and the places of its subscriptions."""

from django.db import migrations, models

from eventstore.sql import statements


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(statements("log"), statements("log_undo")),
        migrations.CreateModel(
            name='LoggedEvent',
            fields=[
                ('pk', models.CompositePrimaryKey('stream', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                ('stream', models.UUIDField()),
                ('version', models.IntegerField()),
                ('type', models.TextField()),
                ('schema_version', models.SmallIntegerField()),
                ('payload', models.TextField()),
                ('meta', models.TextField()),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'events',
                'ordering': ('recorded_at', 'stream', 'version'),
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('after', models.UUIDField()),
            ],
            options={
                'db_table': 'replays',
            },
        ),
        migrations.CreateModel(
            name='SubjectKey',
            fields=[
                ('subject', models.UUIDField(primary_key=True, serialize=False)),
                ('key', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'subject_keys',
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
            ],
            options={
                'db_table': 'checkpoints',
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 0)), name='checkpoints_are_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Parked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscription', models.TextField()),
                ('position', models.BigIntegerField()),
                ('stream', models.UUIDField()),
                ('version', models.IntegerField()),
                ('type', models.TextField()),
                ('error', models.TextField()),
                ('attempts', models.IntegerField()),
                ('parked_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'parked event',
                'db_table': 'parked_events',
                'ordering': ('parked_at', 'id'),
                'constraints': [models.UniqueConstraint(fields=('subscription', 'position'), name='parked_events_once_each')],
            },
        ),
    ]
