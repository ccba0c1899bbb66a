"""What waits of letters to the mailbox: to assign, to answer, to look at, to hide; what is late for those who watch."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.queries.work.rows import Row, Seen, dated
from public_notice.models import BoxLetter
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


DEPARTMENT = (to_answer,)
SUPERVISOR = (watched, to_hide, to_answer)
ADMINISTRATOR = (long_overdue, to_hide)
