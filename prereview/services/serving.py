"""送达: every attempt and every receipt is written down; nothing of it is ever changed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals.stages import BY_HAND, Channel
from core.deadlines.services import end
from core.documents.services import check_upload, keep
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow
from prereview import policies
from prereview.models import Invitation, SummonsAttempt


def fresh(invitation: Invitation) -> Invitation:
    """Lock a summons' book and return the summons as it now is."""
    lock(invitation.book_id)
    return Invitation.objects.select_related("session", "department").get(pk=invitation.pk)


def note(
    invitation: Invitation,
    channel: str,
    *,
    received: bool,
    by: Membership,
    at: datetime,
    **more: Any,
) -> SummonsAttempt:
    """Write one attempt, or one receipt, into the record of service."""
    return SummonsAttempt.objects.create(
        invitation=invitation, channel=channel, received=received, moment=at, served_by=by, **more
    )


@transaction.atomic
def acknowledge(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """签收: the department has the summons; said twice it stands once."""
    invitation = fresh(invitation)
    permit(invitation, policies.own_department, by=by, at=at)
    if invitation.acknowledged_at is None:
        act(
            invitation, "acknowledge", policy=policies.own_department, by=by, at=at,
            department=invitation.department.code,
        )  # fmt: skip
        note(invitation, Channel.SYSTEM, received=True, by=by, at=at, acknowledged_by=by)
        invitation.acknowledged_at, invitation.acknowledged_by = at, by
        end(invitation, at=at)
    return invitation


def _check_hand(
    channel: str,
    *,
    received: bool,
    receiver: str,
    witness: str,
    note_text: str,
    upload: Any,
    by: Membership,
) -> None:
    """Refuse a service by hand that proves nothing: who took it, before whom, on which paper."""
    if channel not in BY_HAND:
        raise ValidationError({"channel": _("请选择书面送达或者电话通知。")})
    if channel == Channel.PHONE and witness.strip() in ("", by.user.name, receiver.strip()):
        raise ValidationError({"witness": _("电话通知必须由两人在场：请写明登记人以外的第二人。")})
    if not received:
        if not note_text.strip():
            raise ValidationError({"note": _("没有送到的，请写明情况，如无人接听、拒收。")})
        return
    if not receiver.strip():
        raise ValidationError({"received_by": _("请写明送达方式和签收（接听）人。")})
    if upload is None:
        raise ValidationError(
            {"upload": _("没有凭证不能认定送达：请上传签收单或两人签名的电话记录。")}
        )


@transaction.atomic
def serve_by_second_channel(
    invitation: Invitation,
    *,
    channel: str,
    by: Membership,
    at: datetime,
    received_by: str = "",
    received: bool = True,
    witness: str = "",
    note_text: str = "",
    upload: UploadedFile | None = None,
) -> Invitation:
    """第二种方式送达: on paper with the signed scan, or by telephone with the record of two persons.

    An attempt that did not reach the department is written down, too; it proves nothing and another may follow.
    """
    invitation = fresh(invitation)
    permit(invitation, policies.window, by=by, at=at)
    if invitation.proven:  # a proof in time must not be written over by a later one
        raise NotNow([_("该部门已签收，不需要另行送达。")])
    _check_hand(
        channel, received=received, receiver=received_by, witness=witness, note_text=note_text, upload=upload, by=by,
    )  # fmt: skip
    if upload is not None:
        check_upload(upload)
    act(
        invitation, "serve_again" if received else "service_failed", policy=policies.window, by=by, at=at,
        department=invitation.department.code, channel=channel, witness=witness or None,
        note=None if received else note_text,
    )  # fmt: skip
    proof = keep(upload, book=invitation.book, by=by, at=at) if upload else None
    note(
        invitation, channel, received=received, by=by, at=at, receiver=received_by.strip(),
        witness=witness.strip(), note="" if received else note_text.strip(), proof=proof,
    )  # fmt: skip
    if received:
        invitation.channel, invitation.received_by, invitation.proof = channel, received_by, proof
        invitation.acknowledged_at = at
        end(invitation, at=at)
    return invitation
