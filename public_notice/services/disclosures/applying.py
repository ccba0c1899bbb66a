"""申请公开: anybody, without an account; number and code are the receipt, and with them one corrects or withdraws."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.services import public_actor
from accounts.stages import Role
from core.deadlines.queries import NoEdition
from core.deadlines.services import end, feed, local, start
from core.documents.services import draw_number
from core.ledger.rules import canonical, salted
from core.ledger.services import open_book, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import locked, move, permit
from core.steps.reasons import need_words
from core.steps.tries import Tries
from public_notice import policies, rules
from public_notice.models import Disclosure
from public_notice.models.objections import new_code
from public_notice.rules.disclosure import TO_BE_CONFIRMED
from public_notice.rules.personal import normalise
from public_notice.services.disclosures import papers
from public_notice.stages import DisclosureChannel, DisclosureStage, InquiryKind, InquiryResult

MARK = "左公开申"
GUESSING = Tries("disclosure", from_one=10, at_one=20, wait=timedelta(minutes=15))
# A law counts nobody's requests; this slows a machine that would fill the desk in an hour, not a person.
FLOOD = Tries("disclosures-sent", from_one=10, at_one=100000, wait=timedelta(hours=1))
WORDS = ("name", "identity", "contact", "wanted")


def desk_url(disclosure: Disclosure) -> str:
    """Return where the office works on a request."""
    return f"/disclosure-desk/{disclosure.pk}/"


def tell_office(disclosure: Disclosure, sentence: Any, occasion: str, at: datetime) -> None:
    """Tell the window what has happened to a request; the number alone names it."""
    tell(
        holders(Role.WINDOW, timezone.localdate(at)),
        sentence % {"number": disclosure.number},
        about=f"disclosure:{disclosure.pk}:{occasion}",
        at=at,
        link=desk_url(disclosure),
    )


@transaction.atomic
def request_disclosure(
    *, name: str, identity: str, contact: str, wanted: str, applicant: str, form: str, at: datetime,
    origin: str = "",
) -> Disclosure:  # fmt: skip
    """申请公开 on the internet: it counts as received on the day the office confirms it with the applicant (art. 31).

    Sent twice in the same words it stands once. Raises TooManyTries where one address sends too many.
    """
    facts = _facts(name, identity, contact, wanted)
    same = Disclosure.objects.filter(
        stage=DisclosureStage.SUBMITTED, channel=DisclosureChannel.WEB, **facts
    )
    if found := same.first():
        return found
    if origin:
        FLOOD.admit(origin, "all", at=at)
        FLOOD.failed(origin, "all", at=at)
    new = Disclosure(
        **facts, applicant=applicant, form=form, channel=DisclosureChannel.WEB, sent_at=at
    )
    return _take_in(new, by=public_actor(), at=at)


@transaction.atomic
def register_disclosure(
    *, name: str, identity: str, contact: str, wanted: str, applicant: str, form: str, channel: str,
    by: Membership, at: datetime, signed_on: date | None = None,
) -> Disclosure:  # fmt: skip
    """登记公开申请: what came at the counter or by post.

    In person it is received at once; signed for, on the day of signing, whenever it is entered (art. 31).
    """
    permit(None, policies.window, by=by, at=at)
    if channel not in set(DisclosureChannel.values) - {DisclosureChannel.WEB}:
        raise ValidationError({"channel": _("请选择收到方式。")})
    came = _signed(channel, signed_on, at)
    new = Disclosure(
        **_facts(name, identity, contact, wanted), applicant=applicant, form=form, channel=channel, sent_at=came,
        registered_by=by,
    )  # fmt: skip
    try:
        return _take_in(new, by=by, at=at)
    except NoEdition:
        raise ValidationError({"signed_on": _("签收日还没有日历或者期限规则。")}) from None


def _signed(channel: str, signed_on: date | None, at: datetime) -> datetime:
    """Return when it came: an instant of the day of signing, which is not counted itself."""
    if channel != DisclosureChannel.SIGNED_MAIL:
        if signed_on is not None:
            raise ValidationError({"signed_on": _("只有需签收的邮寄填写签收日。")})
        return at
    today = timezone.localdate(at)
    if signed_on is None or signed_on > today:
        raise ValidationError(
            {
                "signed_on": _(
                    "请写明签收日，不能在今天以后：签收之日为收到之日（《中华人民共和国政府信息公开条例》第三十一条）。"
                )
            }
        )
    # 00:00 would be the last instant of the day before.
    return at if signed_on == today else local(signed_on, 0, 1)


def _facts(*words: str) -> dict[str, str]:
    facts = {field: said.strip() for field, said in zip(WORDS, words, strict=True)}
    if empty := [field for field in WORDS if not facts[field]]:
        raise ValidationError(
            {
                empty[0]: _(
                    "请写明姓名或名称、身份证明、联系方式和所需信息（《中华人民共和国政府信息公开条例》第二十九条）。"
                )
            }
        )
    return facts


def _take_in(new: Disclosure, *, by: Membership, at: datetime) -> Disclosure:
    """Number it, start its first clock and give the receipt; name, identity and wish stay outside the ledger."""
    new.code = new_code()
    new.number = draw_number(MARK, timezone.localtime(at).year)
    new.book = open_book(f"disclosure:{new.number}")
    waits = new.channel in TO_BE_CONFIRMED
    start(new, rules.CONFIRM, at=new.sent_at, save=False)
    new.save()
    feed(new)
    record(
        new.book, "request_disclosure", by=by, at=new.sent_at, request=new.number, channel=new.channel,
        applicant=new.applicant,
        digest=salted(new.code, canonical([new.name, new.identity, new.contact, new.wanted])),
    )  # fmt: skip
    if not waits:
        new = _receive(new, by=by, at=new.sent_at, entered_at=at)
    papers.receipt(new, by, at)
    tell_office(new, _("收到公开申请%(number)s"), "came", at)
    return new


def _receive(
    disclosure: Disclosure, *, by: Membership, at: datetime, entered_at: datetime | None = None
) -> Disclosure:
    disclosure = move(disclosure.confirm_request, by=by, at=at, entered_at=entered_at)  # type: ignore[assignment]
    disclosure.received_at, disclosure.escalated_at, disclosure.leaders_at = at, None, None
    disclosure.save()
    start(disclosure, rules.ANSWER, at=at)
    return disclosure


@transaction.atomic
def confirm_disclosure(disclosure: Disclosure, *, by: Membership, at: datetime) -> Disclosure:
    """确认收到: the office has reached the applicant; from this day the answer's limit runs (art. 31)."""
    return _receive(locked(disclosure), by=by, at=at)


