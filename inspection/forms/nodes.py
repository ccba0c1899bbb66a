"""The form of a node's day, and what forms of days share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from core.steps.templatetags.look import date_long
from inspection.models import SiteNode


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for one day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def offered(node: SiteNode) -> Any:
    """Return a node with its promised day, as a list offers it."""
    if node.promised_on is None:
        return _("%(node)s（开工时说明没有）") % {"node": node}
    return _("%(node)s（承诺%(day)s）") % {"node": node, "day": date_long(node.promised_on)}


class StrikeNodeForm(forms.Form):
    """Which node the works have no more, and what shows it."""

    node = forms.ChoiceField(label=_("节点"))
    reason = long_text(_("核减理由"), 400, _("工程为什么没有这个节点了；企业和检查部门都会看到。"))
    upload = file_field(_("依据（变更后的设计，或者同意变更的文件）"))

    def __init__(self, *args: Any, nodes: Sequence[SiteNode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = [(n.node.code, offered(n)) for n in nodes]  # type: ignore[attr-defined]


class ChangeNodeForm(forms.Form):
    """Another day for a node, and why."""

    node = forms.ChoiceField(label=_("节点"))
    promised_on = day_field(
        _("新的承诺日期"), _("不早于今天；原来的日期和变更理由都留存，办理各方都能看到。")
    )
    reason = long_text(_("变更理由"), 400, _("为什么到不了原来的日期；有依据的附上。"))
    upload = file_field(_("附件"), required=False)

    def __init__(
        self, *args: Any, nodes: Sequence[SiteNode], against: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = [(n.node.code, offered(n)) for n in nodes]  # type: ignore[attr-defined]
        self.fields["node"].required = bool(nodes)  # where there are none, the step says why
        self.fields["node"].help_text = " ".join(against)  # why the others are not among them
