"""现场: what is asked on a site, and what persons enter there: presence, findings, photographs, signatures."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.catalogue import in_page_language
from approvals.models.device import DeviceEntry, Located
from core.deadlines.models import RulebookEdition
from core.documents.models import Attachment
from prereview.models.session import AgendaItem, Session
from prereview.stages import FindingResult, RequestState


class SurveyQuestion(models.Model):
    """勘察要点: what one department asks on a site; the points of the county's list, each with who asks it."""

    edition = models.ForeignKey(RulebookEdition, models.PROTECT, related_name="survey")
    topic = models.CharField(_("要点编号"), max_length=20)
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    question = models.CharField(_("要点"), max_length=120)
    question_en = models.CharField(_("英文"), max_length=200)
    items = models.JSONField(_("事项"), default=list, blank=True)
    substantive = models.BooleanField(_("实质核查，须两人以上"))
    basis = models.CharField(_("依据"), max_length=120)
    source = models.CharField(_("来源"), max_length=80, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1)
    asker_certainty = models.CharField(_("由谁提出的可信度"), max_length=1)

    class Meta:
        verbose_name = verbose_name_plural = _("勘察要点")
        ordering = ("edition", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "topic", "department"], name="one_asker_once_per_point"
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.department}"

    @property
    def label(self) -> str:
        """The point in the language of the page."""
        return in_page_language(self.question, self.question_en)


class SiteEntry(DeviceEntry):
    """What is entered at a stop of a survey."""

    agenda: Any = models.ForeignKey(AgendaItem, models.PROTECT, related_name="%(class)s_set")

    class Meta(DeviceEntry.Meta):
        abstract = True


class SitePresence(SiteEntry):
    """到场人员: a person of a department on the site, with the number of the card that was shown."""

    name = models.CharField(_("姓名"), max_length=60)
    card = models.CharField(_("执法（工作）证号"), max_length=40, blank=True)

    class Meta(SiteEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("到场人员")


class SiteFinding(SiteEntry, Located):
    """现场记录: what a department found at one point; a later one takes its place, and it stays."""

    topic = models.CharField(_("要点编号"), max_length=20)
    result = models.CharField(_("结果"), max_length=10, choices=FindingResult.choices)
    text = models.TextField(_("说明"), max_length=1000, blank=True)

    class Meta(SiteEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("现场记录")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(result=FindingResult.FINE) | ~models.Q(text=""),
                name="what_is_not_fine_is_said",
            ),
        )


class SitePhoto(SiteEntry, Located):
    """现场照片: the original as it came, with its digest; what is shown is drawn anew, without the device's data."""

    topic = models.CharField(_("要点编号"), max_length=20, blank=True)
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(_("摘要"), max_length=64)
    digested_on_device = models.BooleanField(_("摘要由设备计算"))

    class Meta(SiteEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("现场照片")


class SiteSignature(SiteEntry):
    """部门签字: a department's word that the entries it names are its findings; what comes later is not under it."""

    covers = models.JSONField(_("所签的记录"), default=list)

    class Meta(SiteEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("部门签字")


class ConflictSettlement(models.Model):
    """分歧裁定: the convenor's word, with reasons, on findings of departments that contradict one another."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="site_settlements")
    uid = models.UUIDField(_("编号"), unique=True)
    topic = models.CharField(_("要点编号"), max_length=20)
    findings = models.JSONField(_("所裁定的记录"))
    result = models.CharField(_("裁定"), max_length=10, choices=FindingResult.choices)
    reasons = models.TextField(_("理由"), max_length=1000)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField(_("裁定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("分歧裁定")
        ordering = ("happened_at", "pk")

    def __str__(self) -> str:
        return f"{self.agenda} {self.topic}"


class SecondVisit(models.Model):
    """再次勘察申请: who wants to see a site once more, and why; granted or refused by the convenor, and counted."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="second_visits")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=8, choices=RequestState.choices, default=RequestState.ASKED
    )
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision = models.CharField(_("决定理由"), max_length=300, blank=True)
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="second_visits"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("再次勘察申请")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["agenda", "department"],
                condition=models.Q(state=RequestState.ASKED),
                name="one_open_request_for_a_second_visit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agenda} / {self.department}"

    @property
    def book(self) -> Any:
        """The book of the session in which the site was seen."""
        return self.agenda.session.book
