"""Filings: the list, and every step of the way that is taken on the case itself."""

from typing import Any

from django.db.models import Prefetch
from django.urls import path
from django.utils.translation import gettext_lazy as _

from approvals import policies, services
from approvals.api import bodies
from approvals.api.filters import FilingFilter
from approvals.api.issued import MakeOut
from approvals.api.shown import FilingShown, LaterShown, PaperShown
from approvals.models import Filing, StageLimit
from approvals.queries import with_gaps
from approvals.queries.sheets import sheet_of_filings
from approvals.services.drafts import is_enterprise
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Step, Things, addresses
from core.steps.making_out import make_out

FILINGS = Things(
    "filings",
    "filing",
    _("申报件"),
    Filing,
    Filing.objects.visible_to,
    FilingShown,
    key="public_id",
)
OPEN = Step(
    "open", services.open_draft, is_enterprise, _("建立草稿"), opens=True, shown=FilingShown
)
own, window = policies.own_enterprise, policies.window

STEPS = (
    Step("answers", services.save_answers, policies.fills_in, _("回答问卷"), bodies.Answers, take=bodies.merged),
    Step("project", services.save_project, policies.fills_in, _("填写项目信息"), bodies.Project),
    Step("submit", services.submit, own, _("申报")),
    Step("withdraw", services.withdraw, policies.disposes, _("撤回申报"), bodies.Reason),
    Step(
        "ask-later", services.ask_later, policies.asks_later, _("要求清单以外的材料"), bodies.LaterBody,
        shown=LaterShown,
    ),
    Step(
        "renew-query-code", services.renew_query_code, policies.follows, _("更换查询码"),
        explain=_("原查询码立即失效；新的查询码在申报件全貌的 query_code 中。"),
    ),
    Step(
        "licence", services.confirm_licence, window, _("核对营业执照"),
        of=lambda filing, _by: filing.enterprise,
    ),
    Step("eligibility", services.decide_eligible, window, _("决定适用承诺制"), bodies.Note),
    Step("ordinary", services.send_to_ordinary, window, _("不适用承诺制，转一般程序"), bodies.LongReason),
    Step(
        "make-out", make_out, policies.sees, _("依请求制发文书"), MakeOut,
        explain=_("意见表、异议受理和答复、许可决定、送达回证、信用修复申请；每个事项一份，已有的返回原件。"),
        shown=PaperShown,
    ),
    Step("serve", services.serve_checklist, window, _("送达一次性告知书")),
    Step("acknowledge", services.acknowledge_checklist, policies.receives, _("签收告知书")),
    Step("hand-in", services.hand_in, own, _("提交材料")),
    Step(
        "review", services.review_materials, window, _("逐件核收，一次保存"), bodies.MaterialReview,
        take=bodies.reviewed, explain=_("几件材料的决定同时生效，或者都不生效；可以同时一次告知补正或者受理。"),
    ),
    Step("accept", services.accept, window, _("受理")),
    Step("ask-correction", services.ask_correction, window, _("一次告知补正")),
    Step("hand-in-correction", services.hand_in_correction, own, _("提交补正材料")),
    Step("refuse", services.refuse, window, _("不予受理"), bodies.LongReason),
    Step(
        "lift-application-bar", services.lift_application_bar, policies.supervisor, _("解除再次申请限制"),
        bodies.LiftBody, explain=_("原决定经复议、诉讼撤销或者变更的，凭该文书解除；从解除时起可以再次申请。"),
    ),
    Step("decline", services.decline_items, policies.disposes, _("选择不作承诺的事项"), bodies.Codes),
    Step("sign", services.sign_letter, policies.disposes, _("签署承诺书"), bodies.Scan),
    Step("reject-scan", services.reject_scan, window, _("退回扫描件"), bodies.Reason),
    Step("verify", services.verify_letter, window, _("核验承诺书")),
    Step("notify-start", services.notify_start, window, _("发出开工告知书")),
)  # fmt: skip


class Filings(Listing):
    """申报件."""

    things = FILINGS
    step = OPEN
    title = _("申报件清单")
    filterset_class = FilingFilter

    def rows(self, seen: Any) -> Any:
        """Add the enterprise and the limits that run."""
        running = StageLimit.objects.filter(ended_at=None).select_related("calendar")
        return (
            with_gaps(seen)
            .select_related("enterprise", "site")
            .prefetch_related(Prefetch("limits", running))
        )


class FilingExport(Export):
    """申报件 as a file."""

    things = FILINGS
    title = _("导出申报件清单")
    filterset_class = FilingFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table that the page hands out, too."""
        return sheet_of_filings(with_gaps(rows))


ADDRESSES = [
    path("filings/export/", FilingExport.as_view(), name="filing_export"),
    *addresses(FILINGS, *STEPS),
]
