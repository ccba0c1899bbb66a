"""What whoever holds number and code of a case may see of it: how it stands, and nothing of anybody else.

Allow-listed field by field: no person, no attachment, no opinion, no objection, no note;
reasons are masked.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from approvals.models import Filing, Gap, Material, StageLimit
from approvals.stages import ENDS, GAP_OVER, MaterialState, NeededBy, Stage
from core.deadlines.calendar import Calendar
from core.deadlines.queries import calendar_or_none
from core.documents.models import Paper, PaperKind
from core.steps.limits import card
from core.steps.templatetags.look import in_english
from desk.queries.case import limits_of, strip
from desk.rules.progress import ENDED_BY, NOTHING_TO_CONTEST, TO_ENTERPRISE, awaited
from prereview.queries import slots_of
from public_notice.rules.gate import mask

NOBODYS = "--------"  # no code can be typed that equals it


def filing_of(number: str, code: str) -> int | None:
    """Return the key of the filing with this number and this code, both as they are kept; None otherwise.

    The same query and the same comparison whether there is such a number or not. A draft has no number.
    """
    kept = Filing.objects.exclude(number="").filter(number=number)
    pk, right = kept.order_by().values_list("pk", "query_code").first() or (None, NOBODYS)
    return pk if constant_time_compare(right, code) else None


def progress(pk: int, at: datetime) -> dict[str, Any]:
    """Return how a filing stands at an instant, for the page and for programs: a fixed number of queries by stage."""
    filing = _whole(pk)
    calendar = calendar_or_none(at)
    papers = papers_of(filing)
    materials = list(filing.materials.all())
    return {
        "project": filing.project_name,
        "number": filing.number,
        "demonstration": filing.demonstration,
        "stage": filing.stage,
        "stage_label": filing.stage_said,
        "since": filing.stage_since,
        "steps": strip(filing),
        "suspended_since": filing.suspended_at,
        "stopped_since": filing.stopped_at,
        "waiting": _waiting(filing),
        "limits": _limits(filing, at, calendar),
        "materials": _counted(materials),
        "returned": _returned(filing, materials),
        "gaps": _gaps(filing, at, calendar),
        "papers": papers,
        "ended": _ended(filing, papers),
    }


def _whole(pk: int) -> Filing:
    limits = StageLimit.objects.select_related("calendar")
    gaps = Gap.objects.exclude(state__in=GAP_OVER).select_related("material", "calendar")
    return (
        Filing.objects.select_related("enterprise", "book", "rulebook")
        .prefetch_related(Prefetch("limits", limits), Prefetch("gaps", gaps), "materials")
        .get(pk=pk)
    )


def _waiting(filing: Filing) -> dict[str, str] | None:
    signing = filing.stage == Stage.COMMITTING
    said = awaited(
        filing.stage,
        licence=filing.enterprise.licence_confirmed_at is not None,
        signed=signing and filing.letters.filter(withdrawn_at=None, signed_at__isnull=False).exists(),
        suspended=filing.suspended_at is not None,
        stopped=filing.stopped_at is not None,
    )  # fmt: skip
    return said and {"whose": str(said[0]), "what": str(said[1])}


def _limits(filing: Filing, at: datetime, calendar: Calendar | None) -> list[dict[str, Any]]:
    """Return what runs, as on the case page; of the opinions only the first that is due, without its department."""
    asked = list(slots_of(filing)) if filing.stage == Stage.PREREVIEWING else []
    noticed = filing.stage == Stage.NOTICED
    notices = list(filing.notices.select_related("calendar")) if noticed else []
    return limits_of(filing, asked, notices, at, calendar)


def _counted(materials: list[Material]) -> dict[str, int]:
    """Count the papers of the file by their state; what is only needed later is counted apart."""
    states = Counter(material.state for material in materials)
    wanted = [m for m in materials if m.state == MaterialState.WANTED]
    later = sum(m.needed_by != NeededBy.INTAKE for m in wanted)
    return {
        "wanted": len(wanted) - later,
        "later": later,
        "received": states[MaterialState.RECEIVED],
        "accepted": states[MaterialState.ACCEPTED],
        "returned": states[MaterialState.RETURNED],
        "gaps": states[MaterialState.GAP],
    }


def _returned(filing: Filing, materials: list[Material]) -> list[dict[str, str]]:
    """Return the enterprise's papers that were sent back, each with the reason; the window's words, masked."""
    return [
        {"material": str(m), "reason": mask(m.reason)}
        for m in materials
        if m.state == MaterialState.RETURNED and not filing.ended
    ]


def _gaps(filing: Filing, at: datetime, calendar: Calendar | None) -> list[dict[str, Any]]:
    """Return the promised papers that are still to come, soonest first."""
    if filing.stage in ENDS:
        return []
    rows = sorted(filing.gaps.all(), key=lambda gap: (gap.due_at is None, gap.due_at, gap.pk))
    return [
        {
            "material": str(gap.material),
            "state": gap.get_state_display(),
            "limit": card(gap, at, calendar, table=False),
        }
        for gap in rows
    ]


def _gone(paper: Paper) -> str:
    """Say that a paper does not stand any more, not why a number is void: that was written for those of the case."""
    if paper.voided_at is not None:
        return _("文号已作废")
    return (
        _("已更正，见%(number)s") % {"number": paper.replaced_by.number}
        if paper.replaced_by
        else ""
    )


def papers_of(filing: Filing) -> list[dict[str, Any]]:
    """Return the papers issued to the enterprise, newest first; only what is public leads to its check page."""
    issued = Paper.objects.filter(book_id=filing.book_id, kind__in=TO_ENTERPRISE).order_by("-pk")
    english = dict(PaperKind.objects.values_list("code", "name_en")) if in_english() else {}
    shown = issued.select_related("correction").only(
        "kind", "title", "number", "issued_at", "public", "code", "voided_at", "correction__number"
    )
    return [
        {
            "kind": paper.kind,
            "title": english.get(paper.kind) or paper.title,
            "number": paper.number,
            "issued_at": paper.issued_at,
            "check_url": _check_page(paper) if paper.public else None,
            "gone": _gone(paper),
        }
        for paper in shown
    ]


def _check_page(paper: Paper) -> str:
    return settings.SITE_URL + reverse("approvals:check_paper", args=[paper.code])


def _ended(filing: Filing, papers: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return how a case ended, when, and the paper that says why and how it is contested; None while it goes on."""
    if not filing.ended:
        return None
    kinds = ENDED_BY[Stage(filing.stage)]
    return {
        "how": filing.get_stage_display(),
        "at": filing.stage_since,
        "paper": next((paper for paper in papers if paper["kind"] in kinds), None),
        "contestable": filing.stage not in NOTHING_TO_CONTEST,
    }
