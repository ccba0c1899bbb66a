"""What stands on the record of a check (DOC23), the notice to mend (DOC24) and the record of a recheck (DOC25)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Organisation
from approvals.rules.citing import in_words
from approvals.services import words
from core.deadlines.queries import value_of
from core.steps.papers import date_text, in_chinese, time_text
from inspection.models import Check, Finding, Recheck
from inspection.services.onsite_record import site_part
from inspection.stages import Broken, FindingState, Kept, Severity

if TYPE_CHECKING:
    from inspection.services.breaches import Looked

CONSEQUENCE = (
    "逾期未整改或者复查不合格的，可以责令停工整改，或者决定退出承诺制、转一般程序，依法应当撤销的予以撤销；"
    "作出决定前告知事实、理由和依据，听取陈述、申辩。整改情况记入践诺记录。"
)
RECORD_BASIS = (
    "《中华人民共和国行政许可法》第六十一条：检查情况和处理结果予以记录，由监督检查人员签字后归档。"
)


def issuer(department: Organisation, at: datetime) -> dict[str, str]:
    """Return the department as the one that issues, with its own contact where it has one, else the window's."""
    return words.issued_by(department, at)


def head(thing: Any, at: datetime) -> dict[str, Any]:
    """Return what stands on every paper of a department in a case."""
    return {**words.head(thing.filing, at), "issuer": issuer(thing.department, at)}


def officers_text(officers: list[dict[str, str]]) -> str:
    """Return the officers with their cards in one line."""
    return "、".join(f"{x['name']}（执法证号{x['card']}）" for x in officers)


@in_chinese
def check_record(check: Check, results: "Sequence[Looked]", at: datetime) -> dict[str, Any]:
    """Return the content of the record of a check (DOC23)."""
    broken = [x for x in results if x.kept == Kept.BROKEN]
    return {
        **head(check, at),
        "department": words.department(check.department, at),
        "held_text": time_text(at),
        "mode": check.get_mode_display(),
        "why": check.why or "—",
        "place": words.place(check.filing),
        "officers": check.officers,
        "results": [
            {
                "number": x.clause.number,
                "text": x.clause.text,
                "standard": in_words(x.clause.standard),
                "result": Kept(x.kept).label,
                "note": x.note or (x.breach.text if x.breach else "—"),
            }
            for x in results
        ],
        "text": check.text,
        "evidence": _evidence(check),
        **site_part(check, at),
        "outcome": f"发现{len(broken)}条不符合承诺，另发整改通知书"
        if broken
        else "未发现违反承诺的问题",
        "basis": RECORD_BASIS,
        "public_text": "检查记录公众有权查阅（《中华人民共和国行政许可法》第六十一条）；公开时隐去个人信息和商业秘密。",
    }


def _evidence(check: Check) -> str:
    if check.attachment:
        return str(check.attachment)
    count = check.photos.filter(counted=True).count()  # type: ignore[attr-defined]
    return f"现场照片{count}张" if count else "无附件"


@in_chinese
def rectification_notice(finding: Finding, check: Check, at: datetime) -> dict[str, Any]:
    """Return the content of the notice to mend a breach (DOC24)."""
    clause = finding.clause
    book = finding.filing.pinned_rulebook
    review = words.review(value_of(book, "20a").number, finding.department, at)
    return {
        **head(finding, at),
        "check": {
            "held_text": time_text(at),
            "department": words.department(check.department, at),
            "record_number": check.paper.number if check.paper else "",
            "officers_text": officers_text(check.officers),
        },
        "clause": {
            "number": clause.number,
            "item": clause.item.item.name,
            "text": clause.text,
            "standard": in_words(clause.standard),
        },
        "severity": Severity(finding.severity).label,
        "fact": _fact(finding),
        "basis": in_words(finding.legal_basis),
        "demand": finding.demand,
        "limit": {
            "days_text": words.days_text(finding.length or 0, finding.unit),
            "starts_text": date_text(timezone.localdate(at)),
            "due_text": words.last_day_text(finding),
        },
        "consequence": CONSEQUENCE,
        "remedies": f"不服本通知的，可以{review}，也可以{words.suit(book)}。",
    }


def _fact(finding: Finding) -> str:
    if finding.broken != Broken.USE or finding.used_since is None:
        return finding.text
    return f"自{date_text(finding.used_since)}起，未经验收合格投入使用。{finding.text}"


@in_chinese
def recheck_record(finding: Finding, looked: Recheck, at: datetime) -> dict[str, Any]:
    """Return the content of the record of a recheck (DOC25)."""
    late = (
        finding.failed_at is not None
        and looked.reported_at
        and finding.failed_at < looked.reported_at
    )
    reported = time_text(looked.reported_at) if looked.reported_at else ""
    return {
        **head(finding, at),
        "notice_number": finding.paper.number,
        "clause": {"number": finding.clause.number, "text": finding.clause.text},
        "fact": finding.text,
        "demand": finding.demand,
        "report": {
            "at_text": reported + ("（逾期）" if late else ""),
            "text": looked.report,
            "evidence": str(looked.evidence) if looked.evidence else "无附件",
        },
        "held_text": time_text(at),
        "officers": looked.officers,
        "result": "合格" if looked.fine else "不合格",
        "text": looked.text,
        "next_text": _next(finding, looked),
    }


def _next(finding: Finding, looked: Recheck) -> str:
    if finding.state == FindingState.CLOSED:
        return "问题已改正，整改结束。"
    if looked.days is not None:
        days = words.days_text(looked.days, finding.unit)
        return f"再给整改期限{days}，至{words.last_day_text(finding)}；不再另给期限。{CONSEQUENCE}"
    return f"整改未达到要求。{CONSEQUENCE}"
