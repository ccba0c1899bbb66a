"""Minutes that two persons answer for: proposed by the convenor, read in the room, confirmed by the recorder."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from core.ledger.rules import canonical
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import AgendaItem, MinutesDraft, Session
from prereview.queries.room import closed_by, may_record
from prereview.services.conclusion import concluded, content_of, held, may_stand
from prereview.services.minutes import Decision
from prereview.stages import DraftState


def decision_of(draft: MinutesDraft) -> Decision:
    """Return what a draft concludes."""
    return Decision(draft.conclusion, draft.reasons, list(draft.changes), draft.changes_due)


def _digest(agenda: AgendaItem, decision: Decision, at: datetime, by: Membership) -> str:
    return hashlib.sha256(canonical(content_of(agenda, decision, at, by)).encode()).hexdigest()


def _waiting(agenda: AgendaItem) -> MinutesDraft:
    found = agenda.drafts.filter(state=DraftState.READ).select_related("proposed_by__user").first()
    if found is None:
        raise NotNow([_("没有待确认的纪要稿。")])
    return found


@transaction.atomic
def propose_minutes(
    agenda: AgendaItem, *, decision: Decision, by: Membership, at: datetime
) -> MinutesDraft:
    """提出纪要稿: the conclusion with the minutes that come of what happened; nothing takes effect yet."""
    agenda = held(agenda)
    permit(agenda, policies.convenor, by=by, at=at)
    require(agenda, policies.has_a_recorder)
    may_stand(agenda, decision)
    recorder = agenda.session.recorder
    assert recorder is not None  # asked for above
    if recorder.user_id == by.user_id:
        raise NotNow([_("记录人不能提出纪要稿：提出和确认须是两个人。")])
    if agenda.drafts.filter(state=DraftState.READ).exists():
        raise NotNow([_("已有待确认的纪要稿：请先由记录人确认或退回，或者由召集人收回。")])
    digest = _digest(agenda, decision, at, by)
    act(
        agenda, "propose_minutes", policy=policies.convenor, by=by, at=at, filing=agenda.filing.number,
        conclusion=decision.conclusion, reasons=decision.reasons, content_sha256=digest,
    )  # fmt: skip
    draft = MinutesDraft.objects.create(
        agenda=agenda, conclusion=decision.conclusion, reasons=decision.reasons, changes=decision.changes,
        changes_due=decision.changes_due, content_sha256=digest, proposed_by=by, proposer=by.user, proposed_at=at,
    )  # fmt: skip
    tell(
        [recorder],
        _("%(project)s：纪要稿待您确认") % {"project": agenda.filing.project_name},
        about=f"minutes:{draft.pk}",
        at=at,
        link=f"/agenda/{agenda.pk}/reading/",
    )
    return draft


@transaction.atomic
def confirm_minutes(agenda: AgendaItem, *, by: Membership, at: datetime) -> AgendaItem:
    """确认纪要: by the recorder, as it was read; in this transaction paper, conclusion and conditions take effect."""
    agenda = held(agenda)
    permit(agenda, policies.recorder, by=by, at=at)
    draft = _waiting(agenda)
    if draft.proposer_id == by.user_id:
        raise NotNow([_("提出纪要稿的人不能自己确认。")])
    decision = decision_of(draft)
    may_stand(agenda, decision)
    if _digest(agenda, decision, draft.proposed_at, draft.proposed_by) != draft.content_sha256:
        raise NotNow([_("宣读以后纪要内容有变化：请召集人收回，重新提出、重新宣读。")])
    act(
        agenda, "confirm_minutes", policy=policies.recorder, by=by, at=at, filing=agenda.filing.number,
        content_sha256=draft.content_sha256,
    )  # fmt: skip
    _decided(draft, DraftState.CONFIRMED, by, at)
    return concluded(
        agenda, decision, by=draft.proposed_by, at=at, read_at=draft.proposed_at, confirmed_by=by
    )


def _decided(
    draft: MinutesDraft, state: str, by: Membership, at: datetime, remark: str = ""
) -> None:
    draft.state, draft.remark = state, remark
    draft.decided_by, draft.decider, draft.decided_at = by, by.user, at
    draft.save()


@transaction.atomic
def return_minutes(
    agenda: AgendaItem, *, reason: str, by: Membership, at: datetime
) -> MinutesDraft:
    """退回（收回）纪要稿: the recorder gives it back with what is wrong, or the convenor takes it back."""
    agenda = held(agenda)
    permit(agenda, policies.keeps_the_room, by=by, at=at)
    draft = _waiting(agenda)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明哪里不对。")})
    back = DraftState.RETURNED if policies.recorder(agenda, by) else DraftState.TAKEN_BACK
    act(
        agenda, "return_minutes", policy=policies.keeps_the_room, by=by, at=at, filing=agenda.filing.number,
        state=back, reason=reason,
    )  # fmt: skip
    _decided(draft, back, by, at, reason)
    if back == DraftState.RETURNED:
        tell(
            [draft.proposed_by],
            _("%(project)s：记录人退回纪要稿") % {"project": agenda.filing.project_name},
            about=f"minutes:{draft.pk}:back",
            at=at,
            body=reason,
            link=f"/agenda/{agenda.pk}/conclude/",
        )
    return draft


@transaction.atomic
def replace_recorder(
    session: Session, *, recorder: Membership, reason: str, by: Membership, at: datetime
) -> Session:
    """更换记录人: where the recorder can no longer answer for the record, by the convenor, while no minutes wait."""
    session = locked(session)
    permit(session, policies.convenor, by=by, at=at)
    require(session, policies.recorder_can_be_replaced)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更换的理由。")})
    if MinutesDraft.objects.filter(agenda__session=session, state=DraftState.READ).exists():
        raise NotNow([_("有待确认的纪要稿：请先收回，更换记录人后重新提出、重新宣读。")])
    if recorder.pk == session.recorder_id or not may_record(session, recorder, at, by):
        raise ValidationError(
            {
                "recorder": _(
                    "请另选一名记录人：须是审批服务部门的在任人员，且不是召集人或者更换的人本人。"
                )
            }
        )
    if closed_by(session, recorder):
        raise ValidationError({"recorder": _("宣布结束的人不能作记录人。")})
    was = session.recorder
    act(
        session, "replace_recorder", policy=policies.convenor, by=by, at=at, recorder=recorder, replaced=was,
        reason=reason,
    )  # fmt: skip
    session.recorder = recorder
    session.save()
    # A leaving that was to be put back by the former recorder and another is asked about anew.
    session.invitations.exclude(back_asked_by=None).update(back_asked_by=None, back_reason="")
    tell(
        [recorder],
        _("%(session)s：您被指定为记录人") % {"session": session.number},
        about=f"recorder:{session.pk}:{recorder.pk}:{int(at.timestamp())}",
        at=at,
        body=reason,
        link=f"/sessions/{session.public_id}/",
    )
    return session


@transaction.atomic
def confirm_roll(session: Session, *, by: Membership, at: datetime) -> Session:
    """确认到会名单: by the recorder, after another person closed; who got their copy then are asked to look at it."""
    session = locked(session)
    require(session, policies.session_is_closed)
    permit(session, policies.recorder, by=by, at=at)
    if session.roll_confirmed_at is not None:
        return session
    if closed_by(session, by):
        raise NotNow([_("宣布结束的人不能自己确认到会名单，换一个任职也不行：须由另一个人确认。")])
    summons = list(session.invitations.select_related("department").order_by("department__code"))
    act(
        session, "confirm_roll", policy=policies.recorder, by=by, at=at,
        roll=[
            {
                "department": one.department.code, "came_by": one.came_by, "checked_in_at": one.checked_in_at,
                "left_at": one.left_at, "authority": one.authority,
            }
            for one in summons
        ],
    )  # fmt: skip
    session.roll_confirmed_at = at
    session.save()
    tell(
        people_of([one.department_id for one in summons], timezone.localdate(at)),
        _("%(session)s：到会名单已由召集人和记录人确认，请核对本单位的记录")
        % {"session": session.number},
        about=f"rollconfirmed:{session.pk}",
        at=at,
        link=f"/sessions/{session.public_id}/",
        service=True,
    )
    return session
