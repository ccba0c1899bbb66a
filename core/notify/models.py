"""The outbox: a message is a row before it is a message, and a letter is a row before it leaves."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.notify.stages import Way


def new_token() -> str:
    """Return what makes a letter recognisable when it arrives twice."""
    return uuid.uuid4().hex


class Message(models.Model):
    """One message to one person about one case; always in the system, read when the person says so.

    `service` marks what the law wants to reach its addressee: it leaves by itself, at once, whatever they chose.
    """

    to = models.ForeignKey(
        Membership, models.PROTECT, related_name="messages", verbose_name=_("收件人")
    )
    subject = models.CharField(_("标题"), max_length=200)
    subject_en = models.CharField(_("英文标题"), max_length=300, blank=True)
    body = models.TextField(_("内容"), blank=True)
    body_en = models.TextField(_("英文内容"), blank=True)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    key = models.CharField(_("去重键"), max_length=120, unique=True)
    service = models.BooleanField(_("正式送达"), default=False)
    calendar = models.TextField(_("日历附件"), blank=True)
    created_at = models.DateTimeField(_("生成时间"))
    sent_at = models.DateTimeField(_("转外发时间"), null=True, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["to", "-created_at"], name="message_of_person"),
            models.Index(fields=["id"], condition=Q(sent_at=None), name="message_waiting"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The subject in the language of the page; Chinese where it was not told in English."""
        return self.subject_en if self.subject_en and get_language() == "en" else self.subject

    @property
    def text(self) -> str:
        """The body in the language of the page."""
        return self.body_en if self.body_en and get_language() == "en" else self.body


class Sending(models.Model):
    """外发: one letter to one person by one way, of one message or of several as a digest; sent at least once.

    `next_at` is when it is tried next; empty once it is over: sent, or given up with its reason.
    """

    to = models.ForeignKey(
        Membership, models.PROTECT, related_name="sendings", verbose_name=_("收件人")
    )
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)
    messages = models.ManyToManyField(Message, related_name="sendings", verbose_name=_("消息"))
    digest = models.BooleanField(_("汇总"), default=False)
    service = models.BooleanField(_("正式送达"), default=False)
    token = models.CharField(_("标识"), max_length=32, unique=True, default=new_token)
    created_at = models.DateTimeField(_("生成时间"))
    next_at = models.DateTimeField(_("下次发送"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("停止发送时间"), null=True, blank=True)
    error = models.CharField(_("失败原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外发")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(next_at=None) | Q(sent_at=None, failed_at=None),
                name="sending_waits_or_is_over",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="sending_due"
            ),
            models.Index(
                fields=["failed_at"], condition=Q(failed_at__isnull=False), name="sending_failed"
            ),
            models.Index(fields=["to", "-created_at"], name="sending_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.get_way_display()} → {self.to}"


class Preference(models.Model):
    """消息设置: by which ways a person wants to hear, beside the system itself, and whether in digests."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference", verbose_name=_("用户")
    )
    mail = models.BooleanField(_("电子邮件"), default=True)
    gateway = models.BooleanField(_("短信或即时消息"), default=True)
    digest = models.BooleanField(_("消息多时汇总发送"), default=True)
    quiet = models.BooleanField(_("夜间不打扰"), default=True)
    language = models.CharField(
        _("外发消息的语言"), max_length=8, choices=settings.LANGUAGES, default="zh-hans"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("消息设置")

    def __str__(self) -> str:
        return str(self.user)

    def wants(self, way: str) -> bool:
        """Whether the person wants what is no legal service by this way."""
        return bool(self.mail if way == Way.MAIL else self.gateway)
