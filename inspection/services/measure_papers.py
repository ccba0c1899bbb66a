"""The papers of a measure: the intended decision, the decision, its end; each frozen with the act."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from approvals.queries import rule_value
from approvals.rules.citing import in_words
from approvals.services import words
from approvals.services.leaving import paper_head, remedies, rules_of
from approvals.stages import Approval
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import date_text, in_chinese, issue, time_text
from inspection import rules
from inspection.models import Measure, Repair, SiteNode
from inspection.rules.measures import ground_words
from inspection.stages import Ground, MeasureKind, Severity

HOW = "可以在本系统本件的“处理”页面提出，也可以到窗口书面提出；可以附证据材料。"
# NDRC Order 36 of 2025; a decision of an earlier day does not rest on it.
REPAIR_RULES_FROM = date(2026, 4, 1)
REPAIR_RULES = "《信用修复管理办法》（国家发展改革委令第36号，2025年），2026年4月1日起施行"
REVOKED_BY_LAW = {
    Ground.DECEIT: "《中华人民共和国行政许可法》第六十九条第二款：以欺骗、贿赂等不正当手段取得行政许可的，应当予以撤销",
    Ground.OFFICIAL_FAULT: "《中华人民共和国行政许可法》第六十九条第一款：行政机关违法准予的，可以撤销",
}


def head(measure: Measure, at: datetime) -> dict[str, Any]:
    """Return what stands on every paper of a measure."""
    filing = measure.filing
    return {
        **paper_head(filing, at),
        "kind": str(MeasureKind(measure.kind).label),
        "ground": ground_words(measure.ground),
        "reason": measure.text,
        "basis": _basis(measure),
        "finding": _finding(measure),
    }


def _basis(measure: Measure) -> list[str]:
    """Return what whoever proposed it named, and the county's rules; those are not said twice."""
    own, rules_too = in_words(measure.legal_basis.strip()), rules_of(measure.filing)
    return rules_too if rules_too[0].startswith(own) else [own, *rules_too]


def _finding(measure: Measure) -> list[dict[str, str]]:
    finding = measure.finding
    if finding is None:
        return []
    notice = finding.paper.number if finding.paper_id else "—"
    return [
        {"clause": finding.clause.number, "text": finding.text, "demand": finding.demand,
         "notice": notice}
    ]  # fmt: skip


def hearing(measure: Measure) -> str:
    """Say whether and how the enterprise was heard, as decisions print it."""
    if measure.ground == Ground.WISH:
        return "本处理由企业自己申请，无须另行听取意见。"
    notice = measure.notice.number if measure.notice else "—"
    told = f"已以{notice}告知事实、理由、依据和陈述、申辩的权利。"
    if measure.views_at is None:
        waits = measure.heard_until
        if waits is not None and (measure.decided_at is None or waits < measure.decided_at):
            return told + f"到{time_text(waits)}没有提出陈述、申辩。"
        return told + "因危及安全先行决定，随后听取意见。"
    late = "（逾期提出，仍予听取）" if measure.views_late else ""
    return told + f"企业于{time_text(measure.views_at)}提出陈述、申辩{late}：{measure.views}"


@in_chinese
def intended(measure: Measure, *, by: Membership, at: datetime) -> Paper:
    """拟处理决定告知书 (DOC38); of a credit mark 失信认定告知书 (DOC30)."""
    credit = measure.kind == MeasureKind.CREDIT
    until = words.last_day_text(measure)
    filing = measure.filing
    content = {
        **head(measure, at),
        "scope": measure.scope or "—",
        "until_text": until,
        "days_text": words.days_text(measure.length or 0, measure.unit),
        "how": HOW,
        "effects": [
            f"到{until}没有提出的，视为放弃陈述、申辩，可以作出决定；逾期提出而尚未决定的，仍予听取。",
            "决定由提出人以外的人作出，写明理由并送达。",
        ],
    }
    if measure.urgent:
        content["effects"].append(
            "危及安全须立即停止的，可以先行决定停工，随后在同一期限内听取意见。"
        )
    views = value_of(filing.pinned_rulebook, rules.VIEWS.code)
    content["basis"].append(words.rule_basis(filing.pinned_rulebook, views))
    kind, template = ("DOC30", "credit_intended") if credit else ("DOC38", "intended_measure")
    return issue(template, content, book=filing.book, kind=kind, by=by, at=at)


