"""办结: the opinion of the joint acceptance, the record of how the promise was kept, and the bundle."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from approvals.models import Clause, Filing
from approvals.services import tell_enterprise, words
from core.documents.models import Paper
from core.notify.words import said as _
from core.steps.moves import move
from core.steps.papers import date_text, in_chinese, issue
from inspection.models import Acceptance, Archive, CreditRecord
from inspection.queries.record import History, history_of
from inspection.services.acceptance_papers import acceptance_opinion
from inspection.services.effects import close_books
from inspection.stages import Kept, Verdict


def complete(acceptance: Acceptance, *, by: Membership, at: datetime) -> Filing:
    """办结: every clause was found kept; called by the conclusion, inside its transaction."""
    filing = acceptance.filing
    acceptance.paper = issue(
        "acceptance_opinion", acceptance_opinion(acceptance, at), book=filing.book, kind="DOC26",
        by=by, at=at,
    )  # fmt: skip
    acceptance.save()
    filing = move(filing.complete, by=by, at=at, paper=acceptance.paper)  # type: ignore[assignment]
    filing.completed_at = at
    filing.save()
    close_books(filing, at)
    keep_record(filing, by=by, at=at)
    Archive.objects.create(filing=filing, wanted_at=at)
    tell_enterprise(filing, _("联合验收合格，本件办结；践诺情况已记录"), "completed", at)
    return filing


def keep_record(filing: Filing, *, by: Membership, at: datetime) -> CreditRecord:
    """践诺情况记录: what was promised, checked, found and mended, clause by clause; it judges nobody's credit."""
    history = history_of(filing)
    rows = record_rows(history, at)
    counts = {
        "clauses": len(history.clauses),
        "checks": history.checks,
        "findings": len(history.findings),
        "mended_in_time": history.mended_in_time,
        "rounds": history.rounds,
    }
    paper = issue_record(filing, rows, counts, by=by, at=at)
    return CreditRecord.objects.create(
        filing=filing, content=rows, made_at=at, paper=paper, **counts
    )


@in_chinese
def record_rows(history: History, at: datetime) -> list[dict[str, Any]]:
    """Return each clause in words: who checks it, what checks found, what was mended, what acceptance said."""
    return [
        {
            "no": clause.number,
            "text": clause.text,
            "department": words.department(clause.checked_by, at),
            "checked": _checked(history, clause),
            "mended": _mended(history, clause),
            "accepted": _accepted(history, clause),
        }
        for clause in history.clauses
    ]


def _checked(history: History, clause: Clause) -> str:
    said = [
        f"{date_text(timezone.localdate(r.visit.held_at))}{Kept(r.kept).label}"
        for r in history.results
        if r.clause_id == clause.pk and r.visit.held_at is not None
    ]
    return "；".join(said) or "建设期间没有单独检查"


def _mended(history: History, clause: Clause) -> str:
    said = [
        f"{found.get_severity_display()}问题，"
        + (f"{date_text(timezone.localdate(found.closed_at))}复查合格" if found.closed_at else "未闭合")
        for found in history.findings
        if found.clause_id == clause.pk
    ]  # fmt: skip
    return "；".join(said) or "没有问题"


def _accepted(history: History, clause: Clause) -> str:
    said = [
        f"第{v.acceptance.round}轮{Verdict(v.verdict).label}"
        for v in history.verdicts
        if v.clause_id == clause.pk
    ]
    return "，".join(said) or "未列入验收"


@in_chinese
def issue_record(
    filing: Filing,
    rows: list[dict[str, Any]],
    counts: dict[str, int],
    *,
    by: Membership,
    at: datetime,
) -> Paper:
    """Issue the record (DOC43) in the name of the window."""
    content = {
        **words.head(filing, at),
        "filing_number": filing.number,
        "letter_number": filing.letter().paper.number,
        "completed_text": date_text(timezone.localdate(at)),
        "counts": {
            "clauses": f"{counts['clauses']}条",
            "checks": f"{counts['checks']}次",
            "findings": f"{counts['findings']}个",
            "mended_in_time": f"{counts['mended_in_time']}个",
            "rounds": f"{counts['rounds']}轮",
        },
        "rows": rows,
        "rules": [
            "本记录只如实记载承诺履行情况，不评定信用等级，不认定失信。",
            "企业认为记录有误的，可以向窗口提出，查实后更正。",
        ],
    }
    return issue("credit_record", content, book=filing.book, kind="DOC43", by=by, at=at)
