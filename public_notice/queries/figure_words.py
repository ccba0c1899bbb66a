"""The figures as a page shows them: in words, with their definitions, and as pictures beside tables of the same."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from prereview.stages import SessionKind
from public_notice.queries.figures import Span, program_digest, years
from public_notice.rules.figures import EVENTS, SETTLED, STATES

MONTHS = 12
TALL, WIDE = 120, 320  # of a picture's bars, in its own units
ROW = 26


def states() -> dict[str, str]:
    """Return what each state of an opinion is called."""
    return {
        "answered": _("已提出意见"),
        "deemed": _("视同无异议"),
        "none": _("未表态"),
        "held": _("暂停默认"),
        "waiting": _("待提出意见"),
    }


def outcomes() -> dict[str, dict[str, str]]:
    """Return what each outcome of an event is called, by what it is counted of."""
    return {
        "accepted": {
            "complete": _("材料齐全受理"),
            "with_gaps": _("容缺受理"),
            "by_silence": _("视为受理"),
        },
        "gap": {
            "kept": _("按期补齐"),
            "late": _("逾期补齐"),
            "broken": _("逾期未补"),
            "open": _("未到期"),
            "dropped": _("不再需要"),
        },
        "extra": {"asked": _("待签字"), "signed": _("已签字"), "refused": _("效能监督不同意")},
        "objection": {
            "open": _("办理中"),
            "not_upheld": _("不成立"),
            "partly": _("部分成立，已更正"),
            "upheld": _("成立"),
        },
    }


def definitions() -> dict[str, tuple[str, str]]:
    """Return of each kind of event its title and what is counted."""
    return {
        "accepted": (
            _("受理情况"),
            _(
                "按受理日计入月份。容缺受理：企业承诺后补次要材料的件。视为受理：逾期未决定，"
                "依《中华人民共和国行政许可法》第三十二条自收件日起受理的件。"
            ),
        ),
        "gap": (
            _("容缺材料"),
            _(
                "企业承诺后补的每一件材料，按承诺日计入月份。按期：不晚于承诺期限交齐。"
                "视为受理后待补的没有承诺，不计入。"
            ),
        ),
        "extra": (
            _("清单外要求"),
            _("部门在清单以外再要材料的每一次，按提出日计入月份；须效能监督签字才能要。"),
        ),
        "objection": (_("公示异议"), _("对承诺公示提出的每一件异议，按收到日计入月份。")),
    }


def beside_of(counted: dict[str, dict[str, int]]) -> list[dict[str, str]]:
    """Return what a bulletin says beside its defaults: tolerance, extra demands, objections, each in a line."""
    titles, words = definitions(), outcomes()
    told = []
    for subject, found in counted.items():
        parts = [f"{words[subject][outcome]}{count}" for outcome, count in found.items() if count]
        total, said = str(sum(found.values())), "，".join(parts) or _("没有")
        told.append({"subject": titles[subject][0], "total": total, "said": said})
    return told


def page_of(span: Span, found: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the context of the page: two queries besides those of the figures."""
    names = {one.code: one.label for one in Organisation.objects.exclude(code="")}
    groups = _groups(found["decisions"], names)
    whole_year = len(span.period) == len("2018")
    return {
        "span": span,
        "whole_year": whole_year,
        "running": span.ends > at,
        "fewest": found["fewest"],
        "groups": groups,
        "events": _events(found["events"]),
        "rows": found["rows"].total(),
        "happened": found["happened"].total(),
        "months": _months(found["rows"], span) if whole_year else None,
        "years": years(at),
        "links": _links(span, at),
        "digest": program_digest(),
    }


def _groups(decided: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the tables, one for each kind of opinion: departments below the sum of all."""
    shown = []
    for kind in sorted({group["kind"] for group in decided}):
        rows = [
            {**group, "label": names.get(group["department"], group["department"])}
            for group in decided
            if group["kind"] == kind
        ]
        label = SessionKind(kind).label
        shown.append({"kind": kind, "label": label, "rows": rows, "picture": _days(rows)})
    return shown


def _days(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the departments of whom days are told as bars to the median and on to the 90th percentile."""
    told = [row for row in rows if row["department"] and row["median"] is not None]
    most = max((row["ninetieth"] for row in told), default=0)
    if not told:
        return None
    scale = WIDE / max(most, 1)
    bars = [
        {
            "label": row["label"],
            "y": place * ROW + 4,
            "text_y": place * ROW + 18,
            "median": max(2, round(row["median"] * scale)),
            "ninetieth": max(2, round(row["ninetieth"] * scale)),
            "text": f"{row['median']} / {row['ninetieth']}",
        }
        for place, row in enumerate(told)
    ]
    return {"bars": bars, "height": len(told) * ROW + 8}


def _events(counted: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    words, titles = outcomes(), definitions()
    return [
        {
            "code": code,
            "label": titles[code][0],
            "definition": titles[code][1],
            "total": sum(counted[code].values()),
            "counts": [{"label": words[code][one], "value": counted[code][one]} for one in codes],
        }
        for code, codes in EVENTS.items()
    ]


def _months(rows: Counter[Any], span: Span) -> dict[str, Any]:
    """Return the months of a year as columns of what came of the opinions asked, and as the rows of a table."""
    count: Counter[tuple[str, str]] = Counter()
    for row, many in rows.items():
        count[row.month, row.state] += many
    labels = states()
    columns: list[dict[str, Any]] = []
    for number in range(1, MONTHS + 1):
        month = f"{span.year:04d}-{number:02d}"
        values = {state: count[month, state] for state in STATES}
        open_still = values["held"] + values["waiting"]
        columns.append(
            {"month": month, "number": number, "values": values, "total": sum(values.values()), "open": open_still}
        )  # fmt: skip
    most = max(column["total"] for column in columns) or 1
    for place, column in enumerate(columns):
        column |= {"x": 40 + place * 54, "text_x": 58 + place * 54, "parts": _parts(column, most)}
    heads = [{"state": state, "label": labels[state]} for state in STATES]
    return {"columns": columns, "most": most, "heads": heads}


def _parts(column: dict[str, Any], most: int) -> list[dict[str, Any]]:
    """Return the parts of one column from the ground up, in the units of the picture."""
    parts, ground, values = [], TALL + 10.0, column["values"]
    for state in (*SETTLED, "open"):
        number = column["open"] if state == "open" else values[state]
        if number:
            height = round(number * TALL / most, 1)
            ground = round(ground - height, 1)
            parts.append({"state": state, "y": ground, "height": height})
    return parts


def _links(span: Span, at: datetime) -> list[dict[str, Any]]:
    """Return the months of the shown year that have begun."""
    today = timezone.localdate(at)
    last = today.month if span.year == today.year else MONTHS
    return [{"period": f"{span.year:04d}-{n:02d}", "number": n} for n in range(1, last + 1)]