@transaction.atomic
def supplement_disclosure(disclosure: Disclosure, *, text: str, at: datetime) -> Disclosure:
    """补正: by number and code, in time; the answer's limit starts anew (art. 30). NotNow after the end."""
    need_words(text)
    disclosure = move(locked(disclosure).supplement_request, by=public_actor(), at=at)  # type: ignore[assignment]
    asked = disclosure.inquiries.get(kind=InquiryKind.CORRECTION)
    asked.said, asked.result, asked.settled_at = text.strip(), InquiryResult.SUPPLIED, at
    end(asked, at=at)
    start(disclosure, rules.ANSWER, at=at)
    tell_office(disclosure, _("公开申请%(number)s已补正，答复期限重新起算"), "supplied", at)
    return disclosure


@transaction.atomic
def withdraw_disclosure(disclosure: Disclosure, *, at: datetime) -> Disclosure:
    """撤回申请: by number and code, while it is not answered."""
    disclosure = move(locked(disclosure).withdraw_request, by=public_actor(), at=at)  # type: ignore[assignment]
    for asked in disclosure.inquiries.filter(result=InquiryResult.OPEN):
        asked.result, asked.settled_at = InquiryResult.ENDED, at
        end(asked, at=at)
    end(disclosure, at=at)
    tell_office(disclosure, _("公开申请%(number)s由申请人撤回"), "withdrawn", at)
    return disclosure


def look_up_disclosure(*, number: str, code: str, origin: str, at: datetime) -> Disclosure | None:
    """Return the request of a receipt, None where number and code are of none; TooManyTries where one guesses."""
    wanted = _plain(number)
    GUESSING.admit(origin, wanted, at=at)
    found = Disclosure.objects.filter(code=code).first()
    if found is not None and _plain(found.number) == wanted:
        return found
    GUESSING.failed(origin, wanted, at=at)
    return None


def _plain(number: str) -> str:
    return "".join(char for char in normalise(number) if char.isalnum())
