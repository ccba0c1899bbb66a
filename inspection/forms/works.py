"""The forms of reports, checks, findings and rechecks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from approvals.models import CatalogueNode, Clause
from approvals.stages import NeededBy
from inspection.forms.nodes import day_field, offered
from inspection.models import SiteNode
from inspection.services import Breach, Looked
from inspection.stages import CheckMode, Kept, Severity


def amount_field(label: Any, help_text: Any) -> forms.DecimalField:
    """Return a field for an amount with two places that may be left out."""
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_digits=12, decimal_places=2
    )  # fmt: skip


class StartReportForm(forms.Form):
    """When the works began."""

    happened_on = day_field(_("开工日期"), _("不早于开工告知书的日期，不晚于今天。"))
    text = long_text(_("开工情况"), 2000, _("施工单位、监理单位、先行施工的部位。"))
    upload = file_field(_("附件"), required=False)

    def __init__(self, *args: Any, nodes: Sequence[CatalogueNode] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nodes = nodes
        for node in nodes:
            self.fields[f"node_{node.code}"] = self._promised(node)
            self.fields[f"without_{node.code}"] = forms.BooleanField(
                label=_("工程没有“%(node)s”这个节点") % {"node": node}, required=False
            )

    @staticmethod
    def _promised(node: CatalogueNode) -> forms.DateField:
        field = day_field(
            _("承诺日期：%(node)s") % {"node": node},
            _("到期要报告并附证据：%(what)s。") % {"what": node.evidence_words}
            if node.evidence
            else "",
        )
        field.required = False
        field.when = _("（没有这个节点的，勾选下一项）")  # type: ignore[attr-defined]
        return field

    def clean(self) -> dict[str, Any]:
        """Gather the plan; a node with a day and a tick says two things."""
        data = super().clean() or {}
        plan: dict[str, Any] = {}
        for node in self.nodes:
            day, none = data.pop(f"node_{node.code}", None), data.pop(f"without_{node.code}", False)
            if day and none:
                self.add_error(f"node_{node.code}", _("日期和“没有这个节点”只能填一样。"))
            elif day or none:
                plan[node.code] = day
        return {**data, "nodes": plan}


class ProgressReportForm(forms.Form):
    """How far the works are."""

    node = forms.ChoiceField(
        label=_("到达的节点"), required=False,
        help_text=_("到达计划节点的，选节点并附证据；平常的进度报告不选。"),
    )  # fmt: skip
    happened_on = day_field(_("截至日期"))
    percent = forms.IntegerField(label=_("形象进度（%）"), min_value=0, max_value=100)
    text = long_text(_("进度情况"), 2000, _("已完成什么、正在做什么、承诺条款落实到哪一步。"))
    upload = file_field(_("附件"), required=False)

    def __init__(self, *args: Any, nodes: Sequence[SiteNode] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(n.node.code, offered(n)) for n in nodes]
        self.fields["node"].choices = [("", _("平常的进度报告")), *named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["node"]
        else:
            self.fields["upload"].when = _("（节点报告必须附）")  # type: ignore[attr-defined]


class CompletionReportForm(forms.Form):
    """When the works were done."""

    happened_on = day_field(_("竣工日期"))
    text = long_text(_("竣工情况"), 2000, _("完成的内容，与承诺的建设规模和内容是否一致。"))
    built_m2 = amount_field(
        _("建成建筑面积（平方米）"), _("没有建筑物的写0；只与申报的数字并列显示，不因相差而处理。")
    )
    invested_wan = amount_field(
        _("完成投资（万元）"), _("截至竣工；还没有决算的写估算数，没有的可以不填。")
    )
    upload = file_field(_("附件"), required=False)


def severity_fields(usual: str, suffix: str = "") -> dict[str, forms.Field]:
    """Return the fields of how grave a breach is, filled in as it usually is, and of why it is not."""
    said = _("本为“%(usual)s”；改为其他程度的，在下面写明理由。")
    known = said % {"usual": Severity(usual).label} if usual else ""
    return {
        f"severity{suffix}": forms.ChoiceField(
            label=_("程度"), choices=[("", "—"), *Severity.choices], required=False,
            initial=usual, help_text=known,
        ),
        f"why_severity{suffix}": forms.CharField(
            label=_("改变程度的理由"), max_length=300, required=False
        ),
    }  # fmt: skip


def why_severity(form: forms.Form, usual: str, suffix: str = "") -> None:
    """Ask for the reason where the severity that was chosen is not the usual one."""
    chosen = form.cleaned_data.get(f"severity{suffix}")
    reason = form.cleaned_data.get(f"why_severity{suffix}") or ""
    if usual and chosen and chosen != usual and not reason.strip():
        said = _("违反的程度本为“%(usual)s”，改为其他程度须写明理由。")
        form.add_error(f"why_severity{suffix}", said % {"usual": Severity(usual).label})


class PlanCheckForm(forms.Form):
    """Which department checks when, and why."""

    department: Any = forms.ModelChoiceField(label=_("检查部门"), queryset=None, empty_label=None)
    mode = forms.ChoiceField(
        label=_("检查方式"),
        choices=[(m.value, m.label) for m in (CheckMode.PLANNED, CheckMode.COMPLAINT)],
        widget=forms.RadioSelect,
        initial=CheckMode.PLANNED,
        help_text=_("计划检查预先告知企业；举报核查不预先告知。"),
    )
    planned_on = day_field(_("计划日期"))
    why = long_text(_("事由"), 300, _("举报核查须写明。"), required=False)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a check is called off."""

    reason = long_text(_("取消理由"), 300)


