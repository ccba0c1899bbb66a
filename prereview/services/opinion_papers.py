"""联合勘察意见表 (DOC09) and 联合预审意见表 (DOC12): what one department said, made out on request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Membership
from accounts.policies import department, window
from accounts.stages import Role
from approvals.models import Filing
from approvals.services import words
from core.steps.making_out import Form, register
from core.steps.papers import in_chinese, time_text
from prereview.models import Opinion
from prereview.queries.visit import Visit
from prereview.stages import DEEMED, FindingResult, Position, SessionKind

BY_MINUTES = "以会议纪要所定期限为准"


def _said(filing: Filing, kind: str) -> Iterable[Opinion]:
    """Return what departments said themselves and what stands; what silence came to has a notice of its own.

    While the item is open an opinion may still change, and when the visit ended is not on record.
    """
    closed = {"slot__agenda__closed_at__isnull": False}
    return (
        Opinion.objects.filter(stands_in__filing=filing, slot__kind=kind, **closed)
        .exclude(position__in=[*DEEMED, Position.NO_OPINION])
        .select_related(
            "slot__department", "slot__item__item", "slot__agenda__session", "slot__filing__enterprise",
            "given_by__user", "slot__agenda__filing__rulebook",
        )
        .prefetch_related("slot__department__names").order_by("pk")
    )  # fmt: skip


def surveyed(filing: Filing) -> Iterable[Opinion]:
    """Return the opinions on the record of a survey."""
    return _said(filing, SessionKind.SURVEY)


def spoken(filing: Filing) -> Iterable[Opinion]:
    """Return the opinions of a meeting, item by item."""
    return _said(filing, SessionKind.MEETING)


def theirs(opinion: Opinion, by: Membership) -> bool:
    """The department that gave it, or the window that keeps the file."""
    own = department(opinion, by) and by.organisation_id == opinion.slot.department_id
    return own or window(opinion, by)


def _head(opinion: Opinion, at: datetime) -> dict[str, Any]:
    filing = opinion.slot.filing
    name = words.department(opinion.slot.department, at)
    return {
        **words.head(filing, at),
        "issuer": words.issued_by(opinion.slot.department, at),
        "filing_number": filing.number,
        "department": name,
        "opinion": {
            "position": str(Position(opinion.position).label),
            "reason": opinion.reason or "无",
            "clause": opinion.clause or "—",
            "by": opinion.given_by.user.name,
            "head": opinion.given_by.user.name if opinion.given_by.role == Role.HEAD else "—",
            "at_text": time_text(opinion.effective_at),
        },
        "conditions": [{"text": one, "due_text": BY_MINUTES} for one in opinion.conditions],
    }


@in_chinese
def _survey(opinion: Opinion, _words: str, at: datetime) -> dict[str, Any]:
    agenda, owner = opinion.slot.agenda, opinion.slot.department_id
    visit = Visit(agenda, at)
    part = next((one for one in visit.parts if one.department.pk == owner), None)
    came = opinion.slot.invitation
    names = {point.topic: point.words for point in visit.points}
    return {
        **_head(opinion, at),
        "survey": {
            "title": f"{agenda.session.get_kind_display()}（{agenda.session.number}）",
            "place": agenda.session.place,
            "in_text": time_text(came.checked_in_at) if came.checked_in_at else "未到场",
            "out_text": time_text(came.left_at or agenda.recorded_close) if came.checked_in_at else "—",
        },
        "persons": [{"name": p.name, "card": p.card or "无证件号"} for p in part.persons] if part else [],
        "points": [
            {"name": names.get(one.topic, one.topic), "result": str(FindingResult(one.result).label),
             "text": one.text or "—"}
            for one in part.findings
        ] if part else [],
        "photos": [
            {"digest": one.sha256, "at_text": time_text(one.happened_at)} for one in part.photos
        ] if part else [],
    }  # fmt: skip


@in_chinese
def _meeting(opinion: Opinion, _words: str, at: datetime) -> dict[str, Any]:
    session, item = opinion.slot.agenda.session, opinion.slot.item
    assert item is not None
    return {
        **_head(opinion, at),
        "meeting": f"{session.get_kind_display()}（{session.number}）",
        "item": {"code": item.code, "name": item.item.name},
    }


register(
    Form("DOC09", "survey_opinion", theirs, surveyed, _survey),
    Form("DOC12", "meeting_opinion", theirs, spoken, _meeting),
)
