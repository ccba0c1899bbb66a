"""What waits for a person: each role's list, sorted by due instant, with what happens if nothing is done."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from approvals.queries import to_be_verified, with_signature
from approvals.stages import Stage
from core.deadlines.queries import calendar_or_none
from desk.queries.work import (
    changes,
    defaults,
    disclosures,
    inspection,
    keeping,
    letters,
    measures,
    openness,
    room,
    seals,
    standing,
    standing_in,
)
from desk.queries.work.others import DEPARTMENT, enterprise, supervisor
from desk.queries.work.rows import FAR, Row, Seen, case_url, of_filing, running_limits
from desk.queries.work.window import CONVENOR, WINDOW
from prereview.models import Session
from prereview.stages import SessionStage

LISTS = {
    Role.WINDOW: (
        *WINDOW,
        *disclosures.WINDOW,
        *changes.WINDOW,
        *room.RECORDER,
        *seals.OFFICES,
        *openness.DEPARTMENT,
        *letters.DEPARTMENT,
    ),
    Role.CONVENOR: (
        *CONVENOR,
        *disclosures.CONVENOR,
        *defaults.CONVENOR,
        *inspection.CONVENOR,
        *measures.CONVENOR,
        *room.RECORDER,
        *seals.OFFICES,
        *openness.DEPARTMENT,
        *letters.DEPARTMENT,
    ),
    Role.CLERK: (
        *DEPARTMENT,
        *changes.DEPARTMENT,
        *standing_in.DEPARTMENT,
        *inspection.DEPARTMENT,
        *measures.DEPARTMENT,
        *room.EVERYBODY,
        *seals.OFFICES,
        *openness.DEPARTMENT,
        *letters.DEPARTMENT,
    ),
    Role.HEAD: (
        *DEPARTMENT,
        *changes.DEPARTMENT,
        *standing_in.DEPARTMENT,
        *inspection.DEPARTMENT,
        *measures.DEPARTMENT,
        *room.EVERYBODY,
        *seals.OFFICES,
        *openness.DEPARTMENT,
        *letters.DEPARTMENT,
    ),
    Role.ENTERPRISE: (
        enterprise,
        *changes.ENTERPRISE,
        *inspection.ENTERPRISE,
        *measures.ENTERPRISE,
        *standing.ENTERPRISE,
        *letters.ENTERPRISE,
        *room.EVERYBODY,
    ),
    Role.ADMINISTRATOR: (
        *keeping.ADMINISTRATOR,
        *disclosures.ADMINISTRATOR,
        *letters.ADMINISTRATOR,
    ),
    Role.SUPERVISOR: (
        supervisor,
        *disclosures.SUPERVISOR,
        *defaults.SUPERVISOR,
        *standing_in.SUPERVISOR,
        *keeping.SUPERVISOR,
        *inspection.SUPERVISOR,
        *measures.SUPERVISOR,
        *openness.SUPERVISOR,
        *letters.SUPERVISOR,
    ),
}


def waiting_for(by: Membership, at: datetime) -> list[Row]:
    """Return what waits for a person, earliest due first; the number of queries does not grow with the rows."""
    seen = Seen(by, at, calendar_or_none(at))
    rows = [row for make in LISTS.get(Role(by.role), ()) for row in make(seen)]
    return sorted(rows, key=_when)


_WINDOW, _COMPANY, _ALL = gettext_lazy("窗口"), gettext_lazy("企业"), gettext_lazy("各部门")
WAITS_ON = {
    Stage.SUBMITTED: _WINDOW, Stage.LISTED: _COMPANY, Stage.RECEIVED: _WINDOW, Stage.CORRECTING: _COMPANY,
    Stage.ACCEPTED: gettext_lazy("召集人"), Stage.SURVEYING: _ALL,
    Stage.PREREVIEWING: gettext_lazy("召集人与各部门"),
    Stage.COMMITTING: _COMPANY, Stage.COMMITTED: _WINDOW, Stage.NOTICED: gettext_lazy("社会公众"),
    Stage.CLEARED: gettext_lazy("部门与窗口"),
    Stage.START_NOTIFIED: _COMPANY, Stage.BUILDING: gettext_lazy("企业与责任部门"),
    Stage.ACCEPTING: gettext_lazy("验收牵头部门与各部门"), Stage.AMENDING: _COMPANY,
}  # fmt: skip


def turn_of(filing: Filing) -> Any:
    """Return who has the move in a case; once the letter is signed it is the window, which verifies it."""
    return _WINDOW if to_be_verified(filing) else WAITS_ON.get(Stage(filing.stage), "")


def waiting_for_others(by: Membership, at: datetime, mine: set[str], most: int = 20) -> list[Row]:
    """Return running cases a person follows in which somebody else has the move."""
    seen = Seen(by, at, calendar_or_none(at))
    running = (
        with_signature(Filing.objects.visible_to(by).running())
        .select_related("enterprise")
        .prefetch_related(running_limits())
    ).order_by("-stage_since")
    rows = [
        of_filing(f, str(f), seen, who=str(turn_of(f)))
        for f in running[: most * 2]
        if case_url(f) not in mine and not _own_turn(f, by, mine)
    ]
    return sorted(rows[:most], key=_when)


def _own_turn(filing: Filing, by: Membership, mine: set[str]) -> bool:
    """Whether an enterprise has the move itself, and it stands among what waits for it."""
    own = by.role == Role.ENTERPRISE and turn_of(filing) is _COMPANY
    return own and any(url.startswith(case_url(filing)) for url in mine)


def _when(row: Row) -> float:
    return row.due_at.timestamp() if row.due_at else FAR


def week_of(by: Membership, at: datetime, waiting: list[Row]) -> list[dict[str, Any]]:
    """Return seven days from today with a person's sessions and the due dates of what waits for them."""
    today = timezone.localdate(at)
    sessions = (
        Session.objects.visible_to(by)
        .filter(opens_at__gte=at - timedelta(days=1), opens_at__lt=at + timedelta(days=8))
        .exclude(stage=SessionStage.CANCELLED)
        .order_by("opens_at", "pk")
    )
    events: dict[Any, list[dict[str, str]]] = {}
    for session in sessions:
        local = timezone.localtime(session.opens_at)
        events.setdefault(local.date(), []).append(
            {"label": session.get_kind_display(), "url": reverse("prereview:session", args=[session.public_id]),
             "time": f"{local:%H:%M}"}
        )  # fmt: skip
    for row in waiting:
        if row.due_at and row.due.get("light", "calendar") != "calendar":
            # A limit ends with its day: midnight belongs to the day before.
            day = timezone.localdate(row.due_at - timedelta(microseconds=1))
            events.setdefault(day, []).append(
                {"label": row.title, "url": row.url, "time": "", "light": row.due["light"]}
            )
    calendar = calendar_or_none(at)
    days = []
    for offset in range(7):
        day = today + timedelta(days=offset)
        off = (
            ""
            if calendar is None or not calendar.covers(day) or calendar.is_working(day)
            else _("休")
        )
        days.append({"date": day, "today": offset == 0, "off": off, "events": events.get(day, [])})
    return days