class OfficersForm(forms.Form):
    """Two officers or three, each with their card."""

    officer_1 = forms.CharField(label=_("检查人员一"), max_length=40)
    card_1 = forms.CharField(label=_("执法证号"), max_length=40)
    officer_2 = forms.CharField(label=_("检查人员二"), max_length=40)
    card_2 = forms.CharField(label=_("执法证号"), max_length=40)
    officer_3 = forms.CharField(label=_("检查人员三"), max_length=40, required=False)
    card_3 = forms.CharField(label=_("执法证号"), max_length=40, required=False)

    def officers(self) -> list[dict[str, str]]:
        """Return the officers as the services take them."""
        data = self.cleaned_data
        return [{"name": data[f"officer_{n}"], "card": data[f"card_{n}"]} for n in (1, 2, 3)]


class HoldCheckForm(OfficersForm):
    """A result for each clause of the department; a broken one opens the fields of its breach."""

    BREACH = ("severity", "problem", "basis", "demand", "days")
    FIELDS = ("severity", "why_severity", "problem", "basis", "demand", "days")

    def __init__(
        self, *args: Any, clauses: Sequence[Clause], least: int, most: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = clauses
        for clause in clauses:
            self.fields |= self._of(clause, least, most)
        self.fields |= {
            "text": long_text(_("检查情况"), 4000),
            "statement": long_text(_("被检查人陈述"), 2000, required=False),
            "upload": file_field(_("证据（照片、记录）"), required=False),
        }

    @staticmethod
    def _of(clause: Clause, least: int, most: int) -> dict[str, forms.Field]:
        """Return the fields of one clause."""
        pk = clause.pk
        early = Kept.NOT_YET if clause.checked_when == NeededBy.ACCEPTANCE else None
        days = _("%(least)d到%(most)d个工作日，按程度定。") % {"least": least, "most": most}
        return {
            f"kept_{pk}": forms.ChoiceField(
                label=clause.number, choices=Kept.choices, widget=forms.RadioSelect, initial=early
            ),
            f"note_{pk}": forms.CharField(label=_("说明"), max_length=500, required=False),
            **severity_fields(clause.severity, f"_{pk}"),
            f"problem_{pk}": long_text(_("问题"), 2000, required=False),
            f"basis_{pk}": forms.CharField(
                label=_("依据"), max_length=200, required=False, initial=clause.standard[:200]
            ),
            f"demand_{pk}": long_text(_("整改要求"), 2000, required=False),
            f"days_{pk}": forms.IntegerField(
                label=_("整改期限（工作日）"), help_text=days, required=False,
                min_value=least, max_value=most,
            ),
        }  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        """Return the clauses with their fields, for the page."""
        return [
            {
                "clause": clause,
                "kept": self[f"kept_{clause.pk}"],
                "note": self[f"note_{clause.pk}"],
                "breach": [self[f"{name}_{clause.pk}"] for name in self.FIELDS],
                "open": self[f"kept_{clause.pk}"].value() == Kept.BROKEN,
            }
            for clause in self.clauses
        ]

    def rest(self) -> list[Any]:
        """Return the fields that belong to no clause, below the clauses."""
        return [self[name] for name in ("text", "statement", "upload")]

    def people(self) -> list[Any]:
        """Return the fields of the officers."""
        return [self[name] for name in OfficersForm.base_fields]

    def clean(self) -> dict[str, Any]:
        """Ask for the breach of each broken clause, and refuse a problem written beside another result."""
        data = super().clean() or {}
        for clause in self.clauses:
            kept = data.get(f"kept_{clause.pk}")
            problem = data.get(f"problem_{clause.pk}")
            if kept == Kept.BROKEN:
                for name in self.BREACH:
                    field = f"{name}_{clause.pk}"
                    if field not in self.errors and not data.get(field):
                        self.add_error(field, _("不符合的条款须填写这一项。"))
                why_severity(self, clause.severity, f"_{clause.pk}")
            elif kept and problem:
                self.add_error(f"kept_{clause.pk}", _("写了问题的条款，结论应是“不符合”。"))
        return data

    def results(self) -> list[Looked]:
        """Return what was found, as the service takes it."""
        return [self._looked(clause) for clause in self.clauses]

    def _looked(self, clause: Clause) -> Looked:
        data = {
            name: self.cleaned_data[f"{name}_{clause.pk}"]
            for name in ("kept", "note", *self.FIELDS)
        }
        kept = Kept(data["kept"])
        if kept != Kept.BROKEN:
            return Looked(clause, kept, data["note"])
        breach = Breach(
            data["problem"], data["basis"], data["demand"], data["days"],
            data["severity"], data["why_severity"],
        )  # fmt: skip
        return Looked(clause, kept, data["note"], breach)


class RectifiedForm(forms.Form):
    """What the enterprise mended."""

    text = long_text(_("整改情况"), 2000, _("逐项写明怎样改正、何时完成。"))
    upload = file_field(_("证明材料（照片、检测报告）"), required=False)


class RecheckForm(OfficersForm):
    """What the department saw when it looked again."""

    fine = forms.TypedChoiceField(
        label=_("复查结果"),
        choices=[("yes", _("合格")), ("no", _("不合格"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = long_text(_("复查情况"), 2000, _("不合格的写明理由。"))
    days = forms.IntegerField(
        label=_("再给整改期限（工作日）"),
        required=False,
        help_text=_("只在不合格时填写，只能给一次；不填写的，整改未到位，可以依照规定作出处理。"),
    )
