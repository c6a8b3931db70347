"""The deadline's row: what is due, and when it next needs attention."""

from typing import Final

from django.db import models
from django.db.models.functions import Greatest

# What the sweep asks for, batch by batch and one by one; each has an index that holds nothing else.
FRESH: Final = models.Q(attempts=0, taken_at=None)
TRIED: Final = models.Q(attempts__gt=0) | models.Q(taken_at__isnull=False)


class Deadline(models.Model):
    """An open deadline. It is gone when its owner's row no longer asks for it.

    `taken_at`, `held_until` and `attempts` belong to the sweep: what a batch
    took and never brought back is tried alone; an owner that could not be
    woken is tried again later, and shown.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.UUIDField()
    kind = models.TextField()
    due_at = models.DateTimeField()
    late_from = models.DateTimeField()
    next_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "deadlines"
        ordering = ("next_at", "id")
        indexes = [
            models.Index(fields=["next_at", "id"], condition=FRESH, name="deadlines_fresh"),
            models.Index(Greatest("next_at", "held_until"), "id", condition=TRIED, name="deadlines_tried"),
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
