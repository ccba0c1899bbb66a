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
