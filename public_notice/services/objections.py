"""公示异议: lodged by anyone, receipted, answered beside the notice; upheld, the case goes back."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.services import public_actor, system_actor
from accounts.stages import Role
from approvals.models import Filing
from approvals.services import offer_letter, tell_enterprise
from approvals.services.commitment import conditions_of
from approvals.stages import Stage
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.documents.services import draw_number
from core.ledger.rules import canonical, salted
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, move, permit
from core.steps.reasons import NotNow, require
from public_notice import policies, rules
from public_notice.models import Notice, Objection
from public_notice.queries import in_public
from public_notice.queries.confidential import withheld_in
from public_notice.services.flood import in_flood
from public_notice.services.notices import end_period
from public_notice.services.watching import may_be_anonymous, settle_days
from public_notice.stages import Finding, NoticeStage

PRESSED_TWICE = timedelta(minutes=10)
DECIDED = (Finding.NOT_UPHELD, Finding.PARTLY, Finding.UPHELD, Finding.SET_ASIDE)


@transaction.atomic
def lodge_objection(
    notice: Notice,
    *,
    text: str,
    at: datetime,
    name: str = "",
    contact: str = "",
    interest: str = "",
    anonymous: bool = False,
    hearing: bool = False,
    origin: str = "",
    worked: bool = False,
) -> Objection:
    """提出异议: without an account; number and code are the receipt; pressed twice, it stands once.

    What is said stays outside the ledger, which keeps its salted digest. `origin` and `worked` tell a flood from a
    person: what comes in one is received all the same, and looked at before its words are public.
    """
    by = public_actor()
    notice = _open(notice, by, at)
    same = _whole(
        notice, name=name, contact=contact, text=text, anonymous=anonymous, hearing=hearing, at=at
    )
    if lodged := _pressed_twice(notice, same, at):
        return lodged
    held = in_flood(notice, origin=origin, worked=worked, at=at)
    number = draw_number("左承异", timezone.localtime(at).year)
    objection = Objection(
        notice=notice, book=notice.book, interest=interest.strip(), received_at=at, number=number, held=held,
        withheld=withheld_in(notice.book_id, of_notices=True), **same,
    )  # fmt: skip
    start(
        objection, rules.HEARING if hearing else rules.REPLY, at=at, rulebook=notice.filing.rulebook
    )
    record(
        notice.book, "lodge_objection", by=by, at=at, objection=objection.number, hearing=hearing or None,
        held=objection.held or None, digest=salted(objection.code, canonical([name, contact, text])),
    )  # fmt: skip
    _tell_window(objection, at)
    return objection


def _pressed_twice(notice: Notice, same: dict[str, Any], at: datetime) -> Objection | None:
    """Return what the same person has just sent; whoever is somebody else, or may be, is given no code.

    Without a name the same words may be another's, and later they may be tried out to learn who it was (0067).
    """
    lately = notice.objections.filter(**same, received_at__gt=at - PRESSED_TWICE)
    return None if same["anonymous"] else lately.first()


def _open(notice: Notice, by: Membership, at: datetime) -> Notice:
    """Return the notice, locked, whose period runs; it is over whether or not any sweep has closed it."""
    lock(notice.book_id)
    notice = Notice.objects.select_related("filing__rulebook").get(pk=notice.pk)
    permit(notice, policies.anyone, by=by, at=at)
    require(notice, policies.notice_is_running)
    settle_days(notice, at)
    if notice.late(at):
        raise NotNow([str(policies.notice_is_running.reason)])  # type: ignore[attr-defined]
    return notice


def _tell_window(objection: Objection, at: datetime) -> None:
    tell(
        holders(Role.WINDOW, timezone.localdate(at)),
        _("收到公示异议%(number)s，请按期答复") % {"number": objection.number},
        about=f"objection:{objection.pk}",
        at=at,
        link=f"/cases/{objection.notice.filing.public_id}/",
    )


def _whole(
    notice: Notice,
    *,
    name: str,
    contact: str,
    text: str,
    anonymous: bool,
    hearing: bool,
    at: datetime,
) -> dict[str, Any]:
    """Return what was said, cleaned; ValidationError where something is missing, or the county wants a name."""
    if anonymous:
        if not may_be_anonymous(notice, at):
            raise ValidationError(_("本县的公示异议须写明姓名或名称和联系方式，个人信息不公开。"))
        if hearing:
            raise ValidationError(_("匿名的不能申请听证：请写明姓名和联系方式。"))
        name = contact = ""
    elif not (name.strip() and contact.strip()):
        raise ValidationError(_("请写明姓名或名称、联系方式和异议内容。"))
    if not text.strip():
        raise ValidationError(_("请写明姓名或名称、联系方式和异议内容。"))
    own = {"name": name.strip(), "contact": contact.strip()}
    return {**own, "text": text.strip(), "anonymous": anonymous, "hearing_asked": hearing}


@transaction.atomic
def reply_objection(
    objection: Objection,
    *,
    finding: str,
    reply: str,
    by: Membership,
    at: datetime,
    back_to: str = Stage.COMMITTING,
) -> Objection:
    """答复异议: not upheld, partly, or upheld — then the notice ends and the case goes back to 5 or 6."""
    lock(objection.book_id)
    objection = Objection.objects.select_related("notice__filing").get(pk=objection.pk)
    if finding not in DECIDED or not reply.strip():
        raise ValidationError({"reply": _("请作出认定并写明答复内容和理由。")})
    if back_to not in (Stage.COMMITTING, Stage.PREREVIEWING):
        raise ValidationError({"back_to": _("异议成立的，退回重签承诺或者再次预审。")})
    notice = Notice.objects.select_related("filing", "calendar").get(pk=objection.notice_id)
    settle_days(notice, at)
    notice = _as_of(notice, objection, at)
    act(
        objection, "reply_objection", policy=policies.window, by=by, at=at,
        conditions=(policies.objection_is_open, policies.hearing_is_settled),
        objection=objection.number, finding=finding,
    )  # fmt: skip
    objection.finding, objection.reply = finding, reply.strip()
    if finding == Finding.SET_ASIDE and objection.held and not objection.hidden_at:
        # What was thrown in is not shown; its place stays, with the reason. Words that stand in public go by two only.
        objection.hidden_at, objection.hidden_reason = at, reply.strip()[:300]
    objection.replied_at, objection.replied_by, objection.held = at, by, False
    end(objection, at=at)
    if finding == Finding.UPHELD and notice.stage in (NoticeStage.RUNNING, NoticeStage.CONTESTED):
        _send_back(notice, objection, back_to, by=by, at=at)
    elif (
        notice.stage == NoticeStage.CONTESTED
        and not notice.objections.filter(finding=Finding.OPEN).exists()
    ):
        end_period(notice, by=by, at=at)
    return objection


def _as_of(notice: Notice, objection: Objection, at: datetime) -> Notice:
    """The period ended with this objection unanswered, whether or not any sweep has said so."""
    unanswered = objection.finding == Finding.OPEN
    if notice.stage == NoticeStage.RUNNING and notice.late(at) and unanswered:
        notice = move(notice.expire_contested, by=system_actor(), at=notice.expires_at)  # type: ignore[assignment]
    return notice


def _send_back(
    notice: Notice, objection: Objection, back_to: str, *, by: Membership, at: datetime
) -> None:
    """异议成立: the notice ends, the letter loses its force, and the case is looked at or signed again.

    The ledger names the objection and not the words of its answer: a part of them may be withheld later.
    """
    notice = move(notice.uphold, by=by, at=at, objection=objection.number)  # type: ignore[assignment]
    notice.end_reason = in_public(objection)["reply"][:300]
    notice.save(update_fields=["end_reason"])
    reason = f"公示异议{objection.number}成立，理由见答复"
    filing = Filing.objects.get(pk=notice.filing_id)
    if filing.stage != Stage.NOTICED:
        return
    if back_to == Stage.PREREVIEWING:
        filing.letters.filter(withdrawn_at=None).update(withdrawn_at=at)
        filing = move(filing.review_again, by=by, at=at, reason=reason)  # type: ignore[assignment]
    else:
        letter = filing.letter()
        kept = conditions_of(letter) if letter else []
        filing = move(filing.recommit, by=by, at=at, reason=reason)  # type: ignore[assignment]
        offer_letter(filing, conditions=kept, by=by, at=at)
    tell_enterprise(filing, _("公示异议成立，退回办理"), "upheld", at)


@on_silence(rules.REPLY, rules.HEARING)
def reply_overdue(objection: Objection, now: datetime) -> None:
    """逾期未答复: the supervisor learns of it; the notice cannot close until it is answered."""
    assert objection.due_at is not None
    objection.escalated_at, objection.act_at = objection.due_at, None
    objection.save()
    record(objection.book, "escalate", by=system_actor(), at=objection.due_at, rule=objection.rule)
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(now)),
        _("公示异议%(number)s逾期未答复") % {"number": objection.number},
        about=f"reply:{objection.pk}",
        at=now,
        link=f"/cases/{objection.notice.filing.public_id}/",
    )
