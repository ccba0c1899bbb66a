"""信用修复: asked for once the least time is over, the breach mended and a promise made; decided within P32."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.stages import Role
from approvals.services import lift_bar, tell_enterprise
from core.deadlines.services import end, start
from core.documents.services import keep
from core.notify.services import tell
from core.steps.moves import act, locked, permit
from core.steps.papers import date_text
from core.steps.reasons import NotNow, need_words
from inspection import policies, rules
from inspection.models import Measure, Repair
from inspection.rules.credit import repairable_from
from inspection.services import measure_papers
from inspection.services.effects import mark_bounds
from inspection.services.measures import fresh
from inspection.stages import MeasureKind, MeasureState, RepairState


def why_no_repair(measure: Measure, at: datetime) -> list[str]:
    """Return the sentences that stand against a repair now; an empty list means it can be asked for."""
    day = timezone.localdate(at)
    if measure.kind != MeasureKind.CREDIT or measure.state != MeasureState.IMPOSED:
        return [_("没有生效的失信认定，不需要修复。")]
    assert measure.organ_decided_on is not None
    if measure.shown_until is not None and day > measure.shown_until:
        return [_("公示期已满，已经自行停止公示，不需要修复。")]
    against = []
    first = repairable_from(measure.organ_decided_on, mark_bounds(measure.filing, measure.severity))
    if day < first:
        against.append(_("最短公示期未满：%(day)s起可以申请修复。") % {"day": date_text(first)})
    if not policies.breach_is_mended(measure):
        against.append(_("违反承诺的问题还没有复查合格：先完成整改。"))
    if measure.repairs.filter(state=RepairState.APPLIED).exists():
        against.append(_("已经申请信用修复，等待决定。"))
    return against


@transaction.atomic
def apply_repair(
    measure: Measure,
    *,
    text: str,
    promised: bool,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> Repair:
    """申请信用修复: mended, the least time met, and a public promise made."""
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.disposes_of, by=by, at=at)
    if not text.strip():
        raise ValidationError({"text": _("请写明整改和履行义务的情况。")})
    if not promised:
        raise ValidationError({"promised": _("信用修复须公开作出信用承诺。")})
    if against := why_no_repair(measure, at):
        raise NotNow(against)
    kept = keep(upload, book=filing.book, by=by, at=at) if upload is not None else None
    repair = Repair(
        measure=measure, book=filing.book, text=text, attachment=kept, applied_by=by, applied_at=at
    )
    start(repair, rules.REPAIR, at=at, rulebook=filing.rulebook)
    act(filing, "apply_repair", policy=policies.disposes, by=by, at=at, measure=measure)
    day = timezone.localdate(at)
    people = [*holders(Role.CONVENOR, day), *people_of([repair.department.pk], day)]
    tell(
        people,
        _("%(project)s：企业申请信用修复") % {"project": filing},
        about=f"repair:{repair.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )
    return repair


@transaction.atomic
def decide_repair(
    repair: Repair, *, granted: bool, reasons: str, by: Membership, at: datetime
) -> Repair:
    """信用修复决定: granted, the mark is shown no longer; refused with reasons, it may be asked for again."""
    filing = locked(repair.measure.filing)
    repair = Repair.objects.select_related("measure__filing", "measure__proposed_by").get(
        pk=repair.pk
    )
    permit(repair, policies.decides_repair, by=by, at=at)
    need_words(reasons)
    if repair.state != RepairState.APPLIED:
        raise NotNow([_("这项申请已经决定：%(state)s。") % {"state": repair.get_state_display()}])
    measure = fresh(repair.measure)
    repair.measure = measure
    repair.state = RepairState.GRANTED if granted else RepairState.REFUSED
    repair.reason, repair.decided_by, repair.decided_at = reasons, by, at
    if granted:
        day = timezone.localdate(at)
        measure.state, measure.lifted_at = MeasureState.LIFTED, at
        measure.shown_until = min(measure.shown_until or day, day)
        measure.save()
    repair.paper = measure_papers.repair_decision(repair, granted=granted, by=by, at=at)
    if granted and measure.paper is not None:
        lift_bar(measure.paper, filing=filing, paper=repair.paper, by=by, at=at)
    end(repair, at=at)
    act(
        filing, "decide_repair", policy=lambda _thing, _by: True, by=by, at=at, measure=measure,
        granted=granted, reasons=reasons,
    )  # fmt: skip
    said = {"state": repair.get_state_display()}
    tell_enterprise(filing, _("信用修复：%(state)s") % said, f"repaired{repair.pk}", at)
    return repair
