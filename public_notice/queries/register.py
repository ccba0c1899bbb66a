"""The register of notices: narrowed by words and by what each is about, read page by page from any row on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery

from accounts.asked import Asked as AskedOnce
from accounts.models import Organisation
from approvals.models import Clause, Industry
from approvals.models.catalogue import in_page_language
from core.found import Found
from core.grams import folded, holding, newest_first
from public_notice.models import Notice
from public_notice.queries import notices, running
from public_notice.stages import NoticeStage

WORDS = Found("public_notice_noticetext", "notice_id")
PAGE = 20
MOST_COUNTED = (
    1000  # beyond it a reader needs no number, and counting would cost more than the page
)
MOST_SEARCHED = 100
LONGEST_KEY = 18  # digits that a key of the database can hold
SINGLE = ("view", "state", "year", "town", "industry", "department", "item", "since", "until", "q")
PROJECTS, MAP, PRINTED = (
    "projects",
    "map",
    "print",
)  # how the register is looked at; otherwise by notices
MOST_PRINTED = 200


@dataclass(frozen=True)
class Asked:
    """By what the register is narrowed; empty is not asked, and what cannot be meant is not asked either."""

    view: str = ""
    state: str = ""
    year: str = ""
    town: str = ""
    industry: str = ""
    department: str = ""
    item: str = ""
    since: str = ""
    until: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Read them from the query of an address."""
        return cls(**{name: query.get(name, "").replace("\0", "").strip() for name in SINGLE})


def matching(asked: Asked, at: datetime) -> QuerySet[Notice]:
    """Return the notices that match."""
    return narrowed(search(notices(), asked.q), asked, at)


def narrowed(found: QuerySet[Notice], asked: Asked, at: datetime) -> QuerySet[Notice]:
    """Narrow notices by all that is asked but the words."""
    if asked.state == "running":
        found = found.filter(running(at))
    elif asked.state == "ended":
        found = found.exclude(running(at))
    elif asked.state in NoticeStage.values:
        found = found.filter(stage=asked.state)
    if asked.view == PROJECTS:
        found = found.filter(~Exists(_later_ones()))
    for condition in _conditions(asked):
        found = found.filter(**condition)
    if asked.department or asked.item:
        found = found.filter(_about(asked))
    return found


def _later_ones() -> QuerySet[Notice]:
    """A project stands in the register by the newest notice of its filing."""
    return Notice.objects.filter(filing=OuterRef("filing"), pk__gt=OuterRef("pk"))


def search(found: QuerySet[Notice], words: str) -> QuerySet[Notice]:
    """Narrow notices to those that hold each of the words: name, enterprise, code, number, town, matter, office."""
    return holding(found, "words", words[:MOST_SEARCHED])


def _conditions(asked: Asked) -> list[dict[str, Any]]:
    since, until = _day(asked.since), _day(asked.until)
    wanted = {
        "starts_on__year": _year(asked.year),
        "filing__site__code": asked.town,
        "filing__industry__section": asked.industry,
        "ends_on__gte": since,
        "starts_on__lte": until,
    }
    return [{name: value} for name, value in wanted.items() if value]


def _about(asked: Asked) -> Exists:
    """A notice is about an item and an office where the commitment it publishes has a clause of it."""
    clauses = Clause.objects.filter(letter=OuterRef("letter"))
    if asked.department:
        clauses = clauses.filter(checked_by__code=asked.department)
    if asked.item:
        clauses = clauses.filter(item__code=asked.item)
    return Exists(clauses)


def _year(text: str) -> int | None:
    """Return a year; 0000 is four figures and no year."""
    return int(text) or None if len(text) == 4 and text.isascii() and text.isdecimal() else None  # noqa: PLR2004


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class _Counted(Subquery):
    """How many rows another question finds, in the same statement."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Page:
    """Some rows of the register, newest first, and where the next and the last ones begin."""

    rows: list[Notice]
    total: int  # at most MOST_COUNTED + 1
    older: int | None
    newer: int | None

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more than anybody has counted."""
        return self.total > MOST_COUNTED


