"""What the enterprise says of its project."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.queries import county
from approvals.models import Filing, Region
from approvals.queries import sections, sites_on
from approvals.rules.identifiers import check_project_code
from approvals.rules.project import (
    NEEDED,
    ORDER,
    faults_in_project,
    judged_code,
    judged_industry,
)
from approvals.services.drafts import PROJECT_FIELDS


class ProjectForm(forms.ModelForm):
    """The project's own fields; a doubtful project code is asked back once and then taken."""

    code_confirmed = forms.BooleanField(
        label=_("项目代码已对照赋码通知核对，确认无误"), required=False
    )

    class Meta:
        model = Filing
        fields = PROJECT_FIELDS
        labels = {
            "industry": _("行业门类"),
            "longitude": _("经度"),
            "latitude": _("纬度"),
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ORDER
        } | {
            "scale": forms.Textarea(attrs={"rows": 4}),
            "land_with_design": forms.Select(
                choices=[("", _("不清楚")), ("true", _("是")), ("false", _("否"))]
            ),
        }
        help_texts = {
            "project_name": _("与备案证上的名称一致。"),
            "project_code": _(
                "全国投资项目在线审批监管平台的24位代码，如 2107-140722-89-01-123456；还没有的可以先空着。"
            ),
            "industry": _("填了行业代码的，门类由代码带出。"),
            "industry_code": _(
                "国民经济行业分类（GB/T 4754）的代码，如 C1391；大类、中类、小类都可以。"
            ),
            "longitude": _(
                "地块中心点，十进制度数，如113.377；没有测过的不填。公示的位置图只显示到约1公里。"
            ),
            "latitude": _("如37.083。"),
            "datum": _("网络地图上的坐标经过偏移，请不要抄；手机定位选WGS-84。"),
            "funding": _("如“企业自有资金七成、银行贷款三成”；有政府资金的请写明。"),
            "land_with_design": _("土地供应时是否已附带设计方案。"),
            "floor_area_m2": _("所有建筑物合计；没有建筑物的不填。"),
            "site_detail": _("写到村或地块，如“寒王村东”。"),
            "scale": _("建什么、多大：建筑面积、产能等。清单、承诺书和公示都用这段话。"),
            "papers_in_english": _("文书仍为中文，最后附一页英文摘要，仅供参考；以中文为准。"),
            "planned_start": _("这是您的计划；最早可能的开工日见问卷页的估算。"),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.county = today, county().code
        for name in NEEDED:
            self.fields[name].required = True
        chosen = Q(pk=self.instance.site_id) if self.instance.site_id else Q(pk__in=[])
        places = sites_on(today) | Region.objects.filter(chosen)
        self.fields["site"].queryset = places  # type: ignore[attr-defined]
        code = (self.data or {}).get("project_code") if self.is_bound else ""
        if not code or check_project_code(code, self.county, today).verdict != "warn":
            del self.fields["code_confirmed"]
        else:
            self.order_fields(["project_name", "project_code", "code_confirmed"])

    def clean_project_code(self) -> str:
        """Refuse what cannot be a code; full-width characters are put right."""
        typed = self.cleaned_data["project_code"]
        if not typed:
            return ""
        self.code = check_project_code(typed, self.county, self.today)
        if self.code.verdict == "invalid":
            raise forms.ValidationError(self.code.reason)
        return self.code.normalised

    def clean_industry_code(self) -> str:
        """Refuse what is no code of the classification, or one of another section than the one that was chosen."""
        typed: str = self.cleaned_data["industry_code"]
        if not typed:
            return ""
        chosen = self.cleaned_data.get("industry")
        code, against = judged_industry(typed, chosen.section if chosen else "", sections())
        if against:
            raise forms.ValidationError(against)
        return code.normalised

    def clean(self) -> dict[str, Any]:
        """Ask back a doubtful code; amounts are amounts, and the planned dates follow one another."""
        given = super().clean() or {}
        code = getattr(self, "code", None)
        confirmed = bool(given.get("code_confirmed"))
        if code and code.verdict != "invalid":  # else it was refused above, in its own words
            _code, against = judged_code(
                code.normalised, confirmed=confirmed, on=self.today, county=self.county
            )
            if against:
                self.add_error("project_code", against)
        for name, fault in faults_in_project(given).items():
            self.add_error(name, fault)
        return given
