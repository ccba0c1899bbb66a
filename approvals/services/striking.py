"""核减: a listed item does not apply after all; what only it asked for is asked for no more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from approvals import policies
from approvals.models import ChecklistItem, Filing, Gap, Material
from approvals.services.gaps_late import caught_up
from approvals.services.gate import open_gate
from approvals.services.telling import tell_enterprise
from approvals.services.tolerance import resume
from approvals.stages import GAP_OVER, WORKS, GapState, MaterialState, Stage
from core.deadlines.services import end
from core.ledger.services import lock, record
from core.notify.words import said as _
from core.steps.moves import act, locked
from core.steps.reasons import NotNow, need_words, require

# What has come and is right stays in the file; what is not there, or is not looked at yet, is let go.
NOT_YET_IN = (
    MaterialState.WANTED,
    MaterialState.RETURNED,
    MaterialState.DEPENDENCY,
    MaterialState.GAP,
)


@dataclass(frozen=True)
class Struck:
    """What another desk does when an item is struck.

    `books` names the books it has to write into beside the filing's, which are locked before it; `follow` is told the
    item, and which of these books are held.
    """

    books: Callable[[Filing], list[int]]
    follow: Callable[[ChecklistItem, set[int], datetime], None]


STRUCK: list[Struck] = []  # filled in ready()


@transaction.atomic
def strike_item(item: ChecklistItem, *, reason: str, by: Membership, at: datetime) -> ChecklistItem:
    """核减: the window finds that a listed item does not apply, with the reason; the list only gets shorter.

    A paper that only struck items wanted is no longer asked for, promised or not; a case that stood still for it alone
    goes on. Raises NotNow where the promise was broken for good before.
    """
    need_words(reason)
    held = {book for desk in STRUCK for book in desk.books(item.filing)}
    if held:
        lock(*held)
    filing = caught_up(locked(item.filing), at)
    if filing.ended or filing.stage in (Stage.DRAFT, Stage.SUBMITTED, *WORKS):
        raise NotNow([_("清单送达以后、开工告知以前才能核减事项。")])
    item = ChecklistItem.objects.select_related("filing", "department", "item").get(pk=item.pk)
    require(item, policies.item_is_to_be_checked)
    act(filing, "strike_item", policy=policies.window, by=by, at=at, item=item.code, reason=reason)
    item.applies, item.struck_reason = False, reason
    item.save()
    for limit in item.limits.filter(ended_at=None):
        end(limit, at=at)
    _ask_no_more(filing, at)
    for desk in STRUCK:
        desk.follow(item, held, at)
    open_gate(filing, at)
    return item


def _ask_no_more(filing: Filing, at: datetime) -> None:
    """Void the papers that only struck items wanted, and end the promises of those that were promised."""
    struck = set(filing.items.filter(applies=False).values_list("code", flat=True))
    running = filing.gaps.exclude(state__in=GAP_OVER).select_related("material", "calendar")
    gaps = {gap.material_id: gap for gap in running}
    dropped = False
    for paper in filing.materials.filter(state__in=NOT_YET_IN):
        # What was asked for outside the list belongs to no item, so no item takes it along.
        if not paper.item_codes or not struck.issuperset(paper.item_codes):
            continue
        paper.state = MaterialState.VOID
        paper.save()
        if gap := gaps.get(paper.pk):
            _drop(filing, gap, paper, at)
            dropped = True
    if dropped:
        resume(filing, _("待补的材料不再需要，恢复办理"), at)


def _drop(filing: Filing, gap: Gap, paper: Material, at: datetime) -> None:
    """The promise has nothing left to keep: it was neither kept nor broken."""
    gap.state = GapState.DROPPED
    end(gap, at=at)
    record(filing.book, "drop_gap", by=system_actor(), at=at, material=paper)
    words = _("所涉事项已核减，容缺材料“%(what)s”不必再补交") % {"what": paper.name}
    tell_enterprise(filing, words, f"dropped{gap.pk}", at)
