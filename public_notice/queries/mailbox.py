"""What is asked of the mailbox: which letters wait, what of them is public, and the years in numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation
from accounts.stages import Kind
from core.deadlines.queries import rulebook_at, unit_said, value_of
from core.deadlines.services import local
from core.documents.sheets import CHUNK, Sheet
from core.ledger.rules import canonical, salted
from core.ledger.witness import Place, stands
from core.steps.templatetags.look import span
from public_notice import rules
from public_notice.models import BoxLetter, MailboxKind, MailboxReply
from public_notice.queries.figures import fewest_at
from public_notice.rules import mailbox as may
from public_notice.rules.gate import name_in_public, personal_left, words_in_public
from public_notice.rules.mailbox import Counted, Figures, figures, kept_apart
from public_notice.rules.quoted import without_pieces
from public_notice.rules.withheld import without
from public_notice.stages import LetterStage

OPEN = (LetterStage.RECEIVED, LetterStage.ASSIGNED)
WITHHELD = "***"
TICK = timedelta(microseconds=1)


def letters() -> QuerySet[BoxLetter]:
    """Return letters as a list shows them, newest first."""
    return BoxLetter.objects.select_related("kind", "about", "department", "calendar", "book")


def letters_of(by: Membership | None) -> QuerySet[BoxLetter]:
    """Return the letters a person works on: all for who supervises, else those of their department, now or once."""
    if not may.works_on_letters(None, by):
        return letters().none()
    assert by is not None
    if by.role in may.SEES_ALL:
        return letters()
    mine = Q(department=by.organisation_id) | Q(registered_by=by.pk)
    replied = MailboxReply.objects.filter(department=by.organisation_id).values("letter")
    return letters().filter(mine | Q(pk__in=replied))


def open_first(found: QuerySet[BoxLetter]) -> QuerySet[BoxLetter]:
    """Return letters, those that wait for a reply by their end and then the others."""
    ended = Case(When(stage__in=OPEN, then=0), default=1)
    return found.order_by(ended, "due_at", "-received_at", "-pk")


def departments() -> QuerySet[Organisation]:
    """Return whom a letter may be about and to whom it may be assigned."""
    return Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("code")


def lengths(at: datetime) -> dict[str, str]:
    """Return the limits of a letter in words, by the rulebook in force."""
    edition, said = rulebook_at(at), {}
    for name, rule in (("reply", rules.LETTER), ("again", rules.LETTER_AGAIN), ("judge", rules.JUDGE)):  # fmt: skip
        value = value_of(edition, rule.code)
        said[name] = span(value.number, unit_said(value.unit))
    return said


def place_of_letter(letter: BoxLetter) -> Place | None:
    """Return where the receipt of a letter stands in the ledger, and under which checkpoint."""
    digest = salted(letter.code, canonical([letter.name, letter.contact, letter.text]))
    return stands(letter.book_id, ("write_letter",), digest)


# — what is public ————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class ShownReply:
    """A reply as everybody reads it."""

    department: str
    at: datetime
    text: str
    satisfied: bool | None


@dataclass(frozen=True)
class ShownLetter:
    """A letter as everybody reads it: through the gate, and only where its writer allowed it."""

    number: str
    kind: str
    about: str
    name: str
    received_at: datetime | None
    text: str
    hidden_reason: str
    replies: tuple[ShownReply, ...]


def _through(text: str, letter: BoxLetter) -> str:
    """Return words as they may be public: masked, and read again; what still looks personal is left out whole."""
    told = without(text, letter.withheld)
    shown = words_in_public(told, name=letter.name, contact=letter.contact)
    return WITHHELD if personal_left(shown) else shown


def in_public(letter: BoxLetter, replies: Sequence[MailboxReply] = ()) -> ShownLetter:
    """Return what of a letter is public; hidden words leave their reason."""
    hidden = letter.hidden_at is not None
    return ShownLetter(
        number=letter.number,
        kind=str(letter.kind),
        about=str(letter.about or ""),
        name=name_in_public(letter.name) or _("匿名"),
        received_at=letter.received_at,
        text="" if hidden else _through(letter.text, letter),
        hidden_reason=_through(letter.hiding_reason, letter) if hidden else "",
        replies=tuple(
            ShownReply(
                str(one.department), one.at, _through(one.text, letter), one.satisfied
            )
            for one in replies
        ),
    )  # fmt: skip


def for_handling(letter: BoxLetter) -> str:
    """Return a letter's words for the department that answers: without the writer's own name and contact."""
    return without_writer(letter.text, letter)


def without_writer(text: str, letter: BoxLetter) -> str:
    """Return what the writer wrote, in the letter or of its reply, without their own name and contact."""
    told = words_in_public(text, name=letter.name, contact=letter.contact)
    return without_pieces(told, name=letter.name, contact=letter.contact)


REASONS = ("assigned_reason", "longer_reason", "hiding_reason")


def reasons_for(letter: BoxLetter, by: Membership | None) -> dict[str, str]:
    """Return what the supervisor gave as reasons, as a person may read it: it may name who has written."""
    told = {name: getattr(letter, name) for name in REASONS}
    if may.knows_the_writer(letter, by):
        return told
    return {name: without_writer(text, letter) for name, text in told.items()}


def replies_for(letter: BoxLetter, by: Membership | None) -> list[MailboxReply]:
    """Return the replies as a desk reads them; what the writer said of them is kept as the letter's words are."""
    found = list(letter.replies.select_related("department", "by__user"))
    if not may.knows_the_writer(letter, by):
        for reply in found:
            reply.said = without_writer(reply.said, letter)
    return found


