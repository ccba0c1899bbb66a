"""移交: the person who is responsible for a case changes, within one office; the case itself stands as it stands."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals import policies
from approvals.models import Filing, HandOver
from approvals.queries.people import may_receive_case, responsible
from approvals.stages import Side
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import need_words, require


def side_of(filing: Filing, by: Membership) -> str:
    """Return on whose side somebody hands over; PermissionDenied for who is of neither."""
    if policies.enterprise_itself(filing, by):
        return Side.ENTERPRISE
    if policies.window(filing, by):
        return Side.WINDOW
    raise PermissionDenied


@transaction.atomic
def hand_over(
    filing: Filing, *, receiver: Membership, reason: str, by: Membership, at: datetime
) -> HandOver:
    """移交: to a colleague who is in office that day; of the enterprise's side also to its agent. Both are told."""
    need_words(reason)
    filing = locked(filing)
    permit(filing, policies.hands_over, by=by, at=at)
    require(filing, policies.not_ended)
    side, today = side_of(filing, by), timezone.localdate(at)
    giver = responsible(filing, side)
    _check_receiver(filing, side, receiver, giver, by=by, at=at)
    made = HandOver.objects.create(
        filing=filing, side=side, giver=giver, receiver=receiver, reason=reason.strip(),
        handed_by=by, handed_at=at,
    )  # fmt: skip
    record(
        filing.book, "hand_over", by=by, at=at, side=str(side), receiver=receiver, reason=made.reason,
        **({"giver": giver} if giver else {}),
    )  # fmt: skip
    both = [one for one in (giver, receiver) if one is not None and one.valid_on(today)]
    tell(
        both,
        _("%(project)s：本件由%(receiver)s接手（%(why)s）")
        % {"project": str(filing), "receiver": str(receiver.user), "why": made.reason},
        about=f"handover:{made.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/people/",
    )
    return made


def _check_receiver(
    filing: Filing,
    side: str,
    receiver: Membership,
    giver: Membership | None,
    *,
    by: Membership,
    at: datetime,
) -> None:
    """Refuse somebody of another office, somebody who has left, and who has the case already."""
    today = timezone.localdate(at)
    if giver is not None and giver.pk == receiver.pk:
        raise ValidationError({"receiver": _("本件已经由他负责，不用移交。")})
    if not receiver.valid_on(today) or not receiver.user.is_active:
        raise ValidationError({"receiver": _("接手人已经离任，不能移交给他。")})
    if not may_receive_case(filing, side, by, today).filter(pk=receiver.pk).exists():
        raise ValidationError(
            {"receiver": _("只能移交给本单位的同事；企业也可以移交给正在授权期内的代办人。")}
        )
