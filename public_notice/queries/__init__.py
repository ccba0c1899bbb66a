"""What the public asks of notices: which run, which are found, how one stands, and the year in numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Filing, LaterRequest
from approvals.stages import ENDS, LaterState
from core.deadlines.queries import calendar_of, explain, left_in_words, light
from prereview.models import Opinion, SecondVisit, Session
from prereview.stages import DEEMED, RequestState, SessionKind, SessionStage
from public_notice.models import Notice, Objection, Tally
from public_notice.rules.gate import name_in_public, words_in_public
from public_notice.rules.withheld import without
from public_notice.stages import Finding, NoticeStage


def running(at: datetime) -> Q:
    """Return the condition of a notice whose period runs: by its own dates, whether or not a sweep has come."""
    return Q(stage=NoticeStage.RUNNING, due_at__gte=at) & ~Q(filing__stage__in=ENDS)


def notices() -> QuerySet[Notice]:
    """Return notices as a list shows them, newest first."""
    return Notice.objects.select_related("filing__site", "calendar")


@dataclass(frozen=True)
class Standing:
    """How a notice stands at an instant: in a word, with the light, and whether one may still object."""

    word: str
    light: str
    open: bool


def over(stage: str, filing_stage: str, *, late: bool, gaps: bool) -> tuple[str, str] | None:
    """Return the word and the shade of a notice whose period is over; None while one may object.

    `late`: whether its last instant has passed, `gaps`: whether papers were missing when it was published. The dates
    decide, so a late sweep changes nothing.
    """
    if stage == NoticeStage.RUNNING:
        if filing_stage in ENDS:
            return _("申报件已终结，公示停止"), "grey"
        return (_("公示期已满"), "grey") if late else None
    shade = "yellow" if stage == NoticeStage.CONTESTED else "grey"
    word = str(NoticeStage(stage).label)
    if gaps:  # what ended well with papers missing is not called the same as without
        word = _("%(how)s（公示时容缺）") % {"how": word}
    return word, shade


def standing(notice: Notice, at: datetime) -> Standing:
    """Return how a notice stands; while it runs, with the days that are left."""
    gaps = bool(notice.content.get("gaps_text"))
    ended = over(notice.stage, notice.filing.stage, late=notice.late(at), gaps=gaps)
    if ended is not None:
        return Standing(*ended, open=False)
    assert notice.calendar is not None
    # the edition its end was reckoned with: no query per row
    calendar = calendar_of(notice.calendar)
    return Standing(left_in_words(notice, at, calendar), light(notice, at, calendar), open=True)


def span(notice: Notice, at: datetime) -> dict[str, Any]:
    """Return start – today – end for components/span.html, in natural days."""
    last = notice.ends_on or notice.starts_on
    total = (last - notice.starts_on).days + 1
    elapsed = (timezone.localdate(at) - notice.starts_on).days + 1
    return {
        "start": notice.starts_on,
        "end": last,
        "elapsed": max(0, min(elapsed, total)),
        "total": total,
    }


def limit_card(notice: Notice, at: datetime, stand: Standing) -> dict[str, Any]:
    """Return the period for components/due.html: its last day as a button that opens the day table."""
    return {
        "label": _("公示截止"),
        "due_at": notice.due_at,
        "ordinal": _("第%(n)d个工作日") % {"n": notice.length}
        if notice.unit == "working_day"
        else "",
        "light": stand.light,
        "days_left_text": stand.word,
        "rows": explain(notice),
    }


def in_public(objection: Objection) -> dict[str, Any]:
    """Return an objection as it stands beside the notice: never the contact, the person by the family name."""
    own = {"name": objection.name, "contact": objection.contact}

    def through(text: str) -> str:
        return words_in_public(without(text, objection.withheld), **own)

    return {
        "number": objection.number,
        "name": _("匿名") if objection.anonymous else name_in_public(objection.name),
        "received_at": objection.received_at,
        "text": "" if objection.held or objection.hidden_at else through(objection.text),
        "held": objection.held,
        "hidden_at": objection.hidden_at,
        "hidden_reason": through(objection.hidden_reason),
        "hearing": objection.hearing_asked,
        "heard_on": objection.heard_on,
        "hearing_settled": objection.hearing_settled_at is not None,
        "open": objection.finding == Finding.OPEN,
        "finding": objection.get_finding_display(),
        "reply": through(objection.reply),
        "replied_at": objection.replied_at,
        "due_at": objection.due_at,
    }


def to_answer(filing: Filing) -> QuerySet[Objection]:
    """Return the objections to a filing's notices that wait for a reply, soonest first."""
    return Objection.objects.filter(notice__filing=filing, finding=Finding.OPEN).order_by(
        "due_at", "pk"
    )