def _of_nodes(nodes: Sequence[SiteNode], what: str) -> list[str]:
    names = "、".join(node.node.name for node in nodes)
    return [f"建设节点“{names}”{what}"] if names else []


@in_chinese
def stop_order(
    measure: Measure, *, nodes: Sequence[SiteNode], by: Membership, at: datetime
) -> Paper:
    """停工整改通知书 (DOC41); `nodes` are those whose clock stands from it on."""
    mended = measure.ground == Ground.NOT_MENDED
    content = {
        **head(measure, at),
        "decision": measure.decision,
        "hearing": hearing(measure),
        "scope": measure.scope,
        "effects": [
            "自本通知书作出时起，停止上列范围内的施工；申请联合验收暂不受理。",
            *_of_nodes(nodes, "的报告期限自次日起停止计算，解除停工后接着计算剩余天数。"),
        ],
        "next": [
            "整改经责任部门复查合格后解除停工。" if mended else "危险消除后，可以申请解除停工。",
            "企业可以随时在本件的“处理”页面申请解除停工，窗口在规定期限内答复。",
        ],
        "remedies": remedies(measure.filing),
    }
    return issue("stop_order", content, book=measure.book, kind="DOC41", by=by, at=at)


@in_chinese
def stop_lifted(
    measure: Measure, *, nodes: Sequence[SiteNode], reasons: str, by: Membership, at: datetime
) -> Paper:
    """解除停工通知书 (DOC44); `nodes` are those whose clock goes on."""
    content = {
        **head(measure, at),
        "reason": reasons,
        "order_number": measure.paper.number if measure.paper else "—",
        "resumed_text": time_text(at),
        "effects": [
            "自上列时间起可以恢复施工；承诺条款不变，建设中和验收时继续核查。",
            *_of_nodes(nodes, "的报告期限自次日起接着计算剩余天数。"),
        ],
    }
    return issue("stop_lifted", content, book=measure.book, kind="DOC44", by=by, at=at)


def owed_rows(filing: Filing, at: datetime) -> list[dict[str, str]]:
    """Return the approvals that are owed once the commitment no longer stands in their place."""
    owed = filing.items.filter(approval__in=(Approval.REPLACED, Approval.OWED))
    found = owed.exclude(applies=False).select_related("item", "department")
    return [
        {"code": row.code, "name": row.item.name, "department": words.department(row.department, at),
         "basis": in_words(row.item.legal_basis),
         "before": "原以承诺代替" if row.approval == Approval.REPLACED else "原即应办"}
        for row in found
    ]  # fmt: skip


@in_chinese
def exit_decision(measure: Measure, *, by: Membership, at: datetime) -> Paper:
    """退出承诺制、转一般程序决定书 (DOC39): which approvals are owed again."""
    filing = measure.filing
    content = {
        **head(measure, at),
        "decision": measure.decision,
        "hearing": hearing(measure),
        "owed": owed_rows(filing, at),
        "effects": [
            "自本决定作出时起退出承诺制，转一般程序；各项承诺制时限终止，正在进行的公示撤下。",
            "承诺不再代替任何审批；法律规定须事先批准的事项，在取得批准以前不得开工或者继续施工。",
            "退出不当然是失信：是否记入信用记录，另按规定程序认定。",
        ],
        "next": ["请就上列应办事项分别向责任部门申请；已经取得的批准继续有效。"],
        "remedies": remedies(filing),
    }
    return issue("exit_decision", content, book=filing.book, kind="DOC39", by=by, at=at)


