"""满意度: who was asked, and how many gave which answer, apart from each other."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Filing


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
