"""更正误登记的离开: who left only on paper is put back by two persons, while nothing has been decided without them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.queries import people_of
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow, need_words
from prereview import policies
from prereview.models import Invitation
from prereview.services.serving import fresh

NO_LEAVING = gettext_lazy("该部门没有登记离开。")
NO_SECOND = gettext_lazy(
    "本次会议（勘察）没有记录人，误登记的离开不能由一个人更正：由该部门对到会记录提出异议。"
)
DECIDED = gettext_lazy("离开以后已经有议程结束，不能再更正离开：由该部门对到会记录提出异议。")
ANOTHER = gettext_lazy(
    "提出更正的人不能自己确认，换一个任职也不行：须由召集人和记录人中的另一人确认。"
)


def why_not_back(invitation: Invitation, by: Membership) -> list[str]:
    """Return why a leaving cannot be corrected now, by this person: each item's close stands on who was there."""
    session = invitation.session
    if not policies.session_is_open(session):
        return [str(policies.session_is_open.reason)]  # type: ignore[attr-defined]
    if invitation.left_at is None:
        return [str(NO_LEAVING)]
    if session.recorder_id is None:
        return [str(NO_SECOND)]
    if session.agenda.filter(closed_at__gte=invitation.left_at).exists():
        return [str(DECIDED)]
    return [str(ANOTHER)] if _alone(invitation, by) else []


def _alone(invitation: Invitation, by: Membership) -> bool:
    """Whether this person would confirm what they asked themselves, or two would confirm without the recorder."""
    first = invitation.back_asked_by
    if first is None:
        return False
    return first.user_id == by.user_id or invitation.session.recorder_id not in (first.pk, by.pk)


@transaction.atomic
def put_back(invitation: Invitation, *, reason: str, by: Membership, at: datetime) -> Invitation:
    """更正误登记的离开: the first of convenor and recorder writes why; the other, another person, confirms.

    Confirmed, the department has not left; when it was written that it had, and by whom, stays in the ledger.
    """
    invitation = fresh(invitation, "session", "back_asked_by")
    permit(invitation, policies.keeps_the_room, by=by, at=at)
    if reasons := why_not_back(invitation, by):
        raise NotNow(reasons)
    need_words(reason)
    asked = invitation.back_asked_by
    act(
        invitation, "put_back" if asked else "ask_back", policy=policies.keeps_the_room, by=by, at=at,
        department=invitation.department.code, left_at=invitation.left_at, reason=reason,
        asked_by=asked,
    )  # fmt: skip
    if asked is None:
        invitation.back_asked_by, invitation.back_reason = by, reason
    else:
        invitation.back_asked_by, invitation.back_reason, invitation.left_at = None, "", None
    invitation.save()
    if asked is not None:
        tell(
            people_of([invitation.department_id], timezone.localdate(at)),
            _("%(session)s：本单位的离开登记有误，已更正为在场")
            % {"session": invitation.session.number},
            about=f"back:{invitation.pk}:{int(at.timestamp())}",
            at=at,
            link=f"/sessions/{invitation.session.public_id}/me/",
        )
    return invitation
