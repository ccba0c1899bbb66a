"""送达与请假: the record of how each summons was served, and why a department may stay away."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models import Attempt
from approvals.models.catalogue import in_page_language
from core.deadlines.models import RulebookEdition
from prereview.models.invitation import Invitation


class SummonsAttempt(Attempt):
    """会次通知送达记录: one attempt to serve a summons, or its receipt."""

    invitation: Any = models.ForeignKey(Invitation, models.PROTECT, related_name="attempts")

    class Meta(Attempt.Meta):
        verbose_name = verbose_name_plural = _("会次通知送达记录")


class ExcuseGround(models.Model):
    """请假事由: why a department may stay away, in the county's word; the words stand in the book as they are."""

    edition = models.ForeignKey(RulebookEdition, models.PROTECT, related_name="excuses")
    name = models.CharField(_("事由"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    basis = models.CharField(_("依据"), max_length=120)
    certainty = models.CharField(_("可信度"), max_length=1)

    class Meta:
        verbose_name = verbose_name_plural = _("请假事由")
        ordering = ("edition", "pk")
        constraints = (
            models.UniqueConstraint(fields=["edition", "name"], name="one_ground_per_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The ground in the language of the page."""
        return in_page_language(self.name, self.name_en)
