"""项目信息: what an enterprise says of its project, in the fields of the national construction-approval exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.catalogue import Industry, Region
from approvals.stages import Datum, Nature, WorksKind


class Project(models.Model):
    """The project of a filing. Which of its fields a filing cannot do without, `rules.project.NEEDED` says.

    Amounts are in 万元, land in 亩, floors in square metres; coordinates are decimal degrees in the named datum. How
    the land is had, whether its area was assessed and how it is put on record are answers of the questionnaire.
    """

    project_name = models.CharField(_("项目名称"), max_length=120, blank=True)
    project_code = models.CharField(_("项目代码"), max_length=24, blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, verbose_name=_("行业")
    )
    industry_code = models.CharField(_("行业代码"), max_length=8, blank=True)
    industry_edition = models.PositiveSmallIntegerField(_("行业分类版本年"), null=True, blank=True)
    construction_nature = models.CharField(
        _("建设性质"), max_length=12, choices=Nature.choices, blank=True
    )
    works_kind = models.CharField(
        _("工程分类"), max_length=12, choices=WorksKind.choices, blank=True
    )
    site = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("建设地点（乡镇）")
    )
    site_detail = models.CharField(_("详细地点（到村）"), max_length=120, blank=True)
    longitude = models.DecimalField(
        _("经度"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=8, choices=Datum.choices, blank=True)
    scale = models.TextField(_("建设规模和内容"), blank=True, max_length=1000)
    investment_wan = models.DecimalField(
        _("总投资（万元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    funding = models.CharField(_("资金来源和属性"), max_length=120, blank=True)
    land_mu = models.DecimalField(
        _("用地面积（亩）"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    land_with_design = models.BooleanField(_("土地带设计方案"), null=True, blank=True)
    floor_area_m2 = models.DecimalField(
        _("建筑面积（平方米）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    planned_start = models.DateField(_("计划开工"), null=True, blank=True)
    planned_completion = models.DateField(_("计划竣工"), null=True, blank=True)
    planned_production = models.DateField(_("计划投产"), null=True, blank=True)
    papers_in_english = models.BooleanField(_("文书附英文摘要页"), default=False)

    class Meta:
        abstract = True
