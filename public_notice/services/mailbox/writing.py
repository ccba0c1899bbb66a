"""写信: by anybody without an account, or a work order of the hotline by hand; followed by number and code."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import holders
from accounts.services import public_actor
from accounts.stages import Kind, Role
from core.deadlines.queries import NoEdition
from core.deadlines.services import end, feed, local, start
from core.documents.services import draw_number
from core.ledger.rules import canonical, salted
from core.ledger.services import county_book, lock, open_book, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import locked, move, permit
from core.steps.tries import Tries
from public_notice import rules
from public_notice.models import BoxLetter, MailboxKind
from public_notice.models.objections import new_code
from public_notice.rules import mailbox as may
from public_notice.rules.personal import normalise
from public_notice.services.flood import in_flood
from public_notice.services.objections import PRESSED_TWICE
from public_notice.stages import LetterChannel, LetterStage

MARK = "左意见"
LONGEST_ORDER = 40  # as its column
GUESSING = Tries("mailbox", from_one=10, at_one=20, wait=timedelta(minutes=15))


class Box(NamedTuple):
    """What a flood is counted against: the one mailbox of the county."""

    pk: str = "mailbox"
    public_id: str = "mailbox"


BOX = Box()


def desk_url(letter: BoxLetter) -> str:
    """Return where a letter is worked on."""
    return f"/mailbox-desk/{letter.pk}/"


def tell_supervisors(letter: BoxLetter, sentence: Any, occasion: str, at: datetime) -> None:
    """Tell the supervisors what has happened to a letter; the number alone names it."""
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(at)), sentence % {"number": letter.number},
        about=f"letter:{letter.pk}:{occasion}", at=at, link=desk_url(letter),
    )  # fmt: skip


@transaction.atomic
def write_letter(
    *, kind: MailboxKind, text: str, at: datetime, about: Organisation | None = None, case: str = "",
    name: str = "", contact: str = "", work_order: str = "", publish: bool = False,
    origin: str = "", worked: bool = False,
) -> BoxLetter:  # fmt: skip
    """写信: named or not; number and code are the receipt; pressed twice by a named writer, it stands once.

    `origin` and `worked` tell a flood from a person: what comes in one is received and answered all the same, and
    looked at before its words can be public. Whoever sends the same words later is given no code: they may be trying
    out names to learn who wrote (0067).
    """
    facts = _facts(kind, about, case, name, contact, text, work_order, publish)
    lock(county_book().pk)  # two that are sent at once are one after the other
    same = BoxLetter.objects.filter(
        stage=LetterStage.RECEIVED,
        round=1,
        channel=LetterChannel.WEB,
        received_at__gt=at - PRESSED_TWICE,
        **facts,
    )
    if facts["name"] and facts["contact"] and (found := same.first()):
        return found
    held = in_flood(BOX, origin=origin, worked=worked, at=at)
    new = BoxLetter(**facts, channel=LetterChannel.WEB, received_at=at, held=held)
    return _take_in(new, by=public_actor(), at=at)


@transaction.atomic
def register_letter(
    *, kind: MailboxKind, text: str, work_order: str, received_on: date, by: Membership, at: datetime,
    about: Organisation | None = None, case: str = "", name: str = "", contact: str = "",
    publish: bool = False,
) -> BoxLetter:  # fmt: skip
    """登记12345工单: with its number and the day the hotline handed it over, from which the limit runs; each once."""
    permit(None, may.registers, by=by, at=at)
    facts = _facts(kind, about, case, name, contact, text, work_order, publish)
    if not facts["work_order"]:
        raise ValidationError({"work_order": _("请填写12345工单号。")})
    if received_on > timezone.localdate(at):
        raise ValidationError({"received_on": _("收到日不能在今天以后。")})
    lock(county_book().pk)
    known = BoxLetter.objects.filter(
        channel=LetterChannel.HOTLINE, work_order=facts["work_order"]
    ).first()
    if known is not None:
        said = _("这张工单已经登记，来信编号%(number)s。") % {"number": known.number}
        raise ValidationError({"work_order": said})
    came = at if received_on == timezone.localdate(at) else local(received_on, 0, 1)
    new = BoxLetter(**facts, channel=LetterChannel.HOTLINE, received_at=came, registered_by=by)
    try:
        return _take_in(new, by=by, at=came, entered_at=at)
    except NoEdition:
        raise ValidationError({"received_on": _("这一天还没有日历或者期限规则。")}) from None


def _facts(
    kind: MailboxKind, about: Organisation | None, case: str, name: str, contact: str, text: str,
    work_order: str, publish: bool,
) -> dict[str, Any]:  # fmt: skip
    if not text.strip():
        raise ValidationError({"text": _("请写明来信内容。")})
    if about is not None and about.kind != Kind.DEPARTMENT:
        raise ValidationError({"about": _("被反映单位须是县的部门。")})
    order = "".join(char for char in normalise(work_order) if not char.isspace())
    if len(order) > LONGEST_ORDER:  # what is folded may become longer than what was typed
        raise ValidationError({"work_order": _("12345工单号太长，请核对。")})
    return {
        "kind": kind, "about": about, "case": case.strip(), "name": name.strip(),
        "contact": contact.strip(), "text": text.strip(), "work_order": order, "publish": publish,
    }  # fmt: skip


def _take_in(
    new: BoxLetter, *, by: Membership, at: datetime, entered_at: datetime | None = None
) -> BoxLetter:
    """Number it and start its clock; who wrote and what stay outside the ledger, which keeps a salted digest."""
    told = entered_at or at
    new.code = new_code()
    new.number = draw_number(MARK, timezone.localtime(told).year)
    new.book = open_book(f"mailbox:{new.number}")
    start(new, rules.LETTER, at=at, save=False)
    new.save()
    feed(new)
    record(
        new.book, "write_letter", by=by, at=at, letter=new.number, kind=new.kind_id, channel=new.channel,
        held=new.held or None, digest=digest_of(new),
    )  # fmt: skip
    tell_supervisors(new, _("收到意见箱来信%(number)s，请转办"), "came", told)
    return new


def digest_of(letter: BoxLetter) -> str:
    """Return what the ledger keeps of the words of a letter; only who has the letter can make it again."""
    return salted(letter.code, canonical([letter.name, letter.contact, letter.text]))


@transaction.atomic
def judge_letter(letter: BoxLetter, *, satisfied: bool, at: datetime, text: str = "") -> BoxLetter:
    """评价答复: by number and code; not satisfied, it is looked at once more; otherwise it is closed."""
    letter = locked(letter)
    again = not satisfied and letter.round == 1
    if again and not text.strip():
        raise ValidationError({"text": _("不满意的，请写明哪里没有答复清楚，供复核。")})
    by = public_actor()
    step = letter.dispute_letter if again else letter.close_letter
    letter = move(step, by=by, at=at)  # type: ignore[assignment]
    reply = letter.replies.get(round=letter.round)
    reply.satisfied, reply.said, reply.judged_at = satisfied, text.strip(), at
    reply.save(update_fields=["satisfied", "said", "judged_at"])
    end(letter, at=at)
    if again:
        letter.round, letter.escalated_at, letter.leaders_at = 2, None, None
        letter.save()
        start(letter, rules.LETTER_AGAIN, at=at)
        tell_supervisors(letter, _("来信%(number)s要求复核，请转办"), "again", at)
    return letter


def look_up_letter(*, number: str, code: str, origin: str, at: datetime) -> BoxLetter | None:
    """Return the letter of a receipt, None where number and code are of none; TooManyTries where one guesses."""
    wanted = _plain(number)
    GUESSING.admit(origin, wanted, at=at)
    found = BoxLetter.objects.filter(code="".join(code.split()).upper()).first()
    if found is not None and _plain(found.number) == wanted:
        return found
    GUESSING.failed(origin, wanted, at=at)
    return None


def _plain(number: str) -> str:
    return "".join(char for char in normalise(number) if char.isalnum())
