"""The facts of a project on its case page, in the words of the page."""

from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Filing
from approvals.models.catalogue import in_page_language
from approvals.queries.answers import answer_words, questions_of
from approvals.queries.project import coordinates_of, industry_of
from core.steps.templatetags.look import area, date_long, money


def place(filing: Filing) -> str:
    """Return the site down to the village, in the order of the page's language."""
    if not filing.site:
        return filing.site_detail
    return _("%(site)s%(detail)s") % {"site": filing.site, "detail": filing.site_detail}


def _floors(filing: Filing) -> str:
    floors = filing.floor_area_m2
    return _("%(n)s平方米") % {"n": f"{floors.normalize():f}"} if floors else ""


def _answered(filing: Filing, *facts: str) -> list[tuple[str, str]]:
    """Return what the questionnaire was answered on some facts of the project, in its words."""
    rows = questions_of(filing.catalogue) if filing.catalogue else {}
    found = [
        (rows[fact], filing.answers[fact])
        for fact in facts
        if filing.answers.get(fact) and fact in rows
    ]
    return [
        (in_page_language(q.question_zh, q.question_en), answer_words(q, said)) for q, said in found
    ]


def facts(filing: Filing) -> list[dict[str, Any]]:
    """Return every fact of the project as key and value."""
    rows = [
        (_("申报编号"), filing.number),
        (_("项目代码"), filing.project_code),
        (_("建设单位"), str(filing.enterprise)),
        (_("统一社会信用代码"), filing.enterprise.uscc),
        (_("行业"), industry_of(filing)),
        (_("建设性质"), filing.get_construction_nature_display()),
        (_("工程分类"), filing.get_works_kind_display()),
        *_answered(filing, "procedure_type", "land_route", "in_assessed_area"),
        (_("建设地点"), place(filing)),
        (_("坐标"), coordinates_of(filing)),
        (_("建设规模和内容"), filing.scale),
        (_("总投资"), money(filing.investment_wan)),
        (_("资金来源和属性"), filing.funding),
        (_("用地面积"), area(filing.land_mu)),
        (_("建筑面积"), _floors(filing)),
        (_("计划开工"), date_long(filing.planned_start) if filing.planned_start else ""),
        (_("计划竣工"), date_long(filing.planned_completion) if filing.planned_completion else ""),
        (_("未勘察理由"), filing.survey_skipped),
        (_("终结理由"), filing.ended_because),
    ]
    return [{"key": key, "value": value} for key, value in rows if value not in ("", None)]
