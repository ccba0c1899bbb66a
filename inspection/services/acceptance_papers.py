"""What the papers of the joint acceptance say: the correction list (DOC42) and the opinion (DOC26)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.services import words
from core.deadlines.queries import value_of
from core.deadlines.services import start
from core.steps.papers import date_text, in_chinese, time_text
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.queries.acceptance import specials, standing, verdicts_of
from inspection.stages import Verdict

NO_SILENCE = (
    "联合验收不适用超时默认和缺席默认：每一项验收意见都由责任部门提出，沉默和缺席不产生验收意见。"
)
NO_NEW_STANDARD = "验收只对照承诺书的条款和清单所列事项，不提出新的标准。"
NOT_INSTEAD = "本意见书不代替依法应当办理的竣工验收备案和其他手续。"


def issued_by(department: Organisation, at: datetime) -> dict[str, str]:
    """Return a department of the county as the one that issues a paper, reached by way of the window."""
    return {
        **words.issuer(at),
        "name": words.with_county(words.department(department, at)),
        "code": department.code,  # whose seal it waits for, and whom the English page names
    }


def _matter(verdict: AcceptanceVerdict, named: dict[str, str], at: datetime) -> dict[str, str]:
    """Return one clause or item as both papers name it."""
    item = verdict.item
    special = named.get(item.code) or item.item.name
    approved = f"按批准文件验收（{item.approval_number}）" if item.approval_number else "按清单验收"
    return {
        "no": verdict.number,
        "special": special,
        "department": words.department(verdict.department, at),
        "text": verdict.clause.text if verdict.clause else approved,
    }


def _visit(acceptance: Acceptance) -> str:
    if acceptance.visit_at is None:
        return "未安排集中现场验收"
    return f"{time_text(acceptance.visit_at)}，{acceptance.visit_place}"


def remedies(filing: Filing, lead: Organisation, at: datetime) -> list[str]:
    """Return how the list is contested: with the lead, by review (行政复议法 20), by suit."""
    book = filing.pinned_rulebook
    review = words.review(value_of(book, "20a").number, lead, at)
    return [
        "对清单有异议的，可以向验收牵头部门陈述、申辩，并提交证据。",
        f"认为本清单侵犯合法权益的，可以{review}，也可以{words.suit(book)}。",
    ]


@in_chinese
def correction_list(
    acceptance: Acceptance, found: list[AcceptanceVerdict], at: datetime
) -> dict[str, Any]:
    """Return the content of the correction list: everything that every department found wanting."""
    filing, named = acceptance.filing, specials()
    rule = value_of(filing.pinned_rulebook, limits.AMENDMENT.code)
    limit = start(
        StageLimit(filing=filing, book=filing.book), limits.AMENDMENT, at=at,
        rulebook=filing.rulebook, save=False,
    )  # fmt: skip
    passed = acceptance.verdicts.filter(verdict=Verdict.PASSED).count()
    return {
        **words.head(filing, at),
        "issuer": issued_by(_lead_of(acceptance), at),
        "filing_number": filing.number,
        "round_text": f"第{acceptance.round}轮",
        "applied_text": date_text(timezone.localdate(acceptance.applied_at)),
        "visit_text": _visit(acceptance),
        "entries": [
            {**_matter(v, named, at), "problem": v.problem, "demand": v.demand} for v in found
        ],
        "passed_text": f"本轮其余{passed}项验收合格，复验时不再验收。"
        if passed
        else "本轮没有其他事项。",
        "limit": {
            "days_text": words.days_text(rule.number, rule.unit),
            "due_text": words.last_day_text(limit),
            "basis": words.rule_basis(filing.pinned_rulebook, rule),
        },
        # On an enterprise that nobody can be reached for the list is served when it is fetched at the counter.
        **({"on_collection": True} if filing.unreached(at) else {}),
        "rules": [
            "整改要求一次列明：清单以外的问题，复验时不再提出。",
            NO_NEW_STANDARD,
            "整改完成后逐项写明整改情况，附证明材料，申请复验；复验只看本清单所列各项。",
            "到期没有申请复验的，转效能监督督办。",
            "验收合格前，项目不得投入使用。",
        ],
        "remedies": remedies(filing, _lead_of(acceptance), at),
    }


def _lead_of(acceptance: Acceptance) -> Organisation:
    assert acceptance.concluded_by is not None  # a paper is written with the conclusion
    return acceptance.concluded_by.organisation


@in_chinese
def acceptance_opinion(acceptance: Acceptance, at: datetime) -> dict[str, Any]:
    """Return the content of the opinion: what each department found in the end, and what was mended on the way."""
    filing, named = acceptance.filing, specials()
    every = list(verdicts_of(filing))
    rounds = list(filing.acceptances.select_related("paper"))
    filed = value_of(filing.pinned_rulebook, "13").number
    return {
        **words.head(filing, at),
        "issuer": issued_by(_lead_of(acceptance), at),
        "filing_number": filing.number,
        "rounds": [
            {
                "round_text": f"第{one.round}轮",
                "applied_text": date_text(timezone.localdate(one.applied_at)),
                "visit_text": _visit(one),
                "result_text": _result(one, every),
            }
            for one in rounds
        ],
        "verdicts": [
            {**_matter(v, named, at), "result": f"{v.get_verdict_display()}（第{v.acceptance.round}轮）"}
            for v in standing(every)
        ],
        "conclusion_text": "经各责任部门逐项验收，承诺条款和清单所列事项全部合格，联合验收合格。",
        "problems_text": _problems(every, rounds),
        "rules": [NO_SILENCE, NO_NEW_STANDARD, NOT_INSTEAD],
        "duty_text": f"建设单位应当自竣工验收合格之日起{filed}日内，将竣工验收报告等文件报建设行政主管部门"
        "备案（《建设工程质量管理条例》第四十九条）。",
    }  # fmt: skip


def _result(acceptance: Acceptance, every: list[AcceptanceVerdict]) -> str:
    mine = [v for v in every if v.acceptance_id == acceptance.pk]
    failed = sum(v.verdict == Verdict.FAILED for v in mine)
    return f"验收{len(mine)}项，不合格{failed}项" if failed else f"验收{len(mine)}项，全部合格"


def _problems(every: list[AcceptanceVerdict], rounds: list[Acceptance]) -> str:
    """Say what was wanting and that it was mended, by number: the words stand on the list, which is not published."""
    failed = [v.number for v in every if v.verdict == Verdict.FAILED]
    if not failed:
        return "无。"
    lists = "、".join(one.paper.number for one in rounds if one.paper and one.result == "fail")
    names = "、".join(dict.fromkeys(failed))
    return f"{names}曾不合格，已按整改清单（{lists}）整改，复验合格。"