def public_letters() -> QuerySet[BoxLetter]:
    """Return the answered letters that their writers allow to be read, newest first."""
    replies = Prefetch("replies", MailboxReply.objects.select_related("department"))
    answered = Exists(MailboxReply.objects.filter(letter=OuterRef("pk")))
    found = letters().filter(answered, publish=True, held=False)
    return found.prefetch_related(replies).order_by("-received_at", "-pk")


# — the years in numbers ——————————————————————————————————————————————————————


def years(at: datetime) -> list[int]:
    """Return the years that have figures, newest first."""
    first = BoxLetter.objects.order_by("received_at").values_list("received_at", flat=True).first()
    last = timezone.localtime(at).year
    begin = timezone.localtime(first).year if first else last
    return list(range(last, min(begin, last) - 1, -1))


def figures_of(year: int, at: datetime) -> list[Figures]:
    """Return the figures of a year, one line per kind and all of them last: three statements."""
    begins, ends = local(_first(year)), min(local(_first(year + 1)), at + TICK)
    replies: dict[int, list[MailboxReply]] = {}
    within = {"letter__received_at__gte": begins, "letter__received_at__lt": ends}
    for reply in MailboxReply.objects.filter(**within).defer("text", "said").order_by("round"):
        replies.setdefault(reply.letter_id, []).append(reply)
    found = BoxLetter.objects.filter(received_at__gte=begins, received_at__lt=ends).defer("text")
    rows = [_counted(one, replies.get(one.pk, []), at) for one in found]
    fewest = fewest_at(at)
    lines = [
        figures([row for row in rows if row.kind == kind.code], str(kind), fewest)
        for kind in MailboxKind.objects.all()
    ]
    return kept_apart([*lines, figures(rows, _("合计"), fewest)])


def _first(year: int) -> date:
    return date(year, 1, 1)


def _counted(letter: BoxLetter, replies: list[MailboxReply], at: datetime) -> Counted:
    said = [one.satisfied for one in replies if one.satisfied is not None]
    return Counted(
        kind=letter.kind_id,
        received_at=letter.received_at,
        due_late=not replies and letter.late(at),
        in_time=replies[0].in_time if replies else None,
        again=letter.round > 1,
        satisfied=said[-1] if said else None,
    )


def share_said(share: int | None) -> str:
    """Return a share in words; of few none is told."""
    return _("样本不足") if share is None else f"{share}%"


def told(count: int | None) -> int | str:
    """Return a count for a table; of few none is told."""
    return _("样本不足") if count is None else count


def sheet_of_figures(year: int, lines: Sequence[Figures]) -> Sheet:
    """Return the figures of a year for a spreadsheet."""
    heads = (
        _("来信类别"), _("收到"), _("已答复"), _("按期答复"), _("期内办理中"), _("逾期未答复"), _("复核"),
        _("来信人评价"), _("满意"), _("按期答复率"), _("满意率"),
    )  # fmt: skip
    rows = [
        (
            one.kind, one.received, one.answered, told(one.on_time_told), one.running, one.overdue, one.again,
            one.judged, told(one.satisfied_told), share_said(one.on_time_share), share_said(one.satisfied_share),
        )
        for one in lines
    ]  # fmt: skip
    return Sheet(_("%(year)d年意见箱办理情况") % {"year": year}, heads, rows)


def sheet_of_letters(rows: QuerySet[BoxLetter]) -> Sheet:
    """Return letters as a table for the desk: kind, way, department and dates; no words and no writer."""
    heads = (
        _("来信编号"), _("来信类别"), _("来信渠道"), _("12345工单号"), _("被反映单位"), _("承办单位"), _("状态"),
        _("收到时间"), _("到期"), _("办结时间"),
    )  # fmt: skip
    return Sheet(_("意见箱来信"), heads, _letters(rows), rows.order_by().count)


def _letters(rows: QuerySet[BoxLetter]) -> Iterator[Sequence[Any]]:
    for one in rows.iterator(chunk_size=CHUNK):
        yield (
            one.number, str(one.kind), one.get_channel_display(), one.work_order, str(one.about or ""),
            str(one.department or ""), one.get_stage_display(), one.received_at, one.due_at, one.closed_at,
        )  # fmt: skip
