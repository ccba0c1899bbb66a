"""信用修复申请书 (DOC32): the enterprise's own letter, made out on request from what it applied with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Membership
from accounts.policies import window
from approvals.models import Filing
from approvals.policies import own_enterprise
from approvals.services import words
from core.steps.making_out import Form, register
from core.steps.papers import date_text, in_chinese, time_text
from inspection.models import Repair

PROMISE = "本单位承诺所述整改情况属实，今后严格履行承诺；违反的，依法承担责任，并同意公开本承诺。"


def applications(filing: Filing) -> Iterable[Repair]:
    """Return the applications of a case for the repair of a credit record."""
    return (
        Repair.objects.filter(measure__filing=filing, measure__organ_decided_on__isnull=False)
        .select_related("measure__filing__enterprise", "measure__paper", "attachment", "applied_by__user")
        .order_by("pk")
    )  # fmt: skip


def theirs(repair: Repair, by: Membership) -> bool:
    """The enterprise that applied, or the window that keeps the file."""
    return own_enterprise(repair.measure.filing, by) or window(repair, by)


@in_chinese
def _application(repair: Repair, _words: str, at: datetime) -> dict[str, Any]:
    measure, kept = repair.measure, repair.attachment
    filing = measure.filing
    assert measure.organ_decided_on is not None
    return {
        **words.head(filing, at),
        "filing_number": filing.number,
        "department": measure.organ or words.department(repair.department, at),
        "mark": {
            "number": measure.organ_number or "未载文号",
            "organ": measure.organ or "—",
            "day_text": date_text(measure.organ_decided_on),
        },
        "text": repair.text,
        "promise": PROMISE,
        "evidence": f"附件一份，摘要（SHA-256）{kept.sha256}" if kept else "未附证明材料",
        "applied_text": time_text(repair.applied_at),
        "signed_by": repair.applied_by.user.name,
    }


register(Form("DOC32", "repair_application", theirs, applications, _application))