def page_of(asked: Asked, at: datetime, *, before: str = "", after: str = "") -> Page:
    """Return a page: the newest, or those before or after a row. One statement, found by words two."""
    size = MOST_PRINTED if asked.view == PRINTED else PAGE
    way = _by_words if _words_alone(asked) else _with_total
    rows, total = way(asked, at, size, before=_key(before), after=_key(after))
    backwards = _key(after) is not None
    more = len(rows) > size
    rows = rows[:size][::-1] if backwards else rows[:size]
    if not rows:
        return Page([], total, None, None)
    older = rows[-1].pk if more or backwards else None
    newer = rows[0].pk if (backwards and more) or _key(before) is not None else None
    return Page(rows, total, older, newer)


def _words_alone(asked: Asked) -> bool:
    """Whether nothing narrows the register but words."""
    bare = Asked(view=asked.view, q=asked.q)
    return asked == bare and asked.view in ("", PRINTED) and bool(folded(asked.q))


def _by_words(
    asked: Asked, _at: datetime, size: int, *, before: int | None, after: int | None
) -> tuple[list[Notice], int]:
    """Find keys first, then the rows of a page: neither question is put together again."""
    words = asked.q[:MOST_SEARCHED]
    if before is None and after is None:
        keys = WORDS.keys(words, MOST_COUNTED + 1)
        total = len(keys)
    else:
        keys, total = WORDS.beside(words, size + 1, MOST_COUNTED + 1, before=before, after=after)
    rows = {row.pk: row for row in _rows(keys[: size + 1])}
    return [rows[key] for key in keys[: size + 1] if key in rows], total


@AskedOnce
def _rows(keys: list[int]) -> QuerySet[Notice]:
    return notices().filter(pk__in=keys)


def _with_total(
    asked: Asked, at: datetime, size: int, *, before: int | None, after: int | None
) -> tuple[list[Notice], int]:
    found = matching(asked, at)
    capped = found.order_by()[: MOST_COUNTED + 1]
    if not asked.q:
        found = found.annotate(total=_Counted(capped.values("pk")))
    ordered = (
        found.filter(pk__gt=after).order_by("pk")
        if after is not None
        else newest_first(found, before)
    )
    rows = list(ordered[: size + 1])
    if asked.q or not rows:
        return rows, capped.count()
    return rows, rows[0].total  # type: ignore[attr-defined]


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None


@dataclass(frozen=True)
class Facets:
    """What the register can be narrowed by: years newest first, the others as (code, name)."""

    years: list[int]
    towns: list[tuple[str, str]]
    industries: list[tuple[str, str]]
    departments: list[tuple[str, str]]


def facets() -> Facets:
    """Return what some notice is about; kept by each process for a while, for it changes rarely and is asked always."""
    dated = _kept("days", _years_and_towns)
    towns = {
        (code, in_page_language(name, name_en)) for _year, code, name, name_en in dated if code
    }
    industries = [
        (section, in_page_language(name, name_en))
        for section, name, name_en in _kept("industries", _industries)
    ]
    departments = [(one.code, one.label) for one in _kept("departments", _departments)]
    return Facets(
        sorted({row[0] for row in dated}, reverse=True), sorted(towns), industries, departments
    )


def _kept(name: str, asked: Callable[[], list[Any]]) -> list[Any]:
    return caches["rooms"].get_or_set(f"facets-{name}", asked, settings.FACETS_KEPT) or []


def _years_and_towns() -> list[Any]:
    place = ("filing__site__code", "filing__site__name", "filing__site__name_en")
    return list(Notice.objects.order_by().values_list("starts_on__year", *place).distinct())


def _industries() -> list[Any]:
    used = Notice.objects.filter(filing__industry=OuterRef("pk"))
    return list(Industry.objects.filter(Exists(used)).values_list("section", "name", "name_en"))


def _departments() -> list[Organisation]:
    used = Clause.objects.filter(checked_by=OuterRef("pk"), letter__published_at__isnull=False)
    return list(Organisation.objects.filter(Exists(used)).order_by("code"))
