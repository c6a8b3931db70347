"""What is asked for a new agreement, in order, each with its reason, its default and its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.drafting import readers
from agreements.drafting.readers import Earlier, understood
from agreements.terms import values
from agreements.terms.bands import percent_text
from agreements.terms.promising import Promise
from agreements.terms.rewording import name_meant
from kernel.months import Month

USUAL_TARGETS = ("95%", "98%", "99%", "99.5%", "99.9%", "99.95%", "99.99%")


@dataclass(frozen=True)
class Question:
    """One question: `default` and `read` know the answers before it; `asked` tells where it is needed at all."""

    key: str
    asks: str
    explains: str
    default: Callable[[Earlier], str | None]
    read: Callable[[str, Earlier], Any]
    asked: Callable[[Earlier], bool] = lambda _: True
    otherwise: Any = None


def _always(text: str) -> Callable[[Earlier], str]:
    return lambda _: text


def _value(read: Callable[[str], Any]) -> Callable[[str, Earlier], Any]:
    """Read a value of the format without regard to earlier answers."""
    return lambda text, _: understood(read, text)


def _plain(read: Callable[[str], Any]) -> Callable[[str, Earlier], Any]:
    return lambda text, _: read(text)


def _name(earlier: Earlier) -> str | None:
    return name_meant(earlier["company"]).removeprefix("write ") or None


def _next_month(earlier: Earlier) -> str:
    signed: date = earlier["document_date"]
    return str(Month(signed.year, signed.month).next().first_day)


def _usual_targets(earlier: Earlier) -> str:
    titles = list(earlier["tiers"].values())
    if len(titles) == 1:
        return "99.9%"
    usual = USUAL_TARGETS[max(0, 5 - len(titles)) :]
    return ", ".join(f"{title} {usual[min(n, len(usual) - 1)]}" for n, title in enumerate(titles))


def _promises_uptime(earlier: Earlier) -> bool:
    return any(target is not None for target in earlier["targets"].values())


def _usual_credits(earlier: Earlier) -> str:
    lowest = min(target for target in earlier["targets"].values() if target is not None)
    rows = [(pays, below) for pays, below in (("25%", "99%"), ("50%", "95%")) if values.percent(below) <= lowest]
    return ", ".join(["10% below target", *(f"{pays} below {below}" for pays, below in rows)])


def _usual_cap(earlier: Earlier) -> str:
    return percent_text(max(values.percent("50%"), *(step.pays for step in earlier["credits"])))


def _pays(earlier: Earlier) -> bool:
    return bool(earlier["credits"])


def _counts_business_time(earlier: Earlier) -> bool:
    promises: Mapping[str, tuple[str, Promise]] = earlier["support"]
    settling = earlier["settle_within"]
    return (settling is not None and settling.business) or any(
        promise.clock.business for _, promise in promises.values()
    )


QUESTIONS = (
    Question(
        "company",
        "Which company makes the agreement?",
        "Its full legal name, as it stands in the contract.",
        lambda _: None,
        _plain(readers.line),
    ),
    Question(
        "title",
        "What is the agreement called?",
        "The title of the document, as customers read it.",
        lambda earlier: f"Service Level Agreement of {earlier['company']}",
        _plain(readers.line),
    ),
    Question(
        "agreement",
        "By which short name do accounts and programs refer to it?",
        "Small letters, digits and hyphens. Every later version of the agreement keeps this name.",
        _name,
        _value(values.name),
    ),
    Question(
        "document_date",
        "Which date does the document bear?",
        "The date on its first page or at its end, such as 2026-03-30.",
        lambda earlier: str(earlier["today"]),
        _plain(readers.day),
    ),
    Question(
        "in_force_from",
        "From which day is it in force?",
        "From the midnight that begins this day. Months are judged whole, so the first of a month is usual.",
        _next_month,
        _plain(readers.day),
    ),
    Question(
        "time_zone",
        "In which time zone do its days and months begin and end?",
        "A zone of the IANA database, such as UTC, Europe/Berlin or America/New_York.",
        _always("UTC"),
        lambda text, _: str(understood(values.zone, text)),
    ),
    Question(
        "currency",
        "In which currency are fees and credits?",
        "Its three letters, such as USD, EUR or GBP.",
        _always("USD"),
        _value(values.currency),
    ),
    Question(
        "service",
        "What is the service called whose uptime is measured?",
        "One service to begin with, such as API or Platform; more can be added in the file.",
        _always("API"),
        _plain(readers.line),
    ),
    Question(
        "tiers",
        "Which plans or tiers of customers are there, the lowest first?",
        "With commas between them, such as Basic, Pro, Enterprise. One is enough.",
        _always("Standard"),
        _plain(readers.tiers),
    ),
    Question(
        "targets",
        "What uptime is each tier promised in a calendar month?",
        "One percent for all, or one for each tier: Basic 99.5%, Pro 99.9%. A tier without a promise has none.",
        _usual_targets,
        readers.targets,
    ),
    Question(
        "credits",
        "What share of the month's usage does a missed target pay?",
        "The first row is for every missed target, the others for less uptime. None if a miss pays nothing.",
        _usual_credits,
        readers.steps,
        _promises_uptime,
        (),
    ),
    Question(
        "cap",
        "What is the most that is credited in a month?",
        "A share of the month's usage, or none.",
        _usual_cap,
        readers.cap,
        _pays,
    ),
    Question(
        "file_within",
        "How long after an outage may a customer claim the credit?",
        "Days or months, counted from the day on which the outage ended; that day itself does not count.",
        _always("30 days"),
        _plain(readers.claim_window),
        _pays,
    ),
    Question(
        "settle_within",
        "By when is a claim credited or rejected?",
        "Business days or days, counted from its filing, or from the month's end where that is later.",
        _always("10 business days"),
        _plain(readers.settlement),
        _pays,
    ),
    Question(
        "claims_mail",
        "To which mail address are claims sent?",
        "It is shown to customers. None if they claim in the portal only.",
        _always("none"),
        _plain(readers.mail),
        _pays,
    ),
    Question(
        "maintenance",
        "How long before it begins is planned maintenance announced?",
        "Hours. Maintenance that was announced in time leaves the month's total; none if nothing is excused.",
        _always("48 hours"),
        _plain(readers.notice),
        _promises_uptime,
    ),
    Question(
        "support",
        "Within which time are support requests answered, by severity?",
        "The most urgent first: Urgent 1 hour, High 8 business hours, Low 2 business days; or none.",
        _always("Urgent 4 hours, Normal 2 business days"),
        _plain(readers.support),
        otherwise={},
    ),
    Question(
        "hours",
        "When is your office open?",
        "Business hours and business days are counted in these hours: monday-friday 09:00-17:00.",
        _always("monday-friday 09:00-17:00"),
        _plain(readers.hours),
        _counts_business_time,
        {},
    ),
    Question(
        "holidays",
        "The public holidays of which country are no business days?",
        "The two letters of a country, such as US or DE, or a part of one, such as GB-ENG; none if there are none.",
        _always("none"),
        _plain(readers.holidays),
        _counts_business_time,
    ),
)
