"""办件进度查询: what is typed as it is kept, what a case waits for, and which of its papers are the enterprise's."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.stages import Stage

S = Stage
# One sentence for a wrong number, a wrong code and both: nobody learns which filings there are.
NOT_FOUND = _(
    "没有查到：申报编号和查询码对不上。请核对后再填；查询码由申报企业保管，更换后原码失效。"
)
# 左承申〔2018〕12号, without its brackets: the mark, the year, the place in the year.
NUMBER = re.compile(r"([^0-9]+)([0-9]{4})0*([0-9]{1,9})号?")


def _signs(typed: str) -> str:
    """Return letters and figures of what was typed: full width as half, small as capital, nothing between them."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(char for char in folded if char.isalnum())


def plain_number(typed: str) -> str:
    """Return a filing's number as it is kept, whatever brackets and blanks were typed; what is none stays as it is."""
    signs = _signs(typed)
    found = NUMBER.fullmatch(signs)
    if found is None:
        return signs
    mark, year, place = found.groups()
    return f"{mark}〔{year}〕{place}号"


def plain_code(typed: str) -> str:
    """Return a query code as it is kept: capitals and figures, without blanks and hyphens."""
    return _signs(typed)


_COMPANY, _WINDOW, _OFFICES = _("企业"), _("窗口"), _("各部门")
# Whose move it is, by institution and never by person, and what is waited for. A case at its end waits for nothing.
AWAITED: dict[str, tuple[Any, Any]] = {
    S.SUBMITTED: (_WINDOW, _("决定是否适用承诺制，送达一次性告知书")),
    S.LISTED: (_COMPANY, _("签收一次性告知书，提交申报材料")),
    S.RECEIVED: (_WINDOW, _("核对材料，决定是否受理")),
    S.CORRECTING: (_COMPANY, _("按补正告知书补正材料")),
    S.ACCEPTED: (_WINDOW, _("召集联合勘察或者联合预审会")),
    S.SURVEYING: (_OFFICES, _("一起到现场勘察一次，形成勘察报告")),
    S.PREREVIEWING: (_("窗口和各部门"), _("开联合预审会，提出意见，作出结论")),
    S.COMMITTING: (_COMPANY, _("签署承诺书")),
    S.COMMITTED: (_WINDOW, _("发布承诺公示")),
    S.NOTICED: (_("社会公众"), _("公示期内可以提出异议；没有未决异议的，期满核对开工条件")),
    S.CLEARED: (_("窗口和各部门"), _("逐项核对开工条件，齐备后发出开工告知书")),
    S.START_NOTIFIED: (_COMPANY, _("开工，并报告开工时间")),
    S.BUILDING: (_("企业和各部门"), _("按承诺建设，部门检查；竣工后企业申请联合验收")),
    S.ACCEPTING: (_OFFICES, _("联合验收，逐条提出验收意见")),
    S.AMENDING: (_COMPANY, _("按整改清单整改，申请复验")),
}
LICENCE = (_WINDOW, _("核对企业营业执照，核对后起算清单告知的期限"))
VERIFY = (_WINDOW, _("核验盖章的承诺书"))
SUSPENDED = (_COMPANY, _("补齐容缺材料；补齐并经窗口核验后恢复办理"))
STOPPED = (_COMPANY, _("停工整改；复查合格、解除停工后继续"))


def awaited(
    stage: str,
    *,
    licence: bool = True,
    signed: bool = False,
    suspended: bool = False,
    stopped: bool = False,
) -> tuple[Any, Any] | None:
    """Return whose move it is and what is waited for; None where a case has come to its end.

    `licence`: the window has checked it; `signed`: the sealed letter is in; what stands still waits to go on.
    """
    if stage not in AWAITED:
        return None
    special = (
        (suspended, SUSPENDED),
        (stopped, STOPPED),
        (stage == S.SUBMITTED and not licence, LICENCE),
        (stage == S.COMMITTING and signed, VERIFY),
    )
    return next((said for holds, said in special if holds), AWAITED[stage])


# Papers that go to the enterprise, by kind (counties/*/documents.csv): not those between offices, not a department's
# default with a copy to the enterprise, not an objector's.
TO_ENTERPRISE = (
    "DOC01", "DOC02", "DOC03", "DOC04", "DOC05", "DOC06", "DOC10", "DOC13", "DOC16", "DOC17", "DOC20", "DOC21",
    "DOC22", "DOC23", "DOC24", "DOC25", "DOC26", "DOC27", "DOC28", "DOC30", "DOC31", "DOC33", "DOC34", "DOC35",
    "DOC36", "DOC37", "DOC38", "DOC39", "DOC40", "DOC41", "DOC42", "DOC43", "DOC44", "DOC45", "DOC46", "DOC47",
    "DOC48", "DOC57", "DOC58",
)  # fmt: skip

# The paper with which a case ends; all but the last two say how the decision is contested.
ENDED_BY: dict[str, tuple[str, ...]] = {
    S.ORDINARY: ("DOC22", "DOC39"),
    S.REFUSED: ("DOC05",),
    S.RETURNED: ("DOC34",),
    S.NOT_PASSED: ("DOC45",),
    S.LAPSED: ("DOC36",),
    S.REVOKED: ("DOC40",),
    S.WITHDRAWN: ("DOC37",),
    S.COMPLETED: ("DOC26",),
}
NOTHING_TO_CONTEST = (S.WITHDRAWN, S.COMPLETED)
