"""恢复公开前征求意见: the enterprise of the case is heard before somebody else's request is granted (条例 15).

Its silence agrees to nothing: the office decides, and where it has not agreed the office says why. A request may be
taken back by who made it; then nothing is asked any more.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from approvals.policies import own_enterprise
from approvals.services import tell_enterprise
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.ledger.rules import canonical, salted
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice import rules
from public_notice.models import ConfidentialPart, LiftingView
from public_notice.rules import confidential as may
from public_notice.services.confidential import DESK, named, tell_reviewers
from public_notice.stages import InquiryResult

PAGE = "/confidential-views/"
TOO_LATE = _("陈述意见的期限已过：按没有答复处理，由行政机关决定。")


def locked_part(part: ConfidentialPart) -> ConfidentialPart:
    """Take the lock of a part's book and return the part as it now is; what expired in silence has ended."""
    lock(part.book_id)
    people = ("marked_by", "lifting_asked_by", "ground", "book")
    return ConfidentialPart.objects.select_related(*people).get(pk=part.pk)


def ask_enterprise(part: ConfidentialPart, by: Membership, at: datetime) -> None:
    """Ask the enterprise of the case, unless it is itself who asks for the words to be public."""
    case = part.case
    if case is None or own_enterprise(case, by):
        return
    view = LiftingView(part=part, filing=case, book=part.book)
    start(view, rules.LIFTING_VIEW, at=at)
    tell_enterprise(
        case, _("有人提请恢复公开不公开的部分，请在期限内说明是否同意：%(what)s") % {"what": named(part)},
        f"part:{part.pk}:view:{at.isoformat()}", at, link=f"{PAGE}{view.pk}/",
    )  # fmt: skip


@transaction.atomic
def give_view(
    view: LiftingView, *, agrees: bool, by: Membership, at: datetime, said: str = ""
) -> LiftingView:
    """陈述意见: whether the enterprise agrees; a no says why. Late, silence has decided what it decides."""
    part = locked_part(view.part)
    view = LiftingView.objects.select_related("filing").get(pk=view.pk)
    permit(view, may.says_view, by=by, at=at)
    require(view, may.view_is_open)
    if view.late(at):
        raise NotNow([str(TOO_LATE)])
    if not agrees:
        need_words(said)
    told = said.strip()[:500]
    result = InquiryResult.AGREED if agrees else InquiryResult.OPPOSED
    _settle(view, result, at, told, by)
    act(
        part, "give_lifting_view", policy=lambda _part, who: may.says_view(view, who), by=by, at=at, part=part.pk,
        agrees=agrees, digest=salted(part.code, canonical([told])),
    )  # fmt: skip
    asked = part.lifting_asked_by
    assert asked is not None
    subject = _("企业同意恢复公开：%(what)s") if agrees else _("企业不同意恢复公开：%(what)s")
    tell_reviewers(part, subject, f"view:{at.isoformat()}", asked, at)
    about = f"part:{part.pk}:said:{at.isoformat()}"
    tell([asked], subject % {"what": named(part)}, about=about, at=at, link=DESK)
    return view


@transaction.atomic
def withdraw_lifting(part: ConfidentialPart, *, by: Membership, at: datetime) -> ConfidentialPart:
    """撤回提请: by who asked, before it is decided; the words stay withheld, and nobody is asked any more."""
    part = locked_part(part)
    act(
        part, "withdraw_lifting", policy=may.asks_lifting, by=by, at=at,
        conditions=(may.lifting_waits, may.withdrawn_by_who_asked(by)), part=part.pk,
    )  # fmt: skip
    part.lifting_reason, part.lifting_asked_by, part.lifting_asked_at = "", None, None
    part.save()
    no_longer_asked(part, at)
    about = f"part:{part.pk}:taken-back:{at.isoformat()}"
    subject = _("恢复公开的提请已撤回，仍不公开：%(what)s") % {"what": named(part)}
    if part.marked_by.user_id != by.user_id:
        tell([part.marked_by], subject, about=about, at=at, link=DESK)
    if part.case is not None and not own_enterprise(part.case, by):
        tell_enterprise(part.case, subject, about, at)
    return part


def no_longer_asked(part: ConfidentialPart, at: datetime) -> None:
    """End what is asked of the enterprise: the request was taken back or refused."""
    for view in part.views.filter(result=InquiryResult.OPEN):
        _settle(view, InquiryResult.ENDED, at)


def expire(part: ConfidentialPart, at: datetime) -> None:
    """Let what was asked and not answered in time have ended in silence, whether or not any sweep has come."""
    for view in part.views.filter(result=InquiryResult.OPEN, due_at__lt=at):
        _unanswered(view)


def agreed(part: ConfidentialPart) -> bool:
    """Whether the enterprise wants or accepts that the words of its own case are public."""
    asked, case = part.lifting_asked_by, part.filing
    if case is None or asked is None:
        return False
    last = part.views.order_by("-pk").first()
    return own_enterprise(case, asked) or (last is not None and last.result == InquiryResult.AGREED)


def _settle(
    view: LiftingView,
    result: InquiryResult,
    at: datetime,
    said: str = "",
    by: Membership | None = None,
) -> None:
    view.result, view.said, view.said_by, view.settled_at = result, said, by, at
    end(view, at=at)


def _unanswered(view: LiftingView) -> None:
    at = view.expires_at
    _settle(view, InquiryResult.SILENT, at)
    record(
        view.book, "lifting_view_unanswered", by=system_actor(), at=at, rule=view.rule, part=view.part_id
    )  # fmt: skip


@on_silence(rules.LIFTING_VIEW)
def lifting_view_unanswered(view: LiftingView, now: datetime) -> None:
    """逾期未回复: effective from the end of its limit; who decides learns that nothing stands against it any more."""
    _unanswered(view)
    part = ConfidentialPart.objects.select_related("lifting_asked_by", "ground").get(
        pk=view.part_id
    )
    if part.lifting_waits and part.lifting_asked_by is not None:
        subject = _("企业没有在期限内答复，可以决定是否恢复公开：%(what)s")
        tell_reviewers(part, subject, f"silent:{view.pk}", part.lifting_asked_by, now)
