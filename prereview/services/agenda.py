"""The agenda of a session: which filings, and on which items each department is asked."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.asked import Asked
from accounts.models import Organisation
from approvals.models import ChecklistItem, Filing
from approvals.stages import OpinionDefault
from core.deadlines.queries import value_of
from core.rows import write, write_all
from core.sets import made
from prereview import rules
from prereview.models import AgendaItem, Session, Slot
from prereview.queries import asked_departments, items_asked
from prereview.stages import SessionKind


def put_on_agenda(
    session: Session, filings: list[Filing], times: list[datetime | None]
) -> list[AgendaItem]:
    """Put filings on the agenda, in their order, and ask the departments they concern."""
    items = []
    for order, (filing, planned) in enumerate(zip(filings, times, strict=True), start=1):
        agenda = AgendaItem(
            session=session, filing=filing, order=order, round=filing.round, planned_at=planned
        )
        write(agenda)
        _ask(filing, agenda, session.kind)
        items.append(agenda)
    return items


def asked_just_now(agenda: Sequence[AgendaItem]) -> list[Slot]:
    """Return what is asked on an agenda that was put together just now; nothing where some of it was asked before."""
    made = [vars(item).get("asked") for item in agenda]
    return [] if None in made else [slot for slots in made for slot in slots or ()]


def _ask(filing: Filing, agenda: AgendaItem, kind: str) -> list[Slot]:
    """Make the slots of an agenda item; an opinion given to a session that was called off stands and comes along."""
    rows = _asked_before(filing.pk, kind, filing.round)
    if rows:
        Slot.objects.in_play().filter(pk__in=[slot.pk for slot in rows]).update(agenda=agenda)
        rows = _asked_before(filing.pk, kind, filing.round)
    kept: dict[tuple[int, int | None], Slot] = {}
    struck: dict[tuple[int, int | None], Slot] = {}
    for slot in rows:
        of_it = struck if slot.asked_no_more else kept
        of_it[slot.department_id, slot.item_id] = slot
    wanted = {(s.department_id, s.item_id): s for s in _slots_of(filing, agenda, kind)}
    anew = [_ask_anew(slot, agenda) for key, slot in struck.items() if key in wanted]
    new = [slot for key, slot in wanted.items() if key not in kept and key not in struck]
    write_all(new, keys=True)
    vars(agenda)["asked"] = None if rows else new
    return [*kept.values(), *anew, *new]


@Asked
def _asked_before(filing: int, kind: str, number: int) -> QuerySet[Slot]:
    rows = Slot.objects.filter(filing=filing, kind=kind, round=number)
    return rows.select_related("department")


def _mark_of_item(item: ChecklistItem) -> dict[str, str]:
    """Return by what a default on an item is expressly allowed; where its catalogue does not say it, nothing is."""
    if not item.item.marked:
        return {}
    return {"mark_basis": item.item.default_basis, "mark_approver": item.item.default_approver}


def _mark_of_record(filing: Filing) -> dict[str, str]:
    """Return by what silence on the record of a visit counts: the county's rulebook itself, for all alike (P4c)."""
    rulebook = filing.pinned_rulebook
    basis = value_of(rulebook, rules.SURVEY_OPINION.code).basis
    return {
        "mark_basis": f"{rules.SURVEY_OPINION.code} {basis}",
        "mark_approver": str(rulebook.source)[:120],
    }


def _slot(
    agenda: AgendaItem, department: Organisation, item: ChecklistItem | None, marks: dict[str, str]
) -> Slot:
    """Return what a department owes on one item, or on the record of a visit where there is none."""
    filing = agenda.filing
    return made(
        Slot, book=filing.book, filing=filing, agenda=agenda, kind=agenda.session.kind, round=filing.round,
        department=department, item=item,
        rule=(rules.OPINION if item else rules.SURVEY_OPINION).code,
        # To the record of a visit nobody's approval is tied: silence there is no objection to it.
        default=item.opinion_default if item else OpinionDefault.DEEMED,
        **marks,
    )  # fmt: skip


def ask_one(agenda: AgendaItem, department: Organisation, item: ChecklistItem | None) -> Slot:
    """Ask one more department; on an item silence may come to what its catalogue says for all, and to no more."""
    kept = Slot.objects.filter(
        filing=agenda.filing,
        round=agenda.filing.round,
        kind=agenda.session.kind,
        department=department,
        item=item,
    ).first()
    if kept is not None:
        return _ask_anew(kept, agenda) if kept.asked_no_more else kept
    return write(_slot(agenda, department, item, _marks(agenda.filing, item)))


def _ask_anew(kept: Slot, agenda: AgendaItem) -> Slot:
    """Ask on a row that was kept when its item was struck: one department is asked once in a round, on one row."""
    kept.agenda = agenda
    kept.started_at = kept.length = kept.due_at = kept.ended_at = kept.act_at = None
    kept.provisional = kept.interrupted = False
    kept.save()
    return kept


def _marks(filing: Filing, item: ChecklistItem | None) -> dict[str, str]:
    return _mark_of_item(item) if item else _mark_of_record(filing)


def _slots_of(filing: Filing, agenda: AgendaItem, kind: str) -> list[Slot]:
    """Return the slots of one agenda item: by item and department in a meeting, by department in a survey."""
    slots: dict[tuple[int, int | None], Slot] = {}
    for item in items_asked(filing):
        asked = None if kind == SessionKind.SURVEY else item
        for department in asked_departments(item):
            key = (department.pk, asked.pk if asked else None)
            if key not in slots:
                slots[key] = _slot(agenda, department, asked, _marks(filing, asked))
    return list(slots.values())
