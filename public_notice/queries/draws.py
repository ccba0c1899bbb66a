"""双随机 as the public reads it: everything that is needed to repeat a draw, once nobody is warned by it.

A random check comes unannounced, and whoever knows the seed and the list knows who was drawn. So seed, list and result
are opened when no check of the quarter is still to be held, or when the quarter is over; until then the draw stands
there with its time, its algorithm and the digest of its list. A group that is drawn for marks of bad credit is shown
only while each of its marks is on show: an outlet that went on would outlast the publication. With the group go the
other groups, the number of projects and the digest, for by what is missing from them it could be made out.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from approvals.models import Filing
from core.documents.sheets import Sheet
from inspection.models import Check, Draw, DrawPledge
from inspection.queries.draws import published
from inspection.rules.draw import quarter_of
from inspection.stages import Group
from public_notice.queries.credit import marks_shown
from public_notice.rules.gate import DRAW, RECKONED, admit

Row = dict[str, Any]
MOST_REVEALED = 40  # ten years, a quarter each; the ledger has them all
BOUND = ("seed", "opening", "secret", "commitment", "announced_at", "checkpoint", "groups", "pairs")


def draws_in_public() -> QuerySet[Draw]:
    """Return the draws, newest first, each with whether a check of its quarter is still to be held (`waiting`)."""
    waits = Check.objects.filter(
        draw__quarter=OuterRef("quarter"), held_at=None, called_off_at=None
    )
    found = Draw.objects.select_related("pledge")
    return found.annotate(waiting=Exists(waits)).order_by("-quarter", "-turn")


def announced(at: datetime) -> list[Row]:
    """Return what was announced for the quarter of an instant and not drawn with yet, through the gate: no secret."""
    coming = DrawPledge.objects.filter(quarter=quarter_of(timezone.localdate(at)))
    waiting = coming.filter(draw=None, unused=None).order_by("turn")
    return [_said(pledge) for pledge in waiting.defer("secret")]


def revealed() -> list[Row]:
    """Return what was announced and never drawn with, newest first, each with its secret, through the gate."""
    kept = DrawPledge.objects.filter(unused__isnull=False)[:MOST_REVEALED]
    return [_said(pledge, secret=pledge.secret) for pledge in kept]


def _said(pledge: DrawPledge, **more: str) -> Row:
    said = {
        "quarter": pledge.quarter, "turn": pledge.turn, "commitment": pledge.commitment,
        "announced_at": pledge.announced_at.isoformat(), **more,
    }  # fmt: skip
    return admit(said, DRAW, RECKONED)


def opened(draw: Any, at: datetime) -> bool:
    """Whether seed, list and result of a draw are public at an instant."""
    return not draw.waiting or draw.quarter < quarter_of(timezone.localdate(at))


def marks_over(at: datetime) -> set[int]:
    """Return the draws that had a group for marks, one of which is on show no more: two queries."""
    marked = {
        pk: {
            number
            for group in groups
            if group["group"] == Group.MARKED
            for number in group["candidates"]
        }
        for pk, groups in Draw.objects.values_list("pk", "groups")
    }
    now = marks_shown(at).values("filing__enterprise")
    asked = Filing.objects.filter(number__in=set().union(*marked.values()), enterprise__in=now)
    on_show = set(asked.values_list("number", flat=True))
    return {pk for pk, numbers in marked.items() if numbers - on_show}


def head_of(draw: Any, at: datetime, over: frozenset[int] | set[int]) -> Row:
    """Return what the public reads of every draw, through the gate: no query. `over` is what `marks_over` says."""
    shown = opened(draw, at)
    said = {
        "quarter": draw.quarter,
        "turn": draw.turn,
        "reason": draw.reason,
        "drawn_at": draw.drawn_at.isoformat(),
        "algorithm": draw.algorithm,
        "digest": "" if draw.pk in over else draw.digest,
        "projects": None if draw.pk in over else len(draw.candidates),
        # before it is opened not even how many: where it is all of them, each would know
        "drawn": sum(len(group["drawn"]) for group in draw.groups)
        if shown and draw.pk not in over
        else None,
        "opened": shown,
    }
    return admit(said, DRAW, RECKONED)


def whole_of(draw: Any, at: datetime) -> Row:
    """Return all that the public reads of a draw: of an open one what is needed to repeat it; three queries."""
    over = marks_over(at)
    head = head_of(draw, at, over)
    if not head["opened"]:
        return head
    if draw.pk in over:
        return {**head, "withheld": [Group.MARKED.value], "groups": [], "pairs": []}
    said = {
        "withheld": [],
        **{name: value for name, value in published(draw).items() if name in BOUND},
    }
    return {**head, **admit(said, DRAW, RECKONED)}


def rows_of(whole: Row) -> list[Row]:
    """Return the projects of an open draw with their group and what was drawn for each; names of offices: one query."""
    offices = {one.code: one.label for one in Organisation.objects.exclude(code="")}
    pairs = {pair["filing"]: pair for pair in whole["pairs"]}
    return [
        {
            "number": number,
            "group": Group(group["group"]).label,
            "share": group["share"],
            "drawn": number in group["drawn"],
            "department": offices.get(pairs.get(number, {}).get("department", ""), ""),
            "officers": pairs.get(number, {}).get("officers", []),
        }
        for group in whole["groups"]
        for number in group["candidates"]
    ]


def sheet_of_draws(draws: Iterable[Any], at: datetime) -> Sheet:
    """Return the draws as a table: the page's columns."""
    heads = (
        _("季度"), _("次数"), _("抽取时间"), _("在建项目"), _("抽中"), _("算法"), _("名单摘要"), _("已公开"),
    )  # fmt: skip
    return Sheet(_("双随机抽取"), heads, _cells(draws, at))


def _cells(draws: Iterable[Any], at: datetime) -> Iterator[Sequence[Any]]:
    over = marks_over(at)
    for draw in draws:
        said = head_of(draw, at, over)
        yield (
            said["quarter"], said["turn"], draw.drawn_at, said["projects"], said["drawn"], said["algorithm"],
            said["digest"], _("是") if said["opened"] else _("否"),
        )  # fmt: skip


def sheet_of_draw(whole: Row) -> Sheet:
    """Return the projects of an open draw as a table."""
    heads = (_("项目"), _("分组"), _("抽取百分比"), _("抽中"), _("检查部门"), _("检查人员代号"))
    cells = (
        (
            row["number"], row["group"], row["share"], _("是") if row["drawn"] else _("否"), row["department"],
            " ".join(row["officers"]),
        )
        for row in rows_of(whole)
    )  # fmt: skip
    title = _("双随机抽取")
    return Sheet(f"{title} {whole['quarter']}-{whole['turn']}", heads, cells)
