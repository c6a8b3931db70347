"""A statement explained: every figure down to minutes, exclusions, clause and terms version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from agreements.overrides import terms_for
from agreements.queries import PublishedTerms
from agreements.terms import Terms
from claims.events.finding import ExclusionUsed
from claims.events.statement import Figures
from claims.explain.decision import Decided, decision, judged_by, listed
from claims.explain.shown import (
    ClassShown,
    ExclusionShown,
    Explanation,
    OutageShown,
    TierShown,
    stretches,
)
from claims.models.finding import Finding
from claims.queries.statements import VersionView, versions
from claims.rules.allowance import allowance
from kernel import shown
from kernel.intervals import Ranges, instant_of
from kernel.minutes import MonthMinutes, Outage
from kernel.months import Month

# Name, title, whether the minutes are in the total, whether they are good.
CLASSES = (
    ("window", "Planned windows, which leave the total", False, False),
    ("unknown", "Unknown, which leaves the total", False, False),
    ("excused_leaving", "Down, excused, leaves the total", False, False),
    ("excused_as_up", "Down, excused, counts as up", True, True),
    ("down", "Down", True, False),
    ("up", "Up", True, True),
)


def explain_statement(
    account: UUID, agreement: str, month: Month, *, statement_version: int | None = None
) -> Explanation | None:
    """Explain a version of an account's statement, the newest unless told otherwise.

    None where there is no such statement or version.
    """
    said = versions(account, agreement, month)
    wanted = [one for one in said if statement_version in (None, one.statement_version)]
    if not wanted:
        return None
    version = wanted[-1]
    finding = Finding.objects.get(id=version.figures.finding)
    published = terms_for(agreement, version.figures.terms_version, account, version.figures.override)
    return _Told(account, month, version, finding, published).explanation()


@dataclass(frozen=True, slots=True)
class _Told:
    """One version and what it was made from."""

    account: UUID
    month: Month
    version: VersionView
    finding: Finding
    published: PublishedTerms

    @property
    def figures(self) -> Figures:
        """What the version says."""
        return self.version.figures

    @property
    def minutes(self) -> MonthMinutes:
        """The minutes that it says it of."""
        minutes: MonthMinutes = self.finding.minutes
        return minutes

    @property
    def terms(self) -> Terms:
        """The terms by which it says it."""
        return self.published.terms

    @property
    def _decided(self) -> Decided:
        return Decided(
            figures=self.figures,
            minutes=self.minutes,
            terms=self.terms,
            month=self.month,
            exclusions=self.finding.exclusions,
            negotiated=judged_by(self.published),
        )

    def explanation(self) -> Explanation:
        """Put everything together."""
        figures, minutes, terms = self.figures, self.minutes, self.terms
        tree = decision(self._decided)
        allowed = allowance(minutes, figures.target, end=minutes.last) if figures.target else None
        return Explanation(
            account=self.account,
            agreement=terms.agreement,
            title=terms.title,
            month=self.month,
            zone=str(terms.zone),
            statement_version=self.version.statement_version,
            stated_at=self.version.stated_at,
            reason=self.version.reason,
            terms_version=figures.terms_version,
            override=figures.override,
            document_date=terms.document_date.isoformat(),
            total_minutes=minutes.total,
            counted_minutes=minutes.counted,
            good_minutes=minutes.good,
            uptime=figures.uptime,
            uptime_shown=shown.uptime(figures.uptime),
            target=figures.target,
            allowed_minutes=allowed.allowed_minutes if allowed else None,
            tier=figures.tier,
            percent=figures.percent,
            base=figures.base,
            credit=figures.credit,
            cap=figures.cap,
            code=figures.code,
            tree=tree,
            steps=listed(tree),
            tiers=tuple(self._tiers()),
            classes=tuple(self._classes()),
            unmeasured=stretches(minutes.unmeasured),
            outages=tuple(self._outage(one) for one in minutes.outages),
            exclusions=tuple(self._exclusion(one, one.minutes) for one in self.finding.exclusions),
            sources=self.finding.sources,
        )

    def _tiers(self) -> Iterator[TierShown]:
        for held in self.figures.tiers:
            yield TierShown(
                tier=held.tier,
                title=self.terms.tiers[held.tier].title if held.tier in self.terms.tiers else held.tier,
                start=instant_of(held.first),
                end=instant_of(held.last),
                down_minutes=self.minutes.down.clip(held.first, held.last).total,
                judges=held.tier == self.figures.tier,
            )

    def _classes(self) -> Iterator[ClassShown]:
        for name, title, in_total, good in CLASSES:
            ranges: Ranges = getattr(self.minutes, name)
            yield ClassShown(
                name=name,
                title=title,
                minutes=ranges.total,
                stretches=stretches(ranges),
                in_total=in_total,
                good=good,
                clause=self._clause_of(name),
            )

    def _clause_of(self, name: str) -> str:
        path = {"window": ("excused", "planned_maintenance"), "unknown": ("measurement", "no_data")}
        excused = ("excused",) if name.startswith("excused") else ("measurement",)
        return self.terms.clause(*path.get(name, excused))

    def _outage(self, outage: Outage) -> OutageShown:
        end = self.minutes.last if outage.end_minute is None else outage.end_minute
        inside = Ranges.of((outage.start_minute, end)).clip(self.minutes.first, self.minutes.last)
        return OutageShown(
            start=outage.started_at,
            end=outage.ended_at,
            minutes=inside.total,
            unexcused_minutes=outage.unexcused.total,
            unexcused=stretches(outage.unexcused),
            excused_by=tuple(
                self._exclusion(one, hit) for one in self.finding.exclusions if (hit := one.minutes & inside)
            ),
        )

    def _exclusion(self, used: ExclusionUsed, minutes: Ranges) -> ExclusionShown:
        return ExclusionShown(
            exclusion=used.exclusion,
            category=used.category,
            treatment=used.treatment,
            reason=used.reason,
            clause=used.clause or self.terms.clause("excused", used.category),
            minutes=minutes.total,
            stretches=stretches(minutes),
        )
