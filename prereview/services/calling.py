"""Calling a joint session: agenda, summons and the slots that departments are to fill."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.services import system_actor
from approvals.models import ChecklistItem, Filing
from approvals.services import tell_enterprise
from approvals.stages import Channel, OpinionDefault, Stage
from core.deadlines.queries import calendar_at, value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.documents.services import draw_number
from core.ledger.services import lock, open_book, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, move, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import moment
from prereview import policies, rules
from prereview.models import AgendaItem, Dispatch, Invitation, Session, Slot
from prereview.queries import (
    asked_departments,
    earliest_opening,
    is_day_off,
    items_asked,
    ready_for,
)
from prereview.services.dispatching import unsigned
from prereview.services.serving import note
from prereview.stages import SessionKind

STEP = {SessionKind.SURVEY: "begin_survey", SessionKind.MEETING: "call_meeting"}
MARKS = {SessionKind.SURVEY: "左承勘会", SessionKind.MEETING: "左承预会"}


def _check(kind: str, filings: list[Filing], opens_at: datetime, at: datetime) -> None:
    if not filings:
        raise ValidationError({"filings": _("请至少选择一个申报件。")})
    known = set(ready_for(kind).filter(pk__in=[f.pk for f in filings]).values_list("pk", flat=True))
    if strange := [f for f in filings if f.pk not in known]:
        names = "、".join(f.project_name for f in strange)
        raise NotNow(
            [_("“%(names)s”还不能上会：未到阶段、已中止或已在其他会次。") % {"names": names}]
        )
    if late := [why for f in filings for why in f.overtaken(STEP[SessionKind(kind)], at)]:
        raise NotNow(late)
    first = earliest_opening(kind, at)
    if timezone.localdate(opens_at) < first:
        raise ValidationError(
            {
                "opens_at": _("通知须至少提前规定的工作日：最早可在 %(day)s 召开。")
                % {"day": first.isoformat()}
            }
        )
    if is_day_off(timezone.localdate(opens_at), calendar_at(at)):
        raise ValidationError({"opens_at": policies.DAY_OFF})


def _locked(filings: list[Filing]) -> list[Filing]:
    """Lock the filings and return them as they now are: of two calls at once the second finds them taken.

    The session's own book comes after them here alone: it is new and nobody else can hold it.
    """
    lock(*[filing.book_id for filing in filings])
    fresh = Filing.objects.select_related("book", "rulebook").in_bulk([f.pk for f in filings])
    return [fresh[filing.pk] for filing in filings]


def _ask(filing: Filing, agenda: AgendaItem, kind: str) -> list[Slot]:
    """Make the slots of an agenda item; an opinion given to a session that was called off stands and comes along."""
    stands = Slot.objects.filter(filing=filing, kind=kind, round=filing.round)
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


def _slots_of(filing: Filing, agenda: AgendaItem, kind: str) -> list[Slot]:
    """Return the slots of one agenda item: by item and department in a meeting, by department in a survey."""
    slots: dict[tuple[int, int | None], Slot] = {}
    for item in items_asked(filing):
        for department in asked_departments(item):
            survey = kind == SessionKind.SURVEY
            key = (department.pk, None if survey else item.pk)
            slots.setdefault(
                key,
                Slot(
                    book=filing.book, filing=filing, agenda=agenda, kind=kind, round=filing.round,
                    department=department, item=None if survey else item,
                    rule=(rules.SURVEY_OPINION if survey else rules.OPINION).code,
                    # To the record of a visit nobody's approval is tied: silence there is no objection to it.
                    default=OpinionDefault.DEEMED if survey else item.opinion_default,
                    **(_mark_of_record(filing) if survey else _mark_of_item(item)),
                ),
            )  # fmt: skip
    return list(slots.values())


@transaction.atomic
def call_session(
    *,
    kind: str,
    filings: list[Filing],
    opens_at: datetime,
    place: str,
    by: Membership,
    at: datetime,
) -> Session:
    """召集: one agenda, one summons per department, served in the system; each is to be signed for within P16."""
    permit(None, policies.convenor, by=by, at=at)
    filings = _locked(filings)
    _check(kind, filings, opens_at, at)
    session = Session(
        kind=kind, called_at=at, opens_at=opens_at, place=place, convenor=by,
        number=draw_number(MARKS[SessionKind(kind)], timezone.localtime(at).year),
    )  # fmt: skip
    session.book = open_book(f"session:{session.public_id}")
    session.save()
    lock(session.book_id)
    departments: dict[int, Organisation] = {}
    for order, filing in enumerate(filings, start=1):
        agenda = AgendaItem.objects.create(
            session=session, filing=filing, order=order, round=filing.round
        )
        slots = _ask(filing, agenda, kind)
        departments.update({slot.department_id: slot.department for slot in slots})
        if kind == SessionKind.SURVEY:
            move(filing.begin_survey, by=by, at=at, session=session.number)
        else:
            record(filing.book, "call_meeting", by=by, at=at, session=session.number)
    act(
        session, "call_session", policy=policies.convenor, by=by, at=at,
        kind=kind, opens_at=opens_at, filings=[f.number for f in filings],
    )  # fmt: skip
    for department in departments.values():
        summon(session, department, by=by, at=at)
    for filing in filings:
        tell_enterprise(filing, _what(session), f"called:{session.pk}", at)
    return session


def _what(session: Session) -> str:
    return _("%(kind)s通知：%(when)s，%(place)s") % {
        "kind": SessionKind(session.kind).label, "when": lazy(moment, str)(session.opens_at), "place": session.place,
    }  # fmt: skip


def summon(
    session: Session, department: Organisation, *, by: Membership, at: datetime
) -> Invitation:
    """Serve one summons in the system, with the warning of what absence and silence come to printed on it."""
    invitation = Invitation(session=session, book=session.book, department=department, served_at=at)
    start(invitation, rules.ACKNOWLEDGE, at=at)
    note(invitation, Channel.SYSTEM, received=False, by=by, at=at)
    record(session.book, "serve", by=by, at=at, department=department.code, channel="system")
    tell(
        people_of([department.pk], timezone.localdate(at)),
        _what(session),
        about=f"summons:{invitation.pk}",
        at=at,
        body=_("请签收。无正当理由缺席或者逾期未提出意见的，除红线事项外视同无异议，程序继续；应办的审批仍须办理。"),
        link=f"/sessions/{session.public_id}/", service=True,
    )  # fmt: skip
    return invitation


@on_silence(rules.ACKNOWLEDGE)
def ask_second_channel(thing: Invitation | Dispatch, now: datetime) -> None:
    """改用第二种方式: nobody signed for the summons, or for the file; the window serves it by hand."""
    if isinstance(thing, Dispatch):
        unsigned(thing, now)
    else:
        _summons_unsigned(thing, now)


def _summons_unsigned(invitation: Invitation, now: datetime) -> None:
    invitation.second_channel_at, invitation.act_at = invitation.due_at, None
    invitation.save()
    record(
        invitation.book, "second_channel", by=system_actor(), at=invitation.expires_at,
        department=invitation.department.code,
    )  # fmt: skip
    tell(
        [invitation.session.convenor],
        _("%(department)s未签收通知，请用第二种方式送达") % {"department": invitation.department},
        about=f"second:{invitation.pk}",
        at=now,
        link=f"/sessions/{invitation.session.public_id}/",
    )


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: Membership, at: datetime) -> Session:
    """取消: before it opened; a survey's filings wait for a new one, the slots of this one are taken off."""
    need_words(reason)
    session = move(session.cancel, by=by, at=at, reason=reason)  # type: ignore[assignment]
    for agenda in session.agenda.select_related("filing").order_by("filing__book_id"):
        lock(agenda.filing.book_id)
        agenda.slots.unsettled().delete()  # what was asked of nobody any more; the ledger keeps the calling
        if (
            session.is_survey and agenda.filing.stage == Stage.SURVEYING
        ):  # a second visit holds nothing up
            move(agenda.filing.call_off_survey, by=by, at=at, session=session.number)
        record(agenda.filing.book, "session_cancelled", by=by, at=at, session=session.number)
        tell_enterprise(
            agenda.filing,
            _("取消：%(what)s") % {"what": _what(session)},
            f"called:{session.pk}",
            at,
        )
    for summons in session.invitations.filter(ended_at=None):
        end(summons, at=at)
    tell(
        people_of(
            list(session.invitations.values_list("department_id", flat=True)),
            timezone.localdate(at),
        ),
        _("取消：%(what)s") % {"what": _what(session)},
        about=f"cancelled:{session.pk}",
        at=at,
        link=f"/sessions/{session.public_id}/",
    )
    return session
