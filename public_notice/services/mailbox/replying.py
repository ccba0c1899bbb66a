"""答复来信: written by the department, where the rulebook says so reviewed by another person, and then sent."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.stages import Role
from core.deadlines.queries import NoEdition, rulebook_at, value_of
from core.deadlines.services import end, lengthen, start
from core.ledger.rules import canonical, salted
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice import rules
from public_notice.models import BoxLetter, MailboxReply
from public_notice.queries.mailbox import without_writer
from public_notice.rules import mailbox as may
from public_notice.services.mailbox.writing import desk_url

TOLD = 120  # characters of a reason in the subject of a message
NO_RULE = _("现行期限规则没有规定来信答复可以延长。")
TOO_LATE = _("答复期限已过，不能再延长：延长要在期满以前办理。")


def reviewed(letter: BoxLetter, at: datetime) -> bool:
    """Whether a reply is reviewed by a second person before it is sent, by the rulebook in force (P147)."""
    try:
        said = value_of(rulebook_at(at), rules.REPLY_REVIEWED).value
    except (NoEdition, KeyError):  # an edition from before the rule asks for none
        return False
    return said == "all" or (said == "complaints" and letter.kind.complaint)


@transaction.atomic
def reply_letter(letter: BoxLetter, *, text: str, by: Membership, at: datetime) -> BoxLetter:
    """答复来信: by the department it was assigned to; a second look by another person; late, it stays late.

    Where the rulebook wants a review nothing is sent yet, and the limit runs on.
    """
    letter = locked(letter)
    permit(letter, may.handles, by=by, at=at)
    if reasons := letter.why_not("reply_letter"):
        raise NotNow(reasons)
    require(letter, may.no_draft_waits, may.answered_by_another(by))
    if not text.strip():
        raise ValidationError({"text": _("请写明查明的情况、处理和理由。")})
    if not reviewed(letter, at):
        letter.drafted = ""  # what was given back before the rulebook stopped asking for a review
        letter.save(update_fields=["drafted"])
        return _send(letter, text.strip(), by, None, at)
    act(
        letter, "draft_letter_reply", policy=may.handles, by=by, at=at, round=letter.round,
        digest=_digest(letter, text.strip()),
    )  # fmt: skip
    letter.drafted, letter.drafted_by = text.strip(), by
    letter.save(update_fields=["drafted", "drafted_by"])
    assert letter.department_id is not None
    day = timezone.localdate(at)
    others = [one for one in people_of([letter.department_id], day) if one.user_id != by.user_id]
    tell(
        others or holders(Role.SUPERVISOR, day),  # where nobody else is there, the supervisor reviews it
        _("来信%(number)s的答复请审核") % {"number": letter.number},
        about=f"letter:{letter.pk}:draft:{at.isoformat()}", at=at, link=desk_url(letter),
    )  # fmt: skip
    return letter


@transaction.atomic
def review_letter_reply(
    letter: BoxLetter, *, approved: bool, by: Membership, at: datetime, reason: str = ""
) -> BoxLetter:
    """审核答复: by another person of the department, or the supervisor; sent with it, or given back with the reason."""
    letter = locked(letter)
    permit(letter, may.handles_or_assigns, by=by, at=at)
    require(letter, may.draft_waits, may.draft_by_another(by))
    if reasons := letter.why_not("reply_letter"):
        raise NotNow(reasons)
    text, writer = letter.drafted, letter.drafted_by
    assert writer is not None
    if not approved:
        need_words(reason)
    why = without_writer(reason.strip()[:300], letter)
    act(
        letter, "review_letter_reply", policy=may.handles_or_assigns, by=by, at=at, approved=approved,
        round=letter.round, digest=_digest(letter, text), reason=why or None,
    )  # fmt: skip
    # Given back, the words stay for whoever writes them anew.
    letter.drafted, letter.drafted_by = "" if approved else text, None
    letter.save(update_fields=["drafted", "drafted_by"])
    if approved:
        return _send(letter, text, writer, by, at)
    tell(
        [writer],
        _("来信%(number)s的答复退回修改：%(reason)s") % {"number": letter.number, "reason": why[:TOLD]},
        about=f"letter:{letter.pk}:redo:{at.isoformat()}", at=at, link=desk_url(letter),
    )  # fmt: skip
    return letter


def _digest(letter: BoxLetter, text: str) -> str:
    return salted(letter.code, canonical([text]))


def _send(
    letter: BoxLetter, text: str, writer: Membership, reviewer: Membership | None, at: datetime
) -> BoxLetter:
    """Send a reply: the writer reads it by number and code, and their own time to judge it begins."""
    in_time = not letter.late(at)
    sender = reviewer or writer
    letter = move(letter.reply_letter, by=sender, at=at)  # type: ignore[assignment]
    assert letter.department is not None
    MailboxReply.objects.create(
        letter=letter, round=letter.round, department=letter.department, text=text, by=writer, at=at,
        in_time=in_time, reviewed_by=reviewer,
    )  # fmt: skip
    act(
        letter, "send_letter_reply", policy=may.handles_or_assigns, by=sender, at=at, round=letter.round,
        in_time=in_time, digest=_digest(letter, text),
    )  # fmt: skip
    end(letter, at=at)
    start(letter, rules.JUDGE, at=at)
    return letter


@transaction.atomic
def lengthen_letter(
    letter: BoxLetter, *, days: int, reason: str, by: Membership, at: datetime
) -> BoxLetter:
    """延长答复期限: once, before the end, by the supervisor, with the reason that the writer reads (P148)."""
    letter = locked(letter)
    permit(letter, may.supervisor, by=by, at=at)
    require(letter, may.waits_for_reply, may.not_lengthened_yet)
    if letter.late(at):
        raise NotNow([str(TOO_LATE)])
    try:
        value = value_of(rulebook_at(at), rules.LETTER.extension)
    except KeyError:  # an edition from before the rule
        raise NotNow([NO_RULE]) from None
    if not 1 <= days <= value.number:
        raise ValidationError({"days": _("最多延长%(most)d个工作日。") % {"most": value.number}})
    need_words(reason)
    said = reason.strip()[:300]
    act(
        letter, "lengthen_letter", policy=may.supervisor, by=by, at=at, days=days,
        reason=without_writer(said, letter),
    )  # fmt: skip
    letter.longer_at, letter.longer_reason = at, said
    letter.save()
    lengthen(
        letter, days=days, at=at, reason=without_writer(said, letter), basis=value.basis, certainty=value.certainty,
        paper_number="", signed_by=by,
    )  # fmt: skip
    return letter
