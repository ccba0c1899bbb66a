"""What is asked of requests for disclosure: which wait, how one stands, and the annual table."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core.deadlines.queries import rulebook_at, unit_said, value_of
from core.deadlines.services import local
from core.documents.models import Paper
from core.documents.sheets import CHUNK, Sheet
from core.ledger.witness import Place, stands
from core.steps.templatetags.look import span
from public_notice import rules
from public_notice.models import Disclosure
from public_notice.models.disclosure import OPEN
from public_notice.rules.disclosure import Annual, Handled, Line, annual
from public_notice.stages import Applicant, DisclosureStage, InquiryKind

LENGTHS = {
    "answer": rules.ANSWER.code,
    "longer": rules.ANSWER.extension,
    "correct": rules.ASK_WITHIN,
    "third": rules.VIEW.code,
}


def lengths(at: datetime) -> dict[str, str]:
    """Return the limits of a request in words, by the rulebook in force: what pages and refusals say of them."""
    edition, said = rulebook_at(at), {}
    for name, code in LENGTHS.items():
        value = value_of(edition, code)
        said[name] = span(value.number, unit_said(value.unit))
    return said


def requests() -> QuerySet[Disclosure]:
    """Return requests as a list shows them, newest first."""
    return Disclosure.objects.select_related("calendar", "book")


def waiting() -> QuerySet[Disclosure]:
    """Return those that wait for the office, soonest due first."""
    mine = (DisclosureStage.SUBMITTED, DisclosureStage.RUNNING)
    return requests().filter(stage__in=mine).order_by("due_at", "pk")


def open_first() -> QuerySet[Disclosure]:
    """Return all requests, the open ones by their end and then the others."""
    ended = Case(When(stage__in=OPEN, then=0), default=1)
    return requests().order_by(ended, "due_at", "-sent_at", "-pk")


def papers_of(disclosure: Disclosure, *, of_applicant: bool) -> list[Paper]:
    """Return the papers of a request; the letters to others are not the applicant's, under whatever kind they went."""
    found = Paper.objects.filter(book_id=disclosure.book_id).order_by("pk")
    others = disclosure.inquiries.exclude(kind=InquiryKind.CORRECTION).exclude(paper=None)
    return list(found.exclude(pk__in=others.values("paper")) if of_applicant else found)


def receipt_place(disclosure: Disclosure) -> Place | None:
    """Return where the receipt stands in the ledger, and under which checkpoint."""
    paper = Paper.objects.filter(book_id=disclosure.book_id, kind="DOC81").first()
    if paper is None:
        return None
    return stands(disclosure.book_id, ("issue_paper",), paper.content_sha256)


def table_of(year: int, at: datetime) -> Annual:
    """Return the table of a year, of the present one up to an instant: one query."""
    begins, ends = local(_first(year)), min(local(_first(year + 1)), at)
    known = Disclosure.objects.filter(received_at__isnull=False, received_at__lt=ends)
    fields = ("applicant", "received_at", "closed_at", "result")
    rows = (Handled(*row) for row in known.values_list(*fields))
    return annual(rows, year, begins, max(begins, ends))


def _first(year: int) -> date:
    return date(year, 1, 1)


def years(at: datetime) -> list[int]:
    """Return the years that have a table, newest first."""
    first = Disclosure.objects.filter(received_at__isnull=False).order_by("received_at").first()
    last = timezone.localdate(at).year
    start = timezone.localdate(first.received_at).year if first else last  # type: ignore[arg-type]
    return list(range(last, start - 1, -1))


def sheet_of_table(table: Annual) -> Sheet:
    """Return the table of a year for a spreadsheet."""
    heads = (_("类别"), _("情形"), *(str(one.label) for one in Applicant), _("合计"))
    name = _("%(year)d年依申请公开情况") % {"year": table.year}
    return Sheet(name, heads, [_cells(line) for line in table.lines])


def _cells(line: Line) -> Sequence[Any]:
    return (line.group, line.label, *line.numbers)


def sheet_of_requests(rows: QuerySet[Disclosure]) -> Sheet:
    """Return requests as a table for the office: what and until when; who asks is in no file."""
    heads = (
        _("申请编号"), _("状态"), _("收到方式"), _("申请人类别"), _("所需信息"), _("提交时间"),
        _("收到时间"), _("到期"), _("办理结果"), _("办结时间"),
    )  # fmt: skip
    return Sheet(_("公开申请"), heads, _requests(rows), rows.order_by().count)


def _requests(rows: QuerySet[Disclosure]) -> Iterator[Sequence[Any]]:
    for one in rows.iterator(chunk_size=CHUNK):
        yield (
            one.number, one.get_stage_display(), one.get_channel_display(), one.get_applicant_display(),
            one.wanted, one.sent_at, one.received_at, one.due_at, one.get_result_display(), one.closed_at,
        )  # fmt: skip
