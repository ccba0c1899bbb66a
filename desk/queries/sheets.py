"""The supervisor's lists, and the administrator's, as tables for a spreadsheet."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AccessToken
from core.deadlines.counting import last_day_of
from core.documents.sheets import CHUNK, Sheet
from core.documents.sheets.papers import numbered
from core.notify.models import Sending
from desk.queries import supervision
from desk.queries.delays import Wanted, delays
from prereview.models import Opinion
from prereview.stages import SlotState

LATE, DEPARTMENTS, DEFAULTS = "late", "departments", "defaults"
# Names of the lists of open slots, with the state of each.
SLOTS = {
    "held": (SlotState.HELD, gettext_lazy("暂停默认")),
    "escalated": (SlotState.ESCALATED, gettext_lazy("已转督办")),
    "candidates": (SlotState.CANDIDATE, gettext_lazy("拟视同无异议")),
}
LISTS = (LATE, *SLOTS, DEFAULTS, DEPARTMENTS)


def supervised(name: str, wanted: Wanted, at: datetime) -> Sheet:
    """Return one of the supervisor's lists by its name, narrowed as the page is."""
    make: dict[str, Callable[[], Sheet]] = {
        LATE: lambda: sheet_of_delays(delays(at, wanted)),
        DEFAULTS: lambda: sheet_of_defaults(wanted.department),
        DEPARTMENTS: lambda: sheet_of_departments(at),
        **{slots: lambda slots=slots: sheet_of_slots(slots, wanted.department) for slots in SLOTS},  # type: ignore[misc]
    }
    return make[name]()


def sheet_of_delays(rows: Sequence[dict[str, Any]]) -> Sheet:
    """Return delays, as `delays` returns them."""
    heads = (
        _("申报件"), _("项目"), _("企业"), _("规则"), _("时限"), _("事项"), _("轮到谁"), _("到期"), _("到期日"),
        _("净用时（工作日）"), _("逾期工作日"), _("升级到"),
    )  # fmt: skip
    cells = (
        (
            row["filing"].public_id, row["filing"].project_name, row["filing"].enterprise, row["rule"], row["label"],
            row["item"], row["who"], row["due_at"], last_day_of(row["due_at"]), row["used"], row["days_late"],
            row["rung_label"],
        )
        for row in rows
    )  # fmt: skip
    return Sheet(_("逾期清单"), heads, cells)


def sheet_of_slots(name: str, department: str) -> Sheet:
    """Return the opinions in a state that somebody has to look at, each with its reason in words."""
    state, label = SLOTS[name]
    heads = (
        _("申报件"), _("项目"), _("部门"), _("事项"), _("种类"), _("轮次"), _("状态"), _("原因"), _("到期"),
        _("到期日"),
    )  # fmt: skip
    return Sheet(str(label), heads, _slots(state, department))


def _slots(state: str, department: str) -> Iterator[Sequence[Any]]:
    for row in supervision.explained(supervision.slots_in(state, department)):
        slot = row["slot"]
        yield (
            slot.filing.public_id, slot.filing.project_name, slot.department, slot.item, slot.get_kind_display(),
            slot.round, slot.get_state_display(), row["said"], slot.due_at, slot.due_at and last_day_of(slot.due_at),
        )  # fmt: skip


def sheet_of_defaults(department: str) -> Sheet:
    """Return every default with its notice; one that was withdrawn says so."""
    heads = (
        _("申报件"), _("项目"), _("部门"), _("事项"), _("种类"), _("结果"), _("生效"), _("记录时间"), _("通知书"),
        _("补做期限"), _("补做时间"), _("撤回时间"),
    )  # fmt: skip
    return Sheet(_("已认定的默认"), heads, _defaults(department))


def _defaults_of(department: str) -> QuerySet[Opinion]:
    return supervision.all_defaults(department).select_related("paper__correction")


def _defaults(department: str) -> Iterator[Sequence[Any]]:
    for opinion in _defaults_of(department).iterator(chunk_size=CHUNK):
        slot, make_up = opinion.slot, getattr(opinion, "make_up", None)
        yield (
            slot.filing.public_id, slot.filing.project_name, slot.department, slot.item, slot.get_kind_display(),
            opinion.get_position_display(), opinion.effective_at, opinion.recorded_at,
            numbered(opinion.paper), make_up and make_up.due_at, make_up and make_up.done_at,
            opinion.withdrawn_at,
        )  # fmt: skip


def sheet_of_departments(at: datetime) -> Sheet:
    """Return the departments with what was asked of each; deemed is counted apart from given."""
    heads = (
        _("部门"), _("应表态"), _("已表态"), _("超时默认"), _("缺席默认"), _("未表态"), _("待表态"), _("补做逾期"),
        _("已撤回（另计）"), _("意见平均用时（净工作日）"), _("逾期时限"), _("逾期净工作日合计"),
    )  # fmt: skip
    rows = (
        (
            row["department"], row["department"].asked, row["department"].given, row["department"].timeout,
            row["department"].absence, row["department"].silent, row["department"].waiting, row["make_up"],
            row["withdrawn"], row["average"], row["late"], row["days_late"],
        )
        for row in supervision.by_department(at, delays(at))
    )  # fmt: skip
    return Sheet(_("按部门"), heads, rows)


def sheet_of_sendings(rows: QuerySet[Sending]) -> Sheet:
    """Return the letters that could not leave."""
    heads = (
        _("收件人"), _("单位"), _("方式"), _("消息"), _("正式送达"), _("共试次数"), _("生成时间"), _("停止时间"),
        _("原因"),
    )  # fmt: skip
    return Sheet(_("未能送出的消息"), heads, _sendings(rows), rows.order_by().count)


def _sendings(rows: QuerySet[Sending]) -> Iterator[Sequence[Any]]:
    for sending in rows.iterator(chunk_size=CHUNK):
        yield (
            sending.to.user, sending.to.organisation, sending.get_way_display(),
            "；".join(str(message.label) for message in sending.messages.all()), sending.service, sending.tries,
            sending.created_at, sending.failed_at, sending.error,
        )  # fmt: skip


def sheet_of_tokens(rows: QuerySet[AccessToken], at: datetime) -> Sheet:
    """Return a person's tokens; of the secret nothing is kept, and its digest stays inside."""
    heads = (
        _("用途"), _("任职"), _("权限"), _("创建时间"), _("到期时间"), _("最近使用"), _("撤销时间"), _("有效"),
    )  # fmt: skip
    cells = (
        (
            token.name, token.membership, token.get_scope_display(), token.created_at, token.expires_at,
            token.last_used_at, token.revoked_at, _("是") if token.valid_at(at) else _("否"),
        )
        for token in rows.iterator(chunk_size=CHUNK)
    )  # fmt: skip
    return Sheet(_("访问令牌"), heads, cells, rows.order_by().count)
