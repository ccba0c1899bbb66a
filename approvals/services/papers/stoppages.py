"""期限中止告知书 (DOC46), 期限恢复告知书 (DOC47), 期限延长告知书 (DOC48): one limit, why, and its days."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import words
from core.deadlines.calendar import Course
from core.deadlines.counting import course_of
from core.deadlines.models import Extension, Suspension, Timed
from core.deadlines.queries import calendar_of, edition_at
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text

TEMPLATE = "limit_notice"
STOPPED = "中止期间不计入期限，期限不显示到期日，不作任何默认。"
GOES_ON = "恢复后接着计算剩余天数，恢复当日不计，并书面告知新的到期日。"
ONCE = "同一期限只延长一次，届满以后不得延长。"
SEVERAL = "同一期限最多延长{times}次，这是第{turn}次；届满以后不得延长。"


def _course(limit: Timed, at: datetime) -> Course:
    calendar = calendar_of(limit.calendar or edition_at(at))
    return course_of(limit, calendar, timezone.localdate(at))


def _limit(limit: Timed, at: datetime) -> dict[str, str]:
    item = getattr(limit, "item", None)
    return {
        "name": str(limit.called),
        "matter": f"{item.item.name}（{item.code}）" if item else "本申报件",
        "days_text": words.days_text(limit.length or 0, limit.unit),
        "starts_text": time_text(limit.begun_at),
    }


def _head(filing: Filing, limit: Timed, by: Membership, at: datetime) -> dict[str, Any]:
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "limit": _limit(limit, at),
        "decided_by": f"{words.department(by.organisation, at)} {by.user.name}",
        "day_table": words.day_rows(_course(limit, at).rows),
    }


def _span(stop: Suspension) -> str:
    until = time_text(stop.until) if stop.until else "恢复之时"
    return f"{time_text(stop.since)}至{until}"


@in_chinese
def stop_notice(
    filing: Filing, limit: Timed, stop: Suspension, *, by: Membership, at: datetime
) -> Paper:
    """Say that the clock stands, why, on which law and paper, since when, and for how long about."""
    course, counted = _course(limit, at), words.counted_in(limit)
    content = {
        **_head(filing, limit, by, at),
        "title_text": "期限中止告知书",
        "opening_text": f"因{stop.get_kind_display()}，下列期限自{time_text(at)}起中止。",
        "reason": stop.reason,
        "basis": [stop.basis],
        "facts": [
            {"name": "中止起止", "text": _span(stop)},
            {"name": "预计需要", "text": f"{stop.expected_days}个工作日"},
            {"name": "中止前已计", "text": words.days_text(course.used, counted)},
            {"name": "恢复后剩余", "text": words.days_text(course.rest, counted)},
        ],
        "paper_number": stop.paper_number,
        "due_text": "中止期间没有到期日",
        "effects": [STOPPED, GOES_ON],
    }
    return issue(TEMPLATE, content, book=filing.book, kind="DOC46", by=by, at=at)


@in_chinese
def resumption_notice(
    filing: Filing, limit: Timed, stop: Suspension, *, by: Membership, at: datetime
) -> Paper:
    """Say that a suspension has ended, and when the limit ends now; or that it still stands for another reason."""
    still = limit.suspended
    content = {
        **_head(filing, limit, by, at),
        "title_text": "期限恢复告知书",
        "opening_text": f"因{stop.get_kind_display()}而中止的下列期限，该事由已于{time_text(at)}结束。",
        "reason": stop.resumed_because,
        "basis": [stop.basis],
        "facts": [{"name": "中止起止", "text": _span(stop)}],
        "paper_number": stop.paper_number,
        "due_text": "仍因其他事由中止" if still else words.last_day_text(limit),
        "effects": [STOPPED] if still else ["自次日起接着计算剩余天数，中止期间不计入。"],
    }
    return issue(TEMPLATE, content, book=filing.book, kind="DOC47", by=by, at=at)


@in_chinese
def extension_notice(
    filing: Filing, limit: Timed, longer: Extension, *, times: int, by: Membership, at: datetime
) -> Paper:
    """Say by how many days a limit was lengthened, why, by whom, and when it ends now."""
    before = time_text(longer.due_before) if longer.due_before else "中止，没有到期日"
    content = {
        **_head(filing, limit, by, at),
        "title_text": "期限延长告知书",
        "opening_text": f"下列期限经批准延长{words.days_text(longer.days, limit.unit)}。",
        "reason": longer.reason,
        "basis": [longer.basis],
        "facts": [
            {"name": "原到期", "text": before},
            {"name": "延长", "text": words.days_text(longer.days, limit.unit)},
        ],
        "paper_number": longer.paper_number,
        "due_text": "中止期间没有到期日" if limit.suspended else words.last_day_text(limit),
        "effects": [ONCE if times == 1 else SEVERAL.format(times=times, turn=longer.turn)],
    }
    return issue(TEMPLATE, content, book=filing.book, kind="DOC48", by=by, at=at)
