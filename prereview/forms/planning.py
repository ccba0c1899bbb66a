"""What people fill in to plan a session, to move it, to add a department, to plan its route, and to ask."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.forms.steps import long_text
from approvals.models import ChecklistItem
from prereview.forms.sessions import CallForm, Clashing
from prereview.models import AgendaItem
from prereview.queries.planning import Room

MOST_MINUTES = 600


def when_field(**more: Any) -> forms.DateTimeField:
    """Return a field for a day and an hour."""
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成 2018-06-15 09:30 的样子。")},
        **more,
    )


class Where(forms.Form):
    """When and where: a room of the county's list, or another place in words."""

    opens_at = when_field(label=_("日期和时间"))
    room = forms.ChoiceField(
        label=_("会议室"), required=False, help_text=_("选择后占用预计的时长，别的会次不能再用。")
    )
    place = forms.CharField(
        label=_("地点"),
        max_length=120,
        required=False,
        help_text=_("不用县里会议室的，或者勘察的集合地点。"),
    )
    minutes = forms.IntegerField(
        label=_("预计时长（分钟）"), required=False, min_value=1, max_value=MOST_MINUTES
    )

    def __init__(self, *args: Any, rooms: Iterable[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, f"{one.label}（{one.seats}）") for one in rooms]
        self.fields["room"].choices = [("", _("不用会议室")), *listed]  # type: ignore[attr-defined]

    def clean_minutes(self) -> int:
        """Return the length; nothing said is what the county reckons with."""
        return self.cleaned_data["minutes"] or 0


class PlanForm(Where, CallForm):
    """The filings that were chosen above, when and where."""

    field_order = ("filings", "opens_at", "anyway", "room", "place", "minutes")
    filings = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("请至少选择一个申报件。")},
    )


class MoveForm(Where, Clashing):
    """To when and where, and why."""

    field_order = ("opens_at", "anyway", "room", "place", "minutes", "reason")

    reason = long_text(_("改期的理由"), 300, _("各部门和企业会看到。"))


class AddDepartmentForm(forms.Form):
    """Which department, on what, and why."""

    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("增加的部门"), to_field_name="code"
    )
    asked = forms.MultipleChoiceField(
        label=_("就什么提出意见"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项。")},
    )
    reason = long_text(_("增加的理由"), 300, _("该部门会在通知上看到。"))

    def __init__(
        self, *args: Any, departments: Any, choices: dict[str, AgendaItem | ChecklistItem], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.things = choices
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["asked"].choices = [(pk, _named(one)) for pk, one in choices.items()]  # type: ignore[attr-defined]

    def clean_asked(self) -> list[AgendaItem | ChecklistItem]:
        """Return what was ticked."""
        return [self.things[pk] for pk in self.cleaned_data["asked"]]


def _named(one: AgendaItem | ChecklistItem) -> str:
    if isinstance(one, AgendaItem):
        return str(one.filing)
    return f"{one.filing}：{one.label}"


class RouteForm(forms.Form):
    """The hour of each stop; the order follows from it."""

    def __init__(self, *args: Any, agenda: Iterable[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agenda = {f"stop_{item.pk}": item for item in agenda}
        for name, item in self.agenda.items():
            self.fields[name] = when_field(
                label=str(item.filing), initial=item.planned_at, help_text=item.filing.site_detail
            )

    def stops(self) -> list[tuple[AgendaItem, Any]]:
        """Return the stops with their times, the earliest first."""
        found = [(item, self.cleaned_data[name]) for name, item in self.agenda.items()]
        return sorted(found, key=lambda stop: stop[1])


class AwayForm(forms.Form):
    """A day on which nobody can come, and why."""

    day = forms.DateField(
        label=_("不便的日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("事由"), max_length=120)


class QuestionForm(forms.Form):
    """What is asked."""

    text = long_text(_("问题"), 500, _("召集人在本页答复。提问不改变签收、答复和意见的期限。"))


class AnswerForm(forms.Form):
    """The answer, and to whom."""

    answer = long_text(_("答复"), 1000)
    to_all = forms.TypedChoiceField(
        label=_("答复给"),
        choices=(("no", _("提问的部门")), ("yes", _("全部被通知的部门"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
