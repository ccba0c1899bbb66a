"""The forms of the supervision plan: a day for several departments, works that began too soon, a draw made anew."""

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from inspection.forms.nodes import day_field


class JointCheckForm(forms.Form):
    """On which day the departments go together."""

    planned_on = day_field(_("检查日期"), _("不早于今天。"))


class EarlyStartForm(forms.Form):
    """When the works began, and what was seen."""

    began_on = day_field(_("先行施工日期"), _("查实的开始日期，不晚于今天。"))
    text = long_text(_("情况"), 2000, _("谁、在哪里、做了什么，怎样查见；企业会看到这段话。"))
    upload = file_field(_("现场照片"), required=False)


class DrawAgainForm(forms.Form):
    """Why it is drawn anew."""

    reason = long_text(_("重新抽取的理由"), 300, _("两次抽取都留存；没有进行的检查随之取消。"))
