"""The form of use before acceptance: what is used since when, and what is to be done about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from approvals.models import Clause
from inspection.forms.nodes import day_field
from inspection.forms.works import OfficersForm, severity_fields, why_severity
from inspection.services import Breach, Use


class UseForm(OfficersForm):
    """Which clause has not passed, what is in use, and how it is mended."""

    clause: Any = forms.ModelChoiceField(
        label=_("没有验收合格的条款"),
        queryset=Clause.objects.none(),
        empty_label=None,
        help_text=_("本部门核查的现行条款；验收时核查的排在前面。"),
    )
    since = day_field(_("投入使用日期"), _("查实的开始日期，不早于报告的开工日期，不晚于今天。"))
    text = long_text(_("情况"), 2000, _("哪一处、怎样在使用，怎样查见；企业会看到这段话。"))
    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        required=False,
        help_text=_("不填写的，写本条款的标准和县规则P43。"),
    )
    demand = long_text(_("整改要求"), 2000, _("停止使用的范围；验收合格前怎样不再使用。"))
    days = forms.IntegerField(label=_("整改期限（工作日）"))
    statement = long_text(_("被检查人陈述"), 2000, required=False)
    upload = file_field(_("现场照片"), required=False)

    field_order = ("clause", "since", "text", "severity", "why_severity", "basis", "demand", "days")

    def __init__(
        self, *args: Any, clauses: Any, usual: str, least: int, most: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        self.fields["clause"].queryset = clauses  # type: ignore[attr-defined]
        days = {"least": least, "most": most}
        self.fields["days"] = forms.IntegerField(
            label=_("整改期限（工作日）"), min_value=least, max_value=most,
            help_text=_("%(least)d到%(most)d个工作日，按程度定。") % days,
        )  # fmt: skip
        self.fields |= severity_fields(usual)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Ask why it is not as grave as usual."""
        data = super().clean() or {}
        why_severity(self, self.usual)
        return data

    def use(self) -> Use:
        """Return what was seen, as the service takes it."""
        data = self.cleaned_data
        breach = Breach(
            data["text"], data["basis"], data["demand"], data["days"],
            data["severity"], data["why_severity"],
        )  # fmt: skip
        return Use(data["clause"], data["since"], breach)
