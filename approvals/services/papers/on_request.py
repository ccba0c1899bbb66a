"""准予 (DOC27) and 不予行政许可决定书 (DOC28), 送达回证 (DOC29): made out on request from what is on record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Membership
from accounts.policies import window
from approvals import policies
from approvals.models import ChecklistItem, Fetched, Filing
from approvals.queries.gaps import why_undecided
from approvals.rules.approving import is_refusable
from approvals.rules.citing import in_words
from approvals.services import words
from approvals.services.leaving import paper_head, remedies
from approvals.services.telling import tell_enterprise
from approvals.stages import Approval, ItemClass, StartGate
from core.deadlines.services import end
from core.notify.words import said as _
from core.steps.making_out import Form, register
from core.steps.moves import act
from core.steps.papers import date_text, in_chinese, time_text
from core.steps.reasons import NotNow


def _items(filing: Filing, *states: str) -> Iterable[ChecklistItem]:
    return (
        filing.items.exclude(applies=False).filter(approval__in=states)
        .select_related("item", "department", "filing__enterprise", "filing__rulebook")
        .prefetch_related("department__names").order_by("pk")
    )  # fmt: skip


def granted(filing: Filing) -> Iterable[ChecklistItem]:
    """Return the items whose approval is on record with its number and was not given against a promise.

    What a service of the county came to is no licence.
    """
    issued = _items(filing, Approval.ISSUED).exclude(item_class=ItemClass.SERVICE)  # type: ignore[attr-defined]
    return issued.filter(conditional=False, approval_on__isnull=False)  # type: ignore[no-any-return]


def refusable(filing: Filing) -> Iterable[ChecklistItem]:
    """Return the items whose approval may be refused now, or was."""
    return [one for one in _items(filing, Approval.OWED, Approval.REFUSED) if is_refusable(one)]


def _head(item: ChecklistItem, at: datetime) -> dict[str, Any]:
    return {
        **paper_head(item.filing, at),
        "issuer": words.issued_by(item.department, at),
        "item": {
            "code": item.code,
            "name": item.item.name,
            "department": words.department(item.department, at),
        },
        "basis": [in_words(item.item.legal_basis) or "县事项目录所列依据"],
    }


@in_chinese
def _granted(item: ChecklistItem, _words: str, at: datetime) -> dict[str, Any]:
    assert item.approval_on is not None
    promised = item.start_gate == StartGate.PAPER
    why = "依据已公示的承诺作出" if promised else "经审查，符合法定条件、标准"
    return {
        **_head(item, at),
        "promised": promised,
        "document": {
            "number": item.approval_number,
            "day_text": date_text(item.approval_on),
            "validity": "以批准文件载明的有效期为准；批准文件没有载明的，依照有关法律、法规执行。",
        },
        "reason": f"“{item.item.name}”{why}，准予许可。",
        "effects": [
            "请按照批准的内容和承诺的标准实施；需要变更的，向作出决定的机关申请。",
            "本决定依法公开（《中华人民共和国行政许可法》第四十条）。",
        ],
    }


@in_chinese
def _refused(item: ChecklistItem, why: str, at: datetime) -> dict[str, Any]:
    return {
        **_head(item, at),
        "reason": why,
        "effects": [
            "这一事项没有取得批准，取得以前不得开工。",
            "补正或者改变申请内容以后，可以重新申请。",
        ],
        "remedies": remedies(item.filing, item.department, at),
    }


def _refuse(item: ChecklistItem, why: str, by: Membership, at: datetime) -> None:
    """不予许可: the approval is refused by a decision with its reasons; its limits end, the start gate stays shut.

    Raises NotNow while the decision waits for a promised paper (模式一).
    """
    if reasons := why_undecided(item):
        raise NotNow(reasons)
    item.approval = Approval.REFUSED
    item.save()
    for limit in item.limits.filter(ended_at=None):
        end(limit, at=at)
    act(
        item.filing, "refuse_approval", policy=lambda _thing, _by: True, by=by, at=at,
        item=item.code, reason=why,
    )  # fmt: skip
    what = _("“%(item)s”不予许可，理由见决定书") % {"item": item.item.name}
    tell_enterprise(item.filing, what, f"refused-item{item.pk}", at)


def fetched(filing: Filing) -> Iterable[Fetched]:
    """Return the papers of a case that somebody of the enterprise took from the window and signed for."""
    return filing.fetched.select_related(
        "paper", "scan", "handed_by__user", "filing__enterprise"
    ).order_by("pk")


@in_chinese
def _served(one: Fetched, _words: str, at: datetime) -> dict[str, Any]:
    return {
        **paper_head(one.filing, at),
        "served": {
            "to": one.filing.enterprise.name,
            "place": words.issuer(at)["address"] or words.issuer(at)["name"],
            "by": one.handed_by.user.name,
            "at_text": time_text(one.handed_at),
            "title": one.paper.title,
            "paper_number": one.paper.number,
            "how": "窗口直接送达",
            "collector": one.collector,
            "instead": "由受送达人指派的人签收" if one.collector else "无",
            "proof": one.scan.sha256,
        },
    }


def decides(item: ChecklistItem, by: Membership) -> bool:
    """The department whose item it is decides; nobody else grants or refuses a licence in its name."""
    return policies.responsible_department(item, by)


register(
    Form("DOC27", "licence_granted", decides, granted, _granted),
    Form("DOC28", "licence_refused", decides, refusable, _refused, wants_words=True, before=_refuse),
    Form("DOC29", "service_proof", window, fetched, _served),
)  # fmt: skip
