"""补正告知书 (DOC04): everything that is to be corrected, told at once (行政许可法 32)."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing, Material, StageLimit
from approvals.rules import limits
from approvals.services import words
from approvals.services.papers.acceptance import STATUTE
from approvals.services.papers.parts import limit_rows, received_text
from approvals.stages import MaterialState
from core.deadlines.services import start
from core.documents.models import Paper
from core.steps.papers import in_chinese, issue, time_text

MISSING = "未提交：请按一次性告知书的要求提交"
ON_COLLECTION = "自在窗口领取本告知书之日起计算"
RETURNED = "期满未补正的，退件；你单位可以重新申报。"


def wanted(filing: Filing) -> list[Material]:
    """Return what the notice must name: what was returned with its reason, and what was never handed in."""
    open_states = (MaterialState.RETURNED, MaterialState.WANTED)
    intake = list(filing.materials.intake().filter(state__in=open_states))
    return intake + [m for m in filing.materials.listed().returned() if m not in intake]


def _items(material: Material, names: dict[str, str]) -> str:
    return "、".join(names.get(code, code) for code in material.item_codes) or "本申报件"


@in_chinese
def _content(filing: Filing, at: datetime) -> dict[str, Any]:
    clock = filing.limits.filter(rule=limits.CORRECTION.code, ended_at=None).first()
    row = limit_rows(filing, [clock or _to_come(filing, at)])[0]
    if clock is None:
        row["due_text"] = ON_COLLECTION
    names = dict(filing.items.values_list("code", "item__name"))
    issuer = words.issuer(at)
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "received_text": received_text(filing, at),
        "told_text": time_text(at),
        "stage_text": "收件后、受理前",
        "defects": [
            {
                "material": material.name,
                "items": _items(material, names),
                "defect": material.reason or MISSING,
            }
            for material in wanted(filing)
        ],
        "basis": STATUTE,
        "limit": {**row, "silence": RETURNED},
        **({"day_table": words.day_table(clock)} if clock else {"on_collection": True}),
        "place": [
            {"way": "网上", "text": "登录本系统，在本件的“申报材料”中重新上传，随时查看进度"},
            {"way": "窗口", "text": f"{issuer['address']}，电话{issuer['phone']}"},
        ],
    }


def _to_come(filing: Filing, at: datetime) -> StageLimit:
    """Return the limit as it will be: it begins when an enterprise without an account has fetched the notice."""
    limit = StageLimit(filing=filing, book=filing.book)
    start(limit, limits.CORRECTION, at=at, rulebook=filing.rulebook, save=False)
    return limit


def correction_notice(filing: Filing, *, by: Membership, at: datetime) -> Paper:
    """Issue the notice in the act of asking; the enterprise's time runs from it."""
    content = _content(filing, at)
    return issue("correction", content, book=filing.book, kind="DOC04", by=by, at=at)
