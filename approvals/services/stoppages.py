"""中止, 恢复 and 延期 of one limit of a case: by whom the law names, on a paper, told in writing to both sides."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.queries import county, people_of
from approvals import policies
from approvals.models import Filing
from approvals.queries import most_days, most_times, rule_value
from approvals.queries.people import enterprise_side
from approvals.rules import stoppages as rules
from approvals.services import words
from approvals.services.papers.stoppages import extension_notice, resumption_notice, stop_notice
from core.deadlines.counting import course_of, forget, interruptions
from core.deadlines.models import Extension, RulebookEdition, Suspension, Timed, Unit
from core.deadlines.queries import Value, calendar_of, edition_at
from core.deadlines.rules import NEEDS_CLAUSE, STOP_RULES, WENT_ON, StopKind
from core.deadlines.services import go_on, lengthen, stand_still
from core.documents.models import Paper
from core.documents.services import keep
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import span

LONGER = {
    Unit.WORKING_DAY: gettext_noop("%(n)d个工作日"), Unit.NATURAL_DAY: gettext_noop("%(n)d日"),
    Unit.MONTH: gettext_noop("%(n)d个月"),
}  # fmt: skip
LONGEST = 365  # working days that a suspension may be expected to take; what is longer is a slip of the pen


def _held(limit: Timed) -> tuple[Filing, Any]:
    """Take the lock of a limit's case; return the case and the limit as they now are."""
    filing = locked(Filing.objects.select_related("book").get(book_id=limit.book_id))
    fresh = type(limit)._default_manager.select_for_update(no_key=True).get(pk=limit.pk)  # type: ignore[attr-defined]
    forget(fresh)
    return filing, fresh


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise NotNow(reasons)


def _need_paper(number: str) -> None:
    if not number.strip():
        raise ValidationError(
            {"paper_number": _("请写明凭据的文号：没有书面凭据不能中止或者延长。")}
        )


def _need_days(limit: Timed, days: int, most: int) -> None:
    if not 1 <= days <= most:
        said = {"least": span(1, limit.unit), "most": span(most, limit.unit)}
        raise ValidationError({"days": _("延长的时间应在%(least)s至%(most)s之间。") % said})


def _need_another_paper(limit: Timed, number: str) -> None:
    """One paper lengthens a limit once: what is pressed twice does not use up two extensions."""
    _need_paper(number)
    if number.strip() in {one.paper_number for one in interruptions(limit).extensions}:
        raise NotNow([_("这份凭据已经用于延长这个期限：再次延长须有另一份凭据。")])


def _need_rest(why: StopKind, clause: str, expected_days: int) -> None:
    if not 1 <= expected_days <= LONGEST:
        raise ValidationError({"expected_days": _("预计需要的时间应在1至365个工作日之间。")})
    if why in NEEDS_CLAUSE and not clause.strip():
        raise ValidationError(
            {"clause": _("这一事由没有一般规定：请写明规定它的法律、法规及条款。")}
        )


def _used(why: StopKind, filing: Filing, at: datetime) -> tuple[RulebookEdition, Value]:
    """Return the row of the rulebook on which a kind of suspension rests; NotNow where the county does not use it."""
    found = rule_value(filing, STOP_RULES[why], at)
    if found is None or found[1].value != "yes":
        raise NotNow([_("本县没有采用“%(why)s”这一中止事由。") % {"why": why.label}])
    return found


def _file(upload: UploadedFile | None, filing: Filing, by: Membership, at: datetime) -> Any:
    return keep(upload, book=filing.book, by=by, at=at) if upload is not None else None


@transaction.atomic
def suspend_limit(
    limit: Timed,
    *,
    kind: str,
    reason: str,
    expected_days: int,
    paper_number: str,
    clause: str = "",
    upload: UploadedFile | None = None,
    by: Membership,
    at: datetime,
) -> Suspension:
    """中止: from now the limit has no date; the time expected is told in writing (行政许可法 45).

    Raises NotNow where the limit has passed, cannot be stopped for this reason or already is; ValidationError, by
    field, for a reason, a paper, a clause or a time that is missing or is none.
    """
    filing, limit = _held(limit)
    permit(limit, policies.stops_limit, by=by, at=at)
    why = StopKind(kind)
    _refuse(rules.why_not_stopped(limit, at) or rules.why_not_by(limit, why, interruptions(limit)))
    found = _used(why, filing, at)
    need_words(reason)
    _need_paper(paper_number)
    _need_rest(why, clause, expected_days)
    stop = stand_still(
        limit, since=at, kind=why, clause=clause.strip(), reason=reason.strip(),
        expected_days=expected_days, paper_number=paper_number.strip(),
        attachment=_file(upload, filing, by, at), by=by,
        basis=words.stop_basis(*found, clause), certainty=found[1].certainty,
    )  # fmt: skip
    _write(
        "suspend_limit", filing, limit, by=by, at=at, kind=kind, reason=reason, basis=stop.basis,
        paper_number=paper_number, expected_days=expected_days, **days_counted(limit, at),
    )  # fmt: skip
    stop.notice = stop_notice(filing, limit, stop, by=by, at=at)
    stop.save(update_fields=["notice"])
    told = {"project": filing.project_name, "limit": limit.called, "why": why.label}
    _tell(filing, limit, stop.notice, _("%(project)s：“%(limit)s”期限中止（%(why)s）") % told, at)
    return stop


