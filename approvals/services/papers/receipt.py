"""收件回执 (DOC02): what was handed in, when, and until when the window has to say something."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing, PaperIntake
from approvals.rules import limits
from approvals.services import words
from approvals.services.following import progress_address
from approvals.services.papers.parts import LATE, limit_rows, material_rows, running
from approvals.stages import PaperStep
from core.documents.models import Paper
from core.steps.papers import date_text, in_chinese, issue, time_text


@in_chinese
def _content(
    filing: Filing, by: Membership, at: datetime, *, corrected: bool, paper: PaperIntake | None
) -> dict[str, Any]:
    items = list(
        filing.items.exclude(applies=False)
        .select_related("department")
        .prefetch_related("department__names")
    )
    clocks = running(filing)
    statutory = [c for c in clocks if c.rule == limits.STATUTORY_ACCEPTANCE.code]
    named = dict.fromkeys(words.department(item.department, at) for item in items)
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "matter": f"企业投资项目承诺制申报（清单所列{len(items)}项事项）",
        "occasion": "补正后收件" if corrected else "首次收件",
        "handler": {
            "name": paper.bearer if paper else by.user.name,
            "phone": (not paper and by.user.phone)
            or filing.enterprise.phone
            or "以申报系统登记为准",
        },
        "received_text": time_text(paper.paper_at) if paper else time_text(at),
        **(_late(paper, by, at) if paper else {}),
        "materials": material_rows(filing),
        "limits": limit_rows(filing, clocks),
        "day_table": [row for clock in statutory for row in words.day_table(clock)],
        "items": [{"department": name} for name in named],
        # Where the case is followed. The code itself stands on no paper: a paper is read by every office, goes into the
        # archive and is never printed anew, but the code is the enterprise's alone and may be changed.
        "progress_url": progress_address(),
    }


@in_chinese
def _application(
    filing: Filing, paper: PaperIntake, by: Membership, at: datetime
) -> dict[str, Any]:
    row = {
        "name": "承诺制申报申请书（签字盖章）",
        "form": "原件",
        "copies": 1,
        "received_text": date_text(words.local_day(paper.paper_at)) + LATE,
        "note": "已收",
    }
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "handler": {"name": paper.bearer, "phone": filing.enterprise.phone or "未留"},
        "received_text": time_text(paper.paper_at),
        **_late(paper, by, at),
        "materials": [row],
        "limits": limit_rows(filing, running(filing)),
        "progress_url": progress_address(),
    }


def application_receipt(
    filing: Filing, *, paper: PaperIntake, by: Membership, at: datetime
) -> Paper:
    """Issue the receipt of an application that came on paper: filed, under which number, and what the window owes now.

    There is no list of items yet, so none of its papers; the query code is told beside it and stands on no paper.
    """
    content = _application(filing, paper, by, at)
    return issue("application_receipt", content, book=filing.book, kind="DOC02", by=by, at=at)


def _late(paper: PaperIntake, by: Membership, at: datetime) -> dict[str, str]:
    """Return the mark of a late entry: who entered and confirmed it, when, and from when the limits run."""
    return {
        "late_text": f"纸质材料由窗口补录：{paper.entered_by.user.name}于{time_text(paper.entered_at)}登记，"
        f"{by.user.name}于{time_text(at)}对照凭证确认。",
        "counted_text": _counted(paper),
    }


def _counted(paper: PaperIntake) -> str:
    if paper.counted_from is None or paper.counted_from == paper.paper_at:
        return ""
    since = time_text(paper.counted_from)
    if paper.after_hours:
        return f"材料交到窗口时窗口已经关门，期限自下一次开门（{since}）起算。"
    what = "改自确认时起算" if paper.step == PaperStep.FILING else "补录不产生视为受理"
    return f"按收到之日计算，补录时期限已经届满或者所余不足一个工作日；{what}，期限自{since}起算。"


def receipt(
    filing: Filing,
    *,
    by: Membership,
    at: datetime,
    corrected: bool = False,
    paper: PaperIntake | None = None,
) -> Paper:
    """Issue the receipt in the act of handing in: the five working days of 行政许可法 32 run from it.

    What came on `paper` was received at the time on it and says that it was entered late.
    """
    content = _content(filing, by, at, corrected=corrected, paper=paper)
    return issue("receipt", content, book=filing.book, kind="DOC02", by=by, at=at)
