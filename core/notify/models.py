"""The outbox: a message is a row before it is a message."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class Message(models.Model):
    """One message to one person about one case; delivered at least once, read when the person says so."""

    to = models.ForeignKey(
        Membership, models.PROTECT, related_name="messages", verbose_name=_("收件人")
    )
    subject = models.CharField(_("标题"), max_length=200)
    subject_en = models.CharField(_("英文标题"), max_length=300, blank=True)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    key = models.CharField(_("去重键"), max_length=120, unique=True)
    created_at = models.DateTimeField(_("生成时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["to", "-created_at"], name="message_of_person"),)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The subject in the language of the page; Chinese where it was not told in English."""
        return self.subject_en if self.subject_en and get_language() == "en" else self.subject
