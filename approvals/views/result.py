"""What answers come to, as the pages show it: items, papers, doubts, and the earliest start by the book."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.forms.questionnaire import in_language
from approvals.models import CatalogueEdition
from approvals.queries import Preview
from approvals.rules.forecast import WAY, forecast
from approvals.stages import NeededBy
from approvals.views.explain import preview_groups, questions_of, reason_rows
from core.deadlines.models import Unit
from core.deadlines.queries import NoEdition, calendar_at, rulebook_at, value_of
from core.steps.templatetags.look import span


def estimate(seen: Preview, at: datetime) -> dict[str, Any] | None:
    """Return the earliest start of a project filed today; None where the mechanism, rulebook or calendar is wanting."""
    if seen.reasons:
        return None
    try:
        rulebook, calendar = rulebook_at(at), calendar_at(at)
    except NoEdition:
        return None
    lengths = {}
    for code, _name, _actor in WAY:
        value = value_of(rulebook, code)
        unit = Unit.NATURAL_DAY if value.unit in ("day", "natural_day") else Unit.WORKING_DAY
        lengths[code] = (value.number, str(unit))
    legs = forecast(timezone.localdate(at), lengths, calendar)
    prior = sum(item.start_gate in ("prior_approval", "paper_on_commitment") for item in seen.items)
    rows = [
        {
            "name": leg.name,
            "actor": leg.actor,
            "length": span(leg.length, leg.unit),
            "last": leg.last,
        }
        for leg in legs
    ]
    return {"legs": rows, "start": legs[-1].last, "prior": prior}


def result(seen: Preview, edition: CatalogueEdition) -> dict[str, Any]:
    """Return what the answers come to: reasons, items, papers now and later, what is still to be checked."""
    questions = questions_of(edition)
    now = [p for p in seen.papers if p.needed_by == NeededBy.INTAKE and not p.dependency]
    named = [
        {
            "name": in_language(p.name_zh, p.name_en),
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
        **_groups(seen, edition),
        "count": sum(item.applies is True for item in seen.items),
        "to_check": sum(item.applies is None for item in seen.items),
        "papers": named,
        "later": sum(p.needed_by != NeededBy.INTAKE and not p.dependency for p in seen.papers),
        "looked_up": sum(p.dependency for p in seen.papers),
    }


def _groups(seen: Preview, edition: CatalogueEdition) -> dict[str, Any]:
    """Return the items by class; while questions are open, what hangs on them is kept apart, to be folded."""
    groups = preview_groups(seen, edition)
    if not seen.unanswered:
        return {"groups": groups, "hanging": []}
    hanging = [row for group in groups for row in group["rows"] if row.applies is None]
    known = [
        {**group, "rows": [row for row in group["rows"] if row.applies is not None]}
        for group in groups
    ]
    return {"groups": [group for group in known if group["rows"]], "hanging": hanging}