@dataclass(frozen=True)
class Year:
    """A year in numbers, each counted from the rows; what silence did, and what of it was withdrawn, apart."""

    year: int
    accepted: int
    deemed_accepted: int
    meetings: int
    deemed_opinions: int
    withdrawn_opinions: int
    notices: int
    starts: int
    later_asked: int
    later_signed: int
    later_refused: int
    visits_asked: int
    visits_granted: int
    visits_refused: int
    answers: int
    satisfied: int | None


def in_numbers(at: datetime) -> Year:
    """Count the year of an instant up to it, in the county's zone: seven queries."""
    today = timezone.localdate(at)
    filings = Filing.objects.aggregate(
        accepted=_counted("accepted_at", today, accepted_by_silence=False),
        deemed_accepted=_counted("accepted_at", today, accepted_by_silence=True),
        starts=_counted("start_notified_at", today),
    )
    meetings = Session.objects.filter(
        kind=SessionKind.MEETING, stage=SessionStage.CLOSED, closed_at__year=today.year
    )
    opinions = Opinion.objects.filter(position__in=DEEMED, effective_at__year=today.year)
    withdrawn = Count("pk", filter=Q(withdrawn_at__isnull=False))
    deemed = opinions.aggregate(all=Count("pk"), withdrawn=withdrawn)
    published = Notice.objects.filter(published_at__year=today.year)
    later = LaterRequest.objects.aggregate(
        later_asked=_counted("asked_at", today),
        later_signed=_counted("decided_at", today, state=LaterState.SIGNED),
        later_refused=_counted("decided_at", today, state=LaterState.REFUSED),
    )
    satisfaction = satisfaction_of(today.year)
    return Year(
        year=today.year,
        meetings=meetings.count(),
        deemed_opinions=deemed["all"] - deemed["withdrawn"],
        withdrawn_opinions=deemed["withdrawn"],
        notices=published.count(),
        **filings,
        **later,
        **_second_visits(today),
        answers=satisfaction.answers,
        satisfied=satisfaction.satisfied,
    )


FEWEST = 5  # answers that are shown together: of fewer, each could be told from the change


@dataclass(frozen=True)
class Answers:
    """How many enterprises answered, and the percent that are satisfied."""

    answers: int
    satisfied: int | None


def satisfaction_of(year: int) -> Answers:
    """Return how many answered of the cases closed in a year, as last shown, and the percent that are satisfied."""
    found = Tally.objects.filter(year=year).first()
    if found is None or not found.shown_answers:
        return Answers(0, None)
    return Answers(found.shown_answers, round(found.shown_good * 100 / found.shown_answers))


def _second_visits(today: date) -> dict[str, int]:
    """Count the requests for a second visit: each was reasoned, and each counts."""
    return SecondVisit.objects.aggregate(
        visits_asked=_counted("asked_at", today),
        visits_granted=_counted("decided_at", today, state=RequestState.GRANTED),
        visits_refused=_counted("decided_at", today, state=RequestState.REFUSED),
    )


def _counted(field: str, today: date, **also: Any) -> Count:
    return Count("pk", filter=Q(**{f"{field}__year": today.year}, **also))
