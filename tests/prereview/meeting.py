"""A meeting in its room: several filings, a recorder beside the convenor, the code on the wall."""

from django.utils import timezone

from approvals.stages import Stage
from core import clock
from core.deadlines.queries import calendar_at
from core.deadlines.services import local
from prereview import services
from prereview.models import Session, Slot
from prereview.queries.room import code_of
from prereview.stages import SessionKind
from tests.walk import walk


class Meeting:
    """A meeting of some filings, run by services; `now` is the instant of the last act."""

    def __init__(self, people, start, *, filings=1, **more):
        self.people, self.recorder = people, people.window
        self.ways = [
            walk(people, start, to=Stage.PREREVIEWING, project_name=f"示例项目{n}", **more)
            for n in range(1, filings + 1)
        ]
        self.w = self.ways[0]
        self.w.now = max(way.now for way in self.ways)

    @property
    def now(self):
        """The instant of the last act."""
        return self.w.now

    def call(self):
        """All filings on one agenda; everybody signs for the summons."""
        opens = self.w.morning(1)
        day = calendar_at(opens).add_working(timezone.localdate(opens), 3)
        self.session = self.do(
            services.call_session, kind=SessionKind.MEETING, filings=[way.filing for way in self.ways],
            opens_at=local(day, 9), place="二楼会议室", by=self.people.convenor,
        )  # fmt: skip
        self.w.acknowledge(self.session)
        return self

    def open(self, recorder=True):
        """The hour has come."""
        self.w.until(self.session.opens_at)
        named = {"recorder": self.recorder} if recorder else {}
        self.do(services.open_session, self.session, by=self.people.convenor, **named)
        return self

    def do(self, service, *things, **said):
        """One act, a second after the last."""
        return self.w.do(service, *things, **said)

    @property
    def fresh(self):
        """The session as it now is."""
        return Session.objects.get(pk=self.session.pk)

    def code(self, at=None):
        """What stands on the wall."""
        return code_of(self.fresh, at or self.now)

    def departments(self):
        """The clerks of the departments that were summoned, by code."""
        codes = self.session.invitations.values_list("department__code", flat=True)
        return {code: self.people.department(code) for code in sorted(codes)}

    def summons(self, code):
        """One department's summons."""
        return self.session.invitations.get(department__code=code)

    def come(self, *codes):
        """Departments type the code on the wall; all of them where none is named."""
        for code, clerk in self.departments().items():
            if not codes or code in codes:
                self.do(services.enter_by_code, self.session, code=self.code(), by=clerk)
        return self

    def slots(self, **narrowed):
        """What is asked in the meeting."""
        found = Slot.objects.filter(agenda__session=self.session, **narrowed)
        return list(found.select_related("department", "item").order_by("pk"))

    def agree(self, *, but=()):
        """Everybody agrees to all of theirs, except on the slots named."""
        left = {slot.pk for slot in but}
        for code, clerk in self.departments().items():
            mine = [
                s
                for s in self.slots(department__code=code)
                if s.pk not in left and s.state == "awaited"
            ]
            if mine:
                self.do(services.agree_to_all, mine, by=clerk)
        return self

    def close(self):
        """Each item is opened and closed."""
        for item in self.session.agenda.order_by("order"):
            self.do(services.open_item, item, by=self.people.convenor)
            self.do(services.close_item, item, by=self.people.convenor)
        return self

    def item(self, number=1):
        """An item of the agenda."""
        return self.session.agenda.get(order=number)

    def shown(self):
        """The clock stands at the last act, for a page."""
        return clock.driven(self.now)
