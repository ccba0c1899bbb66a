"""The stage of a play: who is there, which case is which, what time it is, and what each case has in store."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from approvals.stages import Stage
from core import clock
from core.deadlines.calendar import Calendar
from core.deadlines.due import due_rows
from core.deadlines.queries import calendar_at
from core.deadlines.services import RETRY, sweep
from core.ledger.models import Book
from desk.services.replay.read import Conduct, Event, Plan, Project

WORDS = b"BT /F1 36 Tf 72 740 Td (SAMPLE DATA) Tj ET"
PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(WORDS), WORDS)
)
IN_SESSION = (
    Stage.ACCEPTED,
    Stage.SURVEYING,
    Stage.PREREVIEWING,
)  # surveys and meetings have to do with these
ACT = timedelta(seconds=40)  # how long an act takes a person


class ReplayError(Exception):
    """The play cannot go on; the sentence says at which case and why."""


@dataclass(frozen=True)
class Cast:
    """The people of the county, by role and department code."""

    window: Membership
    convenor: Membership
    supervisor: Membership
    clerks: dict[str, Membership]
    heads: dict[str, Membership]


def cast() -> Cast:
    """Return the people; raise ReplayError where a role has nobody."""
    people = list(Membership.objects.select_related("user", "organisation").order_by("pk"))

    def one(role: Role) -> Membership:
        for person in people:
            if person.role == role:
                return person
        raise ReplayError(_("没有人担任“%(role)s”：请先载入人员。") % {"role": role.label})

    def by_code(role: Role) -> dict[str, Membership]:
        return {p.organisation.code: p for p in reversed(people) if p.role == role}

    return Cast(
        one(Role.WINDOW),
        one(Role.CONVENOR),
        one(Role.SUPERVISOR),
        by_code(Role.CLERK),
        by_code(Role.HEAD),
    )


def paper(name: str) -> SimpleUploadedFile:
    """Return a tiny file that stands for what an invented enterprise hands in."""
    content = PDF.replace(b"trailer", f"% {name}（示例）\ntrailer".encode())
    return SimpleUploadedFile(f"{name[:40]}.pdf", content, content_type="application/pdf")


class World:
    """What the actors see and act on. `now` only goes forward; `go()` sweeps everything that passes on the way."""

    def __init__(self, plan: Plan, people: Cast, start: datetime) -> None:
        self.plan, self.people, self.now = plan, people, start
        self.cases: dict[int, Project] = {}
        self.live: set[int] = set()  # the cases in which anything can still happen
        self.enterprises: dict[int, Membership] = {}
        self.counts: Counter[str] = Counter()
        self.until: datetime | None = None  # where the play stops, if not at its own end
        self._conduct: dict[tuple[int, str, str], list[Conduct]] = {}
        for row in plan.conduct:
            self._conduct.setdefault((row.case, row.session, row.department), []).append(row)
        self._calendar: tuple[date, Calendar] | None = None
        self._standing: set[str] | None = None
        self._due: tuple[datetime | None] | None = None

    # — time —————————————————————————————————————————————————————————————————————

    def go(self, instant: datetime) -> None:
        """Go on to an instant; limits that pass on the way are swept when they pass."""
        while (due := self._next_due()) and due <= instant:
            self.now = max(self.now, due)
            with clock.driven(self.now):
                self.counts["swept"] += sweep(self.now)
            self._moved()
            self._all_handled()
        self.now = max(self.now, instant)

    def _all_handled(self) -> None:
        """A limit that cannot be handled is tried again every few minutes; in a play that would be so to its end."""
        for book in Book.objects.filter(next_due=self.now + RETRY):
            for row in due_rows(book, self.now):
                said = {
                    "case": book.code,
                    "rule": row.rule,
                    "at": f"{timezone.localtime(self.now):%Y-%m-%d %H:%M}",
                }
                raise ReplayError(
                    _("%(case)s 的期限“%(rule)s”已于 %(at)s 届满而办理不了，原因见日志。") % said
                )

    def _next_due(self) -> datetime | None:
        """When the next limit passes; looked up again only after somebody has acted."""
        if self._due is None:
            waiting = Book.objects.filter(next_due__isnull=False).order_by("next_due")
            self._due = (waiting.values_list("next_due", flat=True).first(),)
        return self._due[0]

    def _moved(self) -> None:
        """Something has happened: what was looked up before no longer holds."""
        self._standing = self._due = None

    def go_on_with(self, cases: set[int]) -> None:
        """Leave out of sight the cases in which nothing can happen any more."""
        self.live &= cases
        self._moved()

    @property
    def calendar(self) -> Calendar:
        """The calendar as it is known today."""
        today = timezone.localdate(self.now)
        if self._calendar is None or self._calendar[0] != today:
            self._calendar = (today, calendar_at(self.now))
        return self._calendar[1]

    def waited(self, since: datetime | None, days: int) -> bool:
        """Whether so many working days have gone by since an instant."""
        if since is None:
            return False
        first, today = timezone.localdate(since), timezone.localdate(self.now)
        return self.calendar.working_days_between(first, today) >= days

    # — acts —————————————————————————————————————————————————————————————————————

    def do(
        self, verb: Callable[..., Any], *args: Any, by: Membership | None = None, **kwargs: Any
    ) -> Any:
        """Let a person act now, through the service; the clock goes on a little."""
        who = {} if by is None else {"by": by}
        with clock.driven(self.now):
            done = verb(*args, at=self.now, **who, **kwargs)
        self.counts["acts"] += 1
        self._moved()
        self.now += ACT
        return done

    def of(self, filing: Filing) -> Membership:
        """The person of a filing's enterprise."""
        return self.enterprises[self.cases[filing.pk].enterprise]

    # — what a case has in store ———————————————————————————————————————————————————

    def anyone_at(self, *stages: str) -> bool:
        """Whether a case of this play stands in one of these stages: where none does, a desk is not searched."""
        if self._standing is None:
            live = Filing.objects.filter(pk__in=self.live)
            self._standing = set(live.order_by().values_list("stage", flat=True).distinct())
        return not self._standing.isdisjoint(stages)

    def filings(self, *stages: str) -> QuerySet[Filing]:
        """The cases of this play that stand in one of these stages."""
        if not self.anyone_at(*stages):
            return Filing.objects.none()
        return Filing.objects.filter(pk__in=self.live, stage__in=stages).order_by("pk")

    def dice(self, filing: Filing, about: str, least: int, most: int) -> int:
        """A number that is the same in every run: it hangs on the seed, the case and what it is about."""
        case = self.cases[filing.pk].case
        return Random(f"{self.plan.seed}:{case}:{about}").randint(least, most)  # noqa: S311 - a play, no secret

    def event(self, filing: Filing, what: str, value: str = "") -> Event | None:
        """What a case has in store under this name, if anything."""
        for event in self.plan.events.get(self.cases[filing.pk].case, ()):
            if event.what == what and value in ("", event.value):
                return event
        return None

    def stops(self, filing: Filing, step: str) -> bool:
        """Whether nobody takes this step in this case: it is left open for whoever comes."""
        return self.event(filing, "stop", step) is not None

    def on_its_day(self, filing: Filing, what: str) -> bool | None:
        """Whether the day has come that a case has in store, so many working days before the play stops; None: none."""
        event = self.event(filing, what)
        if event is None or self.until is None:
            return None
        today, last = timezone.localdate(self.now), timezone.localdate(self.until)
        return self.calendar.working_days_between(today, last) <= int(event.value)

    def conduct(
        self, filing_id: int, session: str, department: str, item: str | None = None
    ) -> Conduct | None:
        """How a department conducts itself in a case's session, on an item or as such."""
        rows = self._conduct.get((self.cases[filing_id].case, session, department), [])
        for row in rows:
            if item is None or row.item in ("", item):
                return row
        return None
