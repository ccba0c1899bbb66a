"""Stage 6: the letter of clauses, what is declined, the sealed scan, and the window's check of it."""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Membership
from approvals import policies
from approvals.models import ChecklistItem, Clause, Filing, Letter, StageLimit
from approvals.rules import limits
from approvals.rules.citing import in_words
from approvals.services import words
from approvals.services.papers.unpublished import not_published
from approvals.services.telling import tell_enterprise
from approvals.stages import Gravity, ItemClass, OpinionDefault, Stage, StartGate
from core.deadlines.services import end, start
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.papers import date_text, in_chinese, issue
from core.steps.reasons import NotNow, need_words

SIGNING = (limits.SIGN.code, limits.SIGN_AFTER_REMINDER.code)
CONSEQUENCES = (
    gettext_noop(
        "未按承诺建设的，由责任部门责令限期整改；逾期不改的，停止建设，并可退出承诺制转一般程序。"
    ),
    gettext_noop(
        "以欺骗等不正当手段取得行政许可的，依照《中华人民共和国行政许可法》第六十九条撤销，并承担相应责任。"
    ),
    gettext_noop(
        "违反承诺的情况依法记入信用记录；记入前告知理由并听取陈述、申辩，纠正后可以申请信用修复。"
    ),
    gettext_noop("工程竣工未经验收合格的，不投入使用。"),
)
LAND = {
    "own": "自有土地（已有不动产权证书）",
    "reserved": "拟受让政府储备的国有建设用地",
    "conversion": "新增建设用地",
    "allocated": "划拨用地",
}


def _land_mu(filing: Filing) -> str:
    return f"{filing.land_mu.normalize():f}亩" if filing.land_mu else "以供地文件为准"


def _day(day: date | None) -> str:
    return date_text(day) if day else "以开工报告为准"


