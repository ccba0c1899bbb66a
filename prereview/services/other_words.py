"""Opinions begun and not sent, and those that come on paper or by telephone: a form that is not good is for a human."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from approvals.stages import BY_HAND, Channel
from core.deadlines.queries import counts_at_counter
from core.documents.services import keep
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow
from core.steps.templatetags.look import moment
from prereview import policies
from prereview.models import EnteredOpinion, Opinion, OpinionDraft, Slot
from prereview.services.facts import takes_opinion
from prereview.services.giving import fresh
from prereview.services.opinions import check_form
from prereview.services.outcome import advance, follow_up, named, settle
from prereview.services.standing import stands
from prereview.stages import Duty, Position


@transaction.atomic
def save_draft(
    slot: Slot,
    *,
    by: Membership,
    at: datetime,
    position: str = "",
    reason: str = "",
    clause: str = "",
    conditions: list[str] | None = None,
) -> OpinionDraft:
    """保存草稿: begun and not sent; it has no effect, and no default waits for it."""
    slot = fresh(slot)
    permit(slot, policies.own_department, by=by, at=at)
    stands(slot, Duty.OPINE, by=by, at=at)
    if not takes_opinion(slot, at):
        raise NotNow([_("期限已过或已有结果，草稿不再保存；请按“迟到意见”提出。")])
    draft, _new = OpinionDraft.objects.update_or_create(
        slot=slot,
        defaults={
            "position": position, "reason": reason, "clause": clause, "conditions": conditions or [],
            "saved_by": by, "saved_at": at,
        },
    )  # fmt: skip
    act(
        slot, "save_draft", policy=policies.own_department, by=by, at=at,
        department=slot.department.code, item=slot.item.code if slot.item else "",
    )  # fmt: skip
    return draft


def _what_is_wrong(
    channel: str, position: str, reason: str, clause: str, conditions: list[str]
) -> str:
    """Return why words from another channel are no opinion in form; nothing where they are one."""
    if channel == Channel.PHONE:
        return str(_("电话不是书面意见"))
    if not position:
        return str(_("没有表明同意、附条件同意、不同意或者不属本部门"))
    try:
        check_form(position, reason, clause, conditions)
    except ValidationError as wrong:
        return " ".join(wrong.messages)
    return ""


def _check_entry(
    channel: str, speaker: str, witness: str, upload: UploadedFile | None, by: Membership
) -> None:
    if channel not in BY_HAND:
        raise ValidationError({"channel": _("请选择书面来文或者电话。")})
    if not speaker.strip():
        raise ValidationError({"speaker": _("请写明签发人或者来电人。")})
    if channel == Channel.PHONE and witness.strip() in ("", by.user.name, speaker.strip()):
        raise ValidationError({"witness": _("电话必须由两人在场：请写明登记人以外的第二人。")})
    if upload is None:
        raise ValidationError({"upload": _("请上传来文扫描件，或者两人签名的电话记录。")})


def _while_open(slot: Slot, channel: str, at: datetime) -> None:
    """Refuse a paper that came when the counter had closed on the last day: it counts from the next opening.

    民法典 203: the department still has until 24:00 in the system. Words by telephone are held for a human at any hour.
    """
    since = counts_at_counter(at, at)
    if channel == Channel.PAPER and since > at and not takes_opinion(slot, since):
        raise NotNow(
            [
                _(
                    "窗口今天已经关门，书面来文从%(since)s起算，那时期限已过：请该部门今天24时前在系统内提出意见。"
                )
                % {"since": moment(since)}
            ]
        )


@transaction.atomic
def enter_opinion(
    slot: Slot,
    *,
    channel: str,
    speaker: str,
    by: Membership,
    at: datetime,
    position: str = "",
    reason: str = "",
    clause: str = "",
    conditions: list[str] | None = None,
    witness: str = "",
    upload: UploadedFile | None = None,
) -> Slot:
    """登记其他渠道意见: it counts from its entry. In good form it is the outcome; else it is held for the lead unit.

    A form that is not good is neither an opinion nor silence (形式不合): nothing is drawn from it by itself.
    """
    slot = fresh(slot)
    permit(slot, policies.window, by=by, at=at)
    _check_entry(channel, speaker, witness, upload, by)
    if not takes_opinion(slot, at):
        raise NotNow([_("期限已过或已有结果：请该部门按“迟到意见”提出。")])
    _while_open(slot, channel, at)
    wanted = [line.strip() for line in conditions or [] if line.strip()]
    wrong = _what_is_wrong(channel, position, reason, clause, wanted)
    assert upload is not None  # without one the entry was refused
    entered = EnteredOpinion.objects.create(
        slot=slot, channel=channel, position=position, reason=reason, clause=clause, conditions=wanted,
        speaker=speaker.strip(), witness=witness.strip(), entered_by=by, received_at=at, invalid=wrong[:200],
        # In the session's book, among the authorities: whoever only sees the case does not read it.
        proof=keep(upload, book=slot.agenda.session.book, by=by, at=at),
    )  # fmt: skip
    act(
        slot, "invalid_form" if wrong else "enter_opinion", policy=policies.window, by=by, at=at,
        **named(slot), channel=channel, position=position, sha256=entered.proof.sha256, why=wrong or None,
    )  # fmt: skip
    return _held_for_form(slot, wrong, at) if wrong else _counted(slot, entered, by, at)


def _counted(slot: Slot, entered: EnteredOpinion, by: Membership, at: datetime) -> Slot:
    if entered.position == Position.NOT_OURS:
        slot.not_ours_reason = entered.reason  # the convenor decides it, as from the form
        slot.save()
        return slot
    settle(
        slot,
        Opinion(
            position=entered.position, reason=entered.reason, clause=entered.clause,
            conditions=entered.conditions, given_by=by, effective_at=at, recorded_at=at,
        ),
    )  # fmt: skip
    follow_up(slot, at)
    return slot


def _held_for_form(slot: Slot, wrong: str, at: datetime) -> Slot:
    """Hold a slot: the lead unit and the department are told what is wrong and how it is mended."""
    slot.invalid_form_at = at
    slot.save()
    tell(
        [slot.agenda.session.convenor, *people_of([slot.department_id], timezone.localdate(at))],
        _("%(project)s：%(department)s的意见形式不合，请处理")
        % {"project": slot.filing.project_name, "department": slot.department},
        about=f"form:{slot.pk}:{int(at.timestamp())}",
        at=at,
        body=_("%(why)s。请该部门在系统内提出意见；召集人也可以重新送达，给出新的期限。处理以前不产生默认。")
        % {"why": wrong.rstrip("。")},
        link=f"/cases/{slot.filing.public_id}/",
    )  # fmt: skip
    return advance(slot, at) if slot.agenda.closed_at else slot
