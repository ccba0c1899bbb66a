"""建设期间的报告: the enterprise says when it began, how far it is, and when it is done (核准和备案管理条例 16)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing, StageLimit
from approvals.policies import own_enterprise, works_go_on
from approvals.rules import limits
from core.deadlines.rules import Rule
from core.deadlines.services import end, start
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, require
from core.steps.templatetags.look import date_long
from inspection import policies
from inspection.models import Report
from inspection.queries.works import checking_departments, started_on
from inspection.services.nodes import (
    Plan,
    checked_plan,
    node_is_reached,
    node_to_report,
    promise_nodes,
)
from inspection.services.plan import begin_plan, report_has_come
from inspection.services.telling import tell_departments
from inspection.stages import ReportKind


@transaction.atomic
def report_start(
    filing: Filing,
    *,
    happened_on: date,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
    nodes: Plan | None = None,
) -> Report:
    """开工报告: the works have begun; the first check and the progress reports are due from now.

    `nodes` has the promised day of every node between start and completion, None where the works have no such node.
    """
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    if reasons := filing.why_not("report_start"):
        raise NotNow(reasons)
    notified = filing.start_notified_at and timezone.localdate(filing.start_notified_at)
    # Works that began before the gate was open are on record: their true day is not refused.
    early = filing.early_starts.filter(began_on__lte=happened_on).exists()
    if notified and happened_on < notified and not early:
        day = date_long(notified)
        raise ValidationError(
            {"happened_on": _("开工日期不能早于开工告知书的日期（%(day)s）。") % {"day": day}}
        )
    plan = checked_plan(filing, nodes or {}, happened_on)
    report = _written(filing, ReportKind.START, happened_on, text, by=by, at=at, upload=upload)
    filing = move(filing.report_start, by=by, at=at, report=report.pk)  # type: ignore[assignment]
    filing.started_at = at
    filing.save()
    if plan:
        listed = promise_nodes(filing, plan, at)
        act(filing, "promise_nodes", policy=own_enterprise, by=by, at=at, nodes=listed)
    begin_plan(filing, by=by, at=at)
    told = _("已报告开工（%(day)s），请安排首次检查") % {"day": date_long(happened_on)}
    _tell_departments(report, told)
    return report


@transaction.atomic
def report_progress(
    filing: Filing,
    *,
    happened_on: date,
    percent: int,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
    node: str = "",
) -> Report:
    """进度报告: how far the works are; the next one is due anew. A stop order does not end the duty to report.

    `node` is the code of the node of the plan that is reached, with its evidence; one that was left out may still be
    reported when the works are done.
    """
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    require(filing, policies.is_building, *(() if node else (policies.completion_is_not_reported,)))
    _after_the_start(filing, happened_on)
    named = node_to_report(filing, node, upload) if node else None
    said = filing.reports.filter(kind=ReportKind.PROGRESS, happened_on=happened_on, node=None)
    if named is None and said.exists():
        raise NotNow([_("这一天的进度已经报告过；工程有新的进展时再报告。")])
    report = _written(
        filing, ReportKind.PROGRESS, happened_on, text, by=by, at=at, upload=upload, percent=percent,
        node=named,
    )  # fmt: skip
    more: dict[str, Any] = {"node": node} if node else {}
    act(
        filing, "report_progress", policy=own_enterprise, by=by, at=at,
        report=report.pk, percent=percent, on=happened_on, **more,
    )  # fmt: skip
    if named is not None:
        node_is_reached(named, at)
    _next_report(filing, at)
    return report


def _next_report(filing: Filing, at: datetime) -> None:
    """Let the next progress report be due anew, while the works are not reported as done."""
    _end_progress_limit(filing, at)
    report_has_come(filing, at)
    going_on = policies.completion_is_not_reported(filing)
    if going_on and limits.PROGRESS_REPORT in filing.begun_with_stage(at):
        start(
            StageLimit(filing=filing, book=filing.book), limits.PROGRESS_REPORT, at=at,
            rulebook=filing.rulebook,
        )  # fmt: skip


@transaction.atomic
def report_completion(
    filing: Filing,
    *,
    happened_on: date,
    text: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
    built_m2: Decimal | None = None,
    invested_wan: Decimal | None = None,
) -> Report:
    """竣工报告: the works are done, no progress is reported any more; the joint acceptance is applied for next.

    What was built (m²) and invested (万元) is kept as the enterprise states it and shown beside what was promised; no
    difference is a ground for anything by itself.
    """
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    require(filing, policies.is_building, works_go_on, policies.completion_is_not_reported)
    _after_the_start(filing, happened_on)
    report = _written(
        filing, ReportKind.COMPLETION, happened_on, text, by=by, at=at, upload=upload, percent=100,
        built_m2=built_m2, invested_wan=invested_wan,
    )  # fmt: skip
    act(
        filing, "report_completion", policy=own_enterprise, by=by, at=at,
        report=report.pk, on=happened_on, built_m2=_said(built_m2), invested_wan=_said(invested_wan),
    )  # fmt: skip
    _end_progress_limit(filing, at)
    report_has_come(filing, at)
    _tell_departments(report, _("已报告竣工（%(day)s）") % {"day": date_long(happened_on)})
    return report


def _written(
    filing: Filing,
    kind: ReportKind,
    happened_on: date,
    text: str,
    *,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None,
    percent: int | None = None,
    **more: Any,
) -> Report:
    """Write a report down; ValidationError for a day to come, for no words, and for more than the whole."""
    if happened_on > timezone.localdate(at):
        raise ValidationError({"happened_on": _("日期不能晚于今天。")})
    if not text.strip():
        raise ValidationError({"text": _("请写明报告内容。")})
    report = Report(
        filing=filing, kind=kind, happened_on=happened_on, percent=percent, text=text.strip(),
        reported_by=by, reported_at=at,
        attachment=keep(upload, book=filing.book, by=by, at=at) if upload else None, **more,
    )  # fmt: skip
    # What it refers to was read in this act; the database holds it to that besides.
    report.full_clean(exclude={"reported_by", "attachment", "node"}, validate_unique=False)
    report.save()
    return report


def _said(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _after_the_start(filing: Filing, happened_on: date) -> None:
    begun = started_on(filing)
    if begun and happened_on < begun:
        raise ValidationError(
            {
                "happened_on": _("日期不能早于报告的开工日期（%(day)s）。")
                % {"day": date_long(begun)}
            }
        )


def is_owed_no_more(filing: Filing, rule: Rule) -> bool:
    """Whether a limit asks for the progress of works that are reported as done."""
    return rule == limits.PROGRESS_REPORT and not policies.completion_is_not_reported(filing)


def _end_progress_limit(filing: Filing, at: datetime) -> None:
    for limit in filing.limits.filter(rule=limits.PROGRESS_REPORT.code, ended_at=None):
        end(limit, at=at)


def _tell_departments(report: Report, said: str) -> None:
    """Tell the departments that check a clause of the case what the enterprise reported."""
    about = f"report:{report.pk}"
    tell_departments(
        report.filing, checking_departments(report.filing), said, about, report.reported_at
    )
