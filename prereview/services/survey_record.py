"""联合勘察报告 (DOC10): one record of one visit — who came, what each department said, what silence came to."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.asked import Asked
from accounts.queries import people_of
from accounts.services import system_actor
from approvals.queries.people import enterprise_side
from approvals.services import words
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.papers import in_chinese, issue, time_text
from prereview import rules
from prereview.models import AgendaItem, Invitation, Opinion, SecondVisit
from prereview.queries.absence import grounds_of
from prereview.queries.visit import Visit
from prereview.rules.after import Ground
from prereview.services.minutes import why_absent
from prereview.services.site_record import site_part
from prereview.stages import DEEMED, Answer, Position

AGREED = "对勘察记录无异议"
SECOND = "本次为经同意的再次勘察，只作记录；各部门不再另行提出对勘察记录的意见，程序不因此停止。"


def _attended(
    invitation: Invitation, agenda: AgendaItem, ground: Ground, at: datetime
) -> dict[str, str]:
    closed = agenda.recorded_close
    if invitation.present_at(closed):
        how = "到场"
    elif invitation.answer == Answer.GRANTED:
        how = "请假获准"
    else:
        absent = ground.counts and invitation.answer != Answer.EXCUSE
        word = "缺席" if absent else "未到场"
        how = f"{word}（{why_absent(invitation, closed, ground)}）"
    came, left = invitation.checked_in_at, invitation.left_at
    return {
        "department": words.department(invitation.department, at),
        "attendance": how,
        "person": (invitation.representative or "代表") if came else "—",
        "in_text": time_text(came) if came else "—",
        "out_text": time_text(left or closed) if came else "—",
    }


def _finding(opinion: Opinion, at: datetime) -> dict[str, str]:
    if opinion.deemed:
        said = "缺席" if opinion.position == Position.DEEMED_ABSENCE else "逾期未提出意见"
    else:
        parts = [*opinion.conditions, opinion.reason, opinion.clause and f"（{opinion.clause}）"]
        said = "".join(filter(None, parts)) or AGREED
    position = "视同无异议" if opinion.deemed else str(Position(opinion.position).label)
    return {
        "department": words.department(opinion.slot.department, at),
        "position": position,
        "text": said,
        "at_text": time_text(opinion.effective_at),
    }


def _nothing_to_say(visit: Visit, at: datetime) -> list[dict[str, str]]:
    """Say of a second visit that no department owes an opinion on its record."""
    closed = time_text(visit.agenda.recorded_close)
    return [
        {"department": words.department(one, at), "position": "不另提出", "text": "再次勘察只作记录", "at_text": closed}
        for one in visit.departments.values()
    ]  # fmt: skip


def _deemed(opinion: Opinion, at: datetime) -> dict[str, str]:
    return {
        "department": words.department(opinion.slot.department, at),
        "ground": "缺席默认" if opinion.position == Position.DEEMED_ABSENCE else "超时默认",
        "effective_text": time_text(opinion.effective_at),
        "notice_number": opinion.paper.number if opinion.paper else "—",
    }


def _conclusion(opinions: list[Opinion], at: datetime) -> list[str]:
    lines = ["全部应到部门的意见已经齐备（含依照规则视同无异议的），勘察记录办结，转入联合预审。"]
    against = [o for o in opinions if o.position == Position.DISAGREE]
    if against:
        named = "、".join(words.department(o.slot.department, at) for o in against)
        lines.append(f"{named}提出不同意见，列入联合预审的议题。")
    if any(o.conditions for o in opinions):
        lines.append("各部门所附条件一并列入联合预审的议题。")
    lines.append("本次为统一勘察，各部门不得要求企业另行安排勘察；各事项的意见在联合预审中提出。")
    return lines


@in_chinese
def _content(agenda: AgendaItem, opinions: list[Opinion], at: datetime) -> dict[str, Any]:
    filing, session = agenda.filing, agenda.session
    visit = Visit(agenda, at)
    summoned = list(
        session.invitations.filter(department_id__in=visit.departments)
        .select_related("department")
        .prefetch_related("department__names")
    )
    grounds = grounds_of(session, summoned, filing, [agenda.recorded_close])
    rule = value_of(filing.pinned_rulebook, rules.SURVEY_OPINION.code)
    here = words.issuer(at)["name"]
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "survey": {
            "title": f"{session.get_kind_display()}（{session.number}）",
            "place": session.place,
            "planned_text": time_text(session.opens_at),
            "opened_text": time_text(agenda.opened_at or session.opened_at or session.opens_at),
            "closed_text": time_text(agenda.recorded_close),
            "convenor": f"{here}{session.convenor.user.name}",
        },
        "departments": [_attended(one, agenda, grounds[one.pk], at) for one in summoned],
        "findings": [_finding(o, at) for o in opinions] or _nothing_to_say(visit, at),
        **site_part(visit, summoned, at),
        "deemed": [_deemed(o, at) for o in opinions if o.position in DEEMED],
        "conclusion": _conclusion(opinions, at) if opinions else [SECOND],
        "basis": words.rule_basis(filing.pinned_rulebook, rule),
        "signed_by": session.convenor.user.name,
        "copy_to": [
            filing.enterprise.name,
            *(words.department(i.department, at) for i in summoned),
        ],
    }


def record_second_visit(agenda: AgendaItem, at: datetime) -> None:
    """Issue the record of a second visit at its close: findings, and nobody's opinion; of other items, nothing."""
    if _second_visits(agenda.session_id):
        survey_record(agenda, at)


@Asked
def _second_visits(session: int) -> QuerySet[Any]:
    return SecondVisit.objects.filter(session=session).order_by().values_list("pk", flat=True)[:1]


def survey_record(agenda: AgendaItem, at: datetime) -> Paper:
    """Issue the record when the last department has spoken or been deemed; all concerned are told."""
    opinions = list(
        Opinion.objects.filter(stands_in__agenda=agenda)
        .select_related("slot__department", "paper")
        .prefetch_related("slot__department__names")
        .order_by("slot__department__code", "slot__pk")
    )
    paper = issue(
        "survey_record",
        _content(agenda, opinions, at),
        book=agenda.filing.book,
        kind="DOC10",
        by=system_actor(),
        at=at,
    )
    day = timezone.localdate(at)
    asked = [o.slot.department_id for o in opinions] or list(Visit(agenda, at).departments)
    departments = people_of(asked, day)
    tell(
        [*departments, *enterprise_side(agenda.filing, day)],
        _("%(project)s：联合勘察报告已出具") % {"project": agenda.filing.project_name},
        about=f"survey_record:{agenda.pk}",
        at=at,
        link=f"/cases/{agenda.filing.public_id}/",
    )
    return paper
