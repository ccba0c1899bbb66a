"""A spreadsheet that is too long for a page to wait for: checked or written by the background worker."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from desk.models.catalogue import CatalogueDraft
from desk.models.past import PastBatch
from desk.stages import SheetWork, TaskState


class SheetTask(models.Model):
    """表格任务: one file for the background worker, which lies in coming under the token until its load is over."""

    work = models.CharField(
        _("做什么"), max_length=12, choices=SheetWork.choices, default=SheetWork.LOAD_PAST
    )
    token = models.CharField(max_length=32, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    rows = models.PositiveIntegerField(_("行数"), default=0)  # 0: nobody has counted them yet
    draft = models.ForeignKey(
        CatalogueDraft, models.PROTECT, null=True, blank=True, related_name="+"
    )
    after = models.PositiveIntegerField(null=True, blank=True)  # the draft's version that was seen
    language = models.CharField(max_length=10, default="zh-hans")  # in which its sentences are made
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提交时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=TaskState.choices, default=TaskState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    until = models.DateTimeField(_("最迟重新开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    said = models.JSONField(_("没有完成的原因"), default=list)
    found = models.JSONField(_("检查结果"), default=dict)
    batch = models.ForeignKey(PastBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("表格任务")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["token", "work"], name="one_sheet_task_per_file"),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE, work=SheetWork.LOAD_PAST)
                | Q(batch__isnull=False),
                name="what_is_loaded_has_its_batch",
            ),
            models.CheckConstraint(
                condition=Q(work__in=[SheetWork.CHECK_PAST, SheetWork.LOAD_PAST], draft=None)
                | Q(
                    work__in=[SheetWork.CHECK_TABLES, SheetWork.LOAD_TABLES],
                    draft__isnull=False,
                ),
                name="tables_of_the_catalogue_have_their_draft",
            ),
        )

    def __str__(self) -> str:
        return self.name