def _clause_rows(filing: Filing, conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the clauses of a letter: the catalogue's for what is committed, then the pre-review's conditions."""
    rows = []
    listed = filing.items.exclude(applies=False).select_related("item", "department")
    committed = listed.filter(item_class=ItemClass.COMMITMENT, declined=False)
    for item in committed.prefetch_related("item__clauses__checked_by"):
        for clause in item.item.clauses.all():
            number = f"{item.code}-{clause.number}"
            rows.append(
                {"item": item, "number": number, "text": clause.text, "standard": clause.standard,
                 "checked_when": clause.checked_when, "checked_by": clause.checked_by, "how": clause.how,
                 "evidence": clause.evidence, "severity": clause.severity, "safety": clause.safety}
            )  # fmt: skip
    for place, condition in enumerate(conditions, start=1):
        item = condition["item"]
        rows.append(
            {"item": item, "number": f"{item.code}-Y{place}", "text": condition["text"],
             "standard": condition.get("clause") or item.item.legal_basis, "checked_when": "acceptance",
             "checked_by": item.department, "from_opinion": True}
        )  # fmt: skip
    return rows


def _looked_at(row: dict[str, Any]) -> dict[str, str]:
    """Return how a clause is looked at, by what it is shown and how grave a breach is, where the catalogue says so."""
    said = {"how": row.get("how", ""), "evidence": row.get("evidence", "")}
    if row.get("severity"):
        said["severity"] = str(Gravity(row["severity"]).label)
    return {key: text for key, text in said.items() if text}


@in_chinese
def _letter_content(filing: Filing, rows: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    declined = filing.items.filter(declined=True).select_related("item", "department")
    return {
        **words.head(filing, at),
        "legal_representative": filing.enterprise.legal_representative or "（由法定代表人签署）",
        "land": {
            "location": words.place(filing),
            "basis": LAND.get(str(filing.answers.get("land_route")), "以供地文件为准"),
            "area_text": _land_mu(filing),
        },
        "scale": filing.scale,
        "investment_text": words.money(filing.investment_wan),
        "planned": {
            "start_text": _day(filing.planned_start),
            "completion_text": _day(filing.planned_completion),
            "production_text": _day(filing.planned_production),
        },
        "clauses": [_printed(row, at) for row in rows],
        "declined": [
            {
                "item": i.item.name,
                "department": words.department(i.department, at),
                "consequence": "按一般程序事先审批，取得批准后开工",
            }
            for i in declined
        ],
        "consequences": list(CONSEQUENCES),
        "validity_text": words.VALIDITY,
    }


def _printed(row: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "no": row["number"],
        "item": row["item"].item.name,
        "department": words.department(row["item"].department, at),
        "standard": row["text"],
        "basis": in_words(row["standard"]),
        "check": words.WHEN.get(row["checked_when"], "后续核查"),
        **_looked_at(row),
        **({"source": "预审会议附条件意见"} if row.get("from_opinion") else {}),
    }


@transaction.atomic
def offer_letter(
    filing: Filing, *, conditions: list[dict[str, Any]], by: Membership, at: datetime
) -> Letter:
    """出具承诺书文本: a new version withdraws the old; `conditions` are {item, text, clause} of the pre-review."""
    rows = _clause_rows(filing, conditions)
    paper = issue(
        "commitment_letter",
        _letter_content(filing, rows, at),
        book=filing.book,
        kind="DOC16",
        by=by,
        at=at,
    )
    last = filing.letters.order_by("-version").first()
    filing.letters.filter(withdrawn_at=None).update(withdrawn_at=at)
    letter = Letter.objects.create(
        filing=filing, version=(last.version if last else 0) + 1, paper=paper, offered_at=at
    )
    Clause.objects.bulk_create([Clause(letter=letter, **row) for row in rows])
    return letter


def conditions_of(letter: Letter) -> list[dict[str, Any]]:
    """Return the conditions of the pre-review that a letter carries, for its next version."""
    kept = letter.clauses.filter(from_opinion=True).select_related("item__item", "item__department")
    return [{"item": c.item, "text": c.text, "clause": c.standard} for c in kept]


@transaction.atomic
def decline_items(filing: Filing, *, codes: list[str], by: Membership, at: datetime) -> Letter:
    """不作承诺: for any commitment item, without giving a reason; it then needs its prior approval."""
    filing = locked(filing)
    permit(filing, policies.disposes, by=by, at=at)
    letter = filing.letter()
    if filing.stage != Stage.COMMITTING or letter is None or letter.signed_at:
        raise NotNow([_("只在签署承诺书之前可以选择不作承诺的事项。")])
    if late := filing.overtaken("decline_items", at):
        raise NotNow(late)
    open_to_decline = filing.items.filter(item_class=ItemClass.COMMITMENT).exclude(applies=False)
    wrong = set(codes) - set(open_to_decline.values_list("code", flat=True))
    if wrong:
        raise NotNow(
            [_("%(codes)s 不是承诺事项，不能选择不作承诺。") % {"codes": "、".join(sorted(wrong))}]
        )
    for item in open_to_decline:
        item.declined = item.code in codes
        item.start_gate = StartGate.PRIOR if item.declined else _gate_of(item)
        item.save()
    act(filing, "decline_items", policy=policies.disposes, by=by, at=at, codes=sorted(codes))
    return offer_letter(filing, conditions=conditions_of(letter), by=by, at=at)


def _gate_of(item: ChecklistItem) -> str:
    """Return the gate the catalogue gives an item for this project: conditional ones bite where silence escalates."""
    gate = item.item.start_gate
    if not gate.endswith("_if_condition"):
        return gate
    bites = item.opinion_default == OpinionDefault.ESCALATE
    return gate.removesuffix("_if_condition") if bites else StartGate.COMMITMENT


@transaction.atomic
def sign_letter(filing: Filing, *, upload: UploadedFile, by: Membership, at: datetime) -> Letter:
    """签署承诺书: the scan of the letter with signature and seal; it counts when the window has checked it."""
    filing = locked(filing)
    permit(filing, policies.disposes, by=by, at=at)
    letter = filing.letter()
    if filing.stage != Stage.COMMITTING or letter is None:
        raise NotNow([filing.wrong_stage("verify_letter")])
    # What the window is looking at is not exchanged under its eyes.
    if letter.signed_at is not None:
        raise NotNow([str(policies.letter_is_unsigned.reason)])  # type: ignore[attr-defined]
    if late := filing.overtaken("sign_letter", at):
        raise NotNow(late)
    letter.scan = keep(upload, book=filing.book, by=by, at=at)
    letter.signed_at, letter.signed_by = at, by
    letter.save()
    # The enterprise has done its part: while the window looks, nothing lapses.
    for limit in filing.limits.filter(rule__in=SIGNING, ended_at=None):
        end(limit, at=at)
    act(
        filing, "sign_letter", policy=policies.disposes, by=by, at=at,
        letter=letter.paper.number, sha256=letter.scan.sha256,
    )  # fmt: skip
    return letter


@transaction.atomic
def reject_scan(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Letter:
    """退回扫描件 (DOC20): signature or seal is missing, or it is not this letter; said why, to be handed in again."""
    need_words(reason)
    filing = locked(filing)
    letter = filing.letter()
    if letter is None or letter.signed_at is None or filing.stage != Stage.COMMITTING:
        raise NotNow([str(policies.letter_is_signed.reason)])  # type: ignore[attr-defined]
    act(filing, "reject_scan", policy=policies.window, by=by, at=at, reason=reason)
    not_published(letter, reason=reason, by=by, at=at)
    letter.signed_at = letter.signed_by = letter.scan = None
    letter.save()
    start(StageLimit(filing=filing, book=filing.book), limits.SIGN, at=at, rulebook=filing.rulebook)
    tell_enterprise(filing, _("承诺书扫描件被退回：%(why)s") % {"why": reason}, "scan", at)
    return letter


@transaction.atomic
def verify_letter(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """核验承诺书: the sealed scan is of this letter; the method of signature is the scan of the sealed original."""
    letter = locked(filing).letter()
    if letter and letter.scan and letter.scan.withheld:
        raise NotNow([letter.scan.withheld])
    scan = letter.scan.sha256 if letter and letter.scan else ""
    filing = move(filing.verify_letter, by=by, at=at, scan=scan)  # type: ignore[assignment]
    letter = filing.letter()
    letter.verified_at, letter.verified_by = at, by
    letter.save()
    tell_enterprise(filing, _("承诺书已核验，即将公示"), "verified", at)
    return filing
