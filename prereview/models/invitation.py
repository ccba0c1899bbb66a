"""通知: the summons of one department to one session."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.stages import Channel
from core.documents.models import Attachment, Paper
from prereview.models.session import Session
from prereview.models.to_sign import ToSign
from prereview.stages import Answer, Authority, CameBy


class Invitation(ToSign):
    """通知: the summons of one department to one session, how it was served, what came of it."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="invitations")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    served_at = models.DateTimeField(_("送达时间"))
    answer = models.CharField(_("答复"), max_length=10, choices=Answer.choices, default=Answer.NONE)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    excuse_ground = models.CharField(_("请假事由"), max_length=40, blank=True)
    excuse_text = models.CharField(_("请假说明"), max_length=300, blank=True)
    excuse_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    excuse_substitute = models.CharField(_("拟派代替的人"), max_length=60, blank=True)
    # What the department was given with the summons: papers and files with their digests, and one over all of them.
    dossier = models.JSONField(_("卷宗目录"), default=list, blank=True)
    dossier_sha256 = models.CharField(_("卷宗摘要"), max_length=64, blank=True)
    added_because = models.CharField(_("增加的理由"), max_length=300, blank=True)
    # The paper of a summons of its own; of the others it is the one of the session.
    notice = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("请假决定时间"), null=True, blank=True)
    decision_reason = models.CharField(_("决定理由"), max_length=300, blank=True)
    opinion_by = models.DateField(_("书面意见期限"), null=True, blank=True)
    representative = models.CharField(_("到会代表"), max_length=60, blank=True)
    authority = models.CharField(
        _("代表的授权"), max_length=8, choices=Authority.choices, blank=True
    )
    authority_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_in_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    came_by = models.CharField(_("签到方式"), max_length=6, choices=CameBy.choices, blank=True)
    checked_in_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    online_at = models.DateTimeField(_("同意线上参加时间"), null=True, blank=True)
    online_reason = models.CharField(_("线上参加的理由"), max_length=200, blank=True)
    left_at = models.DateTimeField(_("离开时间"), null=True, blank=True)
    # Who says that the leaving was written down by mistake, and why, until a second person confirms it.
    back_asked_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    back_reason = models.CharField(_("误登记离开的理由"), max_length=300, blank=True)

    class Meta(ToSign.Meta):
        verbose_name = verbose_name_plural = _("会次通知")
        ordering = ("session", "department")
        constraints = (
            models.UniqueConstraint(
                fields=["session", "department"], name="one_summons_per_department"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session} → {self.department}"

    @property
    def reached_at(self) -> datetime:
        """When the summons was served: by a second channel, on the day of that service and not of the first try."""
        again = self.channel != Channel.SYSTEM
        return self.acknowledged_at if again and self.acknowledged_at else self.served_at

    @property
    def in_room(self) -> bool:
        """Whether the department has come and has not left."""
        return self.checked_in_at is not None and self.left_at is None

    def present_at(self, closed_at: datetime) -> bool:
        """Whether the department was in the room when an item closed."""
        came = self.checked_in_at is not None and self.checked_in_at <= closed_at
        return came and (self.left_at is None or self.left_at >= closed_at)
