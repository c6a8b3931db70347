"""Services with their monitors, measured months, exclusions, corrections, and the checks, which are only added."""

import django_fsm
import eventstore.fields
from django.db import migrations, models


GUARD = """
CREATE TRIGGER checks_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON checks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNGUARD = "DROP TRIGGER checks_are_never_changed ON checks;"


class Migration(migrations.Migration):

    initial = True

    dependencies = [("eventstore", "0001_the_log")]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('pk', models.CompositePrimaryKey('monitor', 'checked_at', 'probe', 'status', blank=True, editable=False, primary_key=True, serialize=False)),
                ('monitor', models.UUIDField()),
                ('checked_at', models.DateTimeField()),
                ('probe', models.CharField(blank=True, default='', max_length=60)),
                ('status', models.SmallIntegerField()),
                ('response_ms', models.IntegerField(null=True)),
                ('reported_up', models.BooleanField(null=True)),
            ],
            options={
                'db_table': 'checks',
                'ordering': ('monitor', 'checked_at', 'probe', 'status'),
                'constraints': [models.CheckConstraint(condition=models.Q(('status__gte', 0), ('status__lte', 999)), name='checks_have_an_http_status_or_0'), models.CheckConstraint(condition=models.Q(('response_ms__isnull', True), ('response_ms__gte', 0), _connector='OR'), name='checks_take_no_negative_time')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(editable=False)),
                ('state', django_fsm.FSMField(choices=[('new', 'New'), ('recorded', 'Recorded')], default='new', max_length=50, protected=True)),
                ('service', models.UUIDField()),
                ('finding', models.TextField(choices=[('up', 'up'), ('down', 'down'), ('confined', 'confined')])),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('accounts', eventstore.fields.EventJSONField(default=tuple)),
                ('monitor', models.TextField(null=True)),
                ('reason', models.TextField()),
                ('evidence', models.TextField()),
                ('corrected_by', models.TextField()),
                ('corrected_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'corrections',
                'ordering': ('corrected_at', 'id'),
                'indexes': [models.Index(fields=['service', 'corrected_at', 'id'], name='corrections_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='corrections_end_later')],
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(editable=False)),
                ('state', django_fsm.FSMField(choices=[('new', 'New'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('rejected', 'Rejected'), ('revoked', 'Revoked')], default='new', max_length=50, protected=True)),
                ('service', models.UUIDField()),
                ('category', models.TextField(choices=[('planned_maintenance', 'planned_maintenance'), ('emergency_maintenance', 'emergency_maintenance'), ('third_party', 'third_party'), ('force_majeure', 'force_majeure'), ('customer_action', 'customer_action'), ('network', 'network'), ('ddos', 'ddos')])),
                ('intervals', eventstore.fields.EventJSONField(default=tuple)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('scope', eventstore.fields.EventJSONField()),
                ('reason', models.TextField()),
                ('evidence', models.TextField()),
                ('announcements', eventstore.fields.EventJSONField(default=tuple)),
                ('emergency', eventstore.fields.EventJSONField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('called_off', models.TextField(null=True)),
                ('proposed_by', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_by', models.TextField(default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.TextField(default='')),
                ('revoked_by', models.TextField(default='')),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revocation', models.TextField(default='')),
            ],
            options={
                'db_table': 'exclusions',
                'ordering': ('-starts_at', 'id'),
                'indexes': [models.Index(fields=['service', 'starts_at'], name='exclusions_by_start')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='exclusions_end_later'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='exclusions_have_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(editable=False)),
                ('state', django_fsm.FSMField(choices=[('new', 'New'), ('measured', 'Measured')], default='new', max_length=50, protected=True)),
                ('agreement', models.TextField()),
                ('name', models.TextField()),
                ('monitors', eventstore.fields.EventJSONField(default=tuple)),
            ],
            options={
                'db_table': 'services',
                'ordering': ('agreement', 'name', 'id'),
                'constraints': [models.UniqueConstraint(fields=('agreement', 'name'), name='services_one_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ServiceMonth',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(editable=False)),
                ('state', django_fsm.FSMField(choices=[('new', 'New'), ('measured', 'Measured')], default='new', max_length=50, protected=True)),
                ('service', models.UUIDField()),
                ('agreement', models.TextField()),
                ('name', models.TextField()),
                ('month', eventstore.fields.MonthField(max_length=7)),
                ('first', models.IntegerField()),
                ('last', models.IntegerField()),
                ('terms_version', models.PositiveIntegerField()),
                ('judged_by', models.TextField()),
                ('monitors', eventstore.fields.EventJSONField(default=tuple)),
            ],
            options={
                'verbose_name': 'measured month',
                'db_table': 'service_months',
                'ordering': ('-month', 'name', 'id'),
                'constraints': [models.UniqueConstraint(fields=('service', 'month'), name='service_months_once_each')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
