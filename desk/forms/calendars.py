"""The calendar's forms: a notice as a file, a closure, its withdrawal, a signature; each is looked at, then loaded.

What was looked at is carried to the second page in hidden fields, with the number of the newest edition of then.
"""

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from desk.rules.proposals import MOST_BYTES, text_of


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class Carried(forms.Form):
    """The second page: everything typed before is carried along unseen; `after` is the edition that was newest."""

    seen: tuple[str, ...] = ()
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Hide what was typed before."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in self.seen:
                field.widget = forms.HiddenInput()


class NoticeForm(forms.Form):
    """国务院办公厅通知: the days of whole years as a table or a file of the pack."""

    file = forms.FileField(
        label=_("日历文件"),
        help_text=_(
            "CSV 表格（可由电子表格另存），或县规则包里的 JSON 年度文件。每个年度须写全年。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.json"}),
        max_length=100,
    )

    def clean(self) -> dict[str, Any]:
        """Read the file, so that it can be carried to the second page."""
        file = self.cleaned_data.get("file")
        if file is None:
            return {}
        if file.size > MOST_BYTES:
            raise ValidationError({"file": _("文件超过1 MB，不是日历文件。")})
        try:
            content = file.read()
            text_of(content)
            return {"name": file.name, "content": b64encode(content).decode()}
        except ValidationError as error:
            self.add_error(None, error)
        return {}


class NoticeConfirmed(Carried):
    """The same file to the byte, once it was looked at."""

    name = forms.CharField(max_length=100)
    content = forms.CharField(max_length=2 * MOST_BYTES)

    def clean_content(self) -> str:
        """Refuse what no browser has carried along."""
        with suppress(ValueError):
            b64decode(self.cleaned_data["content"], validate=True)
            return str(self.cleaned_data["content"])
        raise ValidationError(_("请重新上传文件。"))


class ClosureForm(forms.Form):
    """停办: which days, why, by which decision."""

    first = _day(_("停办第一天"))
    last = _day(_("停办最后一天"), _("只停一天的不用填。"), required=False)
    reason = forms.CharField(
        label=_("事由"), max_length=40, help_text=_("会写在逐日计算和消息里，如“暴雪，道路中断”。")
    )
    decided_on = _day(_("决定日"))
    number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("决定有文号的填写。")
    )


class ClosureConfirmed(Carried, ClosureForm):
    """The same decision, with its paper."""

    seen = ("paper",)
    paper = file_field(_("停办决定（扫描件）"))


class ReopeningForm(ClosureForm):
    """撤销停办: days that are shut and have not passed."""

    first = _day(_("恢复办公第一天"))
    last = _day(_("恢复办公最后一天"), _("只有一天的不用填。"), required=False)
    reason = forms.CharField(label=_("事由"), max_length=40, help_text=_("如“道路已经恢复通行”。"))


class ReopeningConfirmed(Carried, ReopeningForm):
    """The same decision, with its paper."""

    seen = ("paper",)
    paper = file_field(_("撤销停办的决定（扫描件）"))


class ShortenForm(forms.Form):
    """Why a limit that was served ends earlier."""

    reason = long_text(
        _("理由"), 300, _("企业和部门都会看到：为什么不等原来的期限，按新的日历提前。")
    )
