"""统一事项清单: items, materials, questions and standard clauses, in immutable editions; regions and industries."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.rules.citing import both_languages, in_words
from approvals.stages import Gravity, ItemClass, NeededBy, ToleranceModel


def in_page_language(zh: str, en: str) -> str:
    """Return the text in the language of the page; Chinese where no English was given."""
    return en if en and get_language() == "en" else zh


class CatalogueEdition(models.Model):
    """One edition of the catalogue; a filing pins the one in force when it was submitted."""

    number = models.PositiveIntegerField(_("版次"), unique=True)
    in_force_from = models.DateField(_("施行日"))
    source = models.CharField(_("来源"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("清单版次")
        ordering = ("number",)

    def __str__(self) -> str:
        return _("%(number)s（%(day)s）") % {"number": self.number, "day": self.in_force_from}


class CatalogueItem(models.Model):
    """事项: one matter, with its class, department, basis, limits, red line and what silence may do."""

    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="items")
    code = models.CharField(_("编号"), max_length=8)
    name = models.CharField(_("事项名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200)
    item_class = models.CharField(_("类别"), max_length=12, choices=ItemClass.choices)
    department = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("责任部门")
    )
    co_departments = models.ManyToManyField(
        Organisation, related_name="+", verbose_name=_("协办部门")
    )
    legal_basis = models.TextField(_("依据"))
    statutory_days = models.PositiveSmallIntegerField(_("法定时限"), null=True, blank=True)
    statutory_unit = models.CharField(_("法定时限单位"), max_length=12, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("承诺时限（工作日）"), null=True, blank=True)
    red_line = models.CharField(_("红线"), max_length=12)
    red_line_basis = models.TextField(_("红线依据"), blank=True)
    applies_if = models.CharField(_("适用条件"), max_length=200)
    opinion_default = models.CharField(_("默认规则"), max_length=24)
    condition_fact = models.CharField(_("条件事实"), max_length=40, blank=True)
    start_gate = models.CharField(_("开工条件"), max_length=40)
    silence_note = models.TextField(_("沉默的后果"), blank=True)
    note = models.TextField(_("说明"), blank=True)
    source = models.CharField(_("来源"), max_length=80, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1)
    legal_certainty = models.CharField(_("依据可信度"), max_length=1, blank=True)
    default_basis = models.CharField(_("允许默认的依据"), max_length=200, blank=True)
    default_approver = models.CharField(_("允许默认的批准单位"), max_length=120, blank=True)
    tolerance_model = models.CharField(
        _("容缺办理方式"),
        max_length=1,
        choices=ToleranceModel.choices,
        default=ToleranceModel.COMPLETE,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("事项")
        ordering = ("edition", "pk")
        constraints = (
            models.UniqueConstraint(fields=["edition", "code"], name="one_item_per_code"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return in_page_language(self.name, self.name_en)

    @property
    def red_line_words(self) -> str:
        """What the red line rests on, in the language of the page."""
        return in_page_language(*map(in_words, both_languages(self.red_line_basis)))

    @property
    def marked(self) -> bool:
        """Whether silence on it is expressly allowed to count as no objection: with a basis, by an authority."""
        return bool(self.default_basis and self.default_approver)


class CatalogueMaterial(models.Model):
    """材料: what an item needs, in which form, when, and whether its absence can be tolerated."""

    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="materials")
    name = models.CharField(_("材料名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    form = models.CharField(_("形式"), max_length=12)
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    tolerable = models.BooleanField(_("可容缺"), default=False)
    hint = models.TextField(_("提示"), blank=True)
    needed_by = models.CharField(_("何时需要"), max_length=12, choices=NeededBy.choices)
    produced_by = models.CharField(_("由事项产生"), max_length=40, blank=True)
    only_if = models.CharField(_("仅当"), max_length=120, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1)

    class Meta:
        verbose_name = verbose_name_plural = _("材料")
        ordering = ("item", "pk")

    def __str__(self) -> str:
        return self.name


class CatalogueClause(models.Model):
    """承诺条款: a standard an item's commitment promises, when and by whom it will be checked."""

    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="clauses")
    number = models.CharField(_("条号"), max_length=12)
    text = models.TextField(_("承诺内容"))
    text_en = models.TextField(_("英文"), blank=True)
    standard = models.TextField(_("标准"))
    checked_when = models.CharField(_("何时核查"), max_length=12)
    checked_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("核查部门")
    )
    certainty = models.CharField(_("可信度"), max_length=1)
    how = models.CharField(_("怎样核查"), max_length=120, blank=True, default="")
    evidence = models.CharField(_("证据"), max_length=200, blank=True, default="")
    severity = models.CharField(
        _("违反的程度"), max_length=8, choices=Gravity.choices, blank=True, default=""
    )
    # 直接关系公共安全、人身健康、生命财产安全: looked at in full, never left to a draw.
    safety = models.BooleanField(_("关系安全和健康"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("承诺条款")
        ordering = ("item", "number")
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="one_clause_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class CatalogueNode(models.Model):
    """建设节点: a named point of the works at which the enterprise reports, in the order of the works."""

    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="nodes")
    code = models.CharField(_("编号"), max_length=8)
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    # start, progress or completion: with which report of the works it is reached.
    reported_by = models.CharField(_("用哪种报告"), max_length=10)
    evidence = models.CharField(_("证据"), max_length=200, blank=True, default="")
    source = models.CharField(_("来源"), max_length=80, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1)

    class Meta:
        verbose_name = verbose_name_plural = _("建设节点")
        ordering = ("edition", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["edition", "code"], name="one_node_per_code"),
        )

    def __str__(self) -> str:
        return in_page_language(self.name, self.name_en)

    @property
    def evidence_words(self) -> str:
        """What a report of it has to show, in the language of the page; the pack writes `中文 | English`."""
        return in_page_language(*both_languages(self.evidence))


class Question(models.Model):
    """A question of the guided questionnaire, or a fact derived from the answers (no order)."""

    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="questions")
    fact = models.CharField(_("事实"), max_length=40)
    row = models.JSONField(_("内容"))
    order = models.PositiveSmallIntegerField(_("次序"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("问题")
        ordering = ("edition", "order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["edition", "fact"], name="one_question_per_fact"),
        )

    def __str__(self) -> str:
        return self.fact


class Region(models.Model):
    """行政区划: a place of the county with the editions of the code list in which it stands."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80)
    level = models.CharField(_("级别"), max_length=12)
    parent_code = models.CharField(_("上级代码"), max_length=12, blank=True)
    seen_from = models.DateField(_("始见"))
    seen_to = models.DateField(_("末见"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ("code",)

    def __str__(self) -> str:
        return in_page_language(self.name, self.name_en)


class Industry(models.Model):
    """国民经济行业门类 (GB/T 4754-2017)."""

    section = models.CharField(_("门类"), max_length=1, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120)
    edition_year = models.PositiveSmallIntegerField(_("版本年"))
    division_from = models.PositiveSmallIntegerField(_("大类起"), null=True, blank=True)
    division_to = models.PositiveSmallIntegerField(_("大类止"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("行业")
        ordering = ("section",)

    def __str__(self) -> str:
        return f"{self.section} {in_page_language(self.name, self.name_en)}"
