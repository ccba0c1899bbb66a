"""异议的听证和人工查看: a hearing that was asked for is recorded or refused with its reason; a held one is admitted."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core.deadlines.services import start
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act
from public_notice import policies, rules
from public_notice.models import Objection


def _locked(objection: Objection) -> Objection:
    lock(objection.book_id)
    return Objection.objects.select_related("notice__filing__rulebook", "book").get(pk=objection.pk)


@transaction.atomic
def settle_hearing(
    objection: Objection, *, note: str, by: Membership, at: datetime, heard_on: date | None = None
) -> Objection:
    """听证办结: held on a day, or not held for a reason; from now on the limit of the reply runs."""
    objection = _locked(objection)
    if not note.strip():
        raise ValidationError({"note": _("请写明听证的情况；不举行的，写明理由。")})
    received, today = timezone.localdate(objection.received_at), timezone.localdate(at)
    if heard_on is not None and not received <= heard_on <= today:
        raise ValidationError({"heard_on": _("听证日期不早于收到异议之日，不晚于今天。")})
    act(
        objection, "settle_hearing", policy=policies.window, by=by, at=at,
        conditions=(policies.hearing_waits,), objection=objection.number, heard_on=heard_on,
    )  # fmt: skip
    objection.heard_on, objection.hearing_note = heard_on, note.strip()
    objection.hearing_settled_at, objection.escalated_at = at, None
    start(objection, rules.REPLY, at=at, rulebook=objection.notice.filing.rulebook)
    return objection


@transaction.atomic
def admit_objection(objection: Objection, *, by: Membership, at: datetime) -> Objection:
    """查看后公开: a person has looked at what came in a flood; its words stand beside the notice from now on."""
    objection = _locked(objection)
    act(
        objection, "admit_objection", policy=policies.window, by=by, at=at,
        conditions=(policies.objection_is_held,), objection=objection.number,
    )  # fmt: skip
    objection.held = False
    objection.save(update_fields=["held"])
    return objection
