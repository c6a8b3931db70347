"""How an explanation is written in JSON: the same tree that pages and mails show."""

from typing import Any, Final

from rest_framework import serializers

from agreements.explaining import Step
from agreements.rendering import as_plain
from customers.api.fields import InstantField
from customers.api.pages import page_of


class InputShape(serializers.Serializer[Any]):
    """A value that went into a step, by its name."""

    name = serializers.CharField()
    value = serializers.CharField()


class TreeShape(serializers.Serializer[Any]):
    """A step of an explanation: the rule, what went into it, what came out, and the steps that its inputs come from."""

    rule = serializers.CharField(help_text="The rule in a few words: Target, Cap.")
    result = serializers.CharField(help_text="What the step gives, in words.")
    sentence = serializers.CharField(help_text="All of it, for people.")
    inputs = InputShape(many=True)
    clause = serializers.CharField(help_text="Where the rule stands; empty where the agreement is silent.")

    def get_fields(self) -> dict[str, Any]:
        """Add the steps below, which are of this shape again."""
        return {**super().get_fields(), "steps": TreeShape(many=True)}

    def to_representation(self, instance: Step) -> dict[str, Any]:
        """Write the tree as everybody writes it."""
        return as_plain(instance)


class DeadlineShape(serializers.Serializer[Any]):
    """A deadline and how it came about: `due_at` is the first instant that is late."""

    name = serializers.CharField(help_text="For programs: close and file of a month; settle, answer, appeal and file.")
    title = serializers.CharField()
    due_at = InstantField()
    explanation = TreeShape(source="tree")


DEADLINES: Final = page_of(DeadlineShape)
