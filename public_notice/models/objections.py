"""异议: what somebody said against a notice, and what was answered."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.deadlines.models import Timed
from public_notice.models.notices import Notice
from public_notice.stages import Finding


def new_code() -> str:
    """Return the code by which an objector follows their objection."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRTUWXY") for _place in range(10))


class Objection(Timed):
    """公示异议: what somebody said against a notice, the reply, and the clock of the reply."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    number = models.CharField(_("异议编号"), max_length=40, unique=True)
    code = models.CharField(_("查询码"), max_length=10, unique=True, default=new_code)
    name = models.CharField(_("姓名或名称"), max_length=60, blank=True)
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    anonymous = models.BooleanField(_("匿名"), default=False)
    interest = models.CharField(_("利害关系"), max_length=200, blank=True)
    text = models.TextField(_("异议内容"), max_length=2000)
    received_at = models.DateTimeField(_("收到时间"))
    # It came in a flood: it counts like any other, and the window looks at it before its words are public.
    held = models.BooleanField(_("待人工查看"), default=False)
    hearing_asked = models.BooleanField(_("申请听证"), default=False)
    heard_on = models.DateField(_("听证日期"), null=True, blank=True)
    hearing_note = models.TextField(_("听证情况"), max_length=2000, blank=True)
    hearing_settled_at = models.DateTimeField(_("听证办结时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("隐藏时间"), null=True, blank=True)
    hidden_reason = models.CharField(_("隐藏理由"), max_length=300, blank=True)
    # What of the words is withheld, and under which article: the reviewed parts, so that no outlet asks again.
    withheld = models.JSONField(_("不公开部分"), default=list, blank=True)
    finding = models.CharField(
        _("认定"), max_length=12, choices=Finding.choices, default=Finding.OPEN
    )
    reply = models.TextField(_("答复"), blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    replied_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("公示异议")
        ordering = ("notice", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(finding=Finding.OPEN) | ~Q(reply=""),
                name="answered_objection_has_reply",
                violation_error_message=_("答复异议必须写明答复内容。"),
            ),
            models.CheckConstraint(
                condition=Q(anonymous=True) | (~Q(name="") & ~Q(contact="")),
                name="objection_has_a_name_or_is_anonymous",
                violation_error_message=_("请写明姓名或名称和联系方式，或者选择匿名。"),
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="hidden_words_have_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.number
