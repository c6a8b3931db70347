"""Forget the addresses that allauth kept of people to whom an operator had given another one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

from customers.models.people import new_stamp


def forget_former_addresses(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take from each old address that it opens a sign-in, and end the sessions that it may have opened."""
    database = schema_editor.connection.alias
    addresses = apps.get_model("account", "EmailAddress")
    people = apps.get_model("customers", "User")
    former = addresses.objects.using(database).exclude(email=F("user__email"))
    for person in set(former.values_list("user_id", flat=True)):
        people.objects.using(database).filter(id=person).update(session_stamp=new_stamp())
    former.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("customers", "0003_usage_after_the_month"),
    ]

    operations = [migrations.RunPython(forget_former_addresses, migrations.RunPython.noop)]
