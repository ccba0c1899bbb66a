"""停工: asked to be lifted, lifted once the breach is mended or the danger gone, or upheld with reasons."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.services import tell_enterprise
from core.deadlines.services import end, start
from core.notify.services import tell
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require
from inspection import policies, rules
from inspection.models import Measure
from inspection.services import measure_papers
from inspection.services.halts import halted, resume_nodes
from inspection.services.measures import fresh
from inspection.stages import MeasureState


@transaction.atomic
def ask_lift(measure: Measure, *, text: str, by: Membership, at: datetime) -> Measure:
    """申请解除停工: the enterprise says what was mended; the convenor answers within P29."""
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.own_enterprise_of, by=by, at=at)
    require(measure, policies.stop_is_in_force)
    if measure.rule == rules.DECIDE.code and measure.running:
        raise NotNow([_("窗口正在考虑解除停工，等待答复。")])
    if not text.strip():
        raise ValidationError({"text": _("请写明整改或者危险消除的情况。")})
    measure.asked, measure.asked_at = text, at
    if measure.rule == rules.VIEWS.code:
        measure.views_until = measure.due_at
    start(measure, rules.DECIDE, at=at, rulebook=filing.rulebook)
    act(
        filing, "ask_lift", policy=policies.own_enterprise, by=by, at=at, measure=measure, note=text
    )
    tell(
        holders(Role.CONVENOR, timezone.localdate(at)),
        _("%(project)s：企业申请解除停工") % {"project": filing},
        about=f"ask_lift:{measure.pk}:{int(at.timestamp())}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )
    return measure


@transaction.atomic
def lift_stop(measure: Measure, *, reasons: str, by: Membership, at: datetime) -> Measure:
    """解除停工: after the recheck found the breach mended, or the danger is gone; the works may go on."""
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.convenor, by=by, at=at)
    need_words(reasons)
    require(measure, policies.stop_is_in_force, policies.breach_is_mended)
    measure.state, measure.lifted_at = MeasureState.LIFTED, at
    nodes = halted(filing)
    measure.lifting_paper = measure_papers.stop_lifted(
        measure, nodes=nodes, reasons=reasons, by=by, at=at
    )
    end(measure, at=at)
    filing.stopped_at = None
    filing.save()
    resume_nodes(measure, nodes, reasons=reasons, by=by, at=at)
    act(
        filing,
        "lift_stop",
        policy=policies.convenor,
        by=by,
        at=at,
        measure=measure,
        reasons=reasons,
    )
    tell_enterprise(filing, _("停工已解除，可以恢复施工"), f"lifted{measure.pk}", at)
    return measure


@transaction.atomic
def uphold_stop(measure: Measure, *, reasons: str, by: Membership, at: datetime) -> Measure:
    """维持停工: the answer to what the enterprise said or asked, with reasons; it may ask again."""
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.convenor, by=by, at=at)
    need_words(reasons)
    require(measure, policies.stop_is_in_force)
    if measure.rule != rules.DECIDE.code or not measure.running:
        raise NotNow([_("企业没有提出意见或者申请，不需要答复。")])
    end(measure, at=at)
    act(
        filing, "uphold_stop", policy=policies.convenor, by=by, at=at, measure=measure,
        reasons=reasons,
    )  # fmt: skip
    said = _("维持停工：%(why)s") % {"why": reasons}
    tell_enterprise(filing, said, f"upheld{measure.pk}", at)
    return measure