@transaction.atomic
def resume_limit(
    limit: Timed, *, kind: str, reason: str, by: Membership, at: datetime
) -> Suspension:
    """恢复: one suspension ends; where it was the last, the limit goes on with exactly the rest."""
    filing, limit = _held(limit)
    permit(limit, policies.stops_limit, by=by, at=at)
    found = interruptions(limit)
    _refuse(rules.why_not_resumed(limit, found))
    stop = next((one for one in found.standing if one.kind == kind), None)
    if stop is None or stop.kind not in rules.ends_by_hand(found):
        raise NotNow([_("期限没有因这一事由中止。")])
    need_words(reason)
    if at < stop.since:
        raise ValidationError({"reason": _("中止不能在开始以前结束。")})
    go_on(limit, stop, until=at, resumed_by=by, resumed_because=reason.strip())
    _write(
        "resume_limit", filing, limit, by=by, at=at, kind=kind, reason=reason, since=stop.since,
        due_at=limit.due_at, **days_counted(limit, at),
    )  # fmt: skip
    stop.resumed_notice = resumption_notice(filing, limit, stop, by=by, at=at)
    stop.save(update_fields=["resumed_notice"])
    _tell(
        filing, limit, stop.resumed_notice,
        _("%(project)s：“%(limit)s”%(why)s结束，%(then)s")
        % {
            "project": filing.project_name, "limit": limit.called, "why": stop.get_kind_display(),
            "then": _("仍因其他事由中止") if limit.suspended else _("期限恢复计算"),
        }, at,
    )  # fmt: skip
    _look_at(limit, at)
    return stop


@transaction.atomic
def extend_limit(
    limit: Timed,
    *,
    days: int,
    reason: str,
    paper_number: str,
    upload: UploadedFile | None = None,
    by: Membership,
    at: datetime,
) -> Extension:
    """延期: before its end, within the cap, as often as the rulebook says, each with its row, entry and paper."""
    filing, limit = _held(limit)
    permit(limit, policies.lengthens_limit, by=by, at=at)
    cap = rule_value(filing, limit.extension_rule, at)
    most = most_days(limit, filing, at)
    times = most_times(limit, filing, at)
    _refuse(rules.why_not_lengthened(limit, at, interruptions(limit), most, times))
    assert cap is not None  # without one nothing may be added
    need_words(reason)
    _need_days(limit, days, most)
    _need_another_paper(limit, paper_number)
    before = limit.due_at
    longer = lengthen(
        limit, days=days, at=at, reason=reason.strip(), signed_by=by, certainty=cap[1].certainty,
        paper_number=paper_number.strip(), attachment=_file(upload, filing, by, at),
        basis=words.rule_basis(*cap),
    )  # fmt: skip
    _write(
        "extend_limit", filing, limit, by=by, at=at, turn=longer.turn, days=days, most=most, times=times, reason=reason,
        basis=longer.basis, paper_number=paper_number, before=before, due_at=limit.due_at,
    )  # fmt: skip
    longer.notice = extension_notice(filing, limit, longer, times=times, by=by, at=at)
    longer.save(update_fields=["notice"])
    told = {
        "project": filing.project_name, "limit": limit.called,
        "longer": _(LONGER[Unit(limit.unit)]) % {"n": days},
    }  # fmt: skip
    _tell(filing, limit, longer.notice, _("%(project)s：“%(limit)s”延长%(longer)s") % told, at)
    _look_at(limit, at)
    return longer


def _look_at(limit: Timed, at: datetime) -> None:
    """Let whoever keeps what hangs on the limit see where it stands now: it may run into a year of no calendar."""
    for look in WENT_ON:
        look(limit, at)


def days_counted(limit: Timed, at: datetime) -> dict[str, int]:
    """Return how many days are used and how many are left, as they stand in ledger and paper."""
    course = course_of(limit, calendar_of(limit.calendar or edition_at(at)))
    if limit.suspended:
        return {"used": course.used, "rest": course.rest}
    today = timezone.localdate(at)
    used = sum(1 for row in course.rows if row.number and row.date <= today)
    return {"used": used, "rest": course.used + course.rest - used}


def _write(
    name: str, filing: Filing, limit: Timed, *, by: Membership, at: datetime, **evidence: Any
) -> None:
    item = getattr(limit, "item", None)
    act(
        filing, name, policy=lambda _thing, _by: True, by=by, at=at, limit=limit, rule=limit.rule,
        item=item.code if item else None, **evidence,
    )  # fmt: skip


def _tell(filing: Filing, limit: Timed, paper: Paper, subject: str, at: datetime) -> None:
    """Tell both sides: the enterprise, the window, and the department whose limit or whose item it is."""
    about = (limit, getattr(limit, "item", None), getattr(limit, "slot", None))
    department = next(filter(None, (getattr(of, "department_id", None) for of in about)), None)
    sides = [side for side in (county().window_id, department) if side is not None]
    day = timezone.localdate(at)
    tell(
        [*enterprise_side(filing, day), *people_of(sides, day)],
        subject,
        about=f"stoppage:{paper.number}",
        at=at,
        body=_("详见《%(title)s》（%(number)s）。")
        % {"title": paper.title, "number": paper.number},
        link=f"/cases/{filing.public_id}/limits/",
    )
