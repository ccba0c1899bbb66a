"""意见箱: what somebody wrote to the county, who handles it, what was answered, and whether that satisfied them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership, Organisation
from approvals.models.catalogue import in_page_language
from core.deadlines.models import Timed
from core.ledger.models import Book
from core.steps.models import Stepped
from public_notice.models.objections import new_code
from public_notice.rules import mailbox as may
from public_notice.stages import LetterChannel, LetterStage

if TYPE_CHECKING:
    from datetime import datetime

S = LetterStage


class MailboxKind(models.Model):
    """来信类别: a kind of letter as the county's pack names it; what is a complaint is not handled by its object."""

    code = models.CharField(_("编号"), max_length=12, unique=True)
    order = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("来信类别"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    complaint = models.BooleanField(_("是投诉"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("来信类别")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return in_page_language(self.name, self.name_en)


class BoxLetter(Timed, Stepped):
    """意见箱来信: who wrote is known to the supervisor alone; its clock is that of the reply, then that of the writer.

    No row is deleted: words are hidden by two persons, with the reason in their place.
    """

    book = models.OneToOneField(Book, models.PROTECT, related_name="+")
    stage = FSMField(
        _("状态"), default=S.RECEIVED, choices=S.choices, protected=True, db_index=True
    )
    number = models.CharField(_("来信编号"), max_length=40, unique=True)
    code = models.CharField(_("查询码"), max_length=10, unique=True, default=new_code)
    kind = models.ForeignKey(MailboxKind, models.PROTECT, related_name="+", to_field="code")
    channel = models.CharField(_("来信渠道"), max_length=8, choices=LetterChannel.choices)
    about = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("被反映单位"),
    )  # fmt: skip
    case = models.CharField(_("有关申报件编号"), max_length=40, blank=True)
    work_order = models.CharField(_("12345工单号"), max_length=40, blank=True)
    name = models.CharField(_("姓名或名称"), max_length=60, blank=True)
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    text = models.TextField(_("来信内容"), max_length=2000)
    publish = models.BooleanField(_("同意公开"), default=False)
    received_at = models.DateTimeField(_("收到时间"), db_index=True)
    registered_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held = models.BooleanField(_("待人工查看"), default=False)
    round = models.PositiveSmallIntegerField(_("办理轮次"), default=1)
    department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("承办单位"),
    )  # fmt: skip
    assigned_reason = models.CharField(_("转办说明"), max_length=300, blank=True)
    hiding_reason = models.CharField(_("隐藏理由"), max_length=300, blank=True)
    hiding_asked_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_at = models.DateTimeField(_("隐藏时间"), null=True, blank=True)
    # What of the words is withheld, and under which article: the reviewed parts, so that no outlet asks again.
    withheld = models.JSONField(_("不公开部分"), default=list, blank=True)
    drafted = models.TextField(_("待审核的答复"), max_length=4000, blank=True)
    drafted_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    longer_reason = models.CharField(_("延长理由"), max_length=300, blank=True)
    longer_at = models.DateTimeField(_("延长时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)
    leaders_at = models.DateTimeField(_("再升级时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("意见箱来信")
        ordering = ("-received_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=S.values), name="letter_stage_is_known"),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hiding_reason=""),
                name="hidden_letter_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(channel=LetterChannel.HOTLINE) | ~Q(work_order=""),
                name="hotline_letter_has_its_work_order",
            ),
            models.UniqueConstraint(
                fields=["work_order"], condition=Q(channel=LetterChannel.HOTLINE),
                name="one_letter_per_work_order",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @transition(
        stage, S.RECEIVED, S.ASSIGNED, permission=may.supervisor, custom={"label": _("转办来信")}
    )
    def assign_letter(self, *, department: str, reason: str | None = None) -> None:
        """转办: to a department that answers; by default never the one that is complained about."""

    @transition(
        stage, S.ASSIGNED, S.RECEIVED, permission=may.handles_or_assigns,
        custom={"label": _("退回转办")},
    )  # fmt: skip
    def return_letter(self) -> None:
        """退回: not ours, or the supervisor takes it back; the reply's limit runs on."""

    @transition(
        stage, S.ASSIGNED, S.REPLIED, permission=may.handles_or_assigns,
        custom={"label": _("答复来信")},
    )  # fmt: skip
    def reply_letter(self) -> None:
        """答复: by somebody of the department it was assigned to, or the supervisor who reviewed it."""

    @transition(
        stage, S.REPLIED, S.RECEIVED, permission=may.anyone, conditions=[may.first_round],
        custom={"label": _("要求复核")},
    )  # fmt: skip
    def dispute_letter(self) -> None:
        """不满意，要求复核: once; a new limit, and a reply by another person."""

    @transition(
        stage, S.REPLIED, S.CLOSED, permission=may.anyone, custom={"label": _("评价后办结")}
    )
    def close_letter(self) -> None:
        """办结: the writer has said what they think of it, and nothing more is to be done."""

    @transition(stage, S.REPLIED, S.CLOSED, permission=may.system, custom={"label": _("期满办结")})
    def lapse_letter(self) -> None:
        """期满办结: the writer's time has passed in silence, which says nothing of what they think."""

    def wrong_stage(self, name: str) -> str:
        """Say that a step does not leave the present stage."""
        step = next(iter(getattr(type(self), name)._django_fsm.transitions.values()))
        return _("这封来信当前“%(stage)s”，不能%(step)s。") % {
            "stage": self.get_stage_display(),
            "step": step.custom["label"],
        }

    def overtaken(self, name: str, at: "datetime") -> list[str]:
        """Say that the writer's time is over, whether or not any sweep has said so."""
        if self.stage != S.REPLIED or name == "lapse_letter" or not self.late(at):
            return []
        return [str(_("评价期限已过，来信已办结；可以另写一封。"))]

    def on_the_clock(self, *, came_from: str, by: Membership, at: "datetime") -> None:
        """Remember when it was closed."""
        if self.stage == S.CLOSED:
            self.closed_at = at


class MailboxReply(models.Model):
    """来信答复: what a department answered in a round, and what the writer said of it."""

    letter = models.ForeignKey(BoxLetter, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField(_("办理轮次"))
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField(_("答复内容"), max_length=4000)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("答复时间"))
    in_time = models.BooleanField(_("按期答复"))
    reviewed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    satisfied = models.BooleanField(_("来信人满意"), null=True, blank=True)
    said = models.TextField(_("来信人意见"), max_length=1000, blank=True)
    judged_at = models.DateTimeField(_("评价时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("来信答复")
        ordering = ("letter", "round")
        constraints = (
            models.UniqueConstraint(fields=["letter", "round"], name="one_reply_per_round"),
        )

    def __str__(self) -> str:
        return f"{self.letter} · {self.round}"
