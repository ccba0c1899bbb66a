"""Stage 3: materials in, checked one by one; acceptance, correction, refusal, and acceptance by silence."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from approvals import policies
from approvals.models import Filing, Material
from approvals.services import leaving
from approvals.services.apart import FILED, keep_apart
from approvals.services.barring import bar_application
from approvals.services.papers import acceptance_notice, correction_notice, receipt
from approvals.services.promising import take_up_gap
from approvals.services.telling import tell_enterprise
from approvals.stages import BarArticle, MaterialState, NeededBy, PaperState, RefusalGround, Stage
from core.ledger.services import Act, record_all
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words

NOT_CHECKED = (MaterialState.GAP, MaterialState.DEPENDENCY, MaterialState.VOID)

# What other desks do the moment a filing is accepted, by whom and when; filled in ready().
Accepted = Callable[[Filing, Membership, datetime], None]
ACCEPTED: list[Accepted] = []


def on_accepted(follow: Accepted) -> Accepted:
    """Name a function that is called, in the transaction of the acceptance, with the filing, who accepts, and when."""
    ACCEPTED.append(follow)
    return follow


def _accepted(filing: Filing, by: Membership, at: datetime) -> None:
    for follow in ACCEPTED:
        follow(filing, by, at)


@transaction.atomic
def hand_in(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """提交材料: what is needed at filing is with the window; the five working days begin."""
    filing = move(filing.hand_in, by=by, at=at)  # type: ignore[assignment]
    filing.received_at = at
    filing.save()
    receipt(filing, by=by, at=at)
    tell_enterprise(filing, _("材料已收到，收件回执已出具"), "received", at)
    return filing


@transaction.atomic
def check_material(
    material: Material, *, fine: bool, reason: str = "", by: Membership, at: datetime
) -> Material:
    """核收 or 退回: one material is looked at; a return says what is wrong.

    What is returned at the intake is told once, with all the rest (行政许可法 32); later it is told at once.
    """
    filing = locked(material.filing)
    material = Material.objects.select_related("filing").get(pk=material.pk)
    if not fine and not reason:
        raise ValidationError({"reason": _("退回补正必须写明缺什么、错在哪里。")})
    if filing.stage != Stage.RECEIVED and material.needed_by == NeededBy.INTAKE:
        raise NotNow([_("材料只在收件后、受理前核收。")])
    if filing.ended or material.state in NOT_CHECKED:
        raise NotNow(
            [_("这件材料不在这里核收：%(state)s。") % {"state": material.get_state_display()}]
        )
    if late := filing.overtaken("check_material", at):
        raise NotNow(late)
    if fine:
        _need_readable(material)
    permit(material, policies.checks_material, by=by, at=at)
    act(
        filing, "check_material", policy=lambda _filing, _by: True, by=by, at=at,
        material=material, fine=fine, reason=reason or None,
    )  # fmt: skip
    material.state = MaterialState.ACCEPTED if fine else MaterialState.RETURNED
    material.reason, material.checked_at = reason, at
    material.save()
    if not fine and material.needed_by != NeededBy.INTAKE:
        told = _("请补正：%(what)s") % {"what": f"{material.name}（{reason}）"[:120]}
        tell_enterprise(filing, told, f"material{material.pk}", at)
    return material


def _need_readable(material: Material) -> None:
    if material.attachment_id is None:
        raise NotNow([_("这件材料还没有提交，不能核收。")])
    if material.withheld:
        raise NotNow([_("“%(what)s”的文件还没有通过查毒，不能核收。") % {"what": material.name}])


@transaction.atomic
def check_all_fine(filing: Filing, *, by: Membership, at: datetime) -> list[Material]:
    """全部核收: everything handed in for the acceptance and not yet looked at is found fine, or nothing is."""
    filing = locked(filing)
    if filing.stage != Stage.RECEIVED:
        raise NotNow([_("材料只在收件后、受理前核收。")])
    if late := filing.overtaken("check_material", at):
        raise NotNow(late)
    permit(filing, policies.window, by=by, at=at)
    waiting = list(
        filing.materials.intake()
        .filter(state=MaterialState.RECEIVED, attachment__isnull=False)
        .prefetch_related("files__attachment")
    )
    acts = []
    for material in waiting:
        _need_readable(material)
        material.state, material.reason, material.checked_at = MaterialState.ACCEPTED, "", at
        material.save(update_fields=["state", "reason", "checked_at"])
        acts.append(Act(filing.book_id, "check_material", {"material": material, "fine": True}))
    record_all(acts, by=by, at=at)
    return waiting


@transaction.atomic
def accept(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """受理, or 容缺受理 where gaps were promised; each gap's own clock starts with its promise."""
    keep_apart(filing.book_id, by, FILED)
    filing = move(filing.accept, by=by, at=at)  # type: ignore[assignment]
    filing.accepted_at = at
    filing.save()
    tolerated = filing.tolerated
    acceptance_notice(filing, by=by, at=at)
    tell_enterprise(
        filing, _("已容缺受理，请按承诺补齐材料") if tolerated else _("已受理"), "accepted", at
    )
    _accepted(filing, by, at)
    return filing


