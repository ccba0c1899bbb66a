"""Every way off the road as data: from which stages, on what grounds, by whom, with which paper, by which clock.

Design §4. A test compares this table with the machine, the county's list of papers and the declared limits; the
stories walk each row.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.stages import BEFORE_START, MAY_BE_REVOKED, MAY_EXIT, Stage

S = Stage
_WINDOW, _SYSTEM, _COMPANY, _CONVENOR = _("窗口"), _("系统"), _("企业"), _("召集人")


@dataclass(frozen=True)
class Exit:
    """One way off the road: `step` is the transition, `paper` the kind in the county's list.

    `clock` are the limits that lead to it, or within which it is decided; none where it can be chosen at any time.
    """

    step: str
    sources: tuple[str, ...]
    to: str
    ground: Any
    actor: Any
    paper: str
    clock: tuple[str, ...] = ()


EXITS = (
    Exit(
        "send_to_ordinary", (S.SUBMITTED,), S.ORDINARY, _("不符合适用条件或者在负面清单内"),
        _WINDOW, "DOC22", ("P1",),
    ),
    Exit(
        "refuse", (S.RECEIVED,), S.REFUSED, _("不属于适用范围、本机关职权，或者依法不需要许可"),
        _WINDOW, "DOC05", ("P2", "1"),
    ),
    Exit(
        "send_back", (S.CORRECTING,), S.RETURNED, _("补正期限届满没有补正"),
        _SYSTEM, "DOC34", ("P19",),
    ),
    Exit(
        "send_back", BEFORE_START, S.RETURNED, _("容缺材料两次逾期没有补齐"),
        _SYSTEM, "DOC34", ("P25", "P14"),
    ),
    Exit(
        "withdraw", BEFORE_START, S.WITHDRAWN, _("企业自愿撤回"),
        _COMPANY, "DOC37",
    ),
    Exit(
        "fail_prereview", (S.PREREVIEWING,), S.NOT_PASSED, _("联合预审结论为不通过"),
        _CONVENOR, "DOC45", ("P5c",),
    ),
    Exit(
        "lapse", (S.COMMITTING,), S.LAPSED, _("催办后仍未签署承诺书"),
        _SYSTEM, "DOC36", ("P6", "P20"),
    ),
    Exit(
        "lapse", (S.START_NOTIFIED,), S.LAPSED, _("催报后仍未报告开工"),
        _SYSTEM, "DOC36", ("P26", "P149"),
    ),
    Exit(
        "exit_to_ordinary", MAY_EXIT, S.ORDINARY, _("企业申请退出"),
        _CONVENOR, "DOC39", ("P29",),
    ),
    Exit(
        "exit_to_ordinary", MAY_EXIT, S.ORDINARY, _("违反承诺逾期未改，或者项目发生重大变更"),
        _CONVENOR, "DOC39", ("P11", "P29"),
    ),
    Exit(
        "revoke", MAY_BE_REVOKED, S.REVOKED, _("以欺骗等不正当手段取得，或者行政机关违法准予"),
        _CONVENOR, "DOC40", ("P11", "P29"),
    ),
)  # fmt: skip

# What stops a case without moving it: the stage is kept, and the paper says what lets it go on.
OVERLAYS = (
    Exit(
        "suspend", BEFORE_START, "", _("容缺材料到承诺的期限没有补齐"),
        _SYSTEM, "DOC35", ("P25", "P14"),
    ),
    Exit(
        "stop", MAY_EXIT[2:], "", _("违反承诺逾期未改，或者危及安全"),
        _CONVENOR, "DOC41", ("P11", "P29"),
    ),
)  # fmt: skip
