"""办理来信: the supervisor assigns, a department gives it back, two persons hide words; none is deleted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.stages import Kind
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import need_words
from public_notice.models import BoxLetter
from public_notice.queries.mailbox import without_writer
from public_notice.rules import mailbox as may
from public_notice.services.mailbox.writing import desk_url, tell_supervisors

OBJECT = _(
    "这个单位正是来信反映的单位，一般不由它自己办理：请转给其他单位；确有必要的，写明转办说明。"
)


@transaction.atomic
def assign_letter(
    letter: BoxLetter, *, department: Organisation, by: Membership, at: datetime, reason: str = ""
) -> BoxLetter:
    """转办: by the supervisor; to the department that a letter is about only with a reason, which the writer reads."""
    letter = locked(letter)
    permit(letter, may.supervisor, by=by, at=at)
    if department.kind != Kind.DEPARTMENT:
        raise ValidationError({"department": _("请选择县的部门。")})
    if department.pk == letter.about_id and letter.kind.complaint and not reason.strip():
        raise ValidationError({"department": OBJECT})
    said = reason.strip()
    letter = move(  # type: ignore[assignment]
        letter.assign_letter,
        by=by,
        at=at,
        department=department.code,
        reason=without_writer(said, letter) or None,
    )
    letter.department, letter.assigned_reason = department, said
    letter.save()
    tell(
        people_of([department.pk], timezone.localdate(at)),
        _("来信%(number)s转您单位办理，请按期答复") % {"number": letter.number},
        about=f"letter:{letter.pk}:assigned:{letter.round}:{at.isoformat()}", at=at, link=desk_url(letter),
    )  # fmt: skip
    return letter


@transaction.atomic
def return_letter(letter: BoxLetter, *, reason: str, by: Membership, at: datetime) -> BoxLetter:
    """退回转办: not ours, with the reason, or taken back by the supervisor; the limit runs on."""
    letter = locked(letter)
    permit(letter, may.handles_or_assigns, by=by, at=at)
    need_words(reason)
    letter = move(letter.return_letter, by=by, at=at)  # type: ignore[assignment]
    letter.assigned_reason = reason.strip()[:300]
    letter.department, letter.drafted, letter.drafted_by = None, "", None
    letter.save()
    tell_supervisors(letter, _("来信%(number)s退回，请另行转办"), f"back:{at.isoformat()}", at)
    return letter


@transaction.atomic
def admit_letter(letter: BoxLetter, *, by: Membership, at: datetime) -> BoxLetter:
    """查看放行: what came in a flood was read by a person and may be public like any other."""
    letter = locked(letter)
    act(
        letter, "admit_letter", policy=may.supervisor, by=by, at=at, conditions=(may.is_held,),
        letter=letter.number,
    )  # fmt: skip
    letter.held = False
    letter.save(update_fields=["held"])
    return letter


@transaction.atomic
def ask_hiding(letter: BoxLetter, *, reason: str, by: Membership, at: datetime) -> BoxLetter:
    """提出隐藏: the words are no longer shown once another person agrees; number, reply and reason stay."""
    letter = locked(letter)
    permit(letter, may.hides, by=by, at=at)
    need_words(reason)
    act(
        letter, "ask_hiding", policy=may.hides, by=by, at=at,
        conditions=(may.is_shown, may.no_hiding_waits), letter=letter.number,
        reason=without_writer(reason.strip()[:300], letter),
    )  # fmt: skip
    letter.hiding_reason, letter.hiding_asked_by = reason.strip()[:300], by
    letter.save()
    return letter


@transaction.atomic
def decide_hiding(letter: BoxLetter, *, approved: bool, by: Membership, at: datetime) -> BoxLetter:
    """决定隐藏: by another person than who asked; refused, the words stay where they are."""
    letter = locked(letter)
    act(
        letter, "decide_hiding", policy=may.hides, by=by, at=at,
        conditions=(may.hiding_waits, may.hidden_by_another(by)), letter=letter.number, approved=approved,
    )  # fmt: skip
    if approved:
        letter.hidden_at = at
    else:
        letter.hiding_reason, letter.hiding_asked_by = "", None
    letter.save()
    return letter
