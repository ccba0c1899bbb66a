"""延期和答复: more time, asked by one and approved by another before the end; the answer, with its remedies."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from core.deadlines.queries import rulebook_at, value_of
from core.deadlines.services import end, lengthen
from core.ledger.rules import canonical, salted
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice import policies, rules
from public_notice.models import Disclosure
from public_notice.rules.disclosure import CHOSEN, REFUSALS
from public_notice.rules.withheld import without
from public_notice.services.confidential import parts_for
from public_notice.services.disclosures import papers
from public_notice.services.disclosures.applying import desk_url
from public_notice.services.disclosures.asking import expire
from public_notice.stages import Result

SEPARATED = (Result.PARTLY_DISCLOSED, *REFUSALS)
SEPARATE = _(
    "答复里有不公开的部分：办理结果应为“部分公开”（《中华人民共和国政府信息公开条例》第三十七条）。"
)
TOO_LATE = _(
    "答复期限已过，不能再延长：延长要在期满以前批准（《中华人民共和国政府信息公开条例》第三十三条）。"
)


@transaction.atomic
def ask_longer(
    disclosure: Disclosure, *, days: int, reason: str, by: Membership, at: datetime
) -> Disclosure:
    """提出延长答复期限: before the end, once, at most the days of 17x; nothing changes until approved."""
    disclosure = locked(disclosure)
    permit(disclosure, policies.window, by=by, at=at)
    expire(disclosure, at)
    require(disclosure, policies.disclosure_is_running, policies.not_extended_yet)
    if disclosure.late(at):
        raise NotNow([str(TOO_LATE)])
    most = value_of(rulebook_at(at), rules.ANSWER.extension).number
    if not 1 <= days <= most:
        raise ValidationError({"days": _("最多延长%(most)d个工作日。") % {"most": most}})
    need_words(reason)
    act(disclosure, "ask_longer", policy=policies.window, by=by, at=at, days=days)
    disclosure.longer_days, disclosure.longer_reason = days, reason.strip()
    disclosure.longer_by = by
    disclosure.save()
    tell(
        [x for x in holders(Role.CONVENOR, timezone.localdate(at)) if x.user_id != by.user_id],
        _("公开申请%(number)s请批准延长答复期限") % {"number": disclosure.number},
        about=f"disclosure:{disclosure.pk}:longer",
        at=at,
        link=desk_url(disclosure),
    )
    return disclosure


@transaction.atomic
def approve_longer(
    disclosure: Disclosure, *, approved: bool, by: Membership, at: datetime
) -> Disclosure:
    """批准延长: the head of the office, another person than who asked, before the end; told to the applicant."""
    disclosure = locked(disclosure)
    permit(disclosure, policies.convenor, by=by, at=at)
    expire(disclosure, at)
    require(
        disclosure, policies.disclosure_is_running, policies.extension_is_asked,
        policies.not_extended_yet, policies.approved_by_another(by),
    )  # fmt: skip
    days, reason = disclosure.longer_days, disclosure.longer_reason
    assert days is not None
    assert disclosure.longer_by is not None
    if not approved:
        act(disclosure, "refuse_longer", policy=policies.convenor, by=by, at=at, days=days)
        disclosure.longer_days, disclosure.longer_reason, disclosure.longer_by = None, "", None
        disclosure.save()
        return disclosure
    if disclosure.late(at):
        raise NotNow([str(TOO_LATE)])
    before = disclosure.due_at
    act(disclosure, "approve_longer", policy=policies.convenor, by=by, at=at, days=days)
    disclosure.extended_at = at
    disclosure.save()
    value = value_of(rulebook_at(at), rules.ANSWER.extension)
    longer = lengthen(
        disclosure, days=days, at=at, reason=reason, basis=value.basis, certainty=value.certainty,
        paper_number="", signed_by=by,
    )  # fmt: skip
    longer.notice = papers.longer(disclosure, before, by, at)
    longer.paper_number = longer.notice.number
    longer.save()
    return disclosure


@transaction.atomic
def answer_disclosure(
    disclosure: Disclosure, *, result: str, reply: str, by: Membership, at: datetime
) -> Disclosure:
    """答复公开申请: one of the kinds of art. 36; what is answered late is answered all the same, and stays late."""
    disclosure = locked(disclosure)
    permit(disclosure, policies.window, by=by, at=at)
    expire(disclosure, at)
    if reasons := disclosure.why_not("answer_request"):
        raise NotNow(reasons)
    if result not in CHOSEN:
        raise ValidationError({"result": _("请选择办理结果。")})
    if not reply.strip():
        raise ValidationError({"reply": _("请写明答复内容；不予公开、无法提供的，写明理由。")})
    told = without(reply.strip(), parts_for(disclosure))
    if told != reply.strip() and result not in SEPARATED:
        raise ValidationError({"result": SEPARATE})
    disclosure = move(disclosure.answer_request, by=by, at=at, result=result)  # type: ignore[assignment]
    disclosure.reply, disclosure.replied_by = told, by
    paper = papers.answer(disclosure, disclosure.reply, by, at)
    end(disclosure, at=at)
    act(
        disclosure, "send_answer", policy=policies.window, by=by, at=at, paper=paper.number,
        digest=salted(disclosure.code, canonical([result, disclosure.reply])),
    )  # fmt: skip
    return disclosure
