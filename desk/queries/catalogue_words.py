"""The columns of the catalogue's tables and what may stand in them, in words."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.queries.items import VALUES
from desk.rules.editions import ADDED, CHANGED, EITHER, HEAVIER, LIGHTER, STRUCK

TABLES: dict[str, Any] = {
    "catalogue.csv": _("事项"),
    "materials.csv": _("材料"),
    "clauses.csv": _("承诺条款"),
    "questions.csv": _("问题"),
    "nodes.csv": _("建设节点"),
}
COLUMNS: dict[str, Any] = {
    "code": _("编号"), "name_zh": _("名称"), "name_en": _("英文名称"), "class": _("类别"),
    "department_code": _("责任部门"), "co_departments": _("协办部门（代码，分号隔开）"),
    "legal_basis_zh": _("依据"), "statutory_days": _("法定时限（天数）"), "statutory_unit": _("法定时限单位"),
    "promised_days": _("承诺时限（工作日）"), "red_line": _("红线"), "red_line_basis": _("红线依据"),
    "applies_if": _("适用条件"), "opinion_default": _("沉默的后果"), "condition_fact": _("条件事实"),
    "start_gate": _("开工条件"), "source": _("来源"), "certainty": _("可信度"),
    "silence_note": _("沉默的后果（说明）"), "legal_certainty": _("依据可信度"), "note": _("说明"),
    "tolerance_model": _("容缺办理方式"),
    "default_basis": _("允许默认的依据"), "default_approver": _("允许默认的批准单位"),
    "item_code": _("事项编号"), "form": _("形式"), "copies": _("份数"), "tolerable": _("可容缺"),
    "template_hint": _("提示"), "needed_by": _("何时需要"), "produced_by": _("由事项产生"), "only_if": _("仅当"),
    "number": _("条号"), "text_zh": _("承诺内容"), "text_en": _("承诺内容（英文）"), "standard_zh": _("标准"),
    "checked_when": _("何时核查"), "checked_by": _("核查部门"),
    "how_zh": _("怎样核查"), "evidence_zh": _("证据"), "severity": _("违反的程度"), "safety": _("关系安全和健康"),
    "fact": _("事实"), "question_zh": _("问题"),
    "question_en": _("问题（英文）"), "type": _("题型"), "choices": _("选项"), "why_zh": _("为什么问"),
    "why_en": _("为什么问（英文）"), "asked_if": _("提问条件"), "order": _("次序"),
    "eligibility_effect": _("不适用承诺制的情形"), "multiple": _("可多选"), "derived_from": _("由什么推出"),
    "reported_by": _("用哪种报告"),
}  # fmt: skip
CERTAINTY: dict[str, Any] = {
    "A": _("A 法律原文"), "B": _("B 官方文本节录"), "C": _("C 报道或数据集"),
    "D": _("D 一般常识，印发前须核对"), "I": _("I 推断，由县决定"),
}  # fmt: skip
WHAT: dict[str, Any] = {ADDED: _("新增"), STRUCK: _("删除"), CHANGED: _("修改")}
DIRECTIONS: dict[str, Any] = {LIGHTER: _("减轻"), HEAVIER: _("加重"), EITHER: _("其他")}


def column_words(column: str) -> str:
    """Return a column in words; its own name where it is the county's own."""
    return str(COLUMNS.get(column, column))


def value_words(column: str, text: str) -> str:
    """Return a cell in words; a dash for an empty one."""
    return str(VALUES.get(column, {}).get(text, text)) if text else gettext("（空）")
