"""Whom an outcome drawn from silence concerns, and in what words they are told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.stages import Role
from approvals.queries.people import receiving_agents
from approvals.services.moved import about_move, new_end, why_moved
from core.deadlines.rules import Move, on_moved
from core.notify.services import Told, tell, tell_all
from core.notify.words import in_both
from core.notify.words import said as _
from core.steps.templatetags.look import deadline_long
from prereview.models import Invitation, MakeUp, Opinion, Slot
from prereview.stages import Position, SlotState

SUBJECTS = {
    SlotState.CANDIDATE: gettext_noop(
        "%(project)s：%(department)s“%(what)s”拟视同无异议，请确认或驳回"
    ),
    SlotState.HELD: gettext_noop("%(project)s：%(department)s“%(what)s”默认已暂停，请处理"),
    SlotState.ESCALATED: gettext_noop("%(project)s：%(department)s“%(what)s”红线事项逾期，转督办"),
}


def _matter(slot: Slot) -> str:
    return str(slot.item.label if slot.item else slot.get_kind_display())


def _again(slot: Slot) -> str:
    """Tell apart what is said of a slot after it was served again, or its default taken back."""
    since = slot.withdrawn_at or slot.served_again_at
    return f":{since:%Y%m%d%H%M%S%f}" if since else ""


def alarm(slot: Slot, now: datetime) -> None:
    """Tell the person whose move it is: the convenor, or for a red line the supervisor and the head."""
    day = timezone.localdate(now)
    people: list[Membership] = [slot.agenda.session.convenor]
    if slot.state == SlotState.ESCALATED:
        people = [
            *holders(Role.SUPERVISOR, day),
            *people_of([slot.department_id], day, (Role.HEAD,)),
        ]
    tell(
        people,
        _(SUBJECTS[SlotState(slot.state)])
        % {
            "project": slot.filing.project_name,
            "department": slot.department,
            "what": lazy(_matter, str)(slot),
        },
        about=f"slot:{slot.pk}:{slot.state}:{slot.round}{_again(slot)}",
        at=now,
        link=f"/cases/{slot.filing.public_id}/",
    )


DEFAULTED = gettext_noop("%(project)s：%(department)s意见%(position)s")


def tell_default(slot: Slot, opinion: Opinion, now: datetime) -> None:
    """Tell the department, the enterprise and the supervisor of a default."""
    tell_defaults([(slot, opinion)], now)


def tell_defaults(defaults: Sequence[tuple[Slot, Opinion]], now: datetime) -> None:
    """Tell each default's department, its enterprise and the supervisor of it."""
    day = timezone.localdate(now)
    asked = {
        pk for slot, _opinion in defaults for pk in (slot.department_id, slot.filing.enterprise_id)
    }
    agents = receiving_agents({slot.filing_id for slot, _opinion in defaults}, day)
    people: dict[int, list[Membership]] = {}
    for person in people_of(sorted(asked), day):
        people.setdefault(person.organisation_id, []).append(person)
    supervisors = list(holders(Role.SUPERVISOR, day))
    alike: dict[Any, tuple[Slot, Opinion]] = {
        (slot.filing_id, slot.department_id, opinion.position): (slot, opinion)
        for slot, opinion in defaults
    }
    said = in_both([(DEFAULTED, _named(*one)) for one in alike.values()])
    subjects = dict(zip(alike, said, strict=True))
    here = {
        (filing, department): [
            *people.get(department, ()), *people.get(slot.filing.enterprise_id, ()),
            *agents.get(filing, ()), *supervisors,
        ]
        for (filing, department, _position), (slot, _opinion) in alike.items()
    }  # fmt: skip
    told = []
    for slot, opinion in defaults:
        filing, department = slot.filing_id, slot.department_id
        subject, link = (
            subjects[filing, department, opinion.position],
            f"/cases/{slot.filing.public_id}/",
        )
        told.append(
            Told(here[filing, department], subject, f"default:{opinion.pk}", link, service=True)
        )
    tell_all(told, now)


def _named(slot: Slot, opinion: Opinion) -> dict[str, Any]:
    position = Position(opinion.position).label
    return {
        "project": slot.filing.project_name, "department": slot.department, "position": position,
    }  # fmt: skip


def tell_make_up_soon(make_up: MakeUp, now: datetime) -> None:
    """Remind the department of the opinion it still owes, with what follows."""
    slot = make_up.slot
    tell(
        people_of([slot.department_id], timezone.localdate(now)),
        _("%(project)s：请在%(until)s前补做意见，逾期转效能监督督办")
        % {"project": slot.filing.project_name, "until": lazy(deadline_long, str)(make_up.due_at)},
        about=f"makeup:{make_up.pk}:soon",
        at=now,
        link=f"/cases/{slot.filing.public_id}/opinions/",
    )


def tell_make_up_overdue(make_up: MakeUp, now: datetime) -> None:
    """Tell the supervisor that a department still owes its opinion after a default."""
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(now)),
        _("%(department)s默认后未补做意见") % {"department": make_up.slot.department},
        about=f"makeup:{make_up.pk}",
        at=now,
        link=f"/cases/{make_up.slot.filing.public_id}/",
    )


@on_moved
def tell_summons_moved(moves: Sequence[Move], now: datetime) -> None:
    """Tell the department and whoever called until when a summons may now be acknowledged, and why."""
    for move in moves:
        limit = move.limit
        if not isinstance(limit, Invitation):
            continue
        tell(
            [*people_of([limit.department_id], timezone.localdate(now)), limit.session.convenor],
            new_end(limit, move.before)
            % {
                "project": limit.session,
                "limit": limit.declared.name,
                "until": lazy(deadline_long, str)(limit.due_at),
            },
            about=about_move(limit),
            at=now,
            body=why_moved(limit, move.before, move.reason),
            link=f"/sessions/{limit.session.public_id}/",
        )
