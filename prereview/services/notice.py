"""会议（勘察）通知 (DOC08, DOC11): the paper of the summons, with agenda, dossier digests and the printed warning."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.asked import Asked
from accounts.models import Membership, Organisation
from accounts.once import reading_once
from accounts.queries import with_names
from approvals.services import words
from core.deadlines.queries import rulebook_at, value_of
from core.documents.models import Paper
from core.rows import change
from core.steps.papers import in_chinese, issue, time_text
from prereview import rules
from prereview.models import AgendaItem, Invitation, Session
from prereview.services.agenda import asked_just_now
from prereview.services.summons import digest, serve_all
from prereview.stages import SessionKind

KINDS = {SessionKind.SURVEY: "DOC08", SessionKind.MEETING: "DOC11"}
TITLES = {SessionKind.SURVEY: "联合勘察通知", SessionKind.MEETING: "联合预审会议通知"}


def _opinion_within(session: Session, agenda: Sequence[AgendaItem]) -> str:
    """Say how long an opinion has, as it will be counted: by the rules under which each filing was submitted."""
    rule = rules.SURVEY_OPINION if session.is_survey else rules.OPINION
    values = [value_of(item.filing.pinned_rulebook, rule.code) for item in agenda]
    said = [words.days_text(value.number, value.unit) for value in values]
    if len(set(said)) == 1:
        return said[0]
    return "、".join(
        f"{text}（{item.filing.number}）" for text, item in zip(said, agenda, strict=True)
    )


def _warning(session: Session, agenda: Sequence[AgendaItem], short: bool) -> list[str]:
    """Return what absence and silence come to, point by point: printed on the paper, so that nobody is surprised.

    With `short` notice nothing comes of absence, and nothing of silence before the department was served anew.
    """
    days = _opinion_within(session, agenda)
    lines = [
        "请在签收期限内签收；逾期未签收的，改用第二种方式送达。没有送达凭证的，不产生任何默认。",
        f"到会而没有当场提出意见的，在本项议程结束后{days}内提出；逾期未提出的，视同无异议，程序继续。",
        "不能到会的，由本单位负责人在开始前请假，说明理由；由召集人决定。",
        "视同无异议不等于同意，不产生、也不替代法定审批；应办的审批仍须办理。",
    ]  # fmt: skip
    if short:
        lines[1:2] = [
            "本通知不足规定的提前天数：可以到会发表意见；不到会不产生缺席的后果，意见另行送达后计算期限。"
        ]
    elif session.is_survey:
        lines[1:1] = [
            "无正当理由缺席的，勘察结束时对勘察记录视同无异议，不得要求企业另行安排勘察。"
        ]
    else:
        lines[1:1] = [
            "无正当理由缺席的，议程结束时本单位事项视同无异议；红线事项转效能监督督办，不视为同意。"
        ]
    return lines


def _matter(item: AgendaItem) -> dict[str, Any]:
    row = {
        "order": str(item.order),
        "project": words.project(item.filing),
        "enterprise": words.enterprise(item.filing),
        "filing_number": item.filing.number,
    }
    if item.planned_at:
        row["planned_text"] = time_text(item.planned_at)
    return row


def _asked(summons: Invitation, at: datetime) -> dict[str, Any]:
    names = [
        f"{part['project']}：{'、'.join(item['name'] for item in part['items']) or '勘察记录'}"
        for part in summons.dossier
    ]
    row = {
        "department": words.department(summons.department, at),
        "asked": names,
        "dossier_sha256": summons.dossier_sha256,
    }
    if summons.added_because:
        row["added_because"] = summons.added_because
    return row


def _replaces(session: Session) -> dict[str, str] | None:
    before = session.moves
    if before is None:
        return None
    return {
        "number": before.number,
        "opens_text": time_text(before.opens_at),
        "reason": before.reason,
    }


@in_chinese
def _content(
    session: Session, summonses: Sequence[Invitation], at: datetime, short: bool,
    known: Sequence[AgendaItem],
) -> dict[str, Any]:  # fmt: skip
    agenda = list(known or _agenda(session.pk))
    limit = next((one.due_at for one in summonses if one.due_at), None)
    notice = rules.SURVEY_NOTICE if session.is_survey else rules.MEETING_NOTICE
    found = value_of(rulebook_at(at), notice)
    return {
        "issuer": words.issuer(at),
        "subject": TITLES[SessionKind(session.kind)],
        "session": {
            "number": session.number,
            "kind_text": str(SessionKind(session.kind).label),
            "opens_text": time_text(session.opens_at),
            "minutes_text": f"约{session.minutes}分钟" if session.minutes else "",
            "place": session.place,
            "convenor": session.convenor.user.name,
        },
        "replaces": _replaces(session),
        "agenda": [_matter(item) for item in agenda],
        "departments": [_asked(one, at) for one in summonses],
        "dossier_sha256": digest([one.dossier_sha256 for one in summonses]),
        "reply_text": time_text(limit) if limit else "签收后即答复",
        "warning": _warning(session, agenda, short),
        "basis": words.rule_basis(rulebook_at(at), found),
        "signed_by": session.convenor.user.name,
    }


@Asked
def _agenda(session: int) -> QuerySet[AgendaItem]:
    agenda = AgendaItem.objects.filter(session=session).order_by("order")
    return agenda.select_related(
        "filing__enterprise", "filing__site", "filing__industry", "filing__rulebook"
    )


def notice_paper(
    session: Session, summonses: Sequence[Invitation], *, by: Membership, at: datetime,
    short: bool = False, agenda: Sequence[AgendaItem] = (),
) -> Paper:  # fmt: skip
    """Issue the notice of a session to these departments; it stands in the session's book, and is not public."""
    return issue(
        "session_notice", _content(session, summonses, at, short, agenda), book=session.book,
        kind=KINDS[SessionKind(session.kind)], by=by, at=at, public=False,
    )  # fmt: skip


@Asked
def _asked_of(session: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(slots__agenda__session=session).distinct().order_by("code")


def summon(
    session: Session, *, by: Membership, at: datetime, agenda: Sequence[AgendaItem] = (), **more: Any
) -> None:  # fmt: skip
    """Serve every department that is asked, and issue the notice on paper; `agenda` where all of it is at hand."""
    agenda = (
        () if session.is_survey else agenda
    )  # its filings were read anew when it began, with less
    with reading_once():
        new = {slot.department_id: slot.department for slot in asked_just_now(agenda)}
        asked = sorted(new.values(), key=lambda one: one.code) or _asked_of(session.pk)
        with_names(asked)
        served = serve_all(session, asked, by=by, at=at, agenda=agenda, **more)
        if served:
            session.notice = notice_paper(session, served, by=by, at=at, agenda=agenda)
            change(session, "notice_id")
