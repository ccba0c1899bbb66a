"""约谈、移送: the supervisor notes what was done about a department's defaults."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from accounts.stages import Role
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow
from prereview import policies
from prereview.models import FollowUp, Slot
from prereview.queries.follow_ups import task_of
from prereview.services.outcome import named
from prereview.services.withdrawal import fresh_default
from prereview.stages import FollowUpKind


@transaction.atomic
def finish_follow_up(slot: Slot, *, note: str, by: Membership, at: datetime) -> FollowUp:
    """办结约谈或者移送: with a note; what the defaults lead to is reckoned now, so nothing withdrawn is followed up."""
    slot = fresh_default(slot)
    permit(slot, policies.supervisor, by=by, at=at)
    task = task_of(slot, at)
    if task is None:
        raise NotNow([_("该部门在这项议程的默认不需要约谈或者移送，或者已经撤回。")])
    if task.done is not None:
        raise NotNow([_("这件约谈（移送）已经办结。")])
    if not note.strip():
        raise ValidationError({"note": _("请写明办理情况。")})
    done = FollowUp.objects.create(
        agenda=slot.agenda, department=slot.department, kind=task.kind, note=note, done_by=by, done_at=at
    )  # fmt: skip
    act(
        slot, "finish_follow_up", policy=policies.supervisor, by=by, at=at, **named(slot) | {"kind": task.kind},
        nth=task.nth, note=note,
    )  # fmt: skip
    tell(
        people_of([slot.department_id], timezone.localdate(at), (Role.HEAD,)),
        _("%(project)s：因默认，效能监督已%(what)s")
        % {"project": slot.filing.project_name, "what": FollowUpKind(task.kind).label},
        about=f"followup:{done.pk}",
        at=at,
        link=f"/opinions/{slot.pk}/proof/",
    )
    return done
