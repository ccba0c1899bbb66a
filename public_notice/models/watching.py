"""公示自检: whether a notice could be read on each day, and the days that do not count because it could not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.deadlines.models import Extension
from public_notice.models.notices import Notice
from public_notice.stages import Shown


class Hit(models.Model):
    """公示自检记录: the page was asked for once, as a stranger would; written once, never changed."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="hits")
    day = models.DateField(_("日期"))
    at = models.DateTimeField(_("自检时间"))
    shown = models.CharField(_("结果"), max_length=12, choices=Shown.choices)
    status = models.PositiveSmallIntegerField(_("应答码"), null=True, blank=True)
    digest = models.CharField(_("所见内容的摘要"), max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示自检记录")
        ordering = ("notice", "at", "pk")
        indexes = (models.Index(fields=["notice", "day"], name="hits_of_a_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.get_shown_display()}"


class LostDay(models.Model):
    """不计入的公示日: a day on which too few checks succeeded; the end is one day later, unless it was overruled."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lost_days")
    day = models.DateField(_("日期"))
    checks = models.PositiveSmallIntegerField(_("自检次数"))
    good = models.PositiveSmallIntegerField(_("其中成功"))
    found_at = models.DateTimeField(_("认定时间"))
    extension = models.OneToOneField(Extension, models.PROTECT, related_name="+")
    overruled_at = models.DateTimeField(_("恢复计日时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("不计入的公示日")
        ordering = ("notice", "day")
        constraints = (
            models.UniqueConstraint(fields=["notice", "day"], name="a_day_is_lost_once"),
            models.CheckConstraint(
                condition=Q(good__lte=models.F("checks")), name="good_checks_are_checks"
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} {self.day}"
