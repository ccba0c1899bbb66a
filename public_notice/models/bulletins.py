"""通报: the monthly bulletin of deemed opinions, made up and reviewed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from core.documents.models import Paper
from public_notice.stages import BulletinState


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
