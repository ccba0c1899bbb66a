"""Everything the case page shows, built from the filing, its ledger and the steps the machine offers."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.policies import seals_papers, staff
from approvals.models import ChecklistItem, Filing, Gap
from approvals.policies import follows
from approvals.queries.checking import THEIRS
from approvals.stages import AFTER_LIST, ENDS, GAP_OVER, STEPS, GapState
from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.queries import calendar_or_none
from core.documents.models import Paper, PaperKind
from core.steps.limits import card
from core.steps.offers import offered
from core.steps.templatetags.look import in_english
from desk.policies import takes_evidence
from desk.queries.case_facts import facts
from desk.queries.dispatches import dispatched
from desk.queries.measures import measures_on
from desk.queries.people_of_case import people_of_case
from desk.queries.timeline import timeline
from desk.queries.work import turn_of
from desk.queries.works import works_of
from prereview.models import AgendaItem, Session, Slot
from prereview.queries import slots_of
from prereview.stages import Position, SlotState
from public_notice.models import Notice

UNSPOKEN = gettext_lazy(
    "未提出意见的，视同无异议，程序继续；应办的审批仍须办理。红线事项转效能监督督办，不视为同意。"
)


def strip(filing: Filing) -> list[dict[str, Any]]:
    """Return the eleven steps with where the case stands; one that left the road is stopped where it left."""
    now = filing.step or _left_at(filing)
    left = filing.stage in ENDS
    halted = (_("中止") if filing.suspended_at else "") or (_("停工") if filing.stopped_at else "")
    steps: list[dict[str, Any]] = []
    for number, label in STEPS:
        state = "done" if number < now else "next"
        note = ""
        if number == now:
            state = "stopped" if left or halted else "now"
            stage = filing.stage_said
            note = " · ".join(
                word for word in (stage if stage != str(label) else "", halted) if word
            )
        elif left and number > now:
            state = "off"
        steps.append({"number": number, "label": str(label), "state": state, "note": note})
    return steps


def _left_at(filing: Filing) -> int:
    """Return the step at which a case left the road, from the facts it kept."""
    reached = (
        (filing.completed_at, 11), (filing.start_notified_at, 9),
        (filing.cleared_at, 8), (filing.concluded_at, 6), (filing.accepted_at, 4),
        (filing.received_at, 3), (filing.served_at, 3), (filing.submitted_at, 2),
    )  # fmt: skip
    return next((step for at, step in reached if at), 1)


def matrix(
    items: list[ChecklistItem], by: Membership, asked: list[Slot], gaps: list[Gap]
) -> list[dict[str, Any]]:
    """Return the list of items with opinion and statutory approval in two columns: they are two facts."""
    slots: dict[int, list[Any]] = {}
    for slot in asked:
        if slot.item_id and slot.round == slot.filing.round:
            slots.setdefault(slot.item_id, []).append(slot)
    missing = _missing(gaps)
    return [
        _row(item, slots.get(item.pk, []), by) | {"gaps": missing.get(item.code, "")}
        for item in items
    ]


def _missing(gaps: list[Gap]) -> dict[str, str]:
    """Return by item which papers were promised for later and are not closed."""
    named: dict[str, list[str]] = {}
    for gap in gaps:
        for code in gap.material.item_codes:
            named.setdefault(code, []).append(
                _("%(state)s：%(what)s") % {"state": gap.get_state_display(), "what": gap.material}
            )
    return {code: _("；").join(papers) for code, papers in named.items()}


def _row(item: ChecklistItem, asked: list[Any], by: Membership) -> dict[str, Any]:
    waits = any(
        s.department_id == by.organisation_id and s.state != SlotState.SETTLED for s in asked
    )
    return {
        "code": item.code,
        "label": item.label,
        "url": ""
        if item.applies is False
        else f"{reverse('approvals:gate', args=[item.filing.public_id])}#i{item.code}",
        "class_label": item.get_item_class_display(),
        "department": item.department.label,
        "opinion": _opinion(asked),
        "approval": {"state": item.approval_mark, "label": _approval(item)},
        "note": _note(item),
        "ask": waits,
    }


def _note(item: ChecklistItem) -> str:
    if item.applies is False:
        return _("已核减：%(why)s") % {"why": item.struck_reason}
    if item.applies is None:
        return _("待核：是否适用尚待核实")
    return _("企业未作承诺，须事先审批") if item.declined else ""


def _approval(item: ChecklistItem) -> str:
    label = item.approval_label
    return f"{label} {item.approval_number}" if item.approval_number else label


# When several departments speak on one item, the weightiest mark stands for the cell.
WEIGHT = ("disagree", "held", "escalated", "no_opinion", "candidate", "awaited", "deemed_absence",
          "deemed_timeout", "conditions", "not_ours", "agree")  # fmt: skip


def _opinion(slots: list[Any]) -> dict[str, str]:
    if not slots:
        return {}
    marks = [mark_of(slot) for slot in slots]
    return min(
        marks, key=lambda mark: WEIGHT.index(mark["state"]) if mark["state"] in WEIGHT else 0
    )


def mark_of(slot: Any) -> dict[str, str]:
    """Return the mark of one slot: what was given, what silence came to, or where it stands."""
    if slot.state == SlotState.SETTLED and hasattr(slot, "opinion"):
        position = slot.opinion.position
        label = str(Position(position).label)
        return {"state": str(position), "label": label}
    return {"state": str(slot.state), "label": str(slot.get_state_display())}


def papers(filing: Filing, by: Membership) -> list[dict[str, Any]]:
    """Return the papers of a case; notices of default go to departments and the enterprise alike."""
    issued = Paper.objects.filter(book_id=filing.book_id).order_by("-pk")
    issued = issued.annotate(noted_issuer=KT("content__issuer__code"))
    issued = issued.select_related("correction", "issued_by").defer(
        "content", "correction__content"
    )
    kept = {paper.pk: paper for paper in issued}
    for (
        paper
    ) in kept.values():  # whose a correction is says the first of its line: no question for each
        if paper.corrects_id:
            paper.corrects = kept[paper.corrects_id]
    english = dict(PaperKind.objects.values_list("code", "name_en")) if in_english() else {}
    return [
        {
            "title": english.get(paper.kind) or paper.title,
            "number": paper.number,
            "url": reverse("approvals:paper", args=[paper.code]),
            "ready": paper.ready,
            "no_longer": paper.no_longer,
            "date": paper.issued_at,
            "seal_url": reverse("approvals:paper_seal", args=[paper.code])
            if paper.ready and seals_papers(paper, by) and paper.template not in THEIRS
            else "",
        }
        for paper in kept.values()
    ]


def limits_of(
    filing: Filing,
    asked: list[Slot],
    notices: list[Notice],
    at: datetime,
    calendar: Calendar | None,
) -> list[dict[str, Any]]:
    """Return what runs now with its date: the stage's own limits, the opinions that are owed, the notice."""
    own = [limit for limit in filing.limits.all() if limit.ended_at is None]
    load_interruptions([*own, *asked])
    running = [card(x, at, calendar) for x in own if not x.item_id]
    owed = [s for s in asked if s.state == SlotState.AWAITED and s.running]
    owed = [s for s in owed if s.due_at or s.suspended]
    if owed:
        first = min(owed, key=lambda slot: (slot.due_at is None, slot.due_at or slot.begun_at))
        running.append({**card(first, at, calendar), "silence": str(UNSPOKEN)})
    return running + [card(x, at, calendar) for x in notices if x.running]


