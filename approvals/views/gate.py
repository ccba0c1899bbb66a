"""Stage 8: what keeps the start gate shut and whose move it is; approvals by number; the start notification."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import ApprovalForm
from approvals.models import ChecklistItem, Filing
from approvals.policies import checks_change, own_enterprise, records_approval, sees, window
from approvals.queries.gaps import why_undecided
from approvals.rules import limits
from approvals.rules.approving import why_not_taken_up
from approvals.rules.changes import why_not_checked, why_not_handed_in, why_not_returned
from approvals.services import notify_start, record_approval, take_up_item
from approvals.services.approving import why_not_begun
from approvals.stages import AFTER_LIST, GAP_OVER, Approval, Stage, StartGate
from approvals.views.base import CaseStep, just_issued, outcome
from approvals.views.deadlines import card
from core import clock
from core.deadlines.counting import load_interruptions
from core.steps.offers import offered


def gate_rows(filing: Filing, acting: Any) -> list[dict[str, Any]]:
    """Return every item with its gate, its approval, what is missing, and who may record it."""
    running: dict[int | None, list[Any]] = {}
    for limit in filing.limits.select_related("calendar", "item__item").exclude(item=None):
        if limit.running:
            running.setdefault(limit.item_id, []).append(limit)
    load_interruptions(limit for found in running.values() for limit in found)
    items = filing.items.select_related("item", "department", "approval_file", "filing")
    rows = [
        _row(item, running.get(item.pk, []), acting)
        for item in items.prefetch_related("department__names").exclude(applies=False)
    ]
    return sorted(rows, key=lambda row: row["missing"] is None)


def _row(item: ChecklistItem, running: list[Any], acting: Any) -> dict[str, Any]:
    now, filing = clock.now(), item.filing
    mine = records_approval(item, acting)
    return {
        "item": item,
        "missing": item.keeps_gate_shut(),
        "department": item.department.label_on(timezone.localdate(now)),
        "limits": [card(limit, now) for limit in running],
        "may_take_up": mine and not why_not_taken_up(item, running),
        "may_record": mine
        and not filing.ended
        and filing.stage in AFTER_LIST
        and item.start_gate != StartGate.COMMITMENT
        and item.approval in (Approval.OWED, Approval.ISSUED, Approval.REFUSED),
    }


def change_rows(filing: Filing, acting: Any) -> list[dict[str, Any]]:
    """Return what the pre-review wants changed, each with what the reader may do about it now."""
    found = filing.changes.select_related("filing", "item__item", "item__department", "handed_file")
    return [
        {
            "change": change,
            "hand_in": own_enterprise(filing, acting) and not why_not_handed_in(change),
            "finish": checks_change(change, acting) and not why_not_checked(change),
            "send_back": checks_change(change, acting) and not why_not_returned(change),
        }
        for change in found
    ]


class GatePage(CaseStep):
    """开工条件: everything that is still missing, each with whose move it is."""

    template_name = "approvals/gate.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(sees)
    rules = (limits.START_NOTICE.code,)
    title = gettext_lazy("开工条件")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the items, the gaps and the changes."""
        filing = self.subject
        return super().get_context_data(
            rows=gate_rows(filing, self.acting),
            gaps=filing.gaps.exclude(state__in=GAP_OVER).select_related("material"),
            changes=change_rows(filing, self.acting),
            missing=filing.gate_missing(),
            offers=offered(filing, self.acting, ("notify_start",)),
            **kwargs,
        )


class ItemStep(CaseStep):
    """An act on one item of the list; afterwards one is back at the gate."""

    def find(self) -> Filing:
        """Find the case, and the item on its list."""
        filing: Filing = super().find()
        item = (
            filing.items.select_related("item", "department", "filing")
            .filter(code=self.kwargs["code"])
            .first()
        )
        if item is None:
            raise Http404
        self.item: ChecklistItem = item
        return filing

    def allowed(self) -> bool:
        """The responsible department, or the window that keeps the file."""
        return records_approval(self.item, self.acting)

    def get_success_url(self) -> str:
        """Go back to the gate."""
        return reverse("approvals:gate", args=[self.subject.public_id])


class RecordApproval(ItemStep):
    """登记批准."""

    form_class = ApprovalForm
    title = gettext_lazy("登记批准文号")
    verb = gettext_lazy("登记")

    def reasons(self) -> list[str]:
        """Say why nothing can be recorded."""
        if self.item.applies is False:
            return [_("这一事项已经核减，没有要登记的批准。")]
        if self.subject.ended or self.subject.stage in (Stage.DRAFT, Stage.SUBMITTED):
            return [_("本件现在不能登记批准：清单送达以后、终结以前才能登记。")]
        return why_undecided(self.item)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Name the item, and say that silence never does this."""
        said = {"item": self.item, "gate": self.item.get_start_gate_display()}
        return _("%(item)s。开工条件：%(gate)s。沉默不会产生批准，只有登记了文号才算取得。") % said

    def get_initial(self) -> dict[str, Any]:
        """Show what was recorded before, to be put right."""
        if self.item.approval != Approval.ISSUED:
            return {"issued_on": timezone.localdate(self.now())}
        return {"number": self.item.approval_number, "issued_on": self.item.approval_on}

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        record_approval(
            self.item,
            number=data["number"],
            issued_on=data["issued_on"],
            upload=data["upload"],
            by=self.acting,
            at=self.now(),
        )
        left = len(Filing.objects.get(pk=self.subject.pk).gate_missing())
        then = (
            _("开工条件还差%(n)d项。") % {"n": left}
            if left
            else _("开工条件已齐备，轮到窗口发出开工告知书。")
        )
        return outcome(_("已登记：%(item)s。") % {"item": self.item}, then)


class TakeUp(ItemStep):
    """受理审批: the department has the complete application of one item; its limits begin."""

    title = gettext_lazy("受理这一事项的审批")
    verb = gettext_lazy("受理，开始计时")

    def reasons(self) -> list[str]:
        """Say why it cannot be taken up."""
        return why_not_begun(self.item)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say what begins."""
        return _(
            "%(item)s。材料齐全后受理，法定审批时限从受理之日起算（当日不计）；逾期转督办，不产生批准。"
        ) % {"item": self.item}

    def perform(self, data: dict[str, Any]) -> str:
        """Take it up."""
        take_up_item(self.item, by=self.acting, at=self.now())
        return outcome(_("已受理：%(item)s。") % {"item": self.item}, _("期限见“时限”。"))


class NotifyStart(CaseStep):
    """开工告知."""

    template_name = "approvals/start.html"
    policy = staticmethod(window)
    transition = "notify_start"
    rules = (limits.START_NOTICE.code,)
    title = gettext_lazy("发出开工告知书")
    verb = gettext_lazy("发出开工告知书")
    explain = gettext_lazy(
        "开工告知书说明开工条件已经齐备，列明各项批准的文号；它不是许可，不代替任何批准。"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is there and what is missing."""
        return super().get_context_data(
            rows=gate_rows(self.subject, self.acting), missing=self.subject.gate_missing(), **kwargs
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Tell the enterprise that it may start."""
        notify_start(self.subject, by=self.acting, at=self.now())
        return outcome(
            _("开工告知书已发出。"),
            _("企业可以开工；建设中和验收时对照承诺条款核查。"),
            just_issued(self.subject),
        )
