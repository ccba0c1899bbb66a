"""The files of a played year: projects, what is out of the ordinary, how departments conduct themselves, meetings.

A moment is written `2018-01-08 09:20`, or `-14 09:20`: fourteen working days before the as-of day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from desk.rules.pack import Fault, PackError, Row
from desk.rules.pack.columns import FREE, POSITIVE, TEXT, YES_NO, one_of
from desk.rules.pack.tables import Table, read_table, split

Moment = Callable[[str], datetime]
_MOMENT: Final = re.compile(r"(\S+) (\d\d):(\d\d)")
_INDUSTRY: Final = re.compile(r"[A-T]")

ENTERPRISES: Final = Table(
    "enterprises.csv", ("number",), {"number": POSITIVE, "name": TEXT, "person": TEXT}
)
PLACE: Final = ("longitude", "latitude")
PROJECTS: Final = Table(
    "projects.csv",
    ("case",),
    {
        "case": POSITIVE,
        "submitted": TEXT,
        "enterprise": POSITIVE,
        "pilot": YES_NO,
        "project": TEXT,
        "industry": TEXT,
        "code": FREE,
        "town": TEXT,
        "site": TEXT,
        "scale": TEXT,
        "investment_wan": POSITIVE,
        "land_mu": TEXT,
        "traits": FREE,
        **dict.fromkeys(PLACE, FREE),
    },
    optional=PLACE,
)
EVENTS: Final = Table(
    "events.csv",
    ("case", "what", "value"),
    {
        "case": POSITIVE,
        "what": one_of(
            "again", "approve", "broken", "changes", "check", "correction", "declines", "deemed", "exit", "fails",
            "finish",
            "gap", "gap_late", "gap_never", "hand_in", "ineligible", "lapse", "no_survey", "not_passed",
            "objection", "refused", "room", "scan_rejected", "seen", "sign", "slow_list", "slow_minutes", "slow_paper",
            "stop", "survey", "uncorrected", "unmended", "views", "withdrawn",
        ),
        "value": FREE,
        "text": FREE,
        "answer": FREE,
    },
)  # fmt: skip
CONDUCT: Final = Table(
    "conduct.csv",
    ("case", "session", "department", "item"),
    {
        "case": POSITIVE,
        "session": one_of("survey", "meeting"),
        "department": TEXT,
        "item": FREE,
        "conduct": one_of(
            "absent", "claims_not_ours", "conditions", "confirmed", "disagrees", "dismissed",
            "excuse_granted", "excuse_refused", "late", "leaves", "not_ours", "silent", "unproven", "unserved",
        ),
        "text": FREE,
        "clause": FREE,
    },
)  # fmt: skip
MEETINGS: Final = Table("meetings.csv", ("opens",), {"opens": TEXT, "place": TEXT})


@dataclass(frozen=True)
class Project:
    """One filing to be made: when, by whom, what, and the answers of its questionnaire."""

    case: int
    submitted: datetime
    enterprise: int
    pilot: bool
    fields: dict[str, Any]
    industry: str
    town: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Event:
    """Something out of the ordinary in one case."""

    what: str
    value: str
    text: str
    answer: str


@dataclass(frozen=True)
class Conduct:
    """How a department conducts itself in a case's session, where it is not the ordinary way."""

    case: int
    session: str
    department: str
    item: str
    what: str
    text: str
    clause: str


@dataclass(frozen=True)
class Meeting:
    """A joint meeting of the year."""

    opens_at: datetime
    place: str


@dataclass(frozen=True)
class Plan:
    """Everything that is played; `published` are the county's own counts that the play must come to."""

    name: str
    seed: int
    published: dict[str, int]
    enterprises: dict[int, tuple[str, str]]
    projects: tuple[Project, ...]
    events: dict[int, tuple[Event, ...]]
    conduct: tuple[Conduct, ...]
    meetings: tuple[Meeting, ...]
    traits: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_plan(folder: Path, moment: Moment) -> Plan:
    """Read and check a folder; raise PackError with every fault by file, line and column."""
    faults: list[Fault] = []
    head = yaml.safe_load((folder / "plan.yaml").read_text("utf-8"))
    rows = {
        t.file: _rows(folder, t, faults) for t in (ENTERPRISES, PROJECTS, EVENTS, CONDUCT, MEETINGS)
    }
    if faults:
        raise PackError(faults)
    enterprises = {int(r["number"]): (r["name"], r["person"]) for r in rows["enterprises.csv"]}
    known = {r["case"] for r in rows["projects.csv"]}
    for name in ("events.csv", "conduct.csv"):
        faults += [
            Fault(name, r.line, "case", _("没有这个案例"))
            for r in rows[name]
            if r["case"] not in known
        ]
    projects = [
        _project(r, head["traits"], enterprises, moment, faults) for r in rows["projects.csv"]
    ]
    meetings = [_meeting(r, moment, faults) for r in rows["meetings.csv"]]
    if faults:
        raise PackError(faults)
    return Plan(
        name=str(head["name"]),
        seed=int(head["seed"]),
        published={key: int(value) for key, value in (head.get("published") or {}).items()},
        enterprises=enterprises,
        projects=tuple(sorted((p for p in projects if p), key=lambda p: p.submitted)),
        events=_events(rows["events.csv"]),
        conduct=tuple(_conduct(r) for r in rows["conduct.csv"]),
        meetings=tuple(sorted((m for m in meetings if m), key=lambda m: m.opens_at)),
    )


