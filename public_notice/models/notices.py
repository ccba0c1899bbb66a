"""公示: the notice as it was published, and the words it is found by."""

import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership
from approvals.models import Filing, Letter
from core.deadlines.models import Timed
from core.documents.models import Paper
from core.ledger.models import Book
from core.steps.models import Stepped
from public_notice import policies
from public_notice.stages import NoticeStage

if TYPE_CHECKING:
    from datetime import datetime


def new_public_id() -> str:
    """Return the address of a notice; it is kept for ever."""
    return secrets.token_hex(6)


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
    def uphold(self, *, objection: str) -> None:
        """终止: an objection was upheld; the case goes back. The words of its answer are no entry of the ledger."""

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
