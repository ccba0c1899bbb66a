"""处理: intended and told, the enterprise heard, decided by a second person with reasons, and what then follows."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.queries import in_role
from accounts.stages import Role
from approvals.models import CorrectionCase, Filing
from approvals.services import tell_enterprise
from approvals.services.gate import settle_case
from core.deadlines.services import end, start
from core.documents.services import keep
from core.notify.services import tell
from core.rows import Read
from core.steps.moves import act, locked, permit
from core.steps.papers import in_chinese
from core.steps.reasons import NotNow, need_words
from inspection import policies, rules
from inspection.models import Finding, Measure
from inspection.rules.measures import UNDECIDED, bears, ground_words, meets, needs_finding
from inspection.services import measure_papers
from inspection.services.effects import OrganDecision, impose
from inspection.services.timeouts import unheard
from inspection.stages import FindingState, Ground, MeasureKind, MeasureState, Severity


@dataclass(frozen=True)
class Intention:
    """What is proposed: the measure, its ground, facts and law; a finding, a case, scope or grade where wanted."""

    kind: str
    ground: str
    text: str
    legal_basis: str
    finding: Finding | None = None
    case: CorrectionCase | None = None
    severity: str = ""
    scope: str = ""


def not_mended(finding: Finding, at: datetime) -> bool:
    """Whether a breach stands unmended at an instant: looked at in vain, or its days are over without a report."""
    if finding.state == FindingState.FAILED:
        return True
    return finding.state == FindingState.OPEN and finding.late(at)


def _check(filing: Filing, said: Intention, at: datetime) -> None:
    """Refuse a measure whose ground does not bear it, or that the case cannot be met by now."""
    kind = str(MeasureKind(said.kind).label)
    if not bears(said.kind, said.ground) or said.ground == Ground.WISH:
        wrong = {"ground": ground_words(said.ground), "kind": kind}
        raise ValidationError({"ground": _("“%(ground)s”不能作为“%(kind)s”的事由。") % wrong})
    _check_words(said)
    if not meets(said.kind, filing.stage):
        raise NotNow([_out_of_stage(filing, kind)])
    _check_finding(filing, said, at)
    if filing.measures.filter(kind=said.kind, state__in=UNDECIDED).exists():
        raise NotNow([_("本件已有一项“%(kind)s”尚未决定，先作出决定。") % {"kind": kind}])
    if said.kind == MeasureKind.STOP and filing.stopped_at is not None:
        raise NotNow([_("本项目已经停工，解除以前不再重复责令。")])
    letter = filing.letter()
    if said.kind == MeasureKind.CREDIT and (letter is None or letter.verified_at is None):
        raise NotNow([_("企业没有签署过承诺书，谈不上违反承诺。")])


def _out_of_stage(filing: Filing, kind: str) -> str:
    return _("当前阶段是“%(stage)s”，不能作“%(kind)s”处理。") % {
        "stage": filing.get_stage_display(),
        "kind": kind,
    }


def _check_words(said: Intention) -> None:
    wanted = {"text": said.text, "legal_basis": said.legal_basis}
    if said.kind == MeasureKind.STOP:
        wanted["scope"] = said.scope
    if missing := [name for name, words in wanted.items() if not words.strip()]:
        raise ValidationError({name: _("请写明事实、理由、依据和范围。") for name in missing})
    if said.kind == MeasureKind.CREDIT and said.severity not in Severity.values:
        raise ValidationError({"severity": _("请选择失信程度。")})


def _check_finding(filing: Filing, said: Intention, at: datetime) -> None:
    finding, case = said.finding, said.case
    if case is not None and (case.filing_id != filing.pk or case.closed_at is not None):
        raise ValidationError({"case": _("这件纠错事项不属于本件，或者已经办结。")})
    if finding is not None and finding.filing_id != filing.pk:
        raise ValidationError({"finding": _("这个问题不属于本件。")})
    if not needs_finding(said.ground):
        return
    if finding is None:
        raise ValidationError({"finding": _("请选择逾期未改或者整改不合格的问题。")})
    if not not_mended(finding, at):
        raise NotNow([_("这个问题还在整改或者已经改好，不能以未改为由处理。")])


@transaction.atomic
def propose_measure(
    filing: Filing, *, intention: Intention, by: Membership, at: datetime
) -> Measure:
    """拟作处理: the enterprise is told the facts, the law and what is intended, and has P11 to speak."""
    filing = locked(filing)
    permit(filing, policies.proposes_measures, by=by, at=at)
    if intention.kind not in MeasureKind.values or intention.ground not in Ground.values:
        raise ValidationError({"kind": _("请选择处理方式和事由。")})
    _check(filing, intention, at)
    measure = Measure(
        filing=filing, book=filing.book, proposed_by=by, proposed_at=at, **vars(intention)
    )
    start(measure, rules.VIEWS, at=at, rulebook=filing.rulebook)
    measure.notice = measure_papers.intended(measure, by=by, at=at)
    measure.save()
    act(
        filing, "propose_measure", policy=policies.proposes_measures, by=by, at=at,
        measure=measure, kind=measure.kind, ground=measure.ground, finding=measure.finding,
        due_at=measure.due_at,
    )  # fmt: skip
    what = _("拟作“%(kind)s”处理，请在期限内陈述、申辩") % {"kind": measure.get_kind_display()}
    tell_enterprise(filing, what, f"measure{measure.pk}", at)
    if measure.urgent:
        _tell_convenors(measure, _("%(project)s：危及安全，请立即决定是否停工"), at)
    return measure


def _tell_convenors(measure: Measure, sentence: str, at: datetime) -> None:
    tell(
        in_role(Role.CONVENOR, timezone.localdate(at)),
        sentence % {"project": measure.filing},
        about=f"measure:{measure.pk}:{measure.state}:{measure.rule}",
        at=at,
        link=f"/cases/{measure.filing.public_id}/",
    )


def fresh(measure: Measure) -> Measure:
    """Return the measure as it is now; the caller holds the lock of its case."""
    return MEASURE.get(measure.pk)  # type: ignore[no-any-return]


MEASURE = Read(
    lambda: Measure.objects.select_related(
        "filing__rulebook", "filing__enterprise", "finding__clause", "finding__paper", "notice",
        "paper", "proposed_by", "case",
    ), "pk",
)  # fmt: skip


@transaction.atomic
def give_views(
    measure: Measure, *, text: str, by: Membership, at: datetime, upload: UploadedFile | None = None
) -> Measure:
    """陈述、申辩: in time, or late and marked so, and still heard until it is decided; a danger stop is heard after."""
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.disposes_of, by=by, at=at)
    _may_speak(measure)
    if not text.strip():
        raise ValidationError({"text": _("请写明陈述、申辩的内容。")})
    _close_hearing(measure, at)
    until = measure.heard_until
    measure.views, measure.views_at = text, at
    measure.views_late = until is not None and at > until
    if upload is not None:
        measure.views_file = keep(upload, book=filing.book, by=by, at=at)
    if measure.state == MeasureState.INTENDED:
        measure.state = MeasureState.HEARD
    if measure.rule == rules.VIEWS.code:
        measure.views_until = until
        start(measure, rules.DECIDE, at=at, rulebook=filing.rulebook)
    measure.save()
    act(
        filing, "give_views", policy=policies.disposes, by=by, at=at,
        measure=measure, late=measure.views_late,
    )  # fmt: skip
    _tell_convenors(measure, _("%(project)s：企业已陈述、申辩，请作出决定"), at)
    return measure


def _may_speak(measure: Measure) -> None:
    """Raise unless the enterprise can still be heard: before the decision, once; after a danger stop likewise."""
    if measure.views_at is not None:
        raise NotNow([_("已经收到您的陈述、申辩，等待决定。")])
    if measure.ground == Ground.WISH:
        raise NotNow([_("这是企业自己的申请，等待窗口决定。")])
    afterwards = measure.urgent and measure.state == MeasureState.IMPOSED
    if measure.state not in UNDECIDED and not afterwards:
        raise NotNow([_("已经作出决定；不服的，可以依法申请行政复议或者提起行政诉讼。")])


def _close_hearing(measure: Measure, at: datetime) -> None:
    """Let the end of the days to be heard take effect at an instant past it, whether or not a sweep has run."""
    if measure.rule == rules.VIEWS.code and measure.running and measure.late(at):
        unheard(measure, at)


def _may_decide(measure: Measure, filing: Filing, *, imposed: bool, at: datetime) -> None:
    """Raise NotNow unless it is undecided, was heard, and its ground still bears it."""
    if measure.state not in UNDECIDED:
        raise NotNow(
            [_("这项处理已经有结果：%(state)s。") % {"state": measure.get_state_display()}]
        )
    _close_hearing(measure, at)
    urgent = imposed and measure.urgent
    if measure.state == MeasureState.INTENDED and not urgent:
        raise NotNow([_("还在听取企业意见：企业陈述、申辩以后，或者期限届满以后，才能作出决定。")])
    if imposed and not meets(measure.kind, filing.stage):
        raise NotNow([_out_of_stage(filing, measure.get_kind_display())])
    mended = measure.finding is not None and measure.finding.state == FindingState.CLOSED
    if imposed and mended and measure.kind in (MeasureKind.STOP, MeasureKind.EXIT):
        raise NotNow([_("所依据的问题已经复查合格：请决定不予处理。")])


@in_chinese
def _end_case(measure: Measure, *, by: Membership, at: datetime) -> None:
    """纠错事项到此办结: the late opinion that it rests on has had its decision, one way or the other."""
    if measure.case is None:
        return
    number = f"（{measure.paper.number}）" if measure.paper else ""
    what = f"{MeasureKind(measure.kind).label}：{MeasureState(measure.state).label}{number}。{measure.decision}"
    settle_case(measure.case, outcome=what, by=by, at=at)


@transaction.atomic
def decide_measure(
    measure: Measure,
    *,
    imposed: bool,
    reasons: str,
    by: Membership,
    at: datetime,
    organ: OrganDecision | None = None,
) -> Measure:
    """决定: by another person than the proposer, with reasons, once the enterprise was heard or its days are over.

    What endangers people is stopped at once and heard afterwards. A credit mark registers what the competent organ
    decided (`organ`). Raises NotNow before the hearing is over, ValidationError without reasons.
    """
    filing = locked(measure.filing)
    measure = fresh(measure)
    permit(measure, policies.decides_measure, by=by, at=at)
    need_words(reasons)
    _may_decide(measure, filing, imposed=imposed, at=at)
    measure.decision, measure.decided_by, measure.decided_at = reasons, by, at
    measure.state = MeasureState.IMPOSED if imposed else MeasureState.DROPPED
    if measure.rule != rules.VIEWS.code or not imposed:
        end(measure, at=at)
    act(
        filing, "decide_measure", policy=lambda _thing, _by: True, by=by, at=at,
        measure=measure, kind=measure.kind, imposed=imposed, reasons=reasons,
    )  # fmt: skip
    if imposed:
        impose(measure, organ=organ, by=by, at=at)
    measure.save()
    _end_case(measure, by=by, at=at)
    said = {"kind": measure.get_kind_display(), "state": measure.get_state_display()}
    tell_enterprise(filing, _("“%(kind)s”：%(state)s") % said, f"decided{measure.pk}", at)
    return measure
