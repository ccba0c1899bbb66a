"""改派: an open opinion, a summons or a file goes to a colleague, who is told; nobody is barred by it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import need_words, require
from prereview import policies
from prereview.models import Dispatch, Invitation, Reassignment, Slot
from prereview.queries.standing import colleagues, filing_of
from prereview.services.standing import stands
from prereview.stages import Duty


@transaction.atomic
def reassign_opinion(
    slot: Slot, *, receiver: Membership, reason: str, by: Membership, at: datetime
) -> Reassignment:
    """改派意见: while the slot has no outcome."""
    (slot.book,) = lock(slot.book_id)
    slot.refresh_from_db(fields=["state"])
    require(slot, policies.slot_is_open)
    return _reassign("slot", slot, receiver, reason=reason, by=by, at=at)


@transaction.atomic
def reassign_summons(
    invitation: Invitation, *, receiver: Membership, reason: str, by: Membership, at: datetime
) -> Reassignment:
    """改派通知: while the session is not over."""
    (invitation.book,) = lock(invitation.book_id)
    require(invitation, policies.session_not_over)
    return _reassign("invitation", invitation, receiver, reason=reason, by=by, at=at)


@transaction.atomic
def reassign_dispatch(
    dispatch: Dispatch, *, receiver: Membership, reason: str, by: Membership, at: datetime
) -> Reassignment:
    """改派分送件: while the case goes on."""
    (dispatch.book,) = lock(dispatch.book_id)
    require(dispatch, policies.dispatch_goes_on)
    return _reassign("dispatch", dispatch, receiver, reason=reason, by=by, at=at)


DUTIES = {"slot": Duty.OPINE, "invitation": Duty.ATTEND, "dispatch": Duty.RECEIVE}


def _reassign(
    what: str, thing: Any, receiver: Membership, *, reason: str, by: Membership, at: datetime
) -> Reassignment:
    permit(thing, policies.own_department, by=by, at=at)
    stands(thing, DUTIES[what], by=by, at=at)
    need_words(reason)
    day = timezone.localdate(at)
    if not colleagues(by, day, filing=filing_of(thing)).filter(pk=receiver.pk).exists():
        raise ValidationError({"receiver": _("接手人须是本单位在任、没有对本件回避的人员。")})
    made = _made(what, thing, receiver, reason=reason, by=by, at=at)
    _tell(made, at)
    return made


def _made(
    what: str, thing: Any, receiver: Membership, *, reason: str, by: Membership, at: datetime
) -> Reassignment:
    made = Reassignment.objects.create(
        **{what: thing}, receiver=receiver, reason=reason.strip(), handed_by=by, handed_at=at
    )
    item = thing.item.code if what == "slot" and thing.item else ""
    record(
        thing.book, "reassign", by=by, at=at, thing=what, department=thing.department.code,
        **({"item": item} if item else {}), receiver=receiver,
    )  # fmt: skip
    return made


def hand_slots_to(
    slots: Iterable[Slot], receiver: Membership, *, reason: str, by: Membership, at: datetime
) -> None:
    """Reassign several opinions of one case; the caller holds its book and has seen to who may receive."""
    for slot in slots:
        _made("slot", slot, receiver, reason=reason, by=by, at=at)


def _tell(made: Reassignment, at: datetime) -> None:
    thing = made.thing
    if made.invitation is not None:
        link, about = f"/sessions/{thing.session.public_id}/", str(thing.session)
    else:
        place = "opinions" if made.slot is not None else "file"
        link, about = f"/cases/{thing.filing.public_id}/{place}/", thing.filing.project_name
    tell(
        [made.receiver],
        _("%(about)s：%(giver)s改派给您办理（%(why)s）")
        % {"about": about, "giver": str(made.handed_by.user), "why": made.reason},
        about=f"reassigned:{made.pk}",
        at=at,
        link=link,
    )
