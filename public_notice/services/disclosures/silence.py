"""What silence comes to: nobody's request is answered by it; the supervisor hears of it, then the administrator."""

from datetime import datetime

from django.utils import timezone

from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from core.deadlines.counting import last_day_of
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import act_next, end, working_morning
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import move
from public_notice import rules
from public_notice.models import Disclosure, Inquiry
from public_notice.services.disclosures.applying import desk_url, tell_office
from public_notice.services.disclosures.asking import unanswered
from public_notice.stages import InquiryKind, InquiryResult


@on_silence(rules.CONFIRM, rules.ANSWER)
def disclosure_overdue(disclosure: Disclosure, now: datetime) -> None:
    """逾期: first the supervisor, some working days later the administrator; the request stays to be answered."""
    first = disclosure.escalated_at is None
    at = disclosure.expires_at
    if first:
        disclosure.escalated_at = at
        act_next(disclosure, _second_rung(at, now))
    else:
        at = disclosure.act_at or now
        disclosure.leaders_at = at
        act_next(disclosure, None)
    disclosure.save()
    record(
        disclosure.book, "escalate", by=system_actor(), at=at, rule=disclosure.rule,
        rung=1 if first else 2,
    )  # fmt: skip
    tell(
        holders(Role.SUPERVISOR if first else Role.ADMINISTRATOR, timezone.localdate(now)),
        _("公开申请%(number)s逾期未办理，转督办") % {"number": disclosure.number},
        about=f"disclosure:{disclosure.pk}:{disclosure.rule}:{1 if first else 2}",
        at=now,
        link=desk_url(disclosure),
    )


def _second_rung(at: datetime, now: datetime) -> datetime | None:
    """Return when the administrator hears of it, too; never where no calendar reaches that day."""
    days = value_of(rulebook_at(now), rules.LEADERS_AFTER).number
    return working_morning(calendar_at(at), last_day_of(at), days + 1)


@on_silence(rules.VIEW, rules.ORGAN_VIEW, rules.SUPPLY)
def inquiry_unanswered(inquiry: Inquiry, now: datetime) -> None:
    """逾期未回复: what each silence means says the rule; effective from the end of its limit."""
    at = inquiry.expires_at
    disclosure = Disclosure.objects.select_related("book").get(pk=inquiry.disclosure_id)
    inquiry.disclosure = disclosure
    if inquiry.kind == InquiryKind.CORRECTION:
        inquiry.result, inquiry.settled_at = InquiryResult.SILENT, at
        end(inquiry, at=at)
        move(disclosure.abandon_request, by=system_actor(), at=at)
        end(disclosure, at=at)
        return
    unanswered(inquiry)
    tell_office(disclosure, _("公开申请%(number)s的征询期满，答复期限继续计算"), "unanswered", now)
