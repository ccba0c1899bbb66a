"""申报件: one investment project in the mechanism; its life fits on one screen."""

import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership, Organisation
from accounts.stages import Role
from approvals import policies
from approvals.models.catalogue import CatalogueEdition, Industry, Region
from approvals.rules import limits
from approvals.stages import AFTER_LIST, BEFORE_START, ENDS, STEP_OF, Approval, GapState, MaterialState, Stage
from core.deadlines.models import RulebookEdition, Timed
from core.deadlines.services import end, start
from core.documents.models import Attachment, Paper
from core.steps.models import Stepped


def new_public_id() -> str:
    """Return the name of a case in addresses: nobody counts cases by it."""
    return secrets.token_hex(6)


def new_query_code() -> str:
    """Return the code by which an enterprise follows its case without an account."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRTUWXY") for _place in range(8))


def nothing_answered() -> list[str]:
    """Return the mark of a questionnaire nobody has opened."""
    return ["*"]


class FilingQuerySet(models.QuerySet["Filing"]):
    """Cases as a person may see them; pages and lists start from here."""

    def visible_to(self, by: Membership) -> "FilingQuerySet":
        """Return what concerns a person, by query and not by hidden buttons."""
        if by.role == Role.ENTERPRISE:
            return self.filter(enterprise_id=by.organisation_id)
        if by.role in (Role.CLERK, Role.HEAD):
            mine = Q(items__department_id=by.organisation_id) | Q(
                items__item__co_departments=by.organisation_id
            )
            return self.filter(mine, stage__in=AFTER_LIST).distinct()
        if by.role in (Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
            return self.exclude(stage=Stage.DRAFT)
        return self.none()

    def running(self) -> "FilingQuerySet":
        """Leave out drafts, ends and what has been told to start."""
        return self.exclude(stage__in=(Stage.DRAFT, Stage.START_NOTIFIED, *ENDS))


class Filing(Stepped):
    """申报件: what an enterprise files once, from draft to start notification."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    query_code = models.CharField(_("查询码"), max_length=8, default=new_query_code, editable=False)
    number = models.CharField(_("申报编号"), max_length=40, blank=True, db_index=True)
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="filings")
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    stage = FSMField(_("阶段"), default=Stage.DRAFT, choices=Stage.choices, protected=True, db_index=True)
    stage_since = models.DateTimeField(_("进入本阶段"))

    project_name = models.CharField(_("项目名称"), max_length=120, blank=True)
    project_code = models.CharField(_("项目代码"), max_length=24, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name=_("行业"))
    site = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("建设地点（乡镇）"))
    site_detail = models.CharField(_("详细地点（到村）"), max_length=120, blank=True)
    scale = models.TextField(_("建设规模和内容"), blank=True, max_length=1000)
    investment_wan = models.DecimalField(_("总投资（万元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    land_mu = models.DecimalField(_("用地面积（亩）"), max_digits=10, decimal_places=2, null=True, blank=True)
    planned_start = models.DateField(_("计划开工"), null=True, blank=True)
    planned_completion = models.DateField(_("计划竣工"), null=True, blank=True)
    planned_production = models.DateField(_("计划投产"), null=True, blank=True)

    answers = models.JSONField(_("问卷"), default=dict, blank=True)
    unanswered = models.JSONField(_("未答问题"), default=nothing_answered, blank=True)
    catalogue = models.ForeignKey(CatalogueEdition, models.PROTECT, null=True, blank=True, related_name="+")
    rulebook = models.ForeignKey(RulebookEdition, models.PROTECT, null=True, blank=True, related_name="+")

    submitted_at = models.DateTimeField(_("申报时间"), null=True, blank=True)
    eligible_at = models.DateTimeField(_("适用决定时间"), null=True, blank=True)
    checklist_paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    served_at = models.DateTimeField(_("告知书送达"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("告知书签收"), null=True, blank=True)
    received_at = models.DateTimeField(_("收件时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    accepted_by_silence = models.BooleanField(_("视为受理"), default=False)
    suspended_at = models.DateTimeField(_("中止时间"), null=True, blank=True)
    survey_skipped = models.CharField(_("未勘察理由"), max_length=300, blank=True)
    round = models.PositiveSmallIntegerField(_("预审轮次"), default=1)
    concluded_at = models.DateTimeField(_("预审结论时间"), null=True, blank=True)
    minutes = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(_("公示期满时间"), null=True, blank=True)
    start_notified_at = models.DateTimeField(_("开工告知时间"), null=True, blank=True)
    ended_because = models.CharField(_("终结理由"), max_length=500, blank=True)
    demonstration = models.BooleanField(_("示例数据"), default=False)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申报件")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="filing_stage_is_known"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_filing_per_number"),
        )

    def __str__(self) -> str:
        return self.project_name or str(_("未命名项目"))

    # — the way ————————————————————————————————————————————————————————————————

    @transition(stage, Stage.DRAFT, Stage.SUBMITTED, permission=policies.own_enterprise,
                conditions=[policies.project_is_described, policies.questionnaire_is_answered],
                custom={"label": _("申报")})
    def submit(self, *, number: str) -> None:
        """申报: the file is with the window from now."""
        self.number = number

    @transition(stage, Stage.SUBMITTED, Stage.ORDINARY, permission=policies.window,
                custom={"label": _("不适用承诺制，转一般程序")})
    def send_to_ordinary(self, *, reason: str) -> None:
        """转一般程序: the mechanism does not apply; the enterprise is told why."""
        self.ended_because = reason

    @transition(stage, Stage.SUBMITTED, Stage.LISTED, permission=policies.window,
                conditions=[policies.licence_is_confirmed, policies.eligibility_is_confirmed],
                custom={"label": _("送达一次性告知书")})
    def serve_checklist(self, *, paper: Paper) -> None:
        """清单告知: frozen, numbered, binding the government."""
        self.checklist_paper = paper

    @transition(stage, Stage.LISTED, Stage.RECEIVED, permission=policies.own_enterprise,
                conditions=[policies.checklist_is_acknowledged], custom={"label": _("提交材料")})
    def hand_in(self) -> None:
        """收件: what is needed at filing is handed in; the five working days of art. 32 begin."""

    @transition(stage, Stage.RECEIVED, Stage.ACCEPTED, permission=policies.window,
                conditions=[policies.intake_is_settled], custom={"label": _("受理")})
    def accept(self) -> None:
        """受理 or 容缺受理."""

    @transition(stage, Stage.RECEIVED, Stage.ACCEPTED, permission=policies.system,
                custom={"label": _("视为受理")})
    def deem_accepted(self) -> None:
        """视为受理: the window was silent for five working days (行政许可法 32)."""
        self.accepted_by_silence = True

    @transition(stage, Stage.RECEIVED, Stage.CORRECTING, permission=policies.window,
                conditions=[policies.something_is_to_correct], custom={"label": _("一次告知补正")})
    def ask_correction(self, *, materials: list[str]) -> None:
        """补正: everything that is wrong, told at once."""

    @transition(stage, Stage.CORRECTING, Stage.RECEIVED, permission=policies.own_enterprise,
                conditions=[policies.corrections_are_in], custom={"label": _("提交补正材料")})
    def hand_in_correction(self) -> None:
        """补正后收件: the period for acceptance begins anew."""

    @transition(stage, Stage.RECEIVED, Stage.REFUSED, permission=policies.window,
                custom={"label": _("不予受理")})
    def refuse(self, *, reason: str) -> None:
        """不予受理, in writing, with remedies."""
        self.ended_because = reason

    @transition(stage, Stage.ACCEPTED, Stage.SURVEYING, permission=policies.convenor,
                conditions=[policies.not_suspended], custom={"label": _("召集联合勘察")})
    def begin_survey(self, *, session: str) -> None:
        """联合勘察: one visit by all departments is called."""

    @transition(stage, Stage.SURVEYING, Stage.PREREVIEWING, permission=policies.convenor_or_system,
                custom={"label": _("勘察记录办结")})
    def finish_survey(self, *, session: str) -> None:
        """勘察办结: every department has spoken to the record, or its silence has been settled."""

    @transition(stage, Stage.SURVEYING, Stage.ACCEPTED, permission=policies.convenor,
                custom={"label": _("取消勘察")})
    def call_off_survey(self, *, session: str) -> None:
        """取消勘察: the visit was cancelled before it began; a new one can be called."""

    @transition(stage, Stage.ACCEPTED, Stage.PREREVIEWING, permission=policies.convenor,
                conditions=[policies.not_suspended], custom={"label": _("无须勘察，直接预审")})
    def skip_survey(self, *, reason: str) -> None:
        """不勘察: no item needs the site; the reason is kept."""
        self.survey_skipped = reason

    @transition(stage, Stage.PREREVIEWING, Stage.COMMITTING, permission=policies.convenor,
                conditions=[policies.not_suspended], custom={"label": _("预审通过")})
    def pass_prereview(self, *, minutes: Paper) -> None:
        """预审通过 or 修改后通过: rests on the minutes."""
        self.minutes = minutes

    @transition(stage, Stage.PREREVIEWING, Stage.NOT_PASSED, permission=policies.convenor,
                custom={"label": _("预审不通过")})
    def fail_prereview(self, *, minutes: Paper, reason: str) -> None:
        """预审不通过, with reasons; may be filed anew."""
        self.minutes, self.ended_because = minutes, reason

    @transition(stage, Stage.COMMITTING, Stage.COMMITTED, permission=policies.window,
                conditions=[policies.letter_is_signed, policies.not_suspended], custom={"label": _("核验承诺书")})
    def verify_letter(self, *, scan: str) -> None:
        """承诺成立: the window has checked the sealed scan against the letter."""

    @transition(stage, Stage.COMMITTED, Stage.NOTICED, permission=policies.window,
                conditions=[policies.not_suspended], custom={"label": _("发布承诺公示")})
    def publish(self, *, notice: str) -> None:
        """统一承诺公示."""

    @transition(stage, Stage.NOTICED, Stage.CLEARED, permission=policies.window_or_system,
                custom={"label": _("公示期满")})
    def clear(self, *, notice: str) -> None:
        """公示期满无异议, or every objection answered and none upheld."""

    @transition(stage, Stage.NOTICED, Stage.COMMITTING, permission=policies.window,
                custom={"label": _("异议成立，重签承诺")})
    def recommit(self, *, reason: str) -> None:
        """异议成立: the letter is made again."""

    @transition(stage, Stage.NOTICED, Stage.PREREVIEWING, permission=policies.window,
                custom={"label": _("异议成立，再次预审")})
    def review_again(self, *, reason: str) -> None:
        """异议成立: the departments look again."""
        self.round += 1

    @transition(stage, Stage.CLEARED, Stage.START_NOTIFIED, permission=policies.window,
                conditions=[policies.gate_is_open, policies.not_suspended], custom={"label": _("发出开工告知书")})
    def notify_start(self, *, facts: list[dict[str, str]]) -> None:
        """开工告知: a notification that the gate is open, not a licence."""

    # — off the road ———————————————————————————————————————————————————————————

    @transition(stage, BEFORE_START, Stage.WITHDRAWN, permission=policies.own_enterprise,
                custom={"label": _("撤回申报")})
    def withdraw(self, *, reason: str) -> None:
        """撤回: by the enterprise, before the start notification."""
        self.ended_because = reason

    @transition(stage, BEFORE_START, Stage.RETURNED, permission=policies.system,
                custom={"label": _("退件")})
    def send_back(self, *, reason: str) -> None:
        """退件: a correction or a tolerated gap was never closed."""
        self.ended_because = reason

    @transition(stage, Stage.COMMITTING, Stage.LAPSED, permission=policies.system,
                custom={"label": _("承诺程序失效")})
    def lapse(self, *, reason: str) -> None:
        """失效: the letter was not signed after the reminder; no mark in the credit record."""
        self.ended_because = reason

    # — clock and facts ————————————————————————————————————————————————————————

    def wrong_stage(self, name: str) -> str:
        """Say in the user's words that a step does not leave the present stage."""
        label = next(iter(getattr(type(self), name)._django_fsm.transitions.values())).custom["label"]
        return _("当前阶段是“%(stage)s”，不能办理“%(step)s”。") % {
            "stage": self.get_stage_display(), "step": label,
        }

    def on_the_clock(self, *, came_from: str, by: Membership, at: datetime) -> None:  # noqa: ARG002
        """End the limits of the stage that was left and start those of the one that was entered."""
        self.stage_since = at
        for limit in self.limits.filter(ended_at=None, item=None):
            if self.stage not in limits.GOES_ON.get(limit.rule, ()):
                end(limit, at=at)
        if self.stage == Stage.SUBMITTED and self.enterprise.licence_confirmed_at is None:
            return  # the first submission counts from the licence's confirmation
        for rule in limits.BY_STAGE.get(Stage(self.stage), ()):
            start(StageLimit(filing=self, book=self.book), rule, at=at, rulebook=self.rulebook)

    @property
    def step(self) -> int:
        """The step of the strip, 1–11; 0 when the case has left the road."""
        return STEP_OF.get(Stage(self.stage), 0)

    @property
    def ended(self) -> bool:
        """Whether the case has left the road."""
        return self.stage in ENDS

    def concerns(self, organisation_id: int) -> bool:
        """Whether an item of the list belongs to an organisation, as lead or beside it."""
        return self.items.filter(
            Q(department_id=organisation_id) | Q(item__co_departments=organisation_id)
        ).exists()

    def open_questions(self) -> list[str]:
        """Return the questions that apply and have no answer."""
        return list(self.unanswered)

    def intake_open(self) -> models.QuerySet[Any]:
        """Return the materials needed at filing that are neither accepted nor a promised gap."""
        return self.materials.intake().exclude(state__in=(MaterialState.ACCEPTED, MaterialState.GAP))

    def letter(self) -> Any:
        """Return the present commitment letter, if one was offered."""
        return self.letters.filter(withdrawn_at=None).order_by("-version").first()

    def gate_missing(self) -> list[dict[str, str]]:
        """Return what keeps the start gate shut, each with whose move it is."""
        found = []
        for item in self.items.select_related("item", "department"):
            if reason := item.keeps_gate_shut():
                found.append({"subject": str(item), "whose": item.department.label, "reason": reason})
        for gap in self.gaps.exclude(state=GapState.CLOSED).select_related("material"):
            found.append({"subject": str(gap.material), "whose": str(_("企业")), "reason": str(_("容缺材料尚未补齐"))})
        for change in self.changes.filter(done_at=None):
            found.append({"subject": change.text, "whose": str(_("企业")), "reason": str(_("预审要求的修改尚未核对完成"))})
        return found

    def approvals_owed(self) -> models.QuerySet[Any]:
        """Return the items whose statutory approval is still owed."""
        return self.items.filter(approval=Approval.OWED).exclude(applies=False)


class StageLimit(Timed):
    """时限: a limit of the filing itself, or of one item's paper."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="limits")
    item = models.ForeignKey("approvals.ChecklistItem", models.PROTECT, null=True, blank=True, related_name="limits")
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("时限")
        ordering = ("filing", "pk")

    def __str__(self) -> str:
        return f"{self.filing} {self.declared.name}"


class CorrectionCase(models.Model):
    """纠错: opened by a late opinion with its legal basis; it vetoes nothing and does not vanish."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="correction_cases")
    opened_at = models.DateTimeField(_("立案时间"))
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    subject = models.CharField(_("事由"), max_length=200)
    text = models.TextField(_("内容"))
    legal_basis = models.CharField(_("法律依据"), max_length=200)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    outcome = models.TextField(_("处理结果"), blank=True)
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("纠错事项")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.subject
