"""主动公开: the catalogue as it stands, what is owed and what was published, each in a fixed number of statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import with_names
from approvals.models import CatalogueEdition, StageLimit
from approvals.rules.citing import in_words
from approvals.rules.limits import PUBLISH
from core.deadlines.calendar import Calendar
from core.deadlines.counting import last_day_of
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import calendar_or_none, rulebook_at, unit_said, value_of
from core.documents.sheets import Sheet
from core.steps.templatetags.look import span
from public_notice.models import OpenMatter, Publication
from public_notice.rules.openness import due_on, standing
from public_notice.rules.written import ADDRESS
from public_notice.stages import Matter, OpenEvent, Timeliness

RECENT = 50
OWED = (Timeliness.OVERDUE, Timeliness.RUNNING, Timeliness.UNDATED)


def standing_matters() -> QuerySet[OpenMatter]:
    """Return the last version of each matter, without those that were taken down."""
    later = OpenMatter.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
    found = OpenMatter.objects.filter(~Exists(later), struck=False)
    return found.select_related("publisher").order_by("code")


def limit_words(matter: OpenMatter, book: RulebookEdition) -> str:
    """Return within how long a matter is published, by the rulebook in force; without a rule kept up to date."""
    if not matter.rule:
        return "" if matter.kind == Matter.WITHHELD else _("随时更新")
    try:
        value = value_of(book, matter.rule)
    except KeyError:
        return _("时限待县公布")
    return _("%(days)s内") % {"days": span(value.number, unit_said(value.unit))}


def shown(matters: Iterable[OpenMatter], at: datetime) -> list[OpenMatter]:
    """Return matters with what a page shows of each: `office` as named on the day, `within` in words."""
    rows, day, book = list(matters), timezone.localdate(at), rulebook_at(at)
    with_names([row.publisher for row in rows])
    for row in rows:
        row.office = row.publisher.label_on(day)  # type: ignore[attr-defined]
        row.within = limit_words(row, book)  # type: ignore[attr-defined]
        if not ADDRESS.fullmatch(row.address):  # nothing that runs is led to, however it came there
            row.address = ""
        row.outside = row.address.startswith("https://")  # type: ignore[attr-defined]
    return rows


def by_kind(at: datetime) -> list[dict[str, Any]]:
    """Return the five kinds, each with its matters; the negative list is a page of its own."""
    rows = shown(standing_matters().exclude(kind=Matter.WITHHELD), at)
    kinds = [kind for kind in Matter if kind != Matter.WITHHELD]
    return [
        {"kind": kind.value, "label": kind.label, "rows": [r for r in rows if r.kind == kind]}
        for kind in kinds
    ]


def withheld(at: datetime) -> list[OpenMatter]:
    """Return the negative list: what is not published, why, and what is shown nevertheless."""
    return shown(standing_matters().filter(kind=Matter.WITHHELD), at)


def sheet_of_matters(rows: Iterable[OpenMatter], at: datetime) -> Sheet:
    """Return the catalogue with the negative list as a table: the columns of the pages."""
    heads = (
        _("编号"), _("类别"), _("公开事项"), _("内容标准"), _("公开主体"), _("公开形式"), _("公开时限"), _("依据"),
        _("可信度"), _("公开地址"),
    )  # fmt: skip
    return Sheet(_("主动公开目录"), heads, _cells(shown(rows, at)))


def _cells(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    for row in rows:
        address = row.address if row.outside or not row.address else settings.SITE_URL + row.address
        yield (
            row.code, row.get_kind_display(), row.label, row.standard, row.office, in_words(row.way), row.within,
            in_words(row.basis), row.certainty, address,
        )  # fmt: skip


# — what is owed —————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class Arisen:
    """Something that arose and is to be published: since when, by when, since when it stands, and who owes it."""

    matter: str
    title: str
    office: str
    arose: date
    due: date | None
    published: date | None
    standing: Timeliness
    url: str = ""
    publication: Publication | None = None

    @property
    def light(self) -> str:
        """The light of a page: red past the end, yellow while it is open, grey when it is done."""
        return {
            Timeliness.OVERDUE: "red", Timeliness.RUNNING: "yellow", Timeliness.IN_TIME: "green",
        }.get(self.standing, "grey")  # fmt: skip


def arisen(at: datetime) -> list[Arisen]:
    """Return what arose from every event of the catalogue: what is owed, and of what is published the newest."""
    matters = shown(standing_matters().exclude(event=""), at)
    calendar, today = calendar_or_none(at), timezone.localdate(at)
    found = [
        *(_editions(matters, at, calendar) if calendar else ()),
        *_notices(matters, today),
        *_publications(today),
    ]
    return sorted(found, key=lambda one: (one.due or date.max, one.matter, one.title))


def owed(rows: Iterable[Arisen]) -> list[Arisen]:
    """Return what is not published yet, what is overdue first."""
    found = [row for row in rows if row.standing in OWED]
    return sorted(found, key=lambda one: OWED.index(one.standing))


def done(rows: Iterable[Arisen]) -> list[Arisen]:
    """Return what is published, newest first."""
    found = [row for row in rows if row.published is not None]
    return sorted(found, key=lambda one: one.published or date.min, reverse=True)[:RECENT]


def _editions(matters: list[Any], at: datetime, calendar: Calendar) -> Iterator[Arisen]:
    """Yield editions: guides and powers are made from them, so they stand there from the first day of force."""
    today, book = timezone.localdate(at), rulebook_at(at)
    kinds: dict[str, tuple[Any, str]] = {
        OpenEvent.CATALOGUE: (CatalogueEdition, _("事项清单第%(n)s版")),
        OpenEvent.RULEBOOK: (RulebookEdition, _("期限规则第%(n)s版")),
    }
    for event, (model, text) in kinds.items():
        wanted = [one for one in matters if one.event == event]
        editions = model.objects.filter(in_force_from__lte=today).order_by("-number")[:RECENT]
        for edition in editions if wanted else ():
            for one in wanted:
                due = _due(one, edition.in_force_from, book, calendar)
                yield Arisen(
                    one.label, text % {"n": edition.number}, one.office, edition.in_force_from, due,
                    edition.in_force_from, Timeliness.IN_TIME, one.address,
                )  # fmt: skip


def _due(matter: OpenMatter, arose: date, book: RulebookEdition, calendar: Calendar) -> date | None:
    try:
        value = value_of(book, matter.rule)
    except KeyError:
        return None
    return due_on(arose, value.number, unit_said(value.unit), calendar)


def _notices(matters: list[Any], today: date) -> Iterator[Arisen]:
    """Yield the commitments that wait for their notice: that limit (P35) runs in the case, with its own ladder."""
    one = next((m for m in matters if m.event == OpenEvent.NOTICE), None)
    if one is None:
        return
    rows = StageLimit.objects.filter(rule=PUBLISH.code, ended_at=None, started_at__isnull=False)
    for limit in rows.select_related("filing"):
        due = last_day_of(limit.due_at) if limit.due_at else None
        arose = timezone.localdate(limit.begun_at)
        url = f"/cases/{limit.filing.public_id}/"
        said = str(limit.filing)
        yield Arisen(one.label, said, one.office, arose, due, None, standing(due, None, today), url)


def publications() -> QuerySet[Publication]:
    """Return what somebody owes or has published, with what a list shows."""
    return Publication.objects.select_related("matter", "department", "calendar", "book")


def _publications(today: date) -> Iterator[Arisen]:
    rows = [
        *publications().filter(ended_at=None),
        *publications().exclude(ended_at=None).order_by("-ended_at")[:RECENT],
    ]
    with_names([row.department for row in rows])
    for row in rows:
        due = last_day_of(row.due_at) if row.due_at else None
        published = timezone.localdate(row.ended_at) if row.ended_at else None
        yield Arisen(
            row.matter.label, row.title, row.department.label_on(today), row.arose_on, due, published,
            standing(due, published, today), row.address, row,
        )  # fmt: skip
