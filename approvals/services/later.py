"""清单外要求: the one-time notice binds the government; what it did not name is wanted only with a signature.

Nothing waits for it: no step, no limit and not the start. What hangs on it is the department's own paper.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import county, holders, people_of
from accounts.stages import Role
from approvals import policies
from approvals.models import Filing, LaterRequest, Material
from approvals.services.telling import tell_enterprise
from approvals.stages import LaterState, NeededBy
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words


@transaction.atomic
def ask_later(
    filing: Filing, *, name: str, basis: str, reason: str, by: Membership, at: datetime
) -> LaterRequest:
    """提出清单外要求: with its legal basis and why the list did not have it; the enterprise owes nothing yet."""
    filing = locked(filing)
    permit(filing, policies.asks_later, by=by, at=at)
    words = {"name": name.strip(), "basis": basis.strip(), "reason": reason.strip()}
    lacking = {key: _("请写明。") for key, text in words.items() if not text}
    if lacking:
        raise ValidationError(lacking)
    _not_wanted_already(filing, words["name"])
    own = by.organisation if by.role in (Role.CLERK, Role.HEAD) else county().window
    request = LaterRequest(filing=filing, department=own, asked_by=by, asked_at=at, **words)
    act(
        filing, "ask_later", policy=policies.asks_later, conditions=(policies.list_is_binding,), by=by, at=at,
        material=words["name"], basis=words["basis"], reason=words["reason"], department=own.code,
    )  # fmt: skip
    request.save()
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(at)),
        _("%(project)s：%(department)s要求清单以外的材料“%(name)s”，等您签字")
        % {"project": filing.project_name, "department": own.name, "name": words["name"]},
        about=f"later:{request.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/later/",
    )
    return request


def _not_wanted_already(filing: Filing, name: str) -> None:
    if filing.materials.filter(name=name).exists():
        raise NotNow([_("清单里已经有“%(name)s”，不必另外要求。") % {"name": name}])
    if filing.later_requests.filter(name=name, state=LaterState.ASKED).exists():
        raise NotNow([_("“%(name)s”已经提出，在等效能监督签字。") % {"name": name}])


@transaction.atomic
def sign_later(request: LaterRequest, *, by: Membership, at: datetime) -> LaterRequest:
    """效能监督签字: the material is wanted from now, marked for ever as outside the list; the enterprise is told so."""
    filing, request = _held(request, by=by, at=at)
    material = Material.objects.create(
        filing=filing, name=request.name, item_codes=[], form="copy", needed_by=NeededBy.PAPER
    )
    request.state, request.material = LaterState.SIGNED, material
    _decided(request, by, at)
    record(
        filing.book, "sign_later", by=by, at=at, material=material, wanted=material.name, basis=request.basis,
        department=request.department.code,
    )  # fmt: skip
    told = _("清单以外要求“%(name)s”，经效能监督签字；依据：%(basis)s。不影响程序进行")
    said = told % {"name": request.name, "basis": request.basis}
    tell_enterprise(filing, said, f"later{request.pk}", at)
    return request


@transaction.atomic
def refuse_later(
    request: LaterRequest, *, reason: str, by: Membership, at: datetime
) -> LaterRequest:
    """不同意: the list stands; the department is told why."""
    need_words(reason)
    filing, request = _held(request, by=by, at=at)
    request.state, request.note = LaterState.REFUSED, reason.strip()
    _decided(request, by, at)
    record(
        filing.book, "refuse_later", by=by, at=at, material=request.name, reason=request.note,
        department=request.department.code,
    )  # fmt: skip
    tell(
        people_of([request.department_id], timezone.localdate(at)),
        _("%(project)s：清单以外要求“%(name)s”，效能监督不同意：%(why)s")
        % {"project": filing.project_name, "name": request.name, "why": request.note},
        about=f"later-refused:{request.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )
    return request


def _held(request: LaterRequest, *, by: Membership, at: datetime) -> tuple[Filing, LaterRequest]:
    """Return the case under its lock and the request as it now is, for the supervisor who decides it."""
    filing = locked(request.filing)
    permit(filing, policies.supervisor, by=by, at=at)
    fresh = LaterRequest.objects.select_related("department", "asked_by").get(pk=request.pk)
    if fresh.state != LaterState.ASKED:
        raise NotNow([_("这项要求已经决定：%(state)s。") % {"state": fresh.get_state_display()}])
    if not policies.list_is_binding(filing):
        raise NotNow([_("本件已经终结，不再要求材料。")])
    if fresh.asked_by.user_id == by.user_id:
        raise NotNow([_("提出要求的人不能自己签字。")])
    return filing, fresh


def _decided(request: LaterRequest, by: Membership, at: datetime) -> None:
    request.decided_by, request.decided_at = by, at
    request.save()
