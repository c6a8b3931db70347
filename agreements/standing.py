"""How a version of the terms stands, and what may follow."""

from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """From draft to superseded."""

    PUBLISHED = "published"
    """Published without an announcement, as a first version is; in force from its day."""
    DRAFT = "draft"
    """Written down; customers do not see it."""
    ANNOUNCED = "announced"
    """The announcement is on its way; whether it went out in time is not settled."""
    NOTIFIED = "notified"
    """Announced in time: it takes effect on its day."""
    AGREED = "agreed"
    """Agreed with the one account that it is about: it takes effect on its day, without notice."""
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    """Taken back before it was in force."""
    LAPSED = "lapsed"
    """The announcement did not go out in time: it never takes effect."""
    ENDED = "ended"
    """In force until a day that was named in advance: then the agreement's own terms applied again."""


# In force from their day on, or until another took their place.
BOUND: Final = frozenset(
    {
        *(Standing.PUBLISHED, Standing.NOTIFIED, Standing.AGREED),
        *(Standing.IN_FORCE, Standing.SUPERSEDED, Standing.ENDED),
    }
)
# Not in force yet, and still on their way.
COMING: Final = frozenset({Standing.PUBLISHED, Standing.ANNOUNCED, Standing.NOTIFIED, Standing.AGREED})
# Certain to come into force on their day, unless they are withdrawn.
CERTAIN: Final = frozenset({Standing.PUBLISHED, Standing.NOTIFIED, Standing.AGREED})
WITHDRAWABLE: Final = frozenset({Standing.DRAFT, Standing.ANNOUNCED, Standing.NOTIFIED, Standing.AGREED})

TITLES: Final[dict[Standing, str]] = {
    Standing.PUBLISHED: "published, not in force yet",
    Standing.DRAFT: "draft",
    Standing.ANNOUNCED: "announced, on its way to customers",
    Standing.NOTIFIED: "announced in time",
    Standing.AGREED: "agreed with the customer",
    Standing.IN_FORCE: "in force",
    Standing.SUPERSEDED: "superseded",
    Standing.WITHDRAWN: "withdrawn",
    Standing.LAPSED: "announced too late, never in force",
    Standing.ENDED: "ended on its day",
}
