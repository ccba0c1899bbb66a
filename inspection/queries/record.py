"""How a commitment was kept, gathered from checks, findings and verdicts."""

from dataclasses import dataclass

from approvals.models import Clause, Filing
from inspection.models import AcceptanceVerdict, CheckResult, Finding
from inspection.queries.acceptance import verdicts_of


@dataclass(frozen=True)
class History:
    """What happened to the clauses of a letter, in the order in which it happened."""

    clauses: list[Clause]
    checks: int
    results: list[CheckResult]
    findings: list[Finding]
    verdicts: list[AcceptanceVerdict]
    rounds: int

    @property
    def mended_in_time(self) -> int:
        """How many findings were found mended and had never failed."""
        return sum(found.mended_in_time for found in self.findings)


def history_of(filing: Filing) -> History:
    """Return the history of the present letter's clauses: six queries."""
    letter = filing.letter()
    clauses = letter.clauses.select_related("checked_by").prefetch_related("checked_by__names")
    results = CheckResult.objects.filter(visit__filing=filing, visit__held_at__isnull=False)
    return History(
        clauses=list(clauses),
        checks=filing.checks.exclude(held_at=None).count(),
        results=list(results.select_related("visit").order_by("visit__held_at", "pk")),
        findings=list(filing.findings.all()),
        verdicts=list(verdicts_of(filing)),
        rounds=filing.acceptances.count(),
    )
