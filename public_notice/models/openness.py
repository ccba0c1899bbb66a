"""主动公开: what is to be published, in versions that stay, and the publications that somebody still owes."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.catalogue import in_page_language
from core.deadlines.models import Timed
from public_notice.stages import Matter, OpenEvent


class OpenMatter(models.Model):
    """公开事项: one version of a row of the standard catalogue or of the negative list; the last one of a code stands.

    Rows are append-only: what the public could read on a day can be read for ever.
    """

    code = models.CharField(_("编号"), max_length=8)
    version = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("类别"), max_length=10, choices=Matter.choices)
    name = models.CharField(_("公开事项"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    content = models.CharField(_("内容标准"), max_length=500)
    content_en = models.CharField(_("内容标准（英文）"), max_length=800, blank=True)
    publisher = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("公开主体")
    )
    form = models.CharField(_("公开形式"), max_length=120)
    form_en = models.CharField(_("公开形式（英文）"), max_length=200, blank=True)
    event = models.CharField(
        _("由什么产生"), max_length=10, choices=OpenEvent.choices, blank=True, default=""
    )
    rule = models.CharField(_("公开时限（规则）"), max_length=8, blank=True, default="")
    address = models.CharField(_("公开地址"), max_length=200, blank=True, default="")
    basis = models.CharField(_("依据"), max_length=200)
    certainty = models.CharField(_("可信度"), max_length=1)
    struck = models.BooleanField(_("已撤下"), default=False)
    reason = models.CharField(_("理由"), max_length=300, blank=True, default="")
    written_at = models.DateTimeField(_("写入时间"))
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("公开事项")
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="one_version_of_a_matter"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return in_page_language(self.name, self.name_en)

    @property
    def standard(self) -> str:
        """What is to be said, in the language of the page; of the negative list why it is withheld."""
        return in_page_language(self.content, self.content_en)

    @property
    def way(self) -> str:
        """Where and how, in the language of the page; of the negative list what is shown nevertheless."""
        return in_page_language(self.form, self.form_en)


# What is published elsewhere; of a mark of bad credit, where the county shows none on its own pages.
ELSEWHERE = (OpenEvent.BY_HAND, OpenEvent.APPROVAL, OpenEvent.CHECK, OpenEvent.CREDIT)


class Publication(Timed):
    """待公开信息: something arose that a matter wants published; it ends when it stands where everybody can read it."""

    matter = models.ForeignKey(OpenMatter, models.PROTECT, related_name="publications")
    department = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("公开主体")
    )
    reference = models.CharField(_("来由"), max_length=80, unique=True)
    title = models.CharField(_("信息名称"), max_length=200)
    arose_on = models.DateField(_("产生日期"))
    address = models.CharField(_("公开地址"), max_length=300, blank=True, default="")
    noted_by: Any = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    published_by: Any = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("待公开信息")
        ordering = ("-arose_on", "-pk")

    def __str__(self) -> str:
        return self.title

    @property
    def by_hand(self) -> bool:
        """Whether it is published where the system cannot see it, so that somebody says where."""
        return self.matter.event in ELSEWHERE