def _rows(folder: Path, table: Table, faults: list[Fault]) -> list[Row]:
    path = folder / table.file
    if not path.exists():
        faults.append(Fault(table.file, 1, "-", _("缺少此文件")))
        return []
    return read_table(table, path.read_bytes(), faults) or []


def _moment(
    file: str, row: Row, column: str, moment: Moment, faults: list[Fault]
) -> datetime | None:
    try:
        return moment(row[column])
    except ValueError:
        faults.append(
            Fault(file, row.line, column, _("“%(text)s”不是时刻") % {"text": row[column]})
        )
        return None


def _project(
    row: Row,
    traits: dict[str, dict[str, Any]],
    enterprises: dict[int, tuple[str, str]],
    moment: Moment,
    faults: list[Fault],
) -> Project | None:
    submitted = _moment("projects.csv", row, "submitted", moment, faults)
    if int(row["enterprise"]) not in enterprises:
        faults.append(Fault("projects.csv", row.line, "enterprise", _("没有这个企业")))
    if not _INDUSTRY.fullmatch(row["industry"]):
        faults.append(Fault("projects.csv", row.line, "industry", _("不是行业门类")))
    if unknown := [t for t in split(row["traits"]) if t not in traits]:
        faults.append(
            Fault(
                "projects.csv",
                row.line,
                "traits",
                _("没有这个特征：%(what)s") % {"what": unknown[0]},
            )
        )
        return None
    if submitted is None:
        return None
    pilot = row["pilot"] == "yes"
    return Project(
        case=int(row["case"]),
        submitted=submitted,
        enterprise=int(row["enterprise"]),
        pilot=pilot,
        fields=_fields(row, pilot=pilot),
        industry=row["industry"],
        town=row["town"],
        answers=_answers(traits, split(row["traits"])),
    )


def _fields(row: Row, *, pilot: bool) -> dict[str, Any]:
    return {
        "project_name": row["project"],
        "project_code": row["code"],
        "site_detail": row["site"],
        "scale": row["scale"] + ("（承诺制试点项目）" if pilot else ""),
        "investment_wan": Decimal(row["investment_wan"]),
        "land_mu": Decimal(row["land_mu"]),
    } | ({name: Decimal(row[name]) for name in PLACE} | {"datum": "wgs84"} if row[PLACE[0]] else {})


def _answers(traits: dict[str, dict[str, Any]], named: list[str]) -> dict[str, Any]:
    """Return the ordinary answers with those of the traits over them; where several may be chosen they add up."""
    answers = dict(traits["ordinary"])
    several: dict[str, list[str]] = {}
    for trait in named:
        for fact, value in traits[trait].items():
            if isinstance(value, list):
                several.setdefault(fact, []).extend(value)
            else:
                answers[fact] = value
    return {**answers, **several}


def _meeting(row: Row, moment: Moment, faults: list[Fault]) -> Meeting | None:
    opens_at = _moment("meetings.csv", row, "opens", moment, faults)
    return Meeting(opens_at, row["place"]) if opens_at else None


def _events(rows: list[Row]) -> dict[int, tuple[Event, ...]]:
    found: dict[int, tuple[Event, ...]] = {}
    for row in rows:
        event = Event(row["what"], row["value"], row["text"], row["answer"])
        found[int(row["case"])] = (*found.get(int(row["case"]), ()), event)
    return found


def _conduct(row: Row) -> Conduct:
    return Conduct(
        int(row["case"]),
        row["session"],
        row["department"],
        row["item"],
        row["conduct"],
        row["text"],
        row["clause"],
    )


def day_and_time(text: str) -> tuple[str, int, int]:
    """Split a moment into its day and its hour and minute; raise ValueError for anything else."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found[1], int(found[2]), int(found[3])


def is_date(text: str) -> date | None:
    """Return the day a text names, None where it is a number of working days."""
    return date.fromisoformat(text) if len(text) == len("2018-01-08") else None
