"""工作日日历: its editions, a new one looked at and loaded, closures, and a signature that shortens a limit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from accounts.policies import administrator, reads_calendars, supervisor
from core import clock
from core.deadlines.models import CalendarDay, CalendarEdition, EditionKind
from core.steps.api import Listing, One, Step, StepEndpoint, Table, Things, addresses
from core.steps.api.named import Key
from desk.queries import calendars as queries
from desk.queries.health import checks
from desk.services import calendars as services
from desk.services.calendars import decision_of
from desk.services.shortening import shorten_limit

LABEL = _("工作日日历")


class CalendarDayShown(serializers.ModelSerializer):
    """A day that differs from its weekday: off, work (调休), shut (县里停办)."""

    class Meta:
        model = CalendarDay
        fields = ("date", "kind", "name", "notice")


class CalendarShown(serializers.ModelSerializer):
    """An edition of the calendar, named by the digest of its content; limits and the ledger say its `number`."""

    id = serializers.CharField(source="digest")
    notices = serializers.ListField(child=serializers.DictField())
    file = serializers.CharField(source="attachment.sha256", default=None, allow_null=True)

    class Meta:
        model = CalendarEdition
        fields = (
            "id", "number", "kind", "known_from", "first_day", "last_day", "notices", "reason", "file",
        )  # fmt: skip


class CalendarFull(CalendarShown):
    """An edition with its days."""

    days = CalendarDayShown(many=True)

    class Meta:
        model = CalendarEdition
        fields = (*CalendarShown.Meta.fields, "days")


class ShiftShown(serializers.Serializer):
    """An open limit and what a calendar makes of it; `days` is by how many days its end would move."""

    id = serializers.CharField(source="key")
    case = serializers.CharField()
    limit = serializers.CharField()
    what = serializers.ChoiceField(["dated", "moved", "kept"])
    before = serializers.DateTimeField(allow_null=True)
    due = serializers.DateTimeField(allow_null=True)
    days = serializers.IntegerField()


class PreviewShown(serializers.Serializer):
    """What an edition would do; `after` is the newest edition, to be sent along when it is loaded."""

    number = serializers.IntegerField()
    after = serializers.IntegerField()
    known_from = serializers.DateField()
    last_day = serializers.DateField()
    changed = serializers.ListField(child=serializers.DateField())
    dated = serializers.IntegerField()
    moved = serializers.IntegerField()
    kept = serializers.IntegerField()
    limits = ShiftShown(many=True)
    sessions = serializers.ListField(child=serializers.CharField())


class After(serializers.Serializer):
    """The newest edition when it was looked at; where another has come since, nothing is loaded (409)."""

    after = Key(required=False)


class NoticeFile(serializers.Serializer):
    """The days of whole years: a table (CSV) or a year's file of the county pack (JSON)."""

    file = serializers.FileField(max_length=100)


class NoticeLoaded(After, NoticeFile):
    """The file, to be loaded."""


class Closure(serializers.Serializer):
    """停办 or its withdrawal: from which day to which, why, by which decision."""

    first = serializers.DateField()
    last = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=40)
    decided_on = serializers.DateField()
    number = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class ClosureLoaded(After, Closure):
    """The decision with its paper."""

    paper = serializers.FileField(max_length=200)


class Signed(serializers.Serializer):
    """Why a limit that was served ends earlier."""

    reason = serializers.CharField(max_length=300)


def _shown(proposal: Any, at: Any) -> dict[str, Any]:
    edition, found = proposal.edition, queries.preview(proposal.edition, proposal.calendar, at)
    return {
        "number": edition.number, "after": edition.number - 1, "known_from": edition.known_from,
        "last_day": edition.last_day, "changed": proposal.content.new, "limits": found.rows,
        "dated": found.dated, "moved": found.moved, "kept": found.kept,
        "sessions": [session.public_id for session in found.sessions],
    }  # fmt: skip


def _look_at_notice(*, by: Any, at: Any, file: Any) -> dict[str, Any]:
    made = services.propose_notice(name=file.name, content=file.read(), at=at)
    return _shown(made, at)


def _look_at_closure(*, by: Any, at: Any, **said: Any) -> dict[str, Any]:
    return _shown(services.propose_closure(decision_of(**said), at=at), at)


def _look_at_reopening(*, by: Any, at: Any, **said: Any) -> dict[str, Any]:
    return _shown(services.propose_reopening(decision_of(**said), at=at), at)


