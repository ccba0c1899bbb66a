"""The fields of the data sets: their names are kept for as long as the version is served."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """One column: its name, its kind (string, date, date-time, boolean, integer), what it means, may it be empty."""

    name: str
    kind: str
    means: Any
    empty: bool = False


_PUBLISHED = (
    Field("project_code", "string", _("项目代码")),
    Field("project_name", "string", _("项目名称")),
    Field("enterprise", "string", _("建设单位")),
    Field("uscc", "string", _("统一社会信用代码")),
    Field("location", "string", _("建设地点")),
    Field("town", "string", _("乡镇代码"), empty=True),
    Field("industry", "string", _("行业门类"), empty=True),
    Field("scale", "string", _("建设规模和内容")),
    Field("investment", "string", _("总投资")),
    Field("url", "string", _("网址")),
)
# The paper as it stands, and what of it was corrected last; the words of the row are those of the version that stands.
_CORRECTED = (
    Field("number", "string", _("文号")),
    Field("corrects", "string", _("所更正的文书"), empty=True),
    Field("corrected_at", "date-time", _("更正时间"), empty=True),
    Field("correction_reason", "string", _("更正理由"), empty=True),
)
NOTICES = (
    Field("id", "string", _("公示编号")),
    Field("title", "string", _("标题")),
    *_PUBLISHED,
    Field("letter_number", "string", _("承诺书文号")),
    Field("published_at", "date-time", _("发布时间")),
    Field("starts_on", "date", _("公示开始日")),
    Field("ends_on", "date", _("公示截止日"), empty=True),
    Field("stage", "string", _("状态代码")),
    Field("standing", "string", _("状态")),
    Field("open", "boolean", _("仍可提出异议")),
    Field("closed_at", "date-time", _("结束时间"), empty=True),
    Field("end_reason", "string", _("结束说明")),
    *_CORRECTED,
)
PROJECTS = (
    *_PUBLISHED,
    Field("notices", "integer", _("公示次数")),
    Field("first_published_at", "date-time", _("首次公示时间")),
    Field("last_published_at", "date-time", _("最近公示时间")),
    Field("open", "boolean", _("仍可提出异议")),
)
DEFAULTS = (
    Field("period", "string", _("月份")),
    Field("number", "string", _("文号")),
    Field("published_at", "date-time", _("公开时间")),
    Field("department", "string", _("部门")),
    Field("item", "string", _("事项")),
    Field("kind", "string", _("种类")),
    Field("effective", "string", _("生效")),
    Field("made_up", "string", _("补做")),
    Field("withdrawn_since", "boolean", _("此后已撤回")),
    Field("url", "string", _("网址")),
    *_CORRECTED[1:],
)
STATISTICS = (
    Field("year", "integer", _("年份")),
    Field("measure", "string", _("指标代码")),
    Field("label", "string", _("指标")),
    Field("value", "integer", _("数值"), empty=True),
)
