"""补正和征询: a correction asked of the applicant once, a view of a third party or of the organ that made it, too."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Membership
from accounts.services import system_actor
from core.deadlines.counting import name_of
from core.deadlines.models import Suspension
from core.deadlines.queries import rulebook_at, value_of
from core.deadlines.rules import StopKind
from core.deadlines.services import end, go_on, stand_still, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice import policies, rules
from public_notice.models import Disclosure, Inquiry
from public_notice.queries.disclosures import lengths
from public_notice.services.disclosures import papers
from public_notice.stages import InquiryKind, InquiryResult

RULE_OF = {InquiryKind.THIRD_PARTY: rules.VIEW, InquiryKind.ORGAN: rules.ORGAN_VIEW}
STOPS_BY = "《中华人民共和国政府信息公开条例》第三十三条"
TOO_LATE = _(
    "补正须在收到申请之日起%(days)s内一次告知，现在已经过了（《中华人民共和国政府信息公开条例》第三十条）：请按申请的内容答复。"
)
APPLICANT = "申请人"  # who it is stands in the request alone: what was asked is read by whoever watches, too


def correction_until(disclosure: Disclosure, at: datetime) -> datetime | None:
    """Return until when a correction may be asked for (17b); None where no calendar reaches that far."""
    if disclosure.received_at is None:
        return None
    days = value_of(rulebook_at(at), rules.ASK_WITHIN).number
    asked = Inquiry(disclosure=disclosure, book=disclosure.book)
    start(asked, rules.SUPPLY, at=disclosure.received_at, length=days, save=False)
    return asked.due_at


@transaction.atomic
def ask_correction(
    disclosure: Disclosure, *, text: str, by: Membership, at: datetime
) -> Disclosure:
    """告知补正: once, within 17b of the receipt; the answer's clock ends and starts anew with what is supplied."""
    disclosure = locked(disclosure)
    permit(disclosure, policies.window, by=by, at=at)
    expire(disclosure, at)
    if reasons := disclosure.why_not("ask_supplement"):
        raise NotNow(reasons)
    until = correction_until(disclosure, at)
    if until is None or at > until:
        raise NotNow([TOO_LATE % {"days": lengths(at)["correct"]}])
    need_words(text)
    disclosure = move(disclosure.ask_supplement, by=by, at=at)  # type: ignore[assignment]
    end(disclosure, at=at)
    asked = Inquiry(
        disclosure=disclosure, book=disclosure.book, kind=InquiryKind.CORRECTION,
        whom=APPLICANT, text=text.strip(), asked_by=by, asked_at=at,
    )  # fmt: skip
    start(asked, rules.SUPPLY, at=at)
    asked.paper = papers.correction(asked, by, at)
    asked.save()
    return disclosure


@transaction.atomic
def ask_view(
    disclosure: Disclosure, *, kind: str, whom: str, text: str, by: Membership, at: datetime
) -> Inquiry:
    """征求意见: of a third party or of the organ that made it, too; the time it takes is not counted (art. 33)."""
    disclosure = locked(disclosure)
    permit(disclosure, policies.window, by=by, at=at)
    expire(disclosure, at)
    require(disclosure, policies.disclosure_is_running)
    if disclosure.late(at):
        raise NotNow([_("答复期限已过，不能再用征询停下来：请尽快答复。")])
    if kind not in RULE_OF:
        raise ValidationError({"kind": _("请选择征求第三方还是共同制作机关的意见。")})
    if not (whom.strip() and text.strip()):
        raise ValidationError({"text": _("请写明向谁征求和征求的内容。")})
    _once(disclosure, kind, whom.strip())
    asked = Inquiry(
        disclosure=disclosure, book=disclosure.book, kind=kind, whom=whom.strip(), text=text.strip(),
        asked_by=by, asked_at=at,
    )  # fmt: skip
    start(asked, RULE_OF[InquiryKind(kind)], at=at)
    asked.paper = papers.letter(asked, by, at)
    asked.save()
    act(
        disclosure, "ask_view", policy=policies.window, by=by, at=at, inquiry=asked.pk, kind=kind,
        paper=asked.paper.number,
    )  # fmt: skip
    if not _stops(disclosure).exists():
        stand_still(
            disclosure, since=at, kind=StopKind.THIRD_PARTY, clause=STOPS_BY, reason=asked.text[:400],
            expected_days=asked.length or 0, basis=STOPS_BY, certainty="A", by=by,
            paper_number=asked.paper.number, notice=asked.paper,
        )  # fmt: skip
    return asked


def _once(disclosure: Disclosure, kind: str, whom: str) -> None:
    """Refuse to ask a party again: each time would stop the limit anew, and silence has decided what it decides."""
    if disclosure.inquiries.filter(kind=kind, whom=whom).exists():
        said = _("已经向%(whom)s征求过意见：每一方只征求一次，逾期未回复的按规定处理，请尽快答复。")
        raise NotNow([said % {"whom": whom}])


def _stops(disclosure: Disclosure) -> QuerySet[Suspension]:
    table, row, run_from = name_of(disclosure)
    return Suspension.objects.filter(table=table, row=row, run_from=run_from, until=None)


@transaction.atomic
def record_view(
    inquiry: Inquiry, *, agrees: bool, said: str, by: Membership, at: datetime
) -> Inquiry:
    """记录征询回复: what was answered in time; a later answer is too late, silence has decided."""
    disclosure = locked(inquiry.disclosure)
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    inquiry.disclosure = disclosure
    permit(disclosure, policies.window, by=by, at=at)
    require(inquiry, policies.inquiry_is_open, policies.asked_of_others)
    if inquiry.late(at):
        raise NotNow([_("征询期限已过：按逾期未回复处理。")])
    expire(disclosure, at)
    if not said.strip():
        raise ValidationError({"said": _("请写明回复的内容。")})
    settle(inquiry, InquiryResult.AGREED if agrees else InquiryResult.OPPOSED, at, said.strip())
    act(
        disclosure, "record_view", policy=policies.window, by=by, at=at, inquiry=inquiry.pk,
        result=inquiry.result,
    )  # fmt: skip
    return inquiry


def settle(inquiry: Inquiry, result: InquiryResult, at: datetime, said: str = "") -> None:
    """End what was asked; with the last one the answer's clock goes on with exactly the rest."""
    inquiry.result, inquiry.said, inquiry.settled_at = result, said, at
    end(inquiry, at=at)
    disclosure = inquiry.disclosure
    if disclosure.inquiries.filter(result=InquiryResult.OPEN).exists():
        return
    for stop in _stops(disclosure):
        go_on(disclosure, stop, until=at, resumed_because=str(result.label), resumed_by=None)


def expire(disclosure: Disclosure, at: datetime) -> None:
    """Let what was asked and not answered in time have come to its end, whether or not any sweep has come."""
    over = disclosure.inquiries.filter(result=InquiryResult.OPEN, due_at__lt=at)
    for asked in over.order_by(
        "due_at", "pk"
    ):  # the last to end is the one with which the clock goes on
        if asked.kind != InquiryKind.CORRECTION:
            asked.disclosure = disclosure
            unanswered(asked)


def unanswered(inquiry: Inquiry) -> None:
    """逾期未回复: effective from the end of its limit; what it means says the rule (art. 32, 34)."""
    at = inquiry.expires_at
    settle(inquiry, InquiryResult.SILENT, at)
    record(
        inquiry.disclosure.book, "view_unanswered", by=system_actor(), at=at, inquiry=inquiry.pk,
        rule=inquiry.rule,
    )  # fmt: skip
