"""How verdicts are shown: by clause, and as a matrix of departments and items."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Filing
from inspection.models import AcceptanceVerdict
from inspection.rules.plan import DURING
from inspection.stages import Verdict

MARKS = {Verdict.AWAITED: "awaited", Verdict.PASSED: "agree", Verdict.FAILED: "disagree"}
# One mark stands for several clauses of an item: what is wanting first, then what is awaited.
WEIGHT = (Verdict.FAILED, Verdict.AWAITED, Verdict.PASSED)


def verdict_rows(
    filing: Filing, verdicts: list[AcceptanceVerdict], *, all_of: list[AcceptanceVerdict]
) -> list[dict[str, Any]]:
    """Return verdicts as rows, each with what stands beside it and what the round before had said of the matter."""
    return [
        {
            "verdict": verdict,
            "mark": MARKS[Verdict(verdict.verdict)],
            "label": str(Verdict(verdict.verdict).label),
            "number": verdict.number,
            "item": verdict.item.label,
            "text": verdict.clause.text if verdict.clause else _approved(verdict),
            "standard": verdict.clause.standard if verdict.clause else "",
            "department": _name(verdict),
            "url": reverse("inspection:verdict", args=[filing.public_id, verdict.pk]),
            "before": _earlier(verdict, all_of),
            "unlooked": _unlooked(verdict),
        }
        for verdict in verdicts
    ]


def _unlooked(verdict: AcceptanceVerdict) -> bool:
    """Tell whether a clause that the works should have been checked for comes to its verdict without a look."""
    clause = verdict.clause
    return clause is not None and clause.checked_when == DURING and not verdict.looked  # type: ignore[attr-defined]


def _matter(verdict: AcceptanceVerdict) -> tuple[int, int, int | None]:
    return verdict.department_id, verdict.item_id, verdict.clause_id


def _earlier(
    verdict: AcceptanceVerdict, all_of: list[AcceptanceVerdict]
) -> AcceptanceVerdict | None:
    """Return the failed verdict of an earlier round on the same matter, with what was mended since."""
    failed = (v for v in reversed(all_of) if v.verdict == Verdict.FAILED and v.pk < verdict.pk)
    return next((v for v in failed if _matter(v) == _matter(verdict)), None)


def _approved(verdict: AcceptanceVerdict) -> str:
    number = verdict.item.approval_number
    return (
        _("按批准文件验收：%(number)s") % {"number": number} if number else _("按清单所列要求验收")
    )


def _name(verdict: AcceptanceVerdict) -> str:
    """Return the department under the name it had when it spoke, or has now while it is awaited."""
    if verdict.given_at is None:
        return str(verdict.department)
    return verdict.department.label_on(timezone.localdate(verdict.given_at))


def grid(verdicts: list[AcceptanceVerdict], named: dict[str, str]) -> dict[str, Any]:
    """Return departments down and items across, for components/matrix.html; one cell counts its clauses.

    `named` gives the county's words for its parts of the acceptance, by item.
    """
    columns: dict[int, str] = {}
    for verdict in verdicts:
        code = verdict.item.code
        columns.setdefault(verdict.item_id, f"{code} {named.get(code) or verdict.item.label}")
    rows: dict[int, dict[str, Any]] = {}
    for verdict in verdicts:
        row = rows.setdefault(verdict.department_id, {"label": _name(verdict), "by_item": {}})
        row["by_item"].setdefault(verdict.item_id, []).append(verdict)
    return {
        "columns": [{"label": label, "url": ""} for label in columns.values()],
        "rows": [
            {
                "label": row["label"],
                "cells": [_cell(row["by_item"].get(item, [])) for item in columns],
                "total": _total([v for found in row["by_item"].values() for v in found]),
            }
            for row in rows.values()
        ],
    }


def _cell(verdicts: list[AcceptanceVerdict]) -> dict[str, Any] | None:
    if not verdicts:
        return None
    worst = min((Verdict(v.verdict) for v in verdicts), key=WEIGHT.index)
    several = len(verdicts) > 1
    count = sum(v.verdict == worst for v in verdicts)
    label = f"{worst.label} {count}/{len(verdicts)}" if several else str(worst.label)
    said = "；".join(f"{v.number} {Verdict(v.verdict).label}" for v in verdicts)
    return {"state": MARKS[worst], "label": label, "text": said, "url": ""}


def _total(verdicts: list[AcceptanceVerdict]) -> str:
    left = sum(v.verdict == Verdict.AWAITED for v in verdicts)
    return _("还待%(n)d项") % {"n": left} if left else _("已齐")
