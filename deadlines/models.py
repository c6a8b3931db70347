"""The deadline's row: what is due, and when it next needs attention."""

from django.db import models
from django.db.models.functions import Greatest


class Deadline(models.Model):
    """An open deadline. It is gone when its owner's row no longer asks for it.

    `held_until` and `attempts` belong to the sweep: an owner that could not
    be woken is tried again later, and shown.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.UUIDField()
    kind = models.TextField()
    due_at = models.DateTimeField()
    late_from = models.DateTimeField()
    next_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "deadlines"
        ordering = ("next_at", "id")
        indexes = [
            models.Index(Greatest("next_at", "held_until"), "id", name="deadlines_by_attention"),
            models.Index(fields=["next_at", "id"], name="deadlines_by_next"),
            models.Index(fields=["next_at", "id"], condition=models.Q(attempts__gt=0), name="deadlines_held"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind"], name="deadlines_once_per_kind"),
            models.CheckConstraint(
                condition=models.Q(next_at__lte=models.F("late_from")),
                name="deadlines_look_no_later_than_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.owner} due {self.due_at:%Y-%m-%d %H:%M} UTC"
