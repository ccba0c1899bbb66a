"""The editions in force, for the administrator's page."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from approvals.queries import catalogue_at
from core.deadlines.models import RuleValue
from core.deadlines.queries import edition_at, rulebook_at
from desk.rules.usage import use_of

UNITS = {
    "working_day": gettext_lazy("工作日"),
    "natural_day": gettext_lazy("自然日"),
    "day": gettext_lazy("自然日"),
    "month": gettext_lazy("个月"),
    "year": gettext_lazy("年"),
    "second": gettext_lazy("秒"),
}


def editions_in_force(at: datetime) -> dict[str, Any]:
    """Return calendar, rulebook with its rows, and catalogue with its items, as in force at an instant."""
    rulebook = rulebook_at(at)
    catalogue = catalogue_at(at)
    return {
        "calendar": edition_at(at),
        "rulebook": rulebook,
        "values": [_said(row) for row in rulebook.values.filter(group="county_default")],
        "statutes": [_said(row) for row in rulebook.values.exclude(group="county_default")],
        "catalogue": catalogue,
        "items": catalogue.items.select_related("department"),
    }


def _said(row: RuleValue) -> dict[str, Any]:
    """Return a row of the rulebook for people: the number with its unit in words."""
    said = {"yes": _("是"), "no": _("否")}.get(row.value, row.value)
    return {
        "code": row.code,
        "name": row.name_en if get_language() == "en" and row.name_en else row.name,
        "value": f"{said} {UNITS.get(row.unit, '')}".strip(),
        "basis": row.basis,
        "certainty": row.certainty,
        "use": use_of(row.code),
    }
