"""依申请公开: what somebody asks to be told, whom it was asked of in turn, and the clocks of both."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership
from core.deadlines.models import Timed
from core.documents.models import Paper
from core.ledger.models import Book
from core.steps.models import Stepped
from public_notice import policies
from public_notice.models.objections import new_code
from public_notice.stages import (
    Applicant,
    DisclosureChannel,
    DisclosureStage,
    InquiryKind,
    InquiryResult,
    Result,
    Wanted,
)

if TYPE_CHECKING:
    from datetime import datetime

S = DisclosureStage
OPEN = (S.SUBMITTED, S.RUNNING, S.CORRECTING)


class Disclosure(Timed, Stepped):
    """公开申请: who asks is known to the office alone; its clock is that of confirming, then that of the answer."""

    book = models.OneToOneField(Book, models.PROTECT, related_name="+")
    stage = FSMField(
        _("状态"), default=S.SUBMITTED, choices=S.choices, protected=True, db_index=True
    )
    number = models.CharField(_("申请编号"), max_length=40, unique=True)
    code = models.CharField(_("查询码"), max_length=10, unique=True, default=new_code)
    channel = models.CharField(_("收到方式"), max_length=12, choices=DisclosureChannel.choices)
    applicant = models.CharField(_("申请人类别"), max_length=10, choices=Applicant.choices)
    name = models.CharField(_("姓名或名称"), max_length=60)
    identity = models.CharField(_("身份证明"), max_length=60)
    contact = models.CharField(_("联系方式"), max_length=200)
    wanted = models.TextField(_("所需信息"), max_length=2000)
    form = models.CharField(_("获取方式"), max_length=12, choices=Wanted.choices)
    sent_at = models.DateTimeField(_("提交时间"))
    received_at = models.DateTimeField(_("收到时间"), null=True, blank=True)
    registered_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    longer_days = models.PositiveSmallIntegerField(_("拟延长天数"), null=True, blank=True)
    longer_reason = models.CharField(_("延长理由"), max_length=300, blank=True)
    longer_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    extended_at = models.DateTimeField(_("延长时间"), null=True, blank=True)
    result = models.CharField(_("办理结果"), max_length=16, choices=Result.choices, blank=True)
    reply = models.TextField(_("答复内容"), max_length=4000, blank=True)
    replied_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)
    leaders_at = models.DateTimeField(_("再升级时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("公开申请")
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=S.values), name="disclosure_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=OPEN, closed_at=None, result="")
                | (~Q(stage__in=OPEN) & Q(closed_at__isnull=False) & ~Q(result="")),
                name="ended_disclosure_has_result",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(received_at=None)
                | Q(closed_at__gte=F("received_at")),
                name="disclosure_ends_after_receipt",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(
        stage, S.SUBMITTED, S.RUNNING, permission=policies.window,
        custom={"label": _("确认收到")},
    )  # fmt: skip
    def confirm_request(self) -> None:
        """确认收到: both sides have confirmed; from here the answer's limit runs (art. 31)."""

    @transition(
        stage, S.RUNNING, S.CORRECTING, permission=policies.window,
        conditions=[policies.correction_is_first, policies.nobody_is_asked],
        custom={"label": _("告知补正")},
    )  # fmt: skip
    def ask_supplement(self) -> None:
        """告知补正: once, within the days of art. 30."""

    @transition(
        stage, S.CORRECTING, S.RUNNING, permission=policies.anyone, custom={"label": _("补正申请")}
    )
    def supplement_request(self) -> None:
        """补正: the answer's limit starts anew with what was supplied (art. 30)."""

    @transition(
        stage, S.CORRECTING, S.ABANDONED, permission=policies.system,
        custom={"label": _("视为放弃")},
    )  # fmt: skip
    def abandon_request(self) -> None:
        """视为放弃: the time to correct has passed in silence (art. 30)."""
        self.result = Result.NOT_CORRECTED

    @transition(
        stage, S.RUNNING, S.ANSWERED, permission=policies.window,
        conditions=[policies.nobody_is_asked], custom={"label": _("答复申请")},
    )  # fmt: skip
    def answer_request(self, *, result: str) -> None:
        """答复: one of the kinds of art. 36, with its reason and the remedies."""
        self.result = result

    @transition(
        stage, list(OPEN), S.WITHDRAWN, permission=policies.anyone, custom={"label": _("撤回申请")}
    )
    def withdraw_request(self) -> None:
        """撤回: the applicant does not want it any more."""
        self.result = Result.TAKEN_BACK

    def wrong_stage(self, name: str) -> str:
        """Say that a step does not leave the present stage."""
        label = next(iter(getattr(type(self), name)._django_fsm.transitions.values())).custom[
            "label"
        ]
        return _("公开申请当前“%(stage)s”，不能%(step)s。") % {
            "stage": self.get_stage_display(),
            "step": label,
        }

    def overtaken(self, name: str, at: "datetime") -> list[str]:
        """Say that the time to correct is over, whether or not any sweep has said so."""
        if self.stage != S.CORRECTING or name == "abandon_request":
            return []
        if not any(one.late(at) for one in self.inquiries.filter(result=InquiryResult.OPEN)):
            return []
        return [
            str(
                _(
                    "补正期限已过，视为放弃申请；可以另行申请（《中华人民共和国政府信息公开条例》第三十条）。"
                )
            )
        ]

    def on_the_clock(self, *, came_from: str, by: Membership, at: "datetime") -> None:
        """End what ran for the office when the request ends or waits for the applicant."""
        if self.stage not in OPEN:
            self.closed_at = at


class Inquiry(Timed):
    """征询: a correction asked of the applicant, or a view asked of a third party or the organ that made it, too."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="inquiries")
    kind = models.CharField(_("征询种类"), max_length=12, choices=InquiryKind.choices)
    whom = models.CharField(_("征询对象"), max_length=120)
    text = models.TextField(_("征询内容"), max_length=2000)
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("征询时间"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(
        _("征询结果"), max_length=10, choices=InquiryResult.choices, default=InquiryResult.OPEN
    )
    said = models.TextField(_("回复内容"), max_length=2000, blank=True)
    settled_at = models.DateTimeField(_("回复时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("公开申请征询")
        ordering = ("disclosure", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["disclosure"], condition=Q(kind=InquiryKind.CORRECTION),
                name="one_correction_per_disclosure",
            ),
            models.CheckConstraint(
                condition=Q(result=InquiryResult.OPEN, settled_at=None)
                | (~Q(result=InquiryResult.OPEN) & Q(settled_at__isnull=False)),
                name="settled_inquiry_has_its_time",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.whom}"
