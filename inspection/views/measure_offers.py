"""What one measure says of itself and offers to a person now, each with what stands against it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.rules.citing import in_words
from core.steps.offers import Offered
from core.steps.templatetags.look import date_long, deadline_long
from inspection import policies
from inspection.models import Measure
from inspection.queries.measures import shown
from inspection.rules import DECIDE
from inspection.rules.measures import UNDECIDED, at_once
from inspection.services.repairs import why_no_repair
from inspection.stages import Ground, MeasureKind, MeasureState, RepairState


def measure_facts(measure: Measure, at: datetime) -> list[dict[str, Any]]:
    """Return everything a measure says, as a summary list."""
    rows = [
        (_("状态"), measure.get_state_display()),
        (_("事由"), in_words(measure.get_ground_display())),
        (_("所依据的问题"), str(measure.finding or "")),
        (_("事实和理由"), measure.text),
        (_("依据"), in_words(measure.legal_basis)),
        (_("范围"), measure.scope),
        (_("提出"), f"{measure.proposed_by.organisation} · {deadline_long(measure.proposed_at)}"),
        (_("陈述、申辩"), _spoken(measure)),
        (_("申请解除"), measure.asked),
        (_("决定"), _decided(measure)),
        (_("认定机关和文号"), f"{measure.organ} {measure.organ_number}".strip()),
        (_("程度"), measure.get_severity_display()),
        (_("公示"), _shown(measure, at)),
        (_("解除"), deadline_long(measure.lifted_at) if measure.lifted_at else ""),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _spoken(measure: Measure) -> str:
    if measure.views_at is None:
        return ""
    late = _("（逾期提出）") if measure.views_late else ""
    return f"{deadline_long(measure.views_at)}{late} {measure.views}"


def _decided(measure: Measure) -> str:
    when = deadline_long(measure.decided_at) if measure.decided_at else ""
    return f"{when} {measure.decision}".strip()


def _shown(measure: Measure, at: datetime) -> str:
    if measure.kind != MeasureKind.CREDIT or measure.organ_decided_on is None:
        return ""
    if measure.shown_until is None:
        return _("不公示")
    until = {"day": date_long(measure.shown_until)}
    if shown(measure, at):
        return _("公示至%(day)s，期满自行停止") % until
    return _("公示已于%(day)s停止") % until


def measure_offers(measure: Measure, by: Any, at: datetime) -> list[Offered]:
    """Return what a person can do with a measure now."""
    if policies.own_enterprise_of(measure, by):
        return _for_enterprise(measure, at)
    return _for_deciders(measure, by, at)


def _to(measure: Measure, name: str, *more: Any) -> str:
    return reverse(f"inspection:{name}", args=[measure.filing.public_id, measure.pk, *more])


def _for_enterprise(measure: Measure, at: datetime) -> list[Offered]:
    found = []
    in_force = measure.state == MeasureState.IMPOSED
    heard_after = at_once(measure.kind, measure.ground) and in_force
    unheard = measure.views_at is None and measure.ground != Ground.WISH
    if unheard and (measure.state in UNDECIDED or heard_after):
        found.append(Offered("give_views", _("陈述、申辩"), _to(measure, "give_views")))
    if measure.kind == MeasureKind.STOP and in_force:
        waits = measure.rule == DECIDE.code and measure.running
        reasons = [_("窗口正在考虑解除停工，等待答复。")] if waits else []
        found.append(Offered("ask_lift", _("申请解除停工"), _to(measure, "ask_lift"), reasons))
    if measure.kind == MeasureKind.CREDIT and in_force:
        against = why_no_repair(measure, at)
        found.append(Offered("repair", _("申请信用修复"), _to(measure, "apply_repair"), against))
    return found


def _for_deciders(measure: Measure, by: Any, at: datetime) -> list[Offered]:
    found = []
    if measure.state in UNDECIDED and policies.convenor(measure, by):
        reasons = policies.still_to_be_heard(measure, at)
        if not policies.decides_measure(measure, by):
            reasons = [_("提出处理的人不能自己决定，由另一位召集人决定。")]
        found.append(Offered("decide", _("决定处理"), _to(measure, "decide_measure"), reasons))
    if policies.stop_is_in_force(measure) and policies.convenor(measure, by):
        mended = policies.breach_is_mended(measure)
        reasons = [] if mended else [str(policies.breach_is_mended.reason)]  # type: ignore[attr-defined]
        found.append(Offered("lift", _("解除停工"), _to(measure, "lift_stop"), reasons))
        if measure.rule == DECIDE.code and measure.running:
            found.append(
                Offered("uphold", _("维持停工"), _to(measure, "uphold_stop"), primary=False)
            )
    for repair in measure.repairs.all():
        if repair.state == RepairState.APPLIED and policies.decides_repair(repair, by):
            url = _to(measure, "decide_repair", repair.pk)
            found.append(Offered("decide_repair", _("决定信用修复"), url))
    return found
