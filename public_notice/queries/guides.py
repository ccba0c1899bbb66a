"""办事指南 and 权责: made from the edition of the catalogue and the rulebook in force; nobody draws or writes them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import county
from approvals.models import CatalogueEdition
from approvals.models.catalogue import in_page_language
from approvals.queries import catalogue_at
from approvals.queries.items import VALUES, items_by_class
from approvals.rules import limits
from approvals.rules.citing import in_words
from approvals.rules.fees import fee_of
from approvals.rules.forecast import WAY
from core.deadlines.queries import NoEdition, rulebook_at, unit_said, value_of
from core.deadlines.rules import RULES
from core.documents.sheets import Sheet
from core.steps.templatetags.look import span

# What may lie between the notice and the start, by what opens the gate for an item, with the rule that times it.
GATES: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "service_done": (("", gettext_lazy("政府统一服务完成"), gettext_lazy("责任部门")),),
    "commitment": (),
    "paper_on_commitment": (
        (
            limits.PAPER_ON_COMMITMENT.code,
            gettext_lazy("凭承诺出具文书"),
            gettext_lazy("责任部门"),
        ),
    ),
    "prior_approval": (
        (limits.PROMISED_APPROVAL.code, gettext_lazy("依法审批"), gettext_lazy("责任部门")),
    ),
}
AFTER = (
    (limits.FIRST_CHECK.code, gettext_lazy("建设中检查"), gettext_lazy("责任部门")),
    (limits.JOINT_ACCEPTANCE.code, gettext_lazy("联合验收"), gettext_lazy("验收牵头部门")),
)
BOX, GAP, TOP = 52, 26, 8


@dataclass(frozen=True)
class Box:
    """One step of a flow chart: what, who, within how long, and what happens in silence; `y` places it."""

    number: int
    name: str
    actor: str
    within: str
    silence: str
    y: int

    @property
    def middle(self) -> int:
        """The line of its text."""
        return self.y + 22

    @property
    def below(self) -> int:
        """Where the arrow to the next one begins."""
        return self.y + BOX

    @property
    def tip(self) -> int:
        """Where that arrow ends."""
        return self.y + BOX + GAP


@dataclass(frozen=True)
class Chart:
    """A flow chart: its boxes from above, and how high it is drawn."""

    boxes: list[Box]

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return TOP * 2 + len(self.boxes) * (BOX + GAP) - GAP


def chart_of(item: Any, at: datetime) -> Chart:
    """Return the way of an item: the stages of a filing in their order with the limits of the rulebook in force.

    `item` comes from `items_by_class`. What opens its start gate stands between the notice and the start.
    """
    gate = GATES[item.start_gate.removesuffix("_if_condition")]
    way = [*WAY[:-1], *gate, WAY[-1], *AFTER]
    return Chart([_box(n, *step, item, at) for n, step in enumerate(way)])


def _box(place: int, code: str, name: Any, actor: Any, item: Any, at: datetime) -> Box:
    rule = RULES.get(code)
    silence = str(rule.silence.label) if rule else ""
    if code == "P5b":  # whether silence may mean anything is said item by item
        silence = str(VALUES["opinion_default"][item.opinion_default])
    within = _within(code, at)
    if code == limits.PROMISED_APPROVAL.code:
        within = getattr(item, "promised", "") or getattr(item, "statutory", "")
    if code == "P5a" and within:  # not within so many days but no fewer ahead
        within = _("至少提前%(days)s") % {"days": within}
    return Box(place + 1, str(name), str(actor), within, silence, TOP + place * (BOX + GAP))


def _within(code: str, at: datetime) -> str:
    try:
        value = value_of(rulebook_at(at), code)
    except (KeyError, NoEdition):
        return ""
    if value.unit not in ("working_day", "natural_day", "day", "month"):
        return ""
    if not value.number:
        return _("当日")
    return span(value.number, unit_said(value.unit))


def edition_or_none(at: datetime) -> CatalogueEdition | None:
    """Return the edition in force, or None before a county has one."""
    try:
        return catalogue_at(at)
    except NoEdition:
        return None


def guides(at: datetime) -> list[dict[str, Any]]:
    """Return the items of the edition in force by class; each may be opened as a guide."""
    edition = edition_or_none(at)
    return items_by_class(edition, timezone.localdate(at)) if edition else []


def guide(code: str, at: datetime) -> Any | None:
    """Return one item with everything its guide says; None where the edition in force lacks it."""
    edition = edition_or_none(at)
    groups = items_by_class(edition, timezone.localdate(at), code) if edition else []
    item = next((row for group in groups for row in group["rows"]), None)
    if item is None:
        return None
    item.edition = edition
    fee = fee_of(county().profile.get("fees", {}), item.code, item.item_class)
    item.fee, item.fee_text = fee, in_page_language(fee.zh, fee.en)
    item.chart = chart_of(item, at)
    return item


def powers(at: datetime) -> list[dict[str, Any]]:
    """Return the departments of the edition in force, each with its items; who helps stands with the item."""
    offices: dict[str, list[Any]] = {}
    for group in guides(at):
        for item in group["rows"]:
            offices.setdefault(item.department.code, []).append(item)
    return [
        {"code": code, "label": rows[0].offices[0], "rows": rows}
        for code, rows in sorted(offices.items())
    ]


def sheet_of_powers(groups: Iterable[dict[str, Any]]) -> Sheet:
    """Return powers as a table: the columns of the page."""
    heads = (
        _("部门"), _("编号"), _("事项"), _("类别"), _("协办部门"), _("依据"), _("法定时限"), _("承诺时限"),
    )  # fmt: skip
    return Sheet(_("权责清单"), heads, _cells(groups))


def _cells(groups: Iterable[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    for group in groups:
        for item in group["rows"]:
            yield (
                group["label"], item.code, item.label, item.get_item_class_display(), "、".join(item.offices[1:]),
                in_words(item.legal_basis), getattr(item, "statutory", ""), getattr(item, "promised", ""),
            )  # fmt: skip


def sheet_of_guides(groups: Iterable[dict[str, Any]]) -> Sheet:
    """Return what every guide says of materials as a table, a row for each paper."""
    heads = (
        _("编号"), _("事项"), _("责任部门"), _("材料"), _("形式"), _("份数"), _("何时需要"), _("可容缺"),
    )  # fmt: skip
    return Sheet(_("办事指南材料"), heads, _papers(groups))


def _papers(groups: Iterable[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    for group in groups:
        for item in group["rows"]:
            for paper in item.materials.all():
                yield (
                    item.code, item.label, item.offices[0], paper.name, str(VALUES["form"][paper.form]), paper.copies,
                    paper.get_needed_by_display(), _("是") if paper.tolerable else _("否"),
                )  # fmt: skip
