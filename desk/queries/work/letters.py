"""What waits of letters to the mailbox: to assign, to answer, to look at, to hide; and of the questionnaire."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.deadlines.queries import end_of
from core.steps.templatetags.look import deadline
from desk.queries.work.rows import Row, Seen, dated
from public_notice.models import BoxLetter, SurveyCode
from public_notice.queries.mailbox import OPEN, letters
from public_notice.stages import LetterStage


def _row(what: str, one: BoxLetter, seen: Seen, name: str = "letter") -> Row:
    url = reverse(f"public_notice:{name}", args=[one.pk])
    return dated(Row(what, url, one.number, str(one.kind)), one, seen)


def to_answer(seen: Seen) -> Iterator[Row]:
    """Yield the letters that were assigned to a person's department."""
    mine = letters().filter(stage=LetterStage.ASSIGNED, department=seen.by.organisation_id)
    for one in mine.order_by("due_at", "pk"):
        again = one.round > 1
        yield _row(_("复核意见箱来信") if again else _("答复意见箱来信"), one, seen)


def watched(seen: Seen) -> Iterator[Row]:
    """Yield what the supervisor assigns, and what is late or came in a flood."""
    found = letters().filter(stage__in=OPEN) | letters().filter(held=True)
    for one in found.order_by("due_at", "pk"):
        if one.stage == LetterStage.RECEIVED:
            yield _row(_("转办意见箱来信"), one, seen)
        elif one.stage == LetterStage.ASSIGNED and one.escalated_at is not None:
            yield _row(_("逾期：意见箱来信"), one, seen)
        elif one.held:
            yield _row(_("查看后放行来信"), one, seen)


def long_overdue(seen: Seen) -> Iterator[Row]:
    """Yield those that have come up the ladder."""
    for one in letters().filter(stage__in=OPEN, leaders_at__isnull=False).order_by("due_at", "pk"):
        yield _row(_("逾期：意见箱来信"), one, seen)


def to_hide(seen: Seen) -> Iterator[Row]:
    """Yield the letters whose words another person wants hidden."""
    asked = letters().filter(hiding_asked_by__isnull=False, hidden_at=None)
    for one in asked.exclude(hiding_asked_by__user=seen.by.user_id).order_by("pk"):
        yield _row(_("决定是否隐藏来信文字"), one, seen, "letter_decide_hiding")


def to_judge(seen: Seen) -> Iterator[Row]:
    """Yield the questionnaires that an enterprise was asked and has not answered: by the case, or by its code."""
    today = timezone.localdate(seen.at)
    asked = SurveyCode.objects.filter(
        enterprise=seen.by.organisation_id, used=False, ends_on__gte=today
    )
    for one in asked.select_related("round", "filing").order_by("ends_on", "pk"):
        case = one.filing
        url = (
            reverse("public_notice:satisfaction", args=[case.public_id])
            if case
            else reverse("public_notice:survey_answer")
        )
        row = Row(_("评价办理情况"), url, str(case or one.round), due_at=end_of(one.ends_on))
        row.due = {"light": "green", "text": deadline(row.due_at)}
        row.silence = _("可以不评价；不评价的不计入满意，也不计入不满意。")
        yield row


DEPARTMENT = (to_answer,)
ENTERPRISE = (to_judge,)
SUPERVISOR = (watched, to_hide, to_answer)
ADMINISTRATOR = (long_overdue, to_hide)
