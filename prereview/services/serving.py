"""送达: every attempt and every receipt is written down; nothing of it is ever changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals.models import Attempt
from approvals.stages import BY_HAND, Channel
from core.deadlines.services import end
from core.documents.contents import check_upload
from core.documents.services import keep
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import Invitation, ToSign
from prereview.services.standing import stands
from prereview.stages import Duty

T = TypeVar("T", bound=ToSign)


@dataclass(frozen=True)
class Acts:
    """By which names the ledger keeps the receipt, the service by hand, and the attempt that reached nobody."""

    signed: str
    served: str
    failed: str


SUMMONS = Acts("acknowledge", "serve_again", "service_failed")


def fresh(thing: T, *related: str) -> T:
    """Lock the book of what is to be signed for and return it as it now is, with its department."""
    lock(thing.book_id)
    return type(thing)._default_manager.select_related("department", *related).get(pk=thing.pk)


def note(
    thing: Any, channel: str, *, received: bool, by: Membership, at: datetime, **more: Any
) -> Attempt:
    """Write one attempt, or one receipt, into the record of service."""
    made: Attempt = thing.attempts.create(
        channel=channel, received=received, moment=at, served_by=by, **more
    )
    return made


def sign(
    thing: ToSign, acts: Acts, *, by: Membership, at: datetime, duty: str = Duty.RECEIVE
) -> None:
    """签收: the department has it; said twice it stands once. The caller holds the lock of the book."""
    permit(thing, policies.own_department, by=by, at=at)
    if thing.proven:
        return
    standing = stands(thing, duty, by=by, at=at)
    act(
        thing, acts.signed, policy=policies.own_department, by=by, at=at,
        department=thing.department.code, **standing.evidence,
    )  # fmt: skip
    note(thing, Channel.SYSTEM, received=True, by=by, at=at, acknowledged_by=by)
    thing.acknowledged_at, thing.acknowledged_by = at, by
    end(thing, at=at)


@transaction.atomic
def acknowledge(
    invitation: Invitation, *, by: Membership, at: datetime, duty: str = Duty.RECEIVE
) -> Invitation:
    """签收: the department has the summons; said twice it stands once. Who may answer (`duty`) signs thereby."""
    invitation = fresh(invitation, "session")
    permit(invitation, policies.own_department, by=by, at=at)
    require(invitation, policies.summons_holds)
    sign(invitation, SUMMONS, by=by, at=at, duty=duty)
    return invitation


@dataclass(frozen=True)
class ByHand:
    """What the window writes down of a service on paper or by telephone, or of an attempt at one."""

    channel: str
    received_by: str = ""
    received: bool = True
    witness: str = ""
    note_text: str = ""
    upload: UploadedFile | None = None


def _check_hand(hand: ByHand, by: Membership) -> None:
    """Refuse a service by hand that proves nothing: who took it, before whom, on which paper."""
    if hand.channel not in BY_HAND:
        raise ValidationError({"channel": _("请选择书面送达或者电话通知。")})
    alone = ("", by.user.name, hand.received_by.strip())
    if hand.channel == Channel.PHONE and hand.witness.strip() in alone:
        raise ValidationError({"witness": _("电话通知必须由两人在场：请写明登记人以外的第二人。")})
    if not hand.received:
        if not hand.note_text.strip():
            raise ValidationError({"note": _("没有送到的，请写明情况，如无人接听、拒收。")})
        return
    if not hand.received_by.strip():
        raise ValidationError({"received_by": _("请写明送达方式和签收（接听）人。")})
    if hand.upload is None:
        raise ValidationError(
            {"upload": _("没有凭证不能认定送达：请上传签收单或两人签名的电话记录。")}
        )


def serve_by_hand(thing: ToSign, acts: Acts, hand: ByHand, *, by: Membership, at: datetime) -> None:
    """第二种方式送达: what reached nobody is written down, too; it proves nothing and another attempt may follow.

    The caller holds the lock of the book. Raises NotNow where the department has it already.
    """
    permit(thing, policies.window, by=by, at=at)
    if thing.proven:  # a proof in time must not be written over by a later one
        raise NotNow([_("该部门已签收，不需要另行送达。")])
    _check_hand(hand, by)
    if hand.upload is not None:
        check_upload(hand.upload)
    act(
        thing, acts.served if hand.received else acts.failed, policy=policies.window, by=by, at=at,
        department=thing.department.code, channel=hand.channel, witness=hand.witness or None,
        note=None if hand.received else hand.note_text,
    )  # fmt: skip
    proof = keep(hand.upload, book=thing.book, by=by, at=at) if hand.upload else None
    note(
        thing, hand.channel, received=hand.received, by=by, at=at, receiver=hand.received_by.strip(),
        witness=hand.witness.strip(), note="" if hand.received else hand.note_text.strip(), proof=proof,
    )  # fmt: skip
    if hand.received:
        thing.channel, thing.received_by, thing.proof = hand.channel, hand.received_by, proof
        thing.acknowledged_at = at
        end(thing, at=at)


@transaction.atomic
def serve_by_second_channel(
    invitation: Invitation, *, by: Membership, at: datetime, **hand: Any
) -> Invitation:
    """第二种方式送达 of a summons: on paper with the signed scan, or by telephone with the record of two persons.

    `hand` are the fields of ByHand.
    """
    invitation = fresh(invitation, "session")
    permit(invitation, policies.window, by=by, at=at)
    require(invitation, policies.summons_holds)
    serve_by_hand(invitation, SUMMONS, ByHand(**hand), by=by, at=at)
    return invitation
