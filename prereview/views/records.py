"""A default as a record on pages: what it was, what was said against it, what became of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.steps.templatetags.look import deadline_long, moment
from prereview.models import Contest, MakeUp, Opinion, Slot, Withdrawal
from prereview.stages import ContestResult
from prereview.views.words import what


def record_url(slot: Slot) -> str:
    """Return the address of what a slot's silence came to."""
    return reverse("prereview:proof", args=[slot.pk])


def fact(key: Any, value: Any, note: Any = "", url: str = "") -> dict[str, Any]:
    """Return a row for components/summary_list.html."""
    return {"key": key, "value": value, "note": note, "url": url}


def _paper(row: dict[str, Any], paper: Any) -> dict[str, Any]:
    if paper is not None:
        row["note"] = f"{row['note']} {paper.number}".strip()
        row["url"] = reverse("approvals:paper", args=[paper.code])
    return row


def record_rows(default: Opinion) -> list[dict[str, Any]]:
    """Return a default in short: whose, on what, since when, under which number."""
    slot = default.slot
    notice = fact(_("通知书"), default.paper.label if default.paper else "")
    return [
        fact(_("部门"), slot.department.label),
        fact(_("事项"), what(slot)),
        fact(_("结果"), default.get_position_display()),
        fact(_("生效"), deadline_long(default.effective_at)),
        _paper(notice, default.paper),
        *contest_rows(getattr(default, "contest", None)),
        *[row for one in default.withdrawals.all() for row in withdrawal_rows(one)],
    ]


def make_up_rows(made: MakeUp | None) -> list[dict[str, Any]]:
    """Return how the duty to make the opinion up stands."""
    if made is None:
        return []
    if made.done_at:
        return [fact(_("补做意见"), moment(made.done_at))]
    if made.ended_at:
        return [fact(_("补做意见"), _("默认已撤回，不再补做"))]
    note = _("逾期，已转效能监督督办") if made.escalated_at else _("逾期转效能监督督办")
    return [fact(_("补做意见"), _("%(until)s前") % {"until": deadline_long(made.due_at)}, note)]


def contest_rows(contest: Contest | None) -> list[dict[str, Any]]:
    """Return a contest with its decision or until when that is due."""
    if contest is None:
        return []
    rows = [fact(_("部门的异议"), contest.text, moment(contest.lodged_at))]
    if contest.result == ContestResult.OPEN:
        until = deadline_long(contest.due_at) if contest.due_at else _("放假安排公布后确定的日期")
        return [*rows, fact(_("异议的决定"), _("%(until)s前决定") % {"until": until})]
    decided = fact(
        _("异议的决定"), f"{contest.get_result_display()}：{contest.reason}", moment(contest.decided_at)
    )  # fmt: skip
    return [*rows, _paper(decided, contest.paper)]


def withdrawal_rows(one: Withdrawal) -> list[dict[str, Any]]:
    """Return a withdrawal: what was proposed on what basis, and the second person's word."""
    proposed = f"{one.reason}（{one.legal_basis}）"
    rows = [fact(_("提出撤回"), proposed, moment(one.proposed_at))]
    if one.decided_at is None:
        return [*rows, fact(_("撤回的批准"), one.get_state_display())]
    decided = fact(
        _("撤回的批准"), f"{one.get_state_display()}：{one.decision}", moment(one.decided_at)
    )  # fmt: skip
    return [*rows, _paper(decided, one.paper)]
