"""公示自检: the page is asked for like a stranger would; a day on which it could not be read does not count.

What a day comes to follows from the checks that were written and the rulebook, never from when somebody looked: a
notice is judged when its end is asked for, by the sweep, by an objection, or by the next check (0053).
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone
from django.utils.functional import lazy

from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from approvals.services import tell_enterprise, words
from core.deadlines.counting import last_day_of
from core.deadlines.models import Unit
from core.deadlines.queries import NoEdition, Value, calendar_of, end_of, rulebook_at, value_of
from core.deadlines.services import lengthen
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.templatetags.look import date_long
from public_notice import rules
from public_notice.models import Hit, LostDay, Notice
from public_notice.queries import running
from public_notice.services.fetching import Answer, fetch
from public_notice.stages import NoticeStage, Shown

Fetch = Callable[[str], Answer]
MOST_PATIENCE = 30.0  # seconds of one round
log = logging.getLogger("chengnuo.watch")


@dataclass(frozen=True)
class Day:
    """What the checks of one day found."""

    day: date
    checks: int
    good: int


def asked_of(notice: Notice, code: str, at: datetime) -> Value | None:
    """Return a row of the notice's own rulebook; one that an older edition did not know is taken from today's.

    None where neither knows it: an edition from before the rule decided nothing.
    """
    try:
        return value_of(notice.filing.pinned_rulebook, code)
    except KeyError:
        return known_at(code, at)


def known_at(code: str, at: datetime) -> Value | None:
    """Return a row of the rulebook in force; None where there is none, or it is from before the rule."""
    try:
        return value_of(rulebook_at(at), code)
    except (NoEdition, KeyError):
        return None


def may_be_anonymous(notice: Notice, at: datetime) -> bool:
    """Whether the county takes objections without a name; where it has not said so, it does not."""
    said = asked_of(notice, rules.ANONYMOUS, at)
    return said is not None and said.value == "yes"


def watch_notices(at: datetime, *, ask: Fetch = fetch) -> int:
    """自检: ask for every running notice whose turn it is, write down what came, judge the days that are over.

    Returns how many were asked for. Nothing is asked for while a transaction is open. Dark pages take time: after
    MOST_PATIENCE the others wait for the next round, for the same thread sweeps the limits. A round that brought
    nothing at all is told of apart: the site may be dark, or the check itself.
    """
    every = known_at(rules.CHECK_EVERY, at)
    if not settings.NOTICE_WATCH or every is None:
        return 0
    asked, answered, until = 0, 0, time.monotonic() + MOST_PATIENCE
    for notice in _waiting(at, timedelta(minutes=every.number)):
        if time.monotonic() > until:
            break
        answer = _asked(ask, f"{settings.SITE_URL}/notices/{notice.public_id}/")
        answered += answer.status is not None
        asked += _write(notice, answer, at)
    if asked and not answered:
        _tell_blind(at)
    return asked


def _asked(ask: Fetch, address: str) -> Answer:
    """Return what an address answers; one that cannot even be asked is nobody's answer, and is told of as such."""
    try:
        return ask(address)
    except Exception:
        log.exception("%s cannot be asked for", address)
        return Answer(None)


def _waiting(at: datetime, every: timedelta) -> list[Notice]:
    """Return the running notices that were last asked for longer ago than `every`, longest ago first: one query."""
    found = Notice.objects.filter(running(at)).select_related("paper")
    last = found.annotate(last=Max("hits__at")).filter(Q(last=None) | Q(last__lte=at - every))
    return list(last.order_by(F("last").asc(nulls_first=True), "pk"))


def _write(notice: Notice, answer: Answer, at: datetime) -> int:
    """Keep what one request found; two watches at once write one. A page that went dark, or came back, is told of."""
    with transaction.atomic():
        lock(notice.book_id)
        before = notice.hits.order_by("-at", "-pk").first()
        if before is not None and before.at >= at:
            return 0
        shown = _judged(notice, answer)
        digest = sha256(answer.body).hexdigest() if answer.body else ""
        Hit.objects.create(
            notice=notice, day=timezone.localdate(at), at=at, shown=shown, status=answer.status,
            digest=digest,
        )  # fmt: skip
        settle_days(Notice.objects.select_related("filing", "calendar").get(pk=notice.pk), at)
        if shown != (before.shown if before else Shown.WHOLE):
            _alarm(notice, shown, at)
    return 1


def _judged(notice: Notice, answer: Answer) -> Shown:
    """A page is whole where it carries the number and the digest of the paper that was published."""
    if answer.status != 200:  # noqa: PLR2004 - the one success there is
        return Shown.NO_ANSWER
    marks = (notice.paper.number, notice.paper.content_sha256)
    return Shown.WHOLE if all(m.encode() in answer.body for m in marks) else Shown.CHANGED


def _alarm(notice: Notice, shown: Shown, at: datetime) -> None:
    """Tell window and supervisors at once, of all pages that a round found alike in one message; each has its entry."""
    record(
        notice.book,
        "notice_watched",
        by=system_actor(),
        at=at,
        notice=notice.public_id,
        shown=shown,
    )
    subject = _("公示页自检：%(what)s（%(title)s；同一次自检还有其他页的，见公示清单）")
    said = {"what": lazy(lambda: str(shown.label), str)(), "title": notice.title}
    _tell_both(
        subject % said, f"watch:{shown}:{at.isoformat()}", at, f"/notices/{notice.public_id}/"
    )


