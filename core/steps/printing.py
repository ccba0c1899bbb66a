"""再次成文: a paper that could not be printed is tried again; its number and its content stay as they were frozen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import prints_again
from core.documents.models import Paper
from core.ledger.services import lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow


@transaction.atomic
def print_again(paper: Paper, *, by: Membership, at: datetime) -> Paper:
    """Put a paper whose printing failed back among those that wait for the printer; the cause should be mended first.

    Raises NotNow for one that is printed (it is never printed anew) or still waits, PermissionDenied.
    """
    permit(paper, prints_again, by=by, at=at)
    book = lock(paper.book_id)[0]
    paper = Paper.objects.select_for_update(no_key=True).get(pk=paper.pk)
    if why := why_not_again(paper):
        raise NotNow([why])
    record(book, "print_again", by=by, at=at, paper=paper.number, failure=paper.failure)
    paper.failure, paper.rendered_at = "", None
    paper.save(update_fields=["failure", "rendered_at"])
    return paper


def why_not_again(paper: Paper) -> str:
    """Return why a paper is not printed again; empty where it may be."""
    if paper.ready:
        return _("这份文书已经成文：成文的文书不再重新生成。")
    if not paper.failure:
        return _("这份文书正在等待成文，不需要再次成文。")
    return ""


def printed_before(paper: Paper) -> int:
    """Return how many papers are printed before one that waits: those issued after it, for the newest come first."""
    return Paper.objects.filter(rendered_at=None, pk__gt=paper.pk).count()
