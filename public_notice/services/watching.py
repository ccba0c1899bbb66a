"""公示自检: the page is asked for like a stranger would; a day on which it could not be read does not count.

What a day comes to follows from the checks that were written and the rulebook, never from when somebody looked: a
notice is judged when its end is asked for, by the sweep, by an objection, or by the next check (0053).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.functional import lazy

from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from approvals.services import tell_enterprise, words
from core.deadlines.counting import last_day_of
from core.deadlines.models import Unit
from core.deadlines.queries import Value, calendar_of, end_of, rulebook_at, value_of
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


@dataclass(frozen=True)
class Day:
    """What the checks of one day found."""

    day: date
    checks: int
    good: int


def asked_of(notice: Notice, code: str, at: datetime) -> Value:
    """Return a row of the notice's own rulebook; one that an older edition did not know is taken from today's."""
    try:
        return value_of(notice.filing.pinned_rulebook, code)
    except KeyError:
        return value_of(rulebook_at(at), code)


def watch_notices(at: datetime, *, ask: Fetch = fetch) -> int:
    """自检: ask for every running notice whose turn it is, write down what came, judge the days that are over.

    Returns how many were asked for. Nothing is asked for while a transaction is open.
    """
    if not settings.NOTICE_WATCH:
        return 0
    asked = 0
    for notice in _waiting(at):
        answer = ask(f"{settings.SITE_URL}/notices/{notice.public_id}/")
        asked += _write(notice, answer, at)
    return asked


def _waiting(at: datetime) -> list[Notice]:
    """Return the running notices that were last asked for longer ago than the rulebook allows: one query."""
    found = Notice.objects.filter(running(at)).select_related("paper").order_by("pk")
    every = timedelta(minutes=value_of(rulebook_at(at), rules.CHECK_EVERY).number)
    last = found.annotate(last=Max("hits__at"))
    return list(last.filter(Q(last=None) | Q(last__lte=at - every)))


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
    """Tell window and supervisors at once; the entry says which page, and what was seen."""
    record(
        notice.book,
        "notice_watched",
        by=system_actor(),
        at=at,
        notice=notice.public_id,
        shown=shown,
    )
    day = timezone.localdate(at)
    subject = _("公示页自检：%(what)s（%(title)s）")
    tell(
        [*holders(Role.WINDOW, day), *holders(Role.SUPERVISOR, day)],
        subject % {"what": lazy(lambda: str(shown.label), str)(), "title": notice.title},
        about=f"watch:{notice.pk}:{at.isoformat()}",
        at=at,
        link=f"/notices/{notice.public_id}/",
    )


def settle_days(notice: Notice, at: datetime) -> list[LostDay]:
    """Judge every day that is over; each that does not count moves the end by one. The caller holds the book's lock.

    Judging twice, late or in pieces comes to the same: a day is judged by its own checks and stands once.
    """
    lost = []
    if notice.stage == NoticeStage.RUNNING and notice.due_at is not None:
        known = set(notice.lost_days.values_list("day", flat=True))
        for found in _over(notice, at):  # one by one: each lost day lets the next be looked at
            if found.day not in known and not _counts(notice, found, at):
                lost.append(_lose(notice, found))  # noqa: PERF401
    return lost


def _over(notice: Notice, at: datetime) -> Iterator[Day]:
    """Yield the counted days that are over, from the first that was watched; the end may move meanwhile."""
    first = notice.hits.aggregate(day=Min("day"))["day"]
    if first is None or notice.calendar is None:
        return
    rows = notice.hits.order_by().values("day")
    made = rows.annotate(checks=Count("pk"), good=Count("pk", filter=Q(shown=Shown.WHOLE)))
    checks = {row["day"]: (row["checks"], row["good"]) for row in made}
    calendar, day = calendar_of(notice.calendar), max(first, notice.starts_on)
    while notice.due_at is not None and day <= last_day_of(notice.due_at) and end_of(day) <= at:
        if notice.unit != Unit.WORKING_DAY or calendar.is_working(day):
            yield Day(day, *checks.get(day, (0, 0)))
        day += timedelta(days=1)


def _counts(notice: Notice, found: Day, at: datetime) -> bool:
    share = asked_of(notice, rules.GOOD_SHARE, at).number
    return found.checks > 0 and found.good * 100 >= found.checks * share


def _lose(notice: Notice, found: Day) -> LostDay:
    """The day does not count, from its own end on: the period is one day longer, and both sides are told."""
    over, by = end_of(found.day), system_actor()
    share = asked_of(notice, rules.GOOD_SHARE, over)
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
    subject = _("%(day)s公示页打不开，当日不计，公示期顺延一日") % day
    tell_enterprise(notice.filing, subject, f"lost:{notice.pk}:{found.day}", over)
    today = timezone.localdate(over)
    tell(
        [*holders(Role.WINDOW, today), *holders(Role.SUPERVISOR, today)],
        subject,
        about=f"lost:{notice.pk}:{found.day}",
        at=over,
        link=f"/cases/{notice.filing.public_id}/notice/",
    )
    return LostDay.objects.create(
        notice=notice, day=found.day, checks=found.checks, good=found.good, found_at=over,
        extension=longer,
    )  # fmt: skip
