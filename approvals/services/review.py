"""逐件核收，一次保存: what a clerk decided of several papers takes effect together, or none of it does.

Each paper is decided by the service that decides one; what was returned is then told in one notice, or the filing is
accepted, in the same transaction. Two clerks before one filing: what the first has decided is never written over, the
second is told who decided what, and when.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership
from approvals import policies
from approvals.models import Filing, Gap, Material
from approvals.queries.moves import moves_of
from approvals.services.intake import accept, ask_correction, check_material
from approvals.services.tolerance import check_gap, why_barred
from approvals.stages import GapState, NeededBy, Stage, Then, Verdict
from core.ledger.models import Entry
from core.ledger.queries import entries_of
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import NotNow
from core.steps.templatetags.look import moment

MOST = 200  # decisions at once; a list has fewer papers
MOST_REASON = 240  # characters; with the offer of a gap behind it the reason still fits its field
INVITED = "这件材料可以容缺：现在交不了的，可以承诺补交。"  # stands on the notice, which is Chinese
DECIDE = ("check_material", "check_gap", "upload_material", "promise_gap", "file_infected")
AFTER = {Then.CORRECT: ask_correction, Then.ACCEPT: accept}


@dataclass(frozen=True)
class Decision:
    """What is decided of one paper; `seen` is `Material.standing` as the clerk saw it, empty where nobody looked."""

    material: int
    verdict: str
    reason: str = ""
    seen: str = ""


@transaction.atomic
def review_materials(
    filing: Filing,
    *,
    decisions: Sequence[Decision],
    then: str = Then.NOTHING,
    by: Membership,
    at: datetime,
) -> Filing:
    """逐件核收: decide the papers, then tell all corrections at once or accept, where that is wanted.

    Raises NotNow (409) where somebody was before or a paper cannot be decided so, ValidationError (422) where a reason
    is missing; `about` of either says by the paper's key what was wrong with it, and nothing has happened.
    """
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    if not decisions and not then:
        raise ValidationError(_("请至少决定一件材料。"))
    rows = filing.materials.select_related("filing", "gap").prefetch_related("files__attachment")
    papers = rows.in_bulk([one.material for one in decisions[:MOST]])
    if len({one.material for one in decisions}) < len(decisions):
        raise ValidationError(_("同一件材料决定了两次。"))
    if missing := [one for one in decisions if one.material not in papers]:
        raise ValidationError(_("有%(n)d件材料不在本件中。") % {"n": len(missing)})
    intake = [one for one in decisions if papers[one.material].needed_by == NeededBy.INTAKE]
    if filing.stage != Stage.RECEIVED and (intake or then):
        raise NotNow([_went_on(filing)])
    _each(decisions, lambda one: _unchanged(filing, papers[one.material], one))
    offers = any(one.verdict == Verdict.GAP for one in decisions)
    barred = why_barred(filing, at) if offers else []
    _each(decisions, lambda one: _decide(papers[one.material], one, barred, by, at))
    return AFTER[Then(then)](filing, by=by, at=at) if then else filing


def _each(decisions: Sequence[Decision], do: Callable[[Decision], None]) -> None:
    """Do something for each decision; what stands against any of them is said together."""
    wrong: dict[int, list[str]] = {}
    late = False
    for one in decisions:
        try:
            do(one)
        except NotNow as refusal:
            late, wrong[one.material] = True, refusal.reasons
        except ValidationError as refusal:
            wrong[one.material] = list(refusal.messages)
    if wrong:
        said = list(dict.fromkeys(reason for reasons in wrong.values() for reason in reasons))
        refused = NotNow(said) if late else ValidationError(said)
        refused.about = wrong  # type: ignore[union-attr]
        raise refused


def gap_is_possible(material: Material, gap: Gap | None) -> bool:
    """Whether a gap can be offered for a paper, whoever asks: marked, wanted now, the first."""
    at_intake = material.needed_by == NeededBy.INTAKE and material.filing.stage == Stage.RECEIVED
    return material.tolerable and at_intake and gap is None


def _refuse_an_empty_offer(material: Material, barred: list[str]) -> None:
    """What the notice offers the enterprise must be able to take up."""
    said = {"what": material.name}
    if not material.tolerable:
        raise NotNow([_("清单没有标明“%(what)s”可以容缺。") % said])
    if not gap_is_possible(material, getattr(material, "gap", None)):
        raise NotNow([_("“%(what)s”现在不能再申请容缺，请直接退回补正。") % said])
    if barred:
        raise NotNow(barred)


def _decide(
    material: Material, one: Decision, barred: list[str], by: Membership, at: datetime
) -> None:
    fine, reason = one.verdict == Verdict.FINE, one.reason.strip()
    if one.verdict == Verdict.GAP:
        _refuse_an_empty_offer(material, barred)
        reason = f"{reason.rstrip('。') + '。' if reason else ''}{INVITED}"
    if not fine and not reason:
        raise ValidationError(_("“%(what)s”：请写明缺什么、错在哪里。") % {"what": material.name})
    gap = getattr(material, "gap", None)
    if gap is not None and gap.state == GapState.SUPPLIED:
        check_gap(gap, fine=fine, reason=reason, by=by, at=at)
    else:
        check_material(material, fine=fine, reason=reason, by=by, at=at)


def _unchanged(filing: Filing, material: Material, one: Decision) -> None:
    """Refuse to decide over what somebody else has done since the clerk saw the paper."""
    if not one.seen or one.seen == material.standing:
        return
    mark = f'"material":"{material._meta.label_lower}:{material.pk}"'
    entry = entries_of(filing.book_id).filter(act__in=DECIDE, payload__contains=mark).last()
    said = {"what": material.name, "state": material.get_state_display(), **_who(entry)}
    raise NotNow(
        [
            _("“%(what)s”已由%(who)s于%(when)s办理，现在是“%(state)s”；请看过再决定。") % said
            + (f"（{material.reason}）" if material.reason else "")
        ]
    )


def _went_on(filing: Filing) -> str:
    entry = next((entry for entry, _stage in reversed(moves_of(filing.book_id))), None)
    said = {"stage": filing.get_stage_display(), **_who(entry)}
    return (
        _("本件已由%(who)s于%(when)s办理，现在是“%(stage)s”；您的决定没有保存，也不需要再办。")
        % said
    )


def _who(entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {"who": "—", "when": "—"}
    return {"who": str(entry.actor.user), "when": moment(entry.event_at)}