def _tell_blind(at: datetime) -> None:
    """Say once a day that a whole round brought nothing; people find out which of the two it is."""
    subject = _("公示页自检一页也没有打开：网站打不开，或者自检到不了%(address)s，请当天核实")
    _tell_both(
        subject % {"address": settings.SITE_URL}, f"blind:{timezone.localdate(at)}", at, "/notices/"
    )


def tell_unwatched(notice: Notice, at: datetime) -> None:
    """Say of a notice that ends without one check, where notices are watched: the watch itself does not run."""
    if settings.NOTICE_WATCH and not notice.hits.exists():
        subject = _("公示期满而没有一次自检记录：自检没有运行，请核实（%(title)s）")
        _tell_both(
            subject % {"title": notice.title}, f"unwatched:{notice.pk}", at, _kept_at(notice)
        )


def _tell_both(subject: str, about: str, at: datetime, link: str) -> None:
    day = timezone.localdate(at)
    people = [*holders(Role.WINDOW, day), *holders(Role.SUPERVISOR, day)]
    tell(people, subject, about=about, at=at, link=link)


def _kept_at(notice: Notice) -> str:
    return f"/cases/{notice.filing.public_id}/notice/"


def settle_days(notice: Notice, at: datetime) -> list[LostDay]:
    """Judge every day that is over; each that does not count moves the end by one. The caller holds the book's lock.

    Judging twice, late or in pieces comes to the same: a day is judged by its own checks and stands once. By itself the
    period at most doubles: a watch that is broken for good moves no end for ever, people are told instead.
    """
    lost: list[LostDay] = []
    if notice.stage != NoticeStage.RUNNING or notice.due_at is None:
        return lost
    known = dict(notice.lost_days.values_list("day", "overruled_at"))
    left = (notice.length or 0) - sum(overruled is None for overruled in known.values())
    for found in _over(notice, at):  # one by one: each lost day lets the next be looked at
        if found.day in known or _counts(notice, found, at):
            continue
        if len(lost) >= left:
            _tell_bound(notice, found)
            break
        lost.append(_lose(notice, found))
    return lost


def _tell_bound(notice: Notice, found: Day) -> None:
    subject = _(
        "公示期已因自检顺延%(count)d日，不再自动顺延：请核实自检；公示页确实打不开的，撤下后重新公示"
    )
    over = end_of(found.day)
    _tell_both(
        subject % {"count": notice.length or 0}, f"bound:{notice.pk}", over, _kept_at(notice)
    )


def _began(notice: Notice) -> date | None:
    """Return the first day that is judged: watched, and not before the watch brought any page: it is known to see."""
    first = notice.hits.aggregate(day=Min("day"))["day"]
    if first is None:
        return None
    seen = (
        Hit.objects.filter(shown=Shown.WHOLE).order_by("pk").values_list("day", flat=True).first()
    )
    return None if seen is None else max(first, seen, notice.starts_on)


def _over(notice: Notice, at: datetime) -> Iterator[Day]:
    """Yield the counted days that are over, from the first that is judged; the end may move meanwhile."""
    first = _began(notice)
    if first is None or notice.calendar is None:
        return
    rows = notice.hits.order_by().values("day")
    made = rows.annotate(checks=Count("pk"), good=Count("pk", filter=Q(shown=Shown.WHOLE)))
    checks = {row["day"]: (row["checks"], row["good"]) for row in made}
    calendar, day = calendar_of(notice.calendar), first
    while notice.due_at is not None and day <= last_day_of(notice.due_at) and end_of(day) <= at:
        if notice.unit != Unit.WORKING_DAY or calendar.is_working(day):
            yield Day(day, *checks.get(day, (0, 0)))
        day += timedelta(days=1)


def _counts(notice: Notice, found: Day, at: datetime) -> bool:
    """Whether enough checks succeeded; without any none did, unless the county does not watch or has no such rule."""
    share = asked_of(notice, rules.GOOD_SHARE, at)
    if share is None or not (found.checks or settings.NOTICE_WATCH):
        return True
    return found.checks > 0 and found.good * 100 >= found.checks * share.number


def _lose(notice: Notice, found: Day) -> LostDay:
    """The day does not count, from its own end on: the period is one day longer, and both sides are told."""
    over, by = end_of(found.day), system_actor()
    share = asked_of(notice, rules.GOOD_SHARE, over)
    assert share is not None  # without the rule no day is lost
    reason = f"{found.day.isoformat()}自检{found.checks}次，成功{found.good}次，当日不计入公示期。"
    basis = words.rule_basis(notice.filing.pinned_rulebook, share)
    longer = lengthen(
        notice, days=1, at=over, reason=reason, basis=basis, certainty=share.certainty, signed_by=by
    )
    notice.ends_on = last_day_of(notice.due_at) if notice.due_at else None
    notice.save(update_fields=["ends_on"])
    record(
        notice.book, "lose_notice_day", by=by, at=over, notice=notice.public_id, day=found.day,
        checks=found.checks, good=found.good, due_at=notice.due_at, basis=basis,
    )  # fmt: skip
    day = {"day": lazy(date_long, str)(found.day)}
    subject = _("%(day)s公示页打不开，当日不计，公示期顺延一日")
    if not found.checks:
        subject = _("%(day)s没有自检记录，不能证明公示页可以打开，当日不计，公示期顺延一日")
    subject %= day
    tell_enterprise(notice.filing, subject, f"lost:{notice.pk}:{found.day}", over)
    _tell_both(subject, f"lost:{notice.pk}:{found.day}", over, _kept_at(notice))
    return LostDay.objects.create(
        notice=notice, day=found.day, checks=found.checks, good=found.good, found_at=over,
        extension=longer,
    )  # fmt: skip
