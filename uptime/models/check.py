"""Checks: what a monitor saw, and when."""

from __future__ import annotations

from django.db import models


class Check(models.Model):
    """One observation of one monitor. Rows are added and never changed (guarded by a trigger).

    The key holds everything that decides a minute, so that the same set of observations is the
    same set of rows in whatever order it arrives. `reported_up` is what the source concluded, for
    comparison only: the agreement judges the status.
    """

    pk = models.CompositePrimaryKey("monitor", "checked_at", "probe", "status")
    monitor = models.UUIDField()
    checked_at = models.DateTimeField()
    probe = models.CharField(max_length=60, default="", blank=True)
    status = models.SmallIntegerField()
    response_ms = models.IntegerField(null=True)
    reported_up = models.BooleanField(null=True)

    class Meta:
        db_table = "checks"
        ordering = ("monitor", "checked_at", "probe", "status")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__gte=0, status__lte=999), name="checks_have_an_http_status_or_0"
            ),
            models.CheckConstraint(
                condition=models.Q(response_ms__isnull=True) | models.Q(response_ms__gte=0),
                name="checks_take_no_negative_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%dT%H:%M:%SZ} {self.status}"
