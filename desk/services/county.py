"""Loading a county pack that passed every check: whole or not at all, and as often as one likes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import County, Membership, Organisation, OrganisationName
from accounts.policies import administrator, system
from accounts.services import FIRST_DAY, rename
from accounts.stages import Kind
from approvals.models import Industry, Region
from approvals.rules.outline import KEY as OUTLINE
from core.documents.models import PaperKind
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from desk.rules.pack import LACKING, Fault, Pack, PackError, Row
from desk.rules.pack.tables import split
from desk.services.editions import Editions
from public_notice.services.openness import load_matters
from public_notice.services.pack import load_kinds, load_questions

Told = Callable[[int, int, str], None]
# What of county.yaml has columns of its own; the rest is kept as it is written.
_COLUMNS = {"code", "name_zh", "name_en", "window_department", "supervisor_organisation"}


@dataclass(frozen=True)
class Line:
    """One kind of thing: its name for people and how many rows are new or changed."""

    what: str
    written: int


@dataclass(frozen=True)
class Report:
    """What a load did, kind by kind, in the order of loading."""

    county: str
    lines: tuple[Line, ...]

    @property
    def written(self) -> int:
        """How many rows are new or changed in all; zero when the pack was loaded before."""
        return sum(line.written for line in self.lines)


def _may_load(thing: Any, by: Membership) -> bool:
    return bool(system(thing, by) or administrator(thing, by))


@transaction.atomic
def load_pack(
    pack: Pack, *, by: Membership, at: datetime, from_day: date | None = None, progress: Told | None = None
) -> Report:  # fmt: skip
    """Load a pack. New editions are in force from `from_day`, the first ones from the first day of the data.

    `progress` is told, before each kind of thing, the how manyth of how many it is and its name; nothing of it stands
    before all of it does.

    Raises PackError when the pack is another county's, or would change a calendar that is already known;
    PermissionDenied unless the system or the administrator loads it.
    """
    permit(pack, _may_load, by=by, at=at)
    book = county_book()
    lock(book.pk)
    _same_county(pack)
    things: list[tuple[str, Callable[[], int]]] = [
        (_("部门"), partial(_departments, pack)),
        (_("行政区划"), partial(_regions, pack)),
        (_("行业"), partial(_industries, pack)),
        (_("文书种类"), partial(_paper_kinds, pack)),
        (_("县的设置"), partial(_county, pack)),
    ]
    editions = Editions(pack, book=book, by=by, at=at, from_day=from_day)
    later: list[tuple[str, Callable[[], int]]] = [
        (_("日历版次"), editions.load_calendars),
        (_("规则版次"), editions.load_rulebook),
        (_("清单版次"), editions.load_catalogue),
        (_("公开事项"), partial(load_matters, pack.openness, by=by, at=at)),
        (_("来信类别"), partial(load_kinds, pack.mailbox)),
        (_("满意度问题"), partial(load_questions, pack.satisfaction)),
    ]
    tell, total = progress or (lambda _done, _all, _what: None), len(things) + len(later)
    lines = _loaded(things, 1, total, tell)
    if written := sum(line.written for line in lines):
        record(book, "load_county", by=by, at=at, digest=pack.digest, rows=written)
    lines += _loaded(later, len(things) + 1, total, tell)
    return Report(str(pack.county["name_zh"]), tuple(lines))


def _loaded(
    things: Iterable[tuple[str, Callable[[], int]]], first: int, total: int, tell: Told
) -> list[Line]:
    """Load one kind after the other, each told before it begins."""
    lines = []
    for place, (what, load) in enumerate(things, first):
        tell(place, total, what)
        lines.append(Line(what, load()))
    return lines


def _same_county(pack: Pack) -> None:
    other = County.objects.exclude(code=pack.county["code"]).first()
    if other is not None:
        text = _("本系统已载入%(county)s（%(code)s），不能再载入另一个县") % {
            "county": other.name,
            "code": other.code,
        }
        raise PackError([Fault("county.yaml", 1, "code", text)])


def _write(model: type[models.Model], key: str, wanted: Mapping[str, dict[str, Any]]) -> int:
    """Write rows by their key; return how many are new or changed."""
    rows = model._default_manager.in_bulk(list(wanted), field_name=key)
    written = 0
    for value, fields in wanted.items():
        row = rows.get(value) or model(**{key: value})
        changed = [name for name, new in fields.items() if getattr(row, name) != new]
        if row.pk is None or changed:
            for name in changed:
                setattr(row, name, fields[name])
            row.save()
            written += 1
    return written


def _departments(pack: Pack) -> int:
    rows = {
        row["code"]: {
            "kind": Kind.DEPARTMENT.value,
            "name": row["name_zh"],
            "name_en": row["name_en"],
            "duties": split(row["roles"]),
            "source": row["source"],
            "certainty": row["certainty"],
            **_led_from_above(row),
        }
        for row in pack.departments
    }
    written = _write(Organisation, "code", rows)
    organisations = Organisation.objects.in_bulk(list(rows), field_name="code")
    known = {
        (name.organisation.code, name.valid_from): (name.name, name.valid_to)
        for name in OrganisationName.objects.filter(
            organisation__in=organisations.values()
        ).select_related("organisation")
    }
    for row in pack.departments:
        for name, first, last in _names(row):
            if known.get((row["code"], first)) != (name, last):
                rename(organisations[row["code"]], name, valid_from=first, valid_to=last)
                written += 1
    return written


def _led_from_above(row: Row) -> dict[str, date | None]:
    """Return since when; nothing where the pack has no such column, and what the administrator wrote stands."""
    if (year := row.get("led_from_above_since")) is None:
        return {}
    return {"led_from_above_since": date(int(year), 1, 1) if year else None}


def _names(row: Row) -> list[tuple[str, date, date | None]]:
    """The names of a department with their first and last day; the columns give whole years."""

    def span(prefix: str) -> tuple[date, date | None]:
        first, last = row[f"{prefix}_valid_from"], row[f"{prefix}_valid_to"]
        begins = date(int(first), 1, 1) if first else FIRST_DAY
        return begins, date(int(last), 12, 31) if last else None

    names = [(row["name_zh"], *span("name"))]
    former = (row["name_zh_2018"], *span("name_2018"))
    if former[0] and former[1] != names[0][1]:
        names.insert(0, former)
    return names


def _regions(pack: Pack) -> int:
    return _write(
        Region,
        "code",
        {
            row["code"]: {
                "name": row["name_zh"],
                "name_en": row["name_en"],
                "level": row["level"],
                "parent_code": row["parent_code"],
                "seen_from": _day(row["first_edition_seen"]) or FIRST_DAY,
                "seen_to": _day(row["last_edition_seen"]),
            }
            for row in pack.regions
        },
    )


def _industries(pack: Pack) -> int:
    """A section as the newest classification in the pack has it."""
    return _write(
        Industry,
        "section",
        {
            row["section"]: {
                "name": row["name_zh"],
                "name_en": row["name_en"],
                "edition_year": int(row["edition_year"]),
                "division_from": int(row["division_from"]),
                "division_to": int(row["division_to"]),
            }
            for row in sorted(pack.industries, key=lambda row: int(row["edition_year"]))
        },
    )


def _paper_kinds(pack: Pack) -> int:
    return _write(
        PaperKind,
        "code",
        {
            row["code"]: {
                "name": row["name_zh"],
                "name_en": row["name_en"],
                "mark": row["number_series"],
                "public": row["public"] == "yes",
                "source": row["source"],
                "certainty": row["certainty"],
            }
            for row in pack.documents
        },
    )


def _county(pack: Pack) -> int:
    said = pack.county
    offices = Organisation.objects.in_bulk(
        [said["window_department"], said["supervisor_organisation"]], field_name="code"
    )
    names = {"name": said["name_zh"], "name_en": said["name_en"]}
    rest = {name: value for name, value in said.items() if name not in _COLUMNS | {OUTLINE}}
    if pack.outline:
        rest[OUTLINE] = pack.outline
    if pack.lacking_files:
        rest[LACKING] = list(pack.lacking_files)
    # The two actors who are nobody in particular act for the county by its name.
    Organisation.objects.filter(kind=Kind.COUNTY).update(**names)
    return _write(
        County,
        "code",
        {
            said["code"]: {
                **names,
                "window_id": offices[said["window_department"]].pk,
                "supervision_id": offices[said["supervisor_organisation"]].pk,
                "profile": json.loads(json.dumps(rest, default=str)),
            }
        },
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