def agenda_of(filing: Filing) -> QuerySet[AgendaItem]:
    """Return the sessions that a case was or is before, the newest first."""
    return filing.agenda_items.select_related("session").order_by("-session__opens_at")


def readable(filing: Filing, by: Membership, agenda: list[AgendaItem]) -> set[int]:
    """Return the sessions of a case that a person may open; the enterprise sees only that they were held."""
    if staff(None, by):
        return {item.session_id for item in agenda}
    open_to = Session.objects.visible_to(by).filter(agenda__filing=filing)
    return set(open_to.values_list("pk", flat=True))


def _names(asked: list[Slot], items: list[ChecklistItem]) -> dict[str, str]:
    """Return departments and items by the codes under which the ledger keeps them."""
    names = {slot.department.code: slot.department.label for slot in asked}
    names |= {item.department.code: item.department.label for item in items}
    return names | {item.code: item.label for item in items}


def _stands(gap: Any, filing: Filing) -> bool:
    """Whether a gap is still told: of a case that has left the road, only what it was returned for."""
    if filing.stage in ENDS:
        return bool(gap.state == GapState.FAILED)
    return gap.state not in GAP_OVER


def case(filing: Filing, by: Membership, at: datetime) -> dict[str, Any]:
    """Return the whole page for one person, in a fixed number of queries."""
    calendar = calendar_or_none(at)
    gaps = [gap for gap in filing.gaps.all() if _stands(gap, filing)]
    listed = filing.stage in AFTER_LIST
    asked = list(slots_of(filing)) if listed else []
    items = list(filing.items.all()) if listed else []
    people = people_of_case(filing, by, at)
    notices = list(filing.notices.select_related("calendar")) if listed else []
    agenda = list(agenda_of(filing)) if listed else []
    return {
        "filing": filing,
        "steps": strip(filing),
        "offers": sorted(offered(filing, by), key=lambda x: not (x.allowed and x.primary)),
        "whose": turn_of(filing),
        "limits": limits_of(filing, asked, notices, at, calendar),
        "gaps": [
            {
                "material": str(g.material),
                "state": g.get_state_display(),
                "limit": card(g, at, calendar, table=False),
            }
            for g in gaps
        ],
        "changes": list(filing.changes.all()) if listed else [],
        "matrix": matrix(items, by, asked, gaps),
        "dispatches": dispatched(filing, by, asked, at, calendar),
        "agenda": agenda,
        "readable": readable(filing, by, agenda),
        "notices": notices,
        "measures": measures_on(filing, at, calendar),
        "cases": list(filing.correction_cases.all()) if listed else [],
        "works": works_of(filing, by, at, calendar),
        "people": people,
        "entries": timeline(filing, {**_names(asked, items), **people["names"]}, by),
        "papers": papers(filing, by),
        "follow": bool(filing.number) and follows(filing, by),
        "provable": bool(filing.number) and takes_evidence(filing, by),
        "facts": facts(filing),
    }
