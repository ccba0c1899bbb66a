"""容缺台账: every promise of every enterprise, what became of it, and what keeps one from promising."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from approvals.models import ChecklistItem, CreditBar, Filing, Gap
from approvals.rules.limits import GAP, GAP_SUSPENDED
from approvals.rules.tolerance import outcome_of
from approvals.stages import GAP_OVER, GapOutcome, GapState, ToleranceModel
from core.deadlines.counting import last_day_of
from core.documents.sheets import CHUNK, Sheet

WORDS = 60
SECOND = Q(rule=GAP_SUSPENDED.code)
CAME_LATE = Q(rule=GAP.code, due_at__isnull=False, material__handed_in_at__gt=F("due_at"))


def bars_of(enterprise: Organisation, at: datetime) -> list[CreditBar]:
    """Return the bad credit records of an enterprise that stand at an instant."""
    standing = CreditBar.objects.filter(enterprise=enterprise)
    return list(standing.standing(timezone.localdate(at), at))


def open_promises(item: ChecklistItem) -> list[Gap]:
    """Return the promised papers of an item that are not there yet; what silence accepted was never promised."""
    gaps = item.filing.gaps.filter(deemed=False).exclude(state__in=GAP_OVER)
    return [gap for gap in gaps.select_related("material") if item.code in gap.material.item_codes]


def why_undecided(item: ChecklistItem) -> list[str]:
    """Say which promised papers a decision on an item waits for; nothing where the item is decided on condition."""
    if item.tolerated_as == ToleranceModel.CONDITIONAL:
        return []
    return [
        _("容缺材料“%(what)s”还没有补齐：这一事项先受理、补齐后才作决定（模式一）。轮到企业补交。")
        % {"what": gap.material}
        for gap in open_promises(item)
    ]


@dataclass(frozen=True)
class Sought:
    """What the ledger is narrowed to."""

    outcome: str = ""
    wrong: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """Read what was asked for; what is unknown narrows nothing."""
        outcome, words = given.get("outcome", ""), given.get("q", "").replace("\0", "")
        return cls(
            outcome=outcome if outcome in GapOutcome.values else "",
            wrong="yes" if given.get("wrong") == "yes" else "",
            q=words.strip()[:WORDS],
        )

    @property
    def kept(self) -> dict[str, str]:
        """What stands in the address of the next page and of the file."""
        return {name: value for name, value in asdict(self).items() if value}


def gaps_seen(by: Membership) -> QuerySet[Gap]:
    """Return the promises of the cases a person may see, the newest first; of departments those of their cases."""
    filings = Filing.objects.visible_to(by).order_by().values("pk")
    found = Gap.objects.filter(filing__in=filings, deemed=False)
    return found.select_related("filing__enterprise", "material", "calendar").order_by("-pk")


def with_outcome(rows: QuerySet[Gap], at: datetime) -> QuerySet[Gap]:
    """Return gaps each with `outcome`, as `outcome_of` tells it."""
    in_time = Q(state=GapState.SUPPLIED, material__handed_in_at__lte=F("due_at"))
    ends = (
        When(state=GapState.FAILED, then=Value(GapOutcome.NEVER.value)),
        When(Q(state=GapState.CLOSED) & (SECOND | CAME_LATE), then=Value(GapOutcome.LATE.value)),
        When(state=GapState.CLOSED, then=Value(GapOutcome.IN_TIME.value)),
        When(ended_at__isnull=False, then=Value(GapOutcome.DROPPED.value)),
        When(SECOND | (Q(due_at__lt=at) & ~in_time), then=Value(GapOutcome.OVERDUE.value)),
    )
    return rows.annotate(outcome=Case(*ends, default=Value(GapOutcome.OPEN.value)))


def matching(rows: QuerySet[Gap], sought: Sought) -> QuerySet[Gap]:
    """Narrow the ledger; `rows` carry their outcome."""
    if sought.outcome:
        rows = rows.filter(outcome=sought.outcome)  # type: ignore[misc]
    return holding(narrowed_to_wrong(rows) if sought.wrong else rows, sought.q)


def narrowed_to_wrong(rows: QuerySet[Gap]) -> QuerySet[Gap]:
    """Keep what was supplied wrong at least once, whatever became of it."""
    return rows.filter(times_wrong__gt=0)


def holding(rows: QuerySet[Gap], words: str) -> QuerySet[Gap]:
    """Keep those whose enterprise, project, number or paper holds the words."""
    if not words:
        return rows
    named = Q(filing__enterprise__name__icontains=words) | Q(filing__enterprise__uscc=words)
    case = Q(filing__project_name__icontains=words) | Q(filing__number__icontains=words)
    return rows.filter(named | case | Q(material__name__icontains=words))


def counted(rows: QuerySet[Gap]) -> dict[str, int]:
    """Return how many there are of each outcome, and of those supplied wrong: one query."""
    of_each = {name: Count("pk", filter=Q(outcome=name)) for name in GapOutcome.values}
    found: dict[str, int] = rows.order_by().aggregate(
        **of_each, wrong=Count("pk", filter=Q(times_wrong__gt=0)), all=Count("pk")
    )
    return found


def by_enterprise(rows: QuerySet[Gap], at: datetime) -> list[dict[str, Any]]:
    """Return the enterprises with their promises counted, who broke most first, and who is barred: two queries."""
    of_each = {name: Count("pk", filter=Q(outcome=name)) for name in GapOutcome.values}
    grouped = rows.order_by().values("filing__enterprise__code", "filing__enterprise__name")
    counts = grouped.annotate(
        **of_each, wrong=Count("pk", filter=Q(times_wrong__gt=0)), all=Count("pk")
    )
    standing = CreditBar.objects.standing(timezone.localdate(at), at)
    barred = set(standing.values_list("enterprise__code", flat=True))
    found = [{**row, "barred": row["filing__enterprise__code"] in barred} for row in counts]
    return sorted(
        found, key=lambda row: (-row["never"], -row["late"] - row["overdue"], -row["all"])
    )


def sheet_of_gaps(rows: QuerySet[Gap], at: datetime) -> Sheet:
    """Return the ledger as a table for a spreadsheet."""
    heads = (
        _("建设单位"), _("统一社会信用代码"), _("申报编号"), _("项目名称"), _("材料"), _("涉及事项"), _("缺少原因"),
        _("承诺时间"), _("现行期限届满日"), _("提交时间"), _("补齐时间"), _("补交有误（次）"), _("结果"),
    )  # fmt: skip
    return Sheet(_("容缺台账"), heads, _rows(rows, at), rows.order_by().count)


def _rows(rows: QuerySet[Gap], at: datetime) -> Iterator[Sequence[Any]]:
    for gap in rows.iterator(chunk_size=CHUNK):
        filing, material = gap.filing, gap.material
        yield (
            filing.enterprise.label, filing.enterprise.uscc, filing.number, filing.project_name, str(material),
            "、".join(material.item_codes), gap.reason, gap.promised_at, gap.due_at and last_day_of(gap.due_at),
            material.handed_in_at, gap.closed_at, gap.times_wrong, outcome_of(gap, at).label,
        )  # fmt: skip
