"""The way of a filing: every step that changes its stage, who takes it, and what must be true first."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals import policies
from approvals.stages import BEFORE_START, MAY_BE_REVOKED, MAY_EXIT, S, Stage
from core.documents.models import Paper
from core.steps.models import Stepped
from core.steps.reasons import Condition

MENDED = [policies.corrections_are_in]
DESCRIBED = [policies.project_is_described, policies.questionnaire_is_answered]
ONLINE = [policies.is_not_on_paper, *DESCRIBED]
UNSIGNED_OR_UNSTARTED = (S.COMMITTING, S.START_NOTIFIED)
ON_PAPER = [policies.is_on_paper, *DESCRIBED]


def leads(
    source: str | Sequence[str],
    *,
    to: str,
    by: Callable[[Any, Any], bool],
    label: Any,
    when: Sequence[Condition] = (),
) -> Callable[[Any], Any]:
    """Declare a step from a stage (or several) to another; nobody may take one that names no person."""
    return transition(
        "stage", source, to, permission=by, conditions=list(when), custom={"label": label}
    )


class Way(Stepped):
    """What the steps of a filing write, and the steps; `core.steps.moves.move` takes them."""

    number = models.CharField(_("申报编号"), max_length=40, blank=True, db_index=True)
    stage = FSMField(
        _("阶段"), default=Stage.DRAFT, choices=Stage.choices, protected=True, db_index=True
    )
    stage_since = models.DateTimeField(_("进入本阶段"))
    checklist_paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_by_silence = models.BooleanField(_("视为受理"), default=False)
    survey_skipped = models.CharField(_("未勘察理由"), max_length=300, blank=True)
    round = models.PositiveSmallIntegerField(_("预审轮次"), default=1)
    minutes = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(_("终结理由"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @leads(S.DRAFT, to=S.SUBMITTED, by=policies.own_enterprise, label=_("申报"), when=ONLINE)
    def submit(self, *, number: str) -> None:
        """申报: the file is with the window from now."""
        self.number = number

    @leads(S.DRAFT, to=S.SUBMITTED, by=policies.window, label=_("纸质申报"), when=ON_PAPER)
    def submit_on_paper(self, *, number: str, intake: int) -> None:
        """纸质申报: typed by one person of the window, confirmed by another against the signed scan."""
        self.number = number

    @leads(S.SUBMITTED, to=S.ORDINARY, by=policies.window, label=_("不适用承诺制，转一般程序"))
    def send_to_ordinary(self, *, reason: str) -> None:
        """转一般程序: the mechanism does not apply; the enterprise is told why."""
        self.ended_because = reason

    @leads(
        S.SUBMITTED,
        to=S.LISTED,
        by=policies.window,
        label=_("送达一次性告知书"),
        when=[policies.licence_is_confirmed, policies.eligibility_is_confirmed],
    )
    def serve_checklist(self, *, paper: Paper) -> None:
        """清单告知: frozen, numbered, binding the government."""
        self.checklist_paper = paper

    @leads(
        S.LISTED,
        to=S.RECEIVED,
        by=policies.own_enterprise,
        label=_("提交材料"),
        when=[policies.checklist_is_acknowledged],
    )
    def hand_in(self) -> None:
        """收件: what is needed at filing is handed in; the five working days of art. 32 begin."""

    @leads(S.LISTED, to=S.RECEIVED, by=policies.window, label=_("纸质收件"))
    def hand_in_on_paper(self, *, intake: int) -> None:
        """窗口收件: what came on paper was received then; entered by one person of the window, confirmed by another."""

    @leads(
        S.RECEIVED,
        to=S.ACCEPTED,
        by=policies.window,
        label=_("受理"),
        when=[policies.intake_is_settled],
    )
    def accept(self) -> None:
        """受理 or 容缺受理."""

    @leads(S.RECEIVED, to=S.ACCEPTED, by=policies.system, label=_("视为受理"))
    def deem_accepted(self) -> None:
        """视为受理: the window was silent for five working days (行政许可法 32)."""
        self.accepted_by_silence = True

    @leads(
        S.RECEIVED,
        to=S.CORRECTING,
        by=policies.window,
        label=_("一次告知补正"),
        when=[policies.something_is_to_correct],
    )
    def ask_correction(self, *, materials: list[str]) -> None:
        """补正: everything that is wrong, told at once."""

    @leads(
        S.CORRECTING,
        to=S.RECEIVED,
        by=policies.own_enterprise,
        label=_("提交补正材料"),
        when=MENDED,
    )
    def hand_in_correction(self) -> None:
        """补正后收件: the period for acceptance begins anew."""

    @leads(S.CORRECTING, to=S.RECEIVED, by=policies.window, label=_("纸质补正收件"), when=MENDED)
    def hand_in_correction_on_paper(self, *, intake: int) -> None:
        """窗口补正收件: a correction that came on paper; no time entered by hand takes back what silence decided."""

    @leads(S.RECEIVED, to=S.REFUSED, by=policies.window, label=_("不予受理"))
    def refuse(self, *, reason: str) -> None:
        """不予受理, in writing, with remedies."""
        self.ended_because = reason

    @leads(
        S.ACCEPTED,
        to=S.SURVEYING,
        by=policies.convenor,
        label=_("召集联合勘察"),
        when=[policies.not_suspended],
    )
    def begin_survey(self, *, session: str) -> None:
        """联合勘察: one visit by all departments is called."""

    @leads(S.SURVEYING, to=S.PREREVIEWING, by=policies.convenor_or_system, label=_("勘察记录办结"))
    def finish_survey(self, *, session: str) -> None:
        """勘察办结: every department has spoken to the record, or its silence has been settled."""

    @leads(S.SURVEYING, to=S.ACCEPTED, by=policies.convenor, label=_("取消勘察"))
    def call_off_survey(self, *, session: str) -> None:
        """取消勘察: the visit was cancelled before it began; a new one can be called."""

    @leads(
        S.ACCEPTED,
        to=S.PREREVIEWING,
        by=policies.convenor,
        label=_("无须勘察，直接预审"),
        when=[policies.not_suspended],
    )
    def skip_survey(self, *, reason: str) -> None:
        """不勘察: no item needs the site; the reason is kept."""
        self.survey_skipped = reason

    @leads(
        S.PREREVIEWING,
        to=S.COMMITTING,
        by=policies.convenor,
        label=_("预审通过"),
        when=[policies.not_suspended],
    )
    def pass_prereview(self, *, minutes: Paper) -> None:
        """预审通过 or 修改后通过: rests on the minutes."""
        self.minutes = minutes

    @leads(S.PREREVIEWING, to=S.NOT_PASSED, by=policies.convenor, label=_("预审不通过"))
    def fail_prereview(self, *, minutes: Paper, reason: str) -> None:
        """预审不通过, with reasons; may be filed anew."""
        self.minutes, self.ended_because = minutes, reason

    @leads(
        S.COMMITTING,
        to=S.COMMITTED,
        by=policies.window,
        label=_("核验承诺书"),
        when=[policies.letter_is_signed, policies.not_suspended],
    )
    def verify_letter(self, *, scan: str) -> None:
        """承诺成立: the window has checked the sealed scan against the letter."""

    @leads(
        S.COMMITTED,
        to=S.NOTICED,
        by=policies.window,
        label=_("发布承诺公示"),
        when=[policies.not_suspended],
    )
    def publish(self, *, notice: str) -> None:
        """统一承诺公示."""

    @leads(S.NOTICED, to=S.CLEARED, by=policies.window_or_system, label=_("公示期满"))
    def clear(self, *, notice: str) -> None:
        """公示期满无异议, or every objection answered and none upheld."""

    @leads(S.NOTICED, to=S.COMMITTING, by=policies.window, label=_("异议成立，重签承诺"))
    def recommit(self, *, reason: str) -> None:
        """异议成立: the letter is made again."""

    @leads(S.NOTICED, to=S.PREREVIEWING, by=policies.window, label=_("异议成立，再次预审"))
    def review_again(self, *, reason: str) -> None:
        """异议成立: the departments look again."""
        self.round += 1

    @leads(
        S.CLEARED,
        to=S.START_NOTIFIED,
        by=policies.window,
        label=_("发出开工告知书"),
        when=[policies.gate_is_open, policies.not_suspended],
    )
    def notify_start(self, *, facts: list[dict[str, str]]) -> None:
        """开工告知: a notification that the gate is open, not a licence."""

    # — after the start —————————————————————————————————————————————————————————

    @leads(
        S.START_NOTIFIED,
        to=S.BUILDING,
        by=policies.own_enterprise,
        label=_("报告开工"),
        when=[policies.works_go_on],
    )
    def report_start(self, *, report: int) -> None:
        """开工报告: the works have begun; the checks of the commitment begin with them (核准备案条例 16)."""

    @leads(
        S.BUILDING,
        to=S.ACCEPTING,
        by=policies.own_enterprise,
        label=_("申请联合验收"),
        when=[policies.works_go_on],
    )
    def apply_acceptance(self, *, acceptance: int) -> None:
        """申请联合验收: one application for all departments."""

    @leads(S.ACCEPTING, to=S.AMENDING, by=policies.acceptance_lead, label=_("出具验收整改清单"))
    def ask_amendment(self, *, paper: Paper, items: list[str]) -> None:
        """验收不合格: one correction list of everything that every department found."""

    @leads(
        S.AMENDING,
        to=S.ACCEPTING,
        by=policies.own_enterprise,
        label=_("申请复验"),
        when=[policies.works_go_on],
    )
    def hand_in_amendment(self, *, acceptance: int) -> None:
        """整改完成，申请复验: only what stands on the list is looked at again."""

    @leads(
        S.ACCEPTING,
        to=S.COMPLETED,
        by=policies.acceptance_lead,
        label=_("联合验收合格，办结"),
        when=[policies.works_go_on],
    )
    def complete(self, *, paper: Paper) -> None:
        """办结: every clause was found kept by the department that checks it."""

    # — off the road ———————————————————————————————————————————————————————————

    @leads(BEFORE_START, to=S.WITHDRAWN, by=policies.disposes, label=_("撤回申报"))
    def withdraw(self, *, reason: str) -> None:
        """撤回: by the enterprise, before the start notification."""
        self.ended_because = reason

    @leads(BEFORE_START, to=S.RETURNED, by=policies.system, label=_("退件"))
    def send_back(self, *, reason: str) -> None:
        """退件: a correction or a tolerated gap was never closed."""
        self.ended_because = reason

    @leads(UNSIGNED_OR_UNSTARTED, to=S.LAPSED, by=policies.system, label=_("承诺程序失效"))
    def lapse(self, *, reason: str) -> None:
        """失效: the letter not signed, or the start not reported, after a reminder; no mark in the credit record."""
        self.ended_because = reason

    @leads(MAY_EXIT, to=S.ORDINARY, by=policies.convenor, label=_("退出承诺制，转一般程序"))
    def exit_to_ordinary(self, *, paper: Paper, reason: str) -> None:
        """退出承诺制: by the enterprise's wish, a breach that was not mended, or a project that became another."""
        self.ended_because = reason

    @leads(MAY_BE_REVOKED, to=S.REVOKED, by=policies.convenor, label=_("撤销"))
    def revoke(self, *, paper: Paper, reason: str) -> None:
        """撤销 (行政许可法 69), after notice and hearing the enterprise."""
        self.ended_because = reason
