"""What answers come to, as the pages show it: items, papers, doubts, and the earliest start by the book."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import CatalogueEdition
from approvals.models.catalogue import in_page_language
from approvals.queries import Preview
from approvals.queries.answers import questions_of, reason_rows
from approvals.queries.trial import estimated, items_shown, owed_before_start
from approvals.stages import NeededBy
from approvals.views.explain import preview_groups, red_lines_left_out
from core.documents.sheets import Sheet
from core.steps.templatetags.look import span


def estimate(seen: Preview, at: datetime) -> dict[str, Any] | None:
    """Return the earliest start of a project filed today; None where the mechanism, rulebook or calendar is wanting."""
    legs = estimated(seen, at)
    if legs is None:
        return None
    rows = [
        {
            "name": leg.name,
            "actor": leg.actor,
            "length": span(leg.length, leg.unit),
            "last": leg.last,
        }
        for leg in legs
    ]
    return {"legs": rows, "start": legs[-1].last, "prior": owed_before_start(seen)}


def result(seen: Preview, edition: CatalogueEdition) -> dict[str, Any]:
    """Return what the answers come to: reasons, items, papers now and later, what is still to be checked."""
    catalogue, questions = items_shown(edition), questions_of(edition)
    now = [p for p in seen.papers if p.needed_by == NeededBy.INTAKE and not p.dependency]
    named = [
        {
            "name": in_page_language(p.name_zh, p.name_en),
            "tolerable": p.tolerable,
            "certain": p.certain,
            "hint": p.hint,
            "codes": _("、").join(p.item_codes),
        }
        for p in now
    ]
    return {
        "reasons": reason_rows(seen.reasons, questions),
        "undecided": reason_rows(seen.undecided, questions) if not seen.unanswered else [],
        **_groups(seen, preview_groups(seen, catalogue, questions)),
        "count": sum(item.applies is True for item in seen.items),
        "to_check": sum(item.applies is None for item in seen.items),
        "papers": named,
        "later": sum(p.needed_by != NeededBy.INTAKE and not p.dependency for p in seen.papers),
        "looked_up": sum(p.dependency for p in seen.papers),
        "left_out": red_lines_left_out(seen, catalogue, questions),
    }


def _groups(seen: Preview, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the items by class; while questions are open, what hangs on them is kept apart, to be folded."""
    free = sum(row.free for group in groups for row in group["rows"] if row.applies)
    if not seen.unanswered:
        return {"groups": groups, "hanging": [], "free": free}
    hanging = [row for group in groups for row in group["rows"] if row.applies is None]
    known = [
        {**group, "rows": [row for row in group["rows"] if row.applies is not None]}
        for group in groups
    ]
    return {"groups": [group for group in known if group["rows"]], "hanging": hanging, "free": free}


def sheet_of_trial(found: dict[str, Any], reckoned: dict[str, Any] | None, address: str) -> Sheet:
    """Return what a trial came to as a table: each item with its papers, the way to the start, and the address."""
    heads = (
        _("类别"), _("事项"), _("责任部门"), _("是否涉及"), _("法定时限"), _("承诺时限"), _("收费"), _("依据"),
        _("材料"), _("因为"),
    )  # fmt: skip
    rows = [_as_row(str(group["label"]), row) for group in found["groups"] for row in group["rows"]]
    rows += [_as_row(_("取决于尚未回答的问题"), row) for row in found["hanging"]]
    rows += [(_("不适用承诺制"), one["why"]) for one in found["reasons"]]
    if reckoned is not None:
        rows += [
            (_("办理过程"), leg["name"], leg["actor"], leg["last"], leg["length"])
            for leg in reckoned["legs"]
        ]
        rows.append((_("最早开工"), "", "", reckoned["start"]))
    rows.append((_("网址"), address))
    width = len(heads)
    return Sheet(_("试算结果"), heads, [(*row, *[""] * (width - len(row))) for row in rows])


def _as_row(kind: str, row: Any) -> tuple[Any, ...]:
    applies = {True: _("是"), False: _("否"), None: _("待核")}[row.applies]
    papers = "；".join(f"{one['name']}（{one['when']}）" for one in row.materials)
    return (
        kind, row.label, row.department, applies, row.statutory, row.promised, row.fee, row.basis, papers,
        "；".join(row.because),
    )  # fmt: skip
