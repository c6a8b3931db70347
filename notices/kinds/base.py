"""What every notice has: a kind, a subject and the values that its templates show."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final

LONGEST_SUBJECT: Final = 300


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to tell somebody, in plain values: amounts, times and clauses as shown text.

    A field that ends in `_by` names a last day, not the midnight after it: "Wednesday, 4 November
    2026 (UTC)". One that ends in `_at`, and `due`, names an instant: "5 November 2026, 10:12 (UTC)".

    The kind names the templates; the subject is written with the notice's own fields. A notice
    that carries a secret (a link that lets its holder in) is forgotten once it has been sent.
    """

    kind: ClassVar[str]
    subject: ClassVar[str]
    secret: ClassVar[bool] = False

    provider: str
    link: str

    def context(self) -> dict[str, Any]:
        """Give the values by name, for the templates."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def headline(self) -> str:
        """Write the subject on one line, of which long names may cost the end."""
        words = " ".join(self.subject.format_map(self.context()).split())
        return words if len(words) <= LONGEST_SUBJECT else f"{words[: LONGEST_SUBJECT - 1]}…"

    @property
    def answers_go_to(self) -> str:
        """The address that answers to this mail reach; empty for the sender's own."""
        return ""


@dataclass(frozen=True, kw_only=True)
class CustomerNotice(Notice):
    """A notice to the people of one account; `contact` is the agreement's address for claims."""

    account: str
    account_number: str
    contact: str

    @property
    def answers_go_to(self) -> str:
        """Customers answer to the agreement's address for claims."""
        return self.contact


@dataclass(frozen=True, kw_only=True)
class OperatorNotice(Notice):
    """A notice to the provider's own people; `provider` names the agreement it concerns."""
