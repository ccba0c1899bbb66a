"""What the enterprise says of its project."""

from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Filing, Region
from approvals.rules.identifiers import check_project_code
from approvals.services.drafts import PROJECT_FIELDS

SITE_LEVELS = ("town", "township", "urban_area")
NEEDED = ("project_name", "site", "scale", "investment_wan", "planned_start")
ORDER = ("planned_start", "planned_completion", "planned_production")


def sites_on(day: date) -> Any:
    """Return the towns, townships and urban areas that exist on a day."""
    standing = Q(seen_from__lte=day) & (Q(seen_to__isnull=True) | Q(seen_to__gte=day))
    return Region.objects.filter(standing, level__in=SITE_LEVELS)


class ProjectForm(forms.ModelForm):
    """The project's own fields; a doubtful project code is asked back once and then taken."""

    code_confirmed = forms.BooleanField(
        label=_("项目代码已对照赋码通知核对，确认无误"), required=False
    )

    class Meta:
        model = Filing
        fields = PROJECT_FIELDS
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ORDER
        } | {"scale": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "project_name": _("与备案证上的名称一致。"),
            "project_code": _(
                "全国投资项目在线审批监管平台的24位代码，如 2107-140722-89-01-123456；还没有的可以先空着。"
            ),
            "site_detail": _("写到村或地块，如“寒王村东”。"),
            "scale": _("建什么、多大：建筑面积、产能等。清单、承诺书和公示都用这段话。"),
            "planned_start": _("这是您的计划；最早可能的开工日见问卷页的估算。"),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in NEEDED:
            self.fields[name].required = True
        chosen = Q(pk=self.instance.site_id) if self.instance.site_id else Q(pk__in=[])
        places = sites_on(today) | Region.objects.filter(chosen)
        self.fields["site"].queryset = places  # type: ignore[attr-defined]
        code = (self.data or {}).get("project_code") if self.is_bound else ""
        if not code or check_project_code(code, on=today).verdict != "warn":
            del self.fields["code_confirmed"]
        else:
            self.order_fields(["project_name", "project_code", "code_confirmed"])

    def clean_project_code(self) -> str:
        """Refuse what cannot be a code; full-width characters are put right."""
        typed = self.cleaned_data["project_code"]
        if not typed:
            return ""
        self.code = check_project_code(typed, on=self.today)
        if self.code.verdict == "invalid":
            raise forms.ValidationError(self.code.reason)
        return self.code.normalised

    def clean_investment_wan(self) -> Any:
        """An investment is more than nothing."""
        amount = self.cleaned_data["investment_wan"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError(_("总投资应大于0。"))
        return amount

    def clean_land_mu(self) -> Any:
        """An area is not negative."""
        area = self.cleaned_data["land_mu"]
        if area is not None and area < 0:
            raise forms.ValidationError(_("用地面积不能小于0。"))
        return area

    def clean(self) -> dict[str, Any]:
        """Ask back a doubtful code; the planned dates follow one another."""
        given = super().clean() or {}
        code = getattr(self, "code", None)
        if code and code.verdict == "warn" and not given.get("code_confirmed"):
            again = _("%(why)s。核对无误的，请勾选下面的确认后再保存。") % {"why": code.reason}
            self.add_error("project_code", again)
        days = [(name, given[name]) for name in ORDER if given.get(name)]
        for (before, first), (after, then) in pairwise(days):
            if then < first:
                what = {"after": self.fields[after].label, "before": self.fields[before].label}
                self.add_error(after, _("%(after)s不能早于%(before)s。") % what)
        return given
