"""Who is told what becomes of a contest of the roll."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from accounts.queries import holders, people_of
from accounts.stages import Role
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.templatetags.look import deadline_long
from prereview.models import RollContest
from prereview.queries.roll import resting_on


def _say(contest: RollContest, people: Any, sentence: Any, occasion: str, at: datetime) -> None:
    session = contest.invitation.session
    names = {
        "session": session.number,
        "department": contest.invitation.department,
        "until": lazy(deadline_long, str)(contest.due_at) if contest.due_at else "—",
        "result": lazy(contest.get_result_display, str)(),
    }
    link = f"/sessions/{session.public_id}/after/"
    tell(people, sentence % names, about=f"rollcontest:{contest.pk}:{occasion}", at=at, link=link)


def tell_contest(contest: RollContest, at: datetime) -> None:
    """Tell the supervisors that they have to decide, and the convenor that nothing is drawn from the roll meanwhile."""
    people = [
        *holders(Role.SUPERVISOR, timezone.localdate(at)),
        contest.invitation.session.convenor,
    ]
    words = _(
        "%(session)s：%(department)s对到会记录提出异议，由效能监督在%(until)s前决定；决定以前不认定缺席"
    )
    if resting_on(contest.invitation).exists():
        words = _(
            "%(session)s：%(department)s对到会记录提出异议，由效能监督在%(until)s前决定；已认定的默认在撤回以前有效"
        )
    _say(contest, people, words, "lodged", at)


def tell_decided(contest: RollContest, at: datetime) -> None:
    """Tell the department and the convenor what was decided."""
    people = [
        *people_of([contest.invitation.department_id], timezone.localdate(at)),
        contest.invitation.session.convenor,
    ]
    words = _("%(session)s：%(department)s对到会记录的异议：%(result)s")
    _say(contest, people, words, "decided", at)


def tell_overdue(contest: RollContest, at: datetime) -> None:
    """Tell the supervisors that it is overdue."""
    people = holders(Role.SUPERVISOR, timezone.localdate(at))
    words = _("%(session)s：%(department)s对到会记录的异议逾期未决定，默认一直暂停")
    _say(contest, people, words, "overdue", at)
