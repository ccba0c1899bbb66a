"""One thing that waits, and how filings, sessions and slots become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing, StageLimit
from core.deadlines.calendar import Calendar
from core.deadlines.models import Timed
from core.deadlines.queries import left_in_words, light
from core.steps.limits import silence
from core.steps.templatetags.look import deadline
from prereview.models import Session, Slot
from prereview.queries import words

FAR = 253402300799.0  # sorts behind every date


@dataclass
class Row:
    """One thing that waits."""

    title: str
    url: str
    sub: str = ""
    stage: str = ""
    silence: str = ""
    who: str = ""
    due_at: datetime | None = None
    due: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """For whom and as of when a list is drawn; the calendar is looked up once."""

    by: Membership
    at: datetime
    calendar: Calendar | None

    def cases(self) -> Any:
        """Return the cases in which an enterprise's person acts: its own, and those in which they are agent (代办)."""
        return Filing.objects.visible_to(self.by).order_by().values("pk")


def running_limits() -> Prefetch:
    """Return the prefetch of a filing's running limits, for lists."""
    return Prefetch(
        "limits", StageLimit.objects.filter(ended_at=None).order_by("due_at"), to_attr="open_limits"
    )


def for_whom(filing: Filing, by: Membership) -> str:
    """Return the enterprise of a case, marked where the reader acts for it and is not of it."""
    lent = by.role == Role.ENTERPRISE and by.organisation_id != filing.enterprise_id
    return (
        _("代办：%(enterprise)s") % {"enterprise": filing.enterprise}
        if lent
        else str(filing.enterprise)
    )


def case_url(filing: Filing) -> str:
    """Return the address of a case."""
    return reverse("desk:case", args=[filing.public_id])


def dated(row: Row, limit: Timed | None, seen: Seen) -> Row:
    """Give a row the date, light and silence of a limit."""
    if limit is not None:
        row.due_at = limit.due_at
        row.due = {
            "light": light(limit, seen.at, seen.calendar),
            "text": left_in_words(limit, seen.at, seen.calendar),
        }
        row.silence = silence(limit, seen.at)
    return row


def of_filing(filing: Filing, what: str, seen: Seen, who: str = "") -> Row:
    """Return a filing as a row, dated by its earliest running limit."""
    limits = getattr(filing, "open_limits", [])
    who = str(limits[0].declared.actor) if who and limits else who
    name = filing.project_name or _("未命名项目")
    whose = for_whom(filing, seen.by)
    sub = whose if what == name else f"{name} · {whose}"
    row = Row(what, case_url(filing), sub, filing.get_stage_display(), who=who)  # fmt: skip
    return dated(row, limits[0] if limits else None, seen)


def filings(stages: Iterable[str]) -> QuerySet[Filing]:
    """Return the filings in some stages with what their rows show."""
    return (
        Filing.objects.filter(stage__in=tuple(stages))
        .select_related("enterprise")
        .prefetch_related(running_limits())
    )


def of_session(session: Session, what: str) -> Row:
    """Return a session as a row, dated by its opening."""
    return Row(
        what, reverse("prereview:session", args=[session.public_id]), f"{session} · {session.place}",
        session.get_stage_display(), due_at=session.opens_at,
        due={"light": "calendar", "text": deadline(session.opens_at)},
    )  # fmt: skip


def slots(slots: QuerySet[Slot], seen: Seen, reverse_name: str) -> Iterator[Row]:
    """Yield one row per slot whose time is over: what it has come to, and what comes now."""
    for slot in slots.select_related("filing", "department", "item__item"):
        what, colon = slot.item.label if slot.item else slot.get_kind_display(), _("：")
        row = Row(
            f"{slot.get_state_display()}{colon}{slot.department} · {what}",
            reverse(reverse_name, args=[slot.filing.public_id]), str(slot.filing),
        )  # fmt: skip
        dated(row, slot, seen)
        row.silence = words.silence(
            slot, None
        )  # its time is over: what comes now, not what silence did
        yield row
