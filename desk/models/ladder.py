"""What the ladder has said: one row per limit and rung, and one per day on which the round was made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ledger.models import Book
from desk.stages import Rung


class Round(models.Model):
    """每日提醒: the round of one day; a day that has one costs a single statement to see so."""

    day = models.DateField(_("日期"), unique=True)
    made_at = models.DateTimeField(_("完成时间"))
    again_at = models.DateTimeField(_("重试时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("每日提醒")
        ordering = ("-day",)

    def __str__(self) -> str:
        return str(self.day)


class Raised(models.Model):
    """升级督办: a delay was told on one rung of the ladder, once per end of the limit; kept when the delay is over."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    limit = models.CharField(_("时限"), max_length=80)
    rule = models.CharField(_("规则"), max_length=8)
    due_at = models.DateTimeField(_("到期"))
    rung = models.CharField(_("层级"), max_length=12, choices=Rung.choices)
    days_late = models.PositiveSmallIntegerField(_("逾期工作日"))
    raised_at = models.DateTimeField(_("升级时间"))
    told = models.PositiveSmallIntegerField(_("告知人数"))

    class Meta:
        verbose_name = verbose_name_plural = _("升级督办")
        ordering = ("-raised_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["limit", "due_at", "rung"], name="one_rung_once"),
        )
        indexes = (models.Index(fields=["book"], name="raised_in_book"),)

    def __str__(self) -> str:
        return f"{self.limit} {self.get_rung_display()}"
