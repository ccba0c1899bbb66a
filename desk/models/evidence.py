"""证据包: what somebody was given to prove a default, or a whole case, without this system."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models import Filing
from desk.stages import PackCopy, PackState
from prereview.models import Opinion


class EvidencePack(models.Model):
    """证据包: one ZIP file of a case or of one default in it, made in the background, with its digest.

    `pins` are the last sequences of its books when it was asked for: what is written later is not in it, so that the
    same pack is made of the same content, byte for byte, whenever that is done.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="evidence_packs")
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, null=True, blank=True, related_name="evidence_packs"
    )
    copy = models.CharField(_("副本"), max_length=10, choices=PackCopy.choices)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    pins = models.JSONField(_("账簿末条"), default=dict)
    state = models.CharField(
        _("状态"), max_length=8, choices=PackState.choices, default=PackState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    until = models.DateTimeField(_("最迟重新开始时间"))
    done = models.PositiveIntegerField(_("已放入文件数"), default=0)
    total = models.PositiveIntegerField(_("文件总数"), default=0)
    said = models.CharField(_("没有制成的原因"), max_length=300, blank=True)
    file = models.FileField(_("文件"), max_length=200, blank=True)
    sha256 = models.CharField(_("摘要"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    made_at = models.DateTimeField(_("制成时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("证据包")
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["id"],
                condition=Q(state__in=(PackState.WAITING, PackState.RUNNING)),
                name="packs_to_make",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(copy=PackCopy.COURT) | ~Q(purpose=""), name="court_copy_says_for_whom",
                violation_error_message=_("给法院、复议机关的副本要写明用途。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=PackState.DONE) | ~Q(sha256="") & Q(made_at__isnull=False),
                name="pack_that_is_made_has_its_digest",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.filing} {self.get_copy_display()}"

    @property
    def open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in (PackState.WAITING, PackState.RUNNING)

    @property
    def handed_as(self) -> str:
        """The name under which it is saved."""
        part = f"-{self.opinion_id}" if self.opinion_id else ""
        return f"evidence-{self.filing.public_id}{part}-{self.sha256[:12]}.zip"

    def refresh_progress(self, done: int, total: int) -> Any:
        """Write down how far it is, for the page that waits."""
        return EvidencePack.objects.filter(pk=self.pk).update(done=done, total=total)
