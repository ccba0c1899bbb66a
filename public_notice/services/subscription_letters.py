"""The mails of the subscriptions: one a day to each, of what is public when it leaves; sent at least once."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from approvals.stages import ENDS
from core.deadlines.queries import rulebook_at, start_of, value_of
from core.notify.services.refusals import Away, Refused
from core.notify.services.sending import MOST_TRIES, WAITS
from core.notify.services.ways import Mail
from public_notice import rules
from public_notice.models import Notice, Subscription, SubscriptionLetter
from public_notice.queries.corrected import corrected_in_words
from public_notice.queries.register import Asked, matching
from public_notice.services.subscriptions import forget_unconfirmed
from public_notice.stages import NoticeStage

log = logging.getLogger("chengnuo.subscriptions")
PORTION = 200
MOST_NAMED = 50  # notices in one mail; it says how many more there are


def tell_subscribers(now: datetime) -> int:
    """Forget who has not said yes, write the mails of the day, send what is due; return how many left.

    Three questions where nothing waits. No transaction is open while the server of the mail is spoken to.
    """
    forget_unconfirmed(now)
    write_digests(now)
    return _send(now)


@transaction.atomic
def write_digests(now: datetime) -> int:
    """Write the mails of the days that are over; missed days are told in one. Return how many subscriptions were seen.

    A subscription is held while its mail is written and marked with it: twice or at once, it is one mail.
    """
    today = start_of(timezone.localdate(now))
    due = Subscription.objects.filter(told_until__lt=today).order_by("pk")
    if not due.exists():
        return 0
    free = due.select_for_update(no_key=True, skip_locked=True)
    held = list(free[:PORTION])
    known: dict[tuple[Any, ...], bool] = {}
    leaves = today + timedelta(hours=value_of(rulebook_at(now), rules.SUBSCRIPTION_HOUR).number)
    for one in held:
        span = (one.town, one.industry, one.department, one.enterprise, one.told_until)
        if span not in known:
            known[span] = news_of(one, one.told_until, today, now).exists()
        if known[span]:
            SubscriptionLetter.objects.create(
                subscription=one,
                since=one.told_until,
                until=today,
                created_at=now,
                next_at=max(now, leaves),
            )
    Subscription.objects.filter(pk__in=[one.pk for one in held]).update(told_until=today)
    return len(held)


def _new(since: datetime | None, until: datetime | None) -> Q:
    return Q(published_at__gte=since, published_at__lt=until)


def news_of(
    one: Subscription, since: datetime | None, until: datetime | None, at: datetime
) -> QuerySet[Notice]:
    """Return the notices of a span, and those corrected in it, that a subscription wants; none stopped since."""
    asked = Asked(town=one.town, industry=one.industry, department=one.department)
    mended = Q(
        paper__corrects__isnull=False, paper__issued_at__gte=since, paper__issued_at__lt=until
    )
    found = matching(asked, at).filter(_new(since, until) | mended).select_related("paper")
    if one.enterprise:
        found = found.filter(filing__enterprise__uscc=one.enterprise)
    stopped = (NoticeStage.UPHELD, NoticeStage.WITHDRAWN)
    return found.exclude(stage__in=stopped).exclude(filing__stage__in=ENDS).order_by("pk")


def _send(now: datetime) -> int:
    due = SubscriptionLetter.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    waiting = list(due.values_list("pk", "next_at", "tries")[:PORTION])
    if not waiting or not Mail.on():
        return 0
    try:
        with Mail() as mail:
            return sum(_one(mail, *letter, now) for letter in waiting)
    except Away as away:
        log.warning("mail: nobody answers: %s", away)
        due.filter(tries=0).update(next_at=now + WAITS[0])
        return 0


def _one(mail: Mail, pk: int, seen: datetime, tries: int, now: datetime) -> int:
    """Claim one letter, send it and take it away. What dies in between is sent again, under the same Message-ID."""
    again = now + WAITS[min(tries, len(WAITS) - 1)]
    mine = SubscriptionLetter.objects.filter(pk=pk, next_at=seen)
    if not mine.update(next_at=again, tries=F("tries") + 1):
        return 0  # another worker has it, or its subscription was left
    letter = SubscriptionLetter.objects.select_related("subscription").filter(pk=pk).first()
    if letter is None:
        return 0
    written = None
    try:
        if (written := _written(letter, now)) is not None:
            _post(mail, letter, *written)
    except Refused:
        log.warning("letter %s of a subscription was refused", pk)  # the answer names the address
        written = None
    except Away:
        _give_up_late(letter)
        raise
    except Exception as error:  # noqa: BLE001 - one letter must not stop the others; the trace names the address
        log.warning("letter %s of a subscription: %s", pk, type(error).__name__)
        _give_up_late(letter)
        return 0
    letter.delete()
    return int(written is not None)


def _give_up_late(letter: SubscriptionLetter) -> None:
    if letter.tries >= MOST_TRIES:
        letter.delete()


def _post(mail: Mail, letter: SubscriptionLetter, subject: str, text: str) -> None:
    """Send it with what a mail program needs for a button to leave by one press (RFC 2369, RFC 8058)."""
    leave = address_of("leave_subscription", letter.subscription.leave)
    head = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail.post(
        mail.letter(
            subject, text, letter.subscription.address,
            token=letter.token, at=letter.created_at, head=head,
        )
    )  # fmt: skip


def address_of(name: str, word: str) -> str:
    """Return the whole address of a page that a mail leads to."""
    return settings.SITE_URL + reverse(f"public_notice:{name}", args=[word])


def _written(letter: SubscriptionLetter, now: datetime) -> tuple[str, str] | None:
    """Return subject and text, made of what is public now; None where nothing is left to say."""
    with translation.override(letter.subscription.language):
        return _question(letter) if letter.word else _news(letter, now)


def _question(letter: SubscriptionLetter) -> tuple[str, str] | None:
    one = letter.subscription
    if one.confirmed_at or one.expires_at is None:
        return None
    parts = (
        _("有人用这个邮箱订阅本县的承诺公示。是您本人的，请打开下面的链接确认："),
        address_of("confirm_subscription", letter.word),
        _("%(until)s前有效，只能用一次。不是您本人的，不必理会：到期后这个邮箱会被删除，不会再收到邮件。")
        % {"until": f"{timezone.localtime(one.expires_at):%Y-%m-%d %H:%M}"},
    )  # fmt: skip
    return _("请确认订阅承诺公示"), "\n\n".join(parts)


def _news(letter: SubscriptionLetter, now: datetime) -> tuple[str, str] | None:
    found = news_of(letter.subscription, letter.since, letter.until, now)
    count = found.count()
    if not count:
        return None
    rows = [
        f"{notice.title}\n{notice.content['enterprise']['name']} · {notice.starts_on} — {notice.ends_on or ''}\n"
        f"{settings.SITE_URL}/notices/{notice.public_id}/\n{corrected_in_words(notice.paper)}".rstrip()
        for notice in found[:MOST_NAMED]
    ]
    if count > MOST_NAMED:
        rows.append(
            _("还有%(count)s份：%(link)s")
            % {"count": count - MOST_NAMED, "link": f"{settings.SITE_URL}/notices/"}
        )
    leave = address_of("leave_subscription", letter.subscription.leave)
    rows.append(_("不想再收到的，打开这个链接退订：%(link)s") % {"link": leave})
    return _subject(found.filter(_new(letter.since, letter.until)).count(), count), "\n\n".join(
        rows
    )


def _subject(new: int, count: int) -> str:
    """Say how many are new and how many are older ones with a correction."""
    if new == count:
        return _("新的承诺公示：%(count)s份") % {"count": count}
    return _("承诺公示：新的%(new)s份，更正的%(mended)s份") % {"new": new, "mended": count - new}
