"""到会记录: when a session is closed each department gets its copy of the roll, at once and with what it may do."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership
from accounts.queries import people_of
from approvals.services import words
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.papers import in_chinese, issue, time_text
from core.steps.templatetags.look import deadline_long
from prereview.models import Invitation, RollCopy, Session
from prereview.queries.absence import grounds_of
from prereview.queries.roll import contest_days, roll_contest_until
from prereview.rules.after import PRESENCE, presence_of

KIND, TEMPLATE = "DOC61", "roll_record"


def _found(session: Session, summoned: list[Invitation]) -> dict[int, Any]:
    """Return by summons where each department was, in the words of the roll."""
    agenda = list(session.agenda.select_related("filing__rulebook"))
    items = [(one.opened_at or one.recorded_close, one.recorded_close) for one in agenda]
    grounds = grounds_of(session, summoned, agenda[0].filing, [one[1] for one in items])
    return {one.pk: PRESENCE[presence_of(one, items, grounds[one.pk])] for one in summoned}


def _row(one: Invitation, found: Any) -> dict[str, str]:
    came, left = one.checked_in_at, one.left_at
    return {
        "department": one.department.name_on(timezone.localdate(one.session.opens_at)),
        "served": f"{time_text(one.acknowledged_at)}签收" if one.acknowledged_at else "没有签收",
        "answer": str(one.get_answer_display()),
        "came": time_text(came) if came else "—",
        "left": time_text(left) if left else "—",
        "who": one.representative or "—",
        "found": str(found),
    }


def _content(session: Session, at: datetime) -> dict[str, Any]:
    agenda = list(session.agenda.select_related("filing"))
    summoned = list(
        session.invitations.select_related("department").prefetch_related("department__names")
    )
    found = _found(session, summoned)
    days = contest_days(at)
    until = roll_contest_until(session, at)
    last = f"（{time_text(until)}止）" if until else "（到期日待放假安排公布后确定）"
    return {
        "issuer": words.issuer(at),
        "meeting": {
            "title": f"{session.get_kind_display()}（{session.number}）",
            "place": session.place,
            "held_text": f"{time_text(session.opened_at or session.opens_at)}至{time_text(session.closed_at or at)}",
            "host": session.convenor.user.name,
        },
        "agenda": [
            {"project": one.filing.project_name, "closed_text": time_text(one.recorded_close)}
            for one in agenda
        ],
        "roll": [_row(one, found[one.pk]) for one in summoned],
        "effects": _effects(last, words.days_text(days.number, days.unit)),
        "basis": [words.rule_basis(_rulebook(session), days)],
    }


def _effects(last: str, days: str) -> list[str]:
    contest = (
        f"对本单位到会情况的记录有异议的，由本单位负责人自收到本记录之日起{days}内提出{last}，"
        "由召集人以外的人书面决定。"
    )
    return [
        "缺席与否按每一项议程结束的时间分别认定；准假的、没有送达的不算缺席。",
        contest,
        "异议决定以前，不再以本记录认定该部门缺席，已经认定的默认在撤回以前有效；异议成立的，以缺席认定的默认不成立或者予以撤回。",
    ]


def _rulebook(session: Session) -> Any:
    return (
        session.agenda.select_related("filing__rulebook").earliest("order").filing.pinned_rulebook
    )


@in_chinese
def hand_out(session: Session, *, by: Membership, at: datetime) -> RollCopy:
    """Issue the roll as it was recorded and give each department its copy; the caller holds the session's book."""
    paper = issue(TEMPLATE, _content(session, at), book=session.book, kind=KIND, by=by, at=at)
    copy = RollCopy.objects.create(session=session, paper=paper, given_at=at)
    until = roll_contest_until(session, at)
    last = lazy(deadline_long, str)(until) if until else "—"
    summoned = list(session.invitations.select_related("department"))
    where = _found(session, summoned)
    for one in summoned:
        tell(
            people_of([one.department_id], timezone.localdate(at)),
            _("%(session)s到会记录：%(department)s记为“%(found)s”；有异议的，由本单位负责人在%(until)s前提出")
            % {"session": session.number, "department": one.department, "found": where[one.pk], "until": last},
            about=f"roll:{one.pk}", at=at, link=f"/sessions/{session.public_id}/after/", service=True,
        )  # fmt: skip
    return copy
