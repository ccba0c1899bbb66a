"""The agenda of a session: which filings, and on which items each department is asked."""

from datetime import datetime

from accounts.models import Organisation
from approvals.models import ChecklistItem, Filing
from approvals.stages import OpinionDefault
from core.deadlines.queries import value_of
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
        agenda = AgendaItem.objects.create(
            session=session, filing=filing, order=order, round=filing.round, planned_at=planned
        )
        _ask(filing, agenda, session.kind)
        items.append(agenda)
    return items


def _ask(filing: Filing, agenda: AgendaItem, kind: str) -> list[Slot]:
    """Make the slots of an agenda item; an opinion given to a session that was called off stands and comes along."""
    stands = Slot.objects.in_play().filter(filing=filing, kind=kind, round=filing.round)
    stands.update(agenda=agenda)
    kept = {
        (slot.department_id, slot.item_id): slot for slot in stands.select_related("department")
    }
    asked = [s for s in _slots_of(filing, agenda, kind) if (s.department_id, s.item_id) not in kept]
    return [*kept.values(), *Slot.objects.bulk_create(asked)]


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
    return Slot(
        book=filing.book, filing=filing, agenda=agenda, kind=agenda.session.kind, round=filing.round,
        department=department, item=item,
        rule=(rules.OPINION if item else rules.SURVEY_OPINION).code,
        # To the record of a visit nobody's approval is tied: silence there is no objection to it.
        default=item.opinion_default if item else OpinionDefault.DEEMED,
        **marks,
    )  # fmt: skip


def ask_one(agenda: AgendaItem, department: Organisation, item: ChecklistItem | None) -> Slot:
    """Ask one more department; on an item silence may come to what its catalogue says for all, and to no more."""
    made = _slot(agenda, department, item, _marks(agenda.filing, item))
    made.save()
    return made


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
