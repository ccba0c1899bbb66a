"""What the record of a visit says of the site: who was there, each point with its findings, photographs, signatures."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any

from accounts.models import Organisation
from approvals.services import words
from core.deadlines.queries import value_of
from core.documents.plates import MOST as MOST_PRINTED
from core.steps.papers import time_text
from prereview import rules
from prereview.models import Invitation
from prereview.queries.absence import absent_by_rule
from prereview.queries.visit import Part, Settled, Visit
from prereview.stages import FindingResult

FIRST = "首次勘察的部门"  # of a point that nobody on a second visit asks itself
MOST_OF_A_DIGEST = 32  # half of it on each line: a table breaks nowhere else


def site_part(visit: Visit, summoned: Iterable[Invitation], at: datetime) -> dict[str, Any]:
    """Return the part of the record's content that was entered on the site; what came after the close is not in it."""
    names = {key: words.department(one, at) for key, one in visit.departments.items()}
    parts = visit.parts
    conflicts = {one.clash.topic: one for one in visit.conflicts}
    return {
        "absent": _absent(visit, summoned, at),
        "persons": [
            {"department": names[part.department.pk], "name": one.name, "card": one.card or "—"}
            for part in parts
            for one in part.persons
        ],
        "points": [
            {
                "name": point.words,
                "askers": "、".join(_named(point.askers, visit.departments, names)) or FIRST,
                "lines": [
                    _line(finding, names)
                    for (topic, _owner), finding in sorted(visit.stand.items())
                    if topic == point.topic
                ],
                "conflict": _conflict(conflicts.get(point.topic), at),
            }
            for point in visit.points
        ],
        **_photos(visit, parts, names),
        "signatures": [
            {"department": names[part.department.pk], "state": _signed(part)} for part in parts
        ],
    }


def _named(
    codes: Iterable[str], departments: dict[int, Organisation], names: dict[int, str]
) -> list[str]:
    by_code = {one.code: names[key] for key, one in departments.items()}
    return [by_code[code] for code in codes]


def _absent(visit: Visit, summoned: Iterable[Invitation], at: datetime) -> list[str]:
    """Say by which rule an absent department has no objection and may not ask for another visit."""
    closed = visit.agenda.recorded_close
    rule = value_of(visit.agenda.filing.pinned_rulebook, rules.SURVEY_OPINION.code)
    return [
        f"{words.department(one.department, at)}无正当理由缺席。依照缺席默认制（{rule.basis}），"
        "其对勘察记录的意见按默认规则处理，不得要求再次勘察。"
        for one in summoned
        if absent_by_rule(one, closed, visit.agenda.filing)
    ]


def _line(finding: Any, names: dict[int, str]) -> dict[str, str]:
    late = "（迟到记录）" if finding.late else ""
    return {
        "department": names[finding.department_id],
        "result": str(FindingResult(finding.result).label),
        "text": finding.text or "—",
        "at_text": time_text(finding.happened_at) + late,
    }


def _conflict(found: Settled | None, at: datetime) -> str:
    if found is None or found.settlement is None:
        return ""
    said = found.settlement
    result = FindingResult(said.result).label
    return (
        f"部门记录不一致。召集人{said.by.user.name}于{time_text(said.happened_at)}裁定按“{result}”记录，"
        f"理由：{said.reasons}"
    )


def _photos(visit: Visit, parts: list[Part], names: dict[int, str]) -> dict[str, Any]:
    """Return the list of all photographs, and which of them are printed small beside it."""
    every = [one for part in parts for one in part.photos]
    every.sort(key=lambda one: (one.happened_at, str(one.uid)))
    numbered = list(enumerate(every, start=1))
    return {
        "photos": [
            {
                "number": str(number),
                "department": names[one.department_id],
                "point": visit.words(one.topic) if one.topic else "—",
                "at_text": time_text(one.happened_at),
                "position": one.position or "未附位置",
                "digest_front": one.sha256[:MOST_OF_A_DIGEST],
                "digest_back": one.sha256[MOST_OF_A_DIGEST:],
            }
            for number, one in numbered
        ],
        "pictures": [
            {
                "number": str(number),
                "department": names[one.department_id],
                "at_text": time_text(one.happened_at),
                "file": one.file_id,
                "sha256": one.sha256,
            }
            for number, one in _printed(numbered)
        ],
    }


def _printed(numbered: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Choose what is printed small: of each department in turn its next one, so that nobody fills the page alone."""
    turns: Counter[int] = Counter()
    ranked = []
    for number, one in numbered:
        if one.file.not_previewed:
            continue
        ranked.append((turns[one.department_id], number, one))
        turns[one.department_id] += 1
    ranked.sort(key=lambda row: row[:2])
    return sorted(
        ((number, one) for _turn, number, one in ranked[:MOST_PRINTED]), key=itemgetter(0)
    )


def _signed(part: Part) -> str:
    if part.signature is None:
        return "未签字" if part.entries else "没有现场记录"
    who = f"{part.signature.by.user.name}于{time_text(part.signature.happened_at)}签字"
    return f"{who}；签字后又有{len(part.unsigned)}条记录未签" if part.unsigned else who
