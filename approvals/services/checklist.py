"""Stage 1 and 2: the licence, the decision that the mechanism applies, and the one list that binds the government."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership, Organisation
from accounts.once import once
from approvals import policies
from approvals.models import ChecklistItem, Filing, Material, StageLimit
from approvals.queries import items_by_code, preview
from approvals.queries.trial import fees_of
from approvals.rules import limits
from approvals.rules.citing import in_words
from approvals.rules.fees import Fee
from approvals.rules.questionnaire import Applied
from approvals.services import leaving, words
from approvals.services.apart import FILED, keep_apart
from approvals.services.telling import tell_enterprise
from approvals.stages import ItemClass, MaterialState, NeededBy, OpinionDefault, Stage, StartGate
from core.deadlines.queries import value_of
from core.deadlines.services import start
from core.ledger.services import county_book, lock, record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.papers import in_chinese, issue
from core.steps.reasons import NotNow, need_words

BINDING_RULES = (
    "本告知书一次列明政府各部门对本项目的全部要求。清单以外再要材料的，须经效能监督签字，并计入公开统计。",
    "期限起算当日不计入；最后一日为休息日的，顺延至下一工作日；网上办理截至当日24时。",
    "部门逾期未提出意见或者无正当理由缺席的，除红线事项外视同无异议，程序继续；应办的审批仍须办理。",
    "红线事项逾期的，转效能监督督办；仍无意见的记为未表态，不视为同意。",
    "标明可容缺的材料，企业可以申请容缺受理，书面承诺补齐期限。",
    "企业可以对任一承诺事项不作承诺，该事项改按事先审批办理，不说明理由，不受影响。",
)
STEPS = (
    ("提交申报材料，取得收件回执", "企业", "企业自定"),
    ("受理", "窗口", "P2"),
    ("联合勘察", "各部门", "P4b"),
    ("联合预审会后提出意见", "各部门", "P5b"),
    ("签署承诺书", "企业", "P6"),
    ("承诺公示", "窗口、社会公众", "P7a"),
    ("开工告知", "窗口", "P8"),
)


@transaction.atomic
def confirm_licence(enterprise: Organisation, *, by: Membership, at: datetime) -> None:
    """核对执照: once per enterprise; submissions that waited for it count from now."""
    permit(enterprise, policies.window, by=by, at=at)
    book = county_book()
    lock(book.pk)
    fresh = Organisation.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    if fresh.licence_confirmed_at is None:
        fresh.licence_confirmed_at = at
        fresh.save(update_fields=["licence_confirmed_at"])
        record(book, "confirm_licence", by=by, at=at, enterprise=fresh.code)
    waits = Filing.objects.filter(enterprise=fresh, stage=Stage.SUBMITTED)
    for waiting in waits.order_by("book_id"):
        filing = locked(waiting)
        if filing.stage != Stage.SUBMITTED:
            continue  # withdrawn a moment ago
        if not filing.limits.filter(rule=limits.CHECKLIST.code).exists():
            start(
                StageLimit(filing=filing, book=filing.book),
                limits.CHECKLIST,
                at=at,
                rulebook=filing.rulebook,
            )
            record(filing.book, "confirm_licence", by=by, at=at, enterprise=fresh.code)


@transaction.atomic
def decide_eligible(filing: Filing, *, by: Membership, at: datetime, note: str = "") -> Filing:
    """适用决定: the window follows what the rules propose, or departs from it and says why."""
    keep_apart(filing.book_id, by, FILED)
    filing = locked(filing)
    if filing.stage != Stage.SUBMITTED:
        raise NotNow([filing.wrong_stage("serve_checklist")])
    if preview(filing.answers, filing.pinned_catalogue).reasons and not note.strip():
        raise ValidationError({"reason": _("规则提示不适用，决定适用的请写明理由。")})
    act(filing, "decide_eligible", policy=policies.window, by=by, at=at, note=note)
    filing.eligible_at = at
    filing.save()
    return filing


@transaction.atomic
def send_to_ordinary(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Filing:
    """不适用: the case goes to the ordinary procedure; the enterprise is told why."""
    need_words(reason)
    filing = move(filing.send_to_ordinary, by=by, at=at, reason=reason)  # type: ignore[assignment]
    leaving.not_eligible(filing, reason=reason, by=by, at=at)
    tell_enterprise(
        filing, _("不适用承诺制，转一般程序：%(why)s") % {"why": reason}, "ordinary", at
    )
    return filing


def _list_items(filing: Filing, applied: list[Applied]) -> dict[str, ChecklistItem]:
    catalogue = items_by_code(filing.pinned_catalogue)
    rows = [
        ChecklistItem(
            filing=filing,
            item=catalogue[found.code],
            code=found.code,
            item_class=catalogue[found.code].item_class,
            department=catalogue[found.code].department,
            applies=found.applies,
            because=[list(pair) for pair in found.because],
            opinion_default=found.opinion_default,
            start_gate=found.start_gate,
        )
        for found in applied
    ]
    return {row.code: row for row in ChecklistItem.objects.bulk_create(rows)}


def _list_materials(filing: Filing, papers: list[Any]) -> None:
    Material.objects.bulk_create(
        [
            Material(
                filing=filing,
                name=need.name_zh,
                name_en=need.name_en,
                item_codes=list(need.item_codes),
                form=need.form,
                copies=need.copies,
                tolerable=need.tolerable and not need.dependency,
                needed_by=need.needed_by,
                produced_by=";".join(need.produced_by),
                hint=need.hint,
                state=MaterialState.DEPENDENCY if need.dependency else MaterialState.WANTED,
            )
            for need in papers
        ]
    )


@transaction.atomic
def serve_checklist(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """送达一次性告知书: items, materials and limits are frozen and numbered; the list binds the government."""
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    if not filing.items.exists():
        seen = preview(filing.answers, filing.pinned_catalogue)
        _list_items(filing, seen.items)
        _list_materials(filing, seen.papers)
    paper = issue(
        "checklist_notice", _notice(filing, at), book=filing.book, kind="DOC01", by=by, at=at
    )
    filing = move(filing.serve_checklist, by=by, at=at, paper=paper)  # type: ignore[assignment]
    filing.served_at = at
    filing.save()
    tell_enterprise(filing, _("一次性告知书已送达，请签收并按清单准备材料"), "listed", at)
    return filing


@transaction.atomic
def acknowledge_checklist(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """签收告知书: the enterprise has it; said twice it stands once."""
    filing = locked(filing)
    permit(filing, policies.receives, by=by, at=at)
    if filing.served_at is None:
        raise NotNow([_("窗口还没有送达一次性告知书，轮到窗口。")])
    if filing.acknowledged_at is None:
        act(filing, "acknowledge_checklist", policy=policies.receives, by=by, at=at)
        filing.acknowledged_at = at
        filing.save()
    return filing


SILENCE = {
    OpinionDefault.DEEMED: "适用：逾期或无故缺席的，意见视同无异议；应办的审批不因此取得",
    OpinionDefault.ESCALATE: "不适用（红线）：转效能监督督办，不视为同意",
    OpinionDefault.NONE: "不适用：由政府出具的技术成果",
}
GATE = {
    StartGate.SERVICE_DONE: "政府服务完成",
    StartGate.COMMITMENT: "签署承诺书并经公示",
    StartGate.PAPER: "部门凭承诺当即出具文书",
    StartGate.PRIOR: "事先取得批准",
}
CLASS_NOTES = {
    ItemClass.SERVICE: "由政府统一办理，费用由政府承担，企业只配合提供基础资料。",
    ItemClass.COMMITMENT: "企业承诺达到标准并经公示后即可开工的，建设中和验收时核查。",
    ItemClass.RETAINED: "法律规定须事先取得的批准，与其他事项并联办理。",
}
FORMS = {"original": "原件", "copy": "复印件", "electronic": "电子件"}


def _entry(
    item: ChecklistItem, papers: dict[str, list[Material]], fee: Fee, at: datetime
) -> dict[str, Any]:
    clauses = [clause.text for clause in item.item.clauses.all()]
    return {
        "code": item.code,
        "name": item.item.name + ("" if item.applies else "（待核）"),
        "department": words.department(item.department, at),
        "basis": in_words(item.item.legal_basis),
        "conditions": clauses or ["符合上列依据规定的条件"],
        "statutory_limit": words.statutory_limit(item),
        "promised_limit": words.promised_limit(item),
        "fee": fee.zh,
        "silence": SILENCE[OpinionDefault(item.opinion_default)],
        "start_condition": GATE[StartGate(item.start_gate)],
        "materials": [
            {
                "name": paper.name,
                "source": "由部门按文号查询" if paper.produced_by else "企业提供",
                "form": FORMS.get(paper.form, paper.form),
                "copies": paper.copies,
                "when": NeededBy(paper.needed_by).label,
                "tolerable": "可容缺" if paper.tolerable else "不可",
            }
            for paper in papers.get(item.code, [])
        ],
    }


@in_chinese
def _notice(filing: Filing, at: datetime) -> dict[str, Any]:
    """Return the content of the one-time notice (DOC01)."""
    papers: dict[str, list[Material]] = {}
    for paper in filing.materials.all():
        papers.setdefault(paper.item_codes[0], []).append(paper)
    listed = list(
        filing.items.select_related("item", "department").prefetch_related(
            "item__clauses", "department__names"
        )
    )
    groups, fees = [], fees_of([item.item for item in listed])
    for kind in ItemClass:
        entries = [
            _entry(item, papers, fees[item.code], at) for item in listed if item.item_class == kind
        ]
        if entries:
            groups.append(
                {"title": f"{kind.label}事项", "note": CLASS_NOTES[kind], "entries": entries}
            )
    return {
        **words.head(filing, at),
        "groups": groups,
        "steps": _steps(filing),
        "rules": list(BINDING_RULES),
        "editions": editions(filing),
    }


def _steps(filing: Filing) -> list[dict[str, str]]:
    """Return the way with its limits, as the filing's rulebook has them."""
    steps = []
    for name, actor, limit in STEPS:
        text = limit
        if limit.startswith("P"):
            value = value_of(filing.pinned_rulebook, limit)
            text = words.days_text(value.number, value.unit)
        steps.append({"name": name, "actor": actor, "limit": text})
    return steps


@once
def editions(filing: Filing) -> list[dict[str, str]]:
    """Return the editions a filing is pinned to, as papers name them."""
    return [
        {
            "name": "事项清单",
            "value": f"第{filing.pinned_catalogue.number}版（{filing.pinned_catalogue.source}）",
        },
        {
            "name": "办事规则",
            "value": f"第{filing.pinned_rulebook.number}版（{filing.pinned_rulebook.source}）",
        },
    ]