@transaction.atomic
def ask_correction(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """一次告知补正: everything returned, told at once (行政许可法 32(4))."""
    wanted = [str(m.name) for m in filing.materials.listed().returned()]
    keep_apart(filing.book_id, by, FILED)
    filing = move(filing.ask_correction, by=by, at=at, materials=wanted)  # type: ignore[assignment]
    correction_notice(filing, by=by, at=at)
    tell_enterprise(
        filing, _("请补正：%(what)s") % {"what": "、".join(wanted)[:120]}, "correct", at
    )
    return filing


@transaction.atomic
def hand_in_correction(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """提交补正材料: the period for acceptance begins anew."""
    filing = move(filing.hand_in_correction, by=by, at=at)  # type: ignore[assignment]
    filing.received_at = at
    filing.save()
    receipt(filing, by=by, at=at, corrected=True)
    tell_enterprise(filing, _("补正材料已收到，收件回执已出具"), "received", at)
    return filing


@transaction.atomic
def refuse(
    filing: Filing,
    *,
    reason: str,
    by: Membership,
    at: datetime,
    ground: str = RefusalGround.NOT_IN_SCOPE,
) -> Filing:
    """不予受理: in writing, with reason and remedies."""
    need_words(reason)
    if ground not in RefusalGround.values:
        raise ValidationError({"ground": _("请选择不予受理的情形。")})
    keep_apart(filing.book_id, by, FILED)
    filing = move(filing.refuse, by=by, at=at, reason=reason)  # type: ignore[assignment]
    paper = leaving.refusal(filing, ground=ground, reason=reason, by=by, at=at)
    if ground == RefusalGround.FALSE:
        bar_application(filing, BarArticle.CONCEALED, paper=paper, by=by, at=at)
    tell_enterprise(filing, _("不予受理：%(why)s") % {"why": reason}, "refused", at)
    return filing


def _counted_from(filing: Filing) -> datetime | None:
    """Return when silence began: with the receipt, or with the confirmation of papers that were entered too late."""
    assert filing.received_at is not None  # by its stage
    known = filing.paper_intakes.filter(state=PaperState.CONFIRMED, paper_at=filing.received_at)
    paper = known.order_by("-pk").first()
    return paper.counted_from if paper else filing.received_at


@transaction.atomic
def deem_accepted(filing: Filing, *, at: datetime) -> Filing:
    """视为受理: five working days passed in silence; accepted as of where they began, later limits from the deeming.

    What is still missing becomes a correction of its own that cannot hold up the acceptance (行政许可法 32(4)).
    """
    filing = move(filing.deem_accepted, by=system_actor(), at=at)  # type: ignore[assignment]
    filing.accepted_at = _counted_from(filing)
    filing.save()
    for material in filing.intake_open():
        if material.attachment_id is None or material.state == MaterialState.RETURNED:
            take_up_gap(filing, material, reason="视为受理后待补", deemed=True, at=at)
    acceptance_notice(filing, by=system_actor(), at=at)
    tell_enterprise(filing, _("窗口逾期未决定，视为受理"), "deemed", at)
    _accepted(filing, system_actor(), at)
    return filing