def _bar_of(filing: Filing, at: datetime) -> list[str]:
    """Say the bar of art. 79, of matters of safety alone; nothing where no rulebook states it, as nobody is barred."""
    found = rule_value(filing, "33b", at)
    if found is None:
        return []
    until = f"自撤销之日起{found[1].number}年内不得再次申请该行政许可（《中华人民共和国行政许可法》第七十九条）。"
    return ["属于直接关系公共安全、人身健康、生命财产安全事项的，" + until]


@in_chinese
def revocation(measure: Measure, *, by: Membership, at: datetime) -> Paper:
    """撤销决定书 (DOC40): 行政许可法 69; the bar of art. 79 only where deceit is the ground."""
    filing = measure.filing
    deceit = measure.ground == Ground.DECEIT
    effects = [
        "撤销适用承诺制的决定和开工告知；承诺不再代替任何审批，下列事项恢复为应办。",
        "各部门已经作出的行政许可，由作出决定的机关依法另行处理。",
    ]
    if deceit:
        effects.append(
            "被许可人基于该行政许可取得的利益不受保护（《中华人民共和国行政许可法》第六十九条）。"
        )
        effects += _bar_of(filing, at)
    else:
        loss = "因行政机关的过错撤销，合法权益受到损害的，依法给予赔偿"
        effects.append(f"{loss}（《中华人民共和国行政许可法》第六十九条）。")
    content = {
        **head(measure, at),
        "decision": measure.decision,
        "hearing": hearing(measure),
        "scope": measure.scope or "适用承诺制的决定和开工告知",
        "owed": owed_rows(filing, at),
        "effects": effects,
        "next": ["请就上列应办事项按一般程序申请；撤销前的情况由责任部门依法处理。"],
        "remedies": remedies(filing),
    }
    content["basis"].insert(0, REVOKED_BY_LAW[Ground(measure.ground)])
    return issue("revocation", content, book=filing.book, kind="DOC40", by=by, at=at)


def until_text(day: date | None) -> str:
    """Return the last day a mark is shown, in words."""
    return date_text(day) if day else "不公示"


@in_chinese
def credit_decision(measure: Measure, *, by: Membership, at: datetime) -> Paper:
    """失信认定决定书 (DOC31): what the competent organ decided, as it is registered; the county pronounces nothing."""
    content = {
        **head(measure, at),
        "decision": measure.decision,
        "hearing": hearing(measure),
        "organ": measure.organ,
        "organ_number": measure.organ_number,
        "organ_decided_text": date_text(measure.organ_decided_on) if measure.organ_decided_on else "—",
        "severity": str(Severity(measure.severity).label),
        "months_text": f"{measure.months}个月" if measure.months else "不公示",
        "until_text": until_text(measure.shown_until),
        "effects": [
            "本件登记有权机关的认定，县系统不自行认定失信。",
            "公示期自认定文书作出之日起按月计算，期满自行停止公示。",
        ],
        "next": [
            "满最短公示期、已纠正并履行义务、公开作出信用承诺的，可以申请信用修复。",
        ],
        "remedies": remedies(measure.filing),
    }  # fmt: skip
    if timezone.localdate(at) >= REPAIR_RULES_FROM:
        content["basis"].append(REPAIR_RULES)
    return issue("credit_decision", content, book=measure.book, kind="DOC31", by=by, at=at)


@in_chinese
def repair_decision(repair: Repair, *, granted: bool, by: Membership, at: datetime) -> Paper:
    """信用修复决定书 (DOC33)."""
    measure = repair.measure
    content = {
        **head(measure, at),
        "reason": repair.reason,
        "result": "准予信用修复" if granted else "不予信用修复",
        "mark_number": measure.paper.number if measure.paper else "—",
        "applied_text": time_text(repair.applied_at),
        "until_text": until_text(measure.shown_until),
        "effects": (
            ["自本决定作出之日起停止公示；不再作为失信记录使用。"]
            if granted
            else ["公示至上列日期，期满自行停止；补正后可以再次申请修复。"]
        ),
        "remedies": remedies(measure.filing),
    }
    return issue("repair_decision", content, book=measure.book, kind="DOC33", by=by, at=at)
