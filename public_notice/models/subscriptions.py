"""订阅: who wants to hear of new notices by mail; the address is here and nowhere else, for as long as it is wanted."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """Return what only the mails to one address know."""
    return secrets.token_hex(16)


class Subscription(models.Model):
    """订阅: an address and what it wants to hear of; nothing chosen is everything.

    Unconfirmed it holds the digest of the one word that confirms it, and goes when that expires. Left, it is deleted.
    """

    address = models.EmailField(_("电子邮箱"), max_length=254)
    town = models.CharField(_("乡镇"), max_length=12, blank=True)
    industry = models.CharField(_("行业"), max_length=8, blank=True)
    department = models.CharField(_("部门"), max_length=20, blank=True)
    enterprise = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    language = models.CharField(
        _("语言"), max_length=8, choices=settings.LANGUAGES, default="zh-hans"
    )
    asked_at = models.DateTimeField(_("申请时间"))
    word = models.CharField(_("确认链接的摘要"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("确认截止"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    told_until = models.DateTimeField(_("已告知到"), null=True, blank=True)
    leave = models.CharField(max_length=32, unique=True, default=new_key, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("订阅")
        constraints = (
            models.UniqueConstraint(
                fields=["address", "town", "industry", "department", "enterprise"],
                name="one_subscription_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False, told_until__isnull=False, word="")
                | Q(confirmed_at__isnull=True, expires_at__isnull=False),
                name="subscription_is_confirmed_or_expires",
            ),
        )
        indexes = (
            models.Index(fields=["told_until"], name="subscription_to_tell"),
            models.Index(fields=["expires_at"], name="subscription_expires"),
            models.Index(fields=["word"], condition=~Q(word=""), name="subscription_by_word"),
        )

    def __str__(self) -> str:
        return f"{self.pk}"  # never the address: this is what a log would say


class SubscriptionLetter(models.Model):
    """订阅邮件: a mail that waits: the confirmation, or what was published in a span. Sent, it is deleted."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="letters")
    word = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField(_("自"), null=True, blank=True)
    until = models.DateTimeField(_("至"), null=True, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(_("生成时间"))
    next_at = models.DateTimeField(_("下次发送"), db_index=True)
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("订阅邮件")

    def __str__(self) -> str:
        return f"{self.pk}"
