"""The log as Django sees it: read-only rows of events, and the subscriptions' places in it."""

from django.db import models
from django.db.models.functions import Now


class LoggedEvent(models.Model):
    """One event of the log, for lists in the admin; the table is made by the log's own SQL."""

    pk = models.CompositePrimaryKey("stream", "version")
    stream = models.UUIDField()
    version = models.IntegerField()
    type = models.TextField()
    schema_version = models.SmallIntegerField()
    payload = models.TextField()
    meta = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "events"
        ordering = ("recorded_at", "stream", "version")

    def __str__(self) -> str:
        return f"{self.type} ({self.stream} v{self.version})"


class Checkpoint(models.Model):
    """How far a subscription has read: everything up to this position is done."""

    name = models.TextField(primary_key=True)
    position = models.BigIntegerField()

    class Meta:
        db_table = "checkpoints"
        constraints = [models.CheckConstraint(condition=models.Q(position__gte=0), name="checkpoints_are_not_negative")]

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Parked(models.Model):
    """An event that a subscription could not handle: put aside, shown, and tried again by hand."""

    subscription = models.TextField()
    position = models.BigIntegerField()
    stream = models.UUIDField()
    version = models.IntegerField()
    type = models.TextField()
    error = models.TextField()
    attempts = models.IntegerField()
    parked_at = models.DateTimeField()

    class Meta:
        db_table = "parked_events"
        ordering = ("parked_at", "id")
        verbose_name = "parked event"
        constraints = [models.UniqueConstraint(fields=["subscription", "position"], name="parked_events_once_each")]

    def __str__(self) -> str:
        return f"{self.subscription} at {self.position}"


class SubjectKey(models.Model):
    """The key under which one subject's private texts are encrypted."""

    subject = models.UUIDField(primary_key=True)
    key = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "subject_keys"

    def __str__(self) -> str:
        return f"key of {self.subject}"


class Replay(models.Model):
    """How far a rebuild of rows has come: every stream up to this one is done."""

    name = models.TextField(primary_key=True)
    after = models.UUIDField()
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "replays"

    def __str__(self) -> str:
        return f"{self.name} after {self.after}"
