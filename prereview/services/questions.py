"""会前提问: a department asks the convenor before the session, and is answered. No limit runs slower for it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from core.ledger.services import lock
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act
from core.steps.reasons import require
from prereview import policies
from prereview.models import Invitation, Question
from prereview.services.serving import fresh
from prereview.services.summons import what


@transaction.atomic
def ask_question(invitation: Invitation, *, text: str, by: Membership, at: datetime) -> Question:
    """提问: by the department, until the session begins. Asking is neither signing for the summons nor answering it."""
    if not text.strip():
        raise ValidationError({"text": _("请写明问题。")})
    invitation = fresh(invitation, "session__convenor")
    require(invitation, policies.questions_are_taken)
    act(
        invitation, "ask_question", policy=policies.own_department, by=by, at=at,
        department=invitation.department.code, text=text,
    )  # fmt: skip
    asked = Question.objects.create(
        invitation=invitation, text=text.strip(), asked_by=by, asked_at=at
    )
    tell(
        [invitation.session.convenor],
        _("%(department)s会前提问") % {"department": invitation.department},
        about=f"question:{asked.pk}",
        at=at,
        body=asked.text,
        link=_page(invitation),
    )
    return asked


@transaction.atomic
def answer_question(
    question: Question, *, answer: str, to_all: bool, by: Membership, at: datetime
) -> Question:
    """答复提问: once, to who asked or to every department that is summoned; changes no limit and no duty."""
    if not answer.strip():
        raise ValidationError({"answer": _("请写明答复。")})
    lock(question.invitation.book_id)
    rows = Question.objects.select_related("invitation__session__book", "invitation__department")
    question = rows.get(pk=question.pk)
    require(question, policies.not_answered)
    act(
        question, "answer_question", policy=policies.convenor, by=by, at=at,
        department=question.invitation.department.code, answer=answer, to_all=to_all,
    )  # fmt: skip
    question.answer, question.to_all = answer.strip(), to_all
    question.answered_by, question.answered_at = by, at
    question.save()
    session = question.invitation.session
    told = [question.invitation.department_id]
    if to_all:
        told = list(session.invitations.values_list("department_id", flat=True))
    tell(
        people_of(told, timezone.localdate(at)),
        _("召集人答复会前提问：%(what)s") % {"what": what(session)},
        about=f"answer:{question.pk}",
        at=at,
        body=f"{question.text}\n{question.answer}",
        link=_page(question.invitation),
    )
    return question


def _page(invitation: Invitation) -> str:
    return f"/sessions/{invitation.session.public_id}/"