def _load(*, by: Any, at: Any, file: Any, after: int | None = None) -> CalendarEdition:
    content = file.read()
    return services.load_notice(name=file.name, content=content, after=after, by=by, at=at)


def _decide(kind: EditionKind) -> Any:
    def load(*, by: Any, at: Any, paper: Any, after: int | None = None, **said: Any) -> Any:
        decision = decision_of(**said)
        return services.load_decision(decision, kind=kind, paper=paper, after=after, by=by, at=at)

    return load


def _seen(by: Any) -> Any:
    rows = CalendarEdition.objects.select_related("attachment")
    return rows if reads_calendars(None, by) else rows.none()


def _reader(by: Any) -> None:
    if not reads_calendars(None, by):
        raise PermissionDenied


CALENDARS = Things("calendars", "calendar", LABEL, CalendarEdition, _seen, CalendarShown, "digest")
WRITTEN = _("先检查、后载入：有一处错误，就什么也不载入；未结束的期限随后逐一重新计算。")
LOAD = Step("load", _load, administrator, _("载入放假安排"), NoticeLoaded, WRITTEN, opens=True)
STEPS = (
    Step("preview", _look_at_notice, administrator, _("预览放假安排"), NoticeFile, shown=PreviewShown),
    Step("preview-close", _look_at_closure, administrator, _("预览停办"), Closure, shown=PreviewShown),
    Step("close", _decide(EditionKind.CLOSURE), administrator, _("登记停办日"), ClosureLoaded, shown=CalendarShown),
    Step("preview-reopen", _look_at_reopening, administrator, _("预览撤销停办"), Closure, shown=PreviewShown),
    Step("reopen", _decide(EditionKind.REOPENING), administrator, _("撤销停办"), ClosureLoaded, shown=CalendarShown),
)  # fmt: skip


class Calendars(Listing):
    """日历版次."""

    things, step = CALENDARS, LOAD
    title = _("日历版次清单")

    def rows(self, seen: Any) -> Any:
        """Refuse whoever does not keep the calendar: an empty list would say that there is none."""
        _reader(self.by)
        return seen


class OneCalendar(One):
    """一版日历."""

    things = CALENDARS
    title = _("一版日历的全部日子")
    serializer_class = CalendarFull

    def whole(self) -> Any:
        """Add the days."""
        return _seen(self.by).prefetch_related("days")


class KeptThings(Things):
    """Open limits of every kind, named like `slot-12`."""

    def find(self, by: Membership | None, *, among: Any = None, **named: Any) -> Any:
        """Return the limit."""
        found = queries.limit_named(named["limit"])
        if found is None or not reads_calendars(None, by):
            raise Http404
        return found


class ShortenedShown(serializers.Serializer):
    """A limit after a signature."""

    due_at = serializers.DateTimeField()


KEPT = KeptThings("kept-limits", "kept_limit", LABEL, CalendarEdition, _seen, ShiftShown, "limit")
SHORTEN = Step(
    "shorten", shorten_limit, supervisor, _("签字，期限提前"), Signed,
    _("已经送达的期限只延长、不缩短，除非效能监督签字并写明理由。"), shown=ShortenedShown,
)  # fmt: skip


class KeptLimits(Table):
    """按送达时保留的期限."""

    tag, title, operation = LABEL, _("按送达时保留的期限"), "kept_limit_list"
    serializer_class, many = ShiftShown, True

    def table(self, by: Any) -> Any:
        """Return the limits that the calendar of now would end earlier."""
        _reader(by)
        return queries.kept_limits(clock.now())


class HealthShown(serializers.Serializer):
    """One thing that was looked at."""

    name = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(["ok", "warn", "bad"])
    said = serializers.CharField()


class Status(Table):
    """运行状况."""

    tag, title, operation = LABEL, _("运行状况"), "status_read"
    serializer_class, many = HealthShown, True

    def table(self, by: Any) -> Any:
        """Return every check."""
        _reader(by)
        return checks(clock.now())


ADDRESSES = [
    path("calendars/", Calendars.as_view(), name="calendar_list"),
    *(
        path(
            f"calendars/{step.name}/",
            StepEndpoint.as_view(things=CALENDARS, step=step),
            name=f"calendar_{step.name}".replace("-", "_"),
        )
        for step in STEPS
    ),
    path("calendars/<slug:digest>/", OneCalendar.as_view(), name="calendar_read"),
    path("kept-limits/", KeptLimits.as_view(), name="kept_limit_list"),
    *addresses(KEPT, SHORTEN),
    path("status/", Status.as_view(), name="status_read"),
]
