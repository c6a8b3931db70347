import django_fsm
import eventstore.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(editable=False)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("new", "new"), ("published", "published")],
                        default="new",
                        max_length=10,
                        protected=True,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=300)),
                ("versions", eventstore.fields.EventJSONField(default=tuple)),
            ],
            options={
                "verbose_name": "agreement",
                "ordering": ("name", "id"),
                "constraints": [models.UniqueConstraint(fields=("name",), name="agreements_agreement_name")],
            },
        ),
    ]
