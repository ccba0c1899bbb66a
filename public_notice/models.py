"""公示: the notice as it was published, and the objections it received."""

import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership, User
from approvals.models import Filing, Letter
from core.deadlines.models import Timed
from core.documents.models import Paper
from core.ledger.models import Book
from core.steps.models import Stepped
from public_notice import policies
from public_notice.stages import BulletinState, Finding, NoticeStage

if TYPE_CHECKING:
    from datetime import datetime


def new_public_id() -> str:
    """Return the address of a notice; it is kept for ever."""
    return secrets.token_hex(6)


def new_code() -> str:
    """Return the code by which an objector follows their objection."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRTUWXY") for _place in range(10))


class Notice(Timed, Stepped):
    """承诺公示: explicit start and end; what it says is frozen at publication."""

    fixed = True
    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="notices")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="+")
    stage = FSMField(
        _("状态"),
        default=NoticeStage.RUNNING,
        choices=NoticeStage.choices,
        protected=True,
        db_index=True,
    )
    title = models.CharField(_("标题"), max_length=200)
    content = models.JSONField(_("公示内容"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("公示开始日"))
    ends_on = models.DateField(_("公示截止日"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    end_reason = models.CharField(_("结束说明"), max_length=300, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("承诺公示")
        ordering = ("-published_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=NoticeStage.values), name="notice_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="notice_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["filing"],
                condition=Q(stage="running"),
                name="one_running_notice_per_filing",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @transition(
        stage,
        NoticeStage.RUNNING,
        NoticeStage.CONTESTED,
        permission=policies.system,
        custom={"label": _("期满待答复")},
    )
    def expire_contested(self) -> None:
        """期满: an objection is still unanswered, so it cannot close."""

    @transition(
        stage,
        [NoticeStage.RUNNING, NoticeStage.CONTESTED],
        NoticeStage.CLEAN,
        permission=policies.window_or_system,
        conditions=[policies.objections_are_answered],
        custom={"label": _("结束公示")},
    )
    def close(self) -> None:
        """结束: the period is over and every objection is answered."""

    @transition(
        stage,
        [NoticeStage.RUNNING, NoticeStage.CONTESTED],
        NoticeStage.UPHELD,
        permission=policies.window,
        custom={"label": _("异议成立，终止公示")},
    )
    def uphold(self, *, reason: str) -> None:
        """终止: an objection was upheld; the case goes back."""
        self.end_reason = reason

    @transition(
        stage,
        [NoticeStage.RUNNING, NoticeStage.CONTESTED],
        NoticeStage.WITHDRAWN,
        permission=policies.window_or_system,
        custom={"label": _("撤下公示")},
    )
    def take_down(self, *, reason: str) -> None:
        """撤下: the case was withdrawn or returned; the page stays and says so."""
        self.end_reason = reason

    def wrong_stage(self, name: str) -> str:
        """Say that a step does not leave the present stage."""
        label = next(iter(getattr(type(self), name)._django_fsm.transitions.values())).custom[
            "label"
        ]
        return _("公示当前“%(stage)s”，不能%(step)s。") % {
            "stage": self.get_stage_display(),
            "step": label,
        }

    def on_the_clock(self, *, came_from: str, by: Membership, at: "datetime") -> None:
        """End the period when the notice ends; a contested one has no clock, its replies have."""
        self.act_at = None
        if self.stage != NoticeStage.CONTESTED:
            self.ended_at = self.closed_at = at


class NoticeText(models.Model):
    """公示检索文本: what a notice can be found by, all of it published; written when the notice is."""

    notice = models.OneToOneField(
        Notice, models.CASCADE, primary_key=True, related_name="words", editable=False
    )
    text = models.TextField()
    grams = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = _("公示检索文本")

    def __str__(self) -> str:
        return self.text[:60]


class Objection(Timed):
    """公示异议: what somebody said against a notice, the reply, and the clock of the reply."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    number = models.CharField(_("异议编号"), max_length=40, unique=True)
    code = models.CharField(_("查询码"), max_length=10, unique=True, default=new_code)
    name = models.CharField(_("姓名或名称"), max_length=60)
    contact = models.CharField(_("联系方式"), max_length=120)
    interest = models.CharField(_("利害关系"), max_length=200, blank=True)
    text = models.TextField(_("异议内容"), max_length=2000)
    received_at = models.DateTimeField(_("收到时间"))
    finding = models.CharField(
        _("认定"), max_length=12, choices=Finding.choices, default=Finding.OPEN
    )
    reply = models.TextField(_("答复"), blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    replied_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("公示异议")
        ordering = ("notice", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(finding=Finding.OPEN) | ~Q(reply=""),
                name="answered_objection_has_reply",
                violation_error_message=_("答复异议必须写明答复内容。"),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Bulletin(models.Model):
    """默认情况通报: the defaults of a month, frozen when drafted, open to all once a second person has reviewed it."""

    period = models.CharField(_("月份"), max_length=7)
    state = models.CharField(
        _("状态"), max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFTED
    )
    content = models.JSONField(_("通报内容"))
    listed = models.JSONField(_("所列默认"), default=list)
    drafted_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    drafter = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    reviewed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    note = models.TextField(_("审核意见"), blank=True, max_length=1000)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("默认情况通报")
        ordering = ("-period", "-pk")
        constraints = (
            # Persons, not offices: somebody who holds two of them is still one.
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("drafter")),
                name="bulletin_is_reviewed_by_a_second_person",
                violation_error_message=_("起草通报的人不能自己审核。"),
            ),
            models.CheckConstraint(
                condition=Q(state=BulletinState.DRAFTED)
                | Q(reviewer__isnull=False, reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="bulletin_leaves_the_house_reviewed",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(state=BulletinState.SENT_BACK),
                name="one_bulletin_per_month",
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.get_state_display()}"


class Asked(models.Model):
    """已作满意度回答: that an enterprise has answered for a case, once; what it said is in its year's sum alone."""

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="satisfaction_asked")

    class Meta:
        verbose_name = verbose_name_plural = _("已作满意度回答")

    def __str__(self) -> str:
        return str(self.filing)


class Tally(models.Model):
    """满意度: the answers of a closing year as numbers alone; no answer has a row, so that none binds anybody.

    What is shown changes only with every so many answers together: who sees two of them learns nobody's answer.
    """

    year = models.PositiveSmallIntegerField(_("办结年份"), unique=True)
    answers = models.PositiveIntegerField(_("评价件数"), default=0)
    good = models.PositiveIntegerField(_("其中满意的件数"), default=0)
    shown_answers = models.PositiveIntegerField(_("公开的评价件数"), default=0)
    shown_good = models.PositiveIntegerField(_("公开的满意件数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("满意度")
        ordering = ("year",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    good__lte=F("answers"),
                    shown_good__lte=F("shown_answers"),
                    shown_answers__lte=F("answers"),
                ),
                name="no_more_are_satisfied_than_answered",
            ),
        )

    def __str__(self) -> str:
        return str(self.year)
