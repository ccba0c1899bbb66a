"""Who may do what with a filing, and what must be true first, each with its sentence."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import (
    convenor,
    convenor_or_system,
    staff,
    supervisor,
    system,
    window,
    window_or_system,
)
from accounts.stages import Role
from approvals.stages import (
    ACCEPTANCE_LEAD,
    AFTER_LIST,
    AT_ACCEPTANCE,
    NeededBy,
    Power,
    Stage,
)
from core.steps.reasons import because

if TYPE_CHECKING:
    from accounts.models import Membership
    from approvals.models import Authority, Change, ChecklistItem, Filing, Material, PaperIntake
    from core.deadlines.models import Timed

__all__ = ["convenor", "convenor_or_system", "supervisor", "system", "window", "window_or_system"]

# What departments and the lead unit say to each other; the enterprise learns that it happened, not the words of it.
INSIDE = (
    "call_off_unannounced_check",
    "claim_not_ours",
    "confirm_default",
    "decide_eligible",
    "decide_excuse",
    "decide_not_ours",
    "dismiss_default",
    "dispatch_failed",
    "lodge_excuse",
    "plan_unannounced_check",
    "serve_slot_again",
    "slot_candidate",
    "slot_held",
)


def enterprise_itself(filing: "Filing", by: "Membership") -> bool:
    """A person of the enterprise whose filing it is; no agent."""
    return by.role == Role.ENTERPRISE and by.organisation_id == filing.enterprise_id


def _acts_for(filing: "Filing", by: "Membership", power: Power) -> bool:
    """Tell whether somebody is the enterprise, or its agent with this power on the day: asked here and nowhere else."""
    if enterprise_itself(filing, by):
        return True
    return by.role == Role.ENTERPRISE and power in filing.powers_of(by)


def own_enterprise(filing: "Filing", by: "Membership") -> bool:
    """The enterprise whose filing it is, or its agent while the authority to fill in and hand in lasts."""
    return _acts_for(filing, by, Power.FILL)


def receives(filing: "Filing", by: "Membership") -> bool:
    """The enterprise, or its agent while the authority to sign for what is served lasts."""
    return _acts_for(filing, by, Power.RECEIVE)


def disposes(filing: "Filing", by: "Membership") -> bool:
    """The enterprise, or an agent whose authority says expressly that they sign, promise, withdraw or leave for it."""
    return _acts_for(filing, by, Power.SIGN)


def ends_authority(authority: "Authority", by: "Membership") -> bool:
    """The enterprise that gave an authority takes it back, and the agent lays it down."""
    return by.pk == authority.agent_id or enterprise_itself(authority.filing, by)


def hands_over(filing: "Filing", by: "Membership") -> bool:
    """The enterprise on its side, the window on its own."""
    return enterprise_itself(filing, by) or (window(filing, by) and filing.stage != Stage.DRAFT)


def confirms_paper(intake: "PaperIntake", by: "Membership") -> bool:
    """Another person of the window than the one who entered the paper, under whatever membership either acts."""
    return window(intake, by) and intake.entered_by.user_id != by.user_id


@because(_("本件已经终结，不再办理。"))
def not_ended(filing: "Filing") -> bool:
    """The case is on its way, a draft too."""
    return not filing.ended


def responsible_department(item: "ChecklistItem", by: "Membership") -> bool:
    """A person of the department that the item belongs to."""
    return by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == item.department_id


def records_approval(item: "ChecklistItem", by: "Membership") -> bool:
    """The responsible department, or the window that keeps the file."""
    return responsible_department(item, by) or window(item, by)


def checks_change(change: "Change", by: "Membership") -> bool:
    """The department of the item that a change comes from, no other; the window where it comes from none."""
    if change.item is None:
        return window(change, by)
    return responsible_department(change.item, by)


def has_change_to_check(filing: "Filing", by: "Membership") -> bool:
    """Somebody for whom a change waits: handed in, or without an item, which the window may find done by itself."""
    if by.role not in (Role.CLERK, Role.HEAD) and not window(filing, by):
        return False
    return any(
        change.done_at is None
        and checks_change(change, by)
        and (change.item is None or change.waits_for_check)
        for change in filing.changes.all()
    )


def stops_limit(limit: "Timed", by: "Membership") -> bool:
    """The convenor; a limit that is a department's own, for its item, also the people of that department."""
    own = by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == limit.kept_by
    return own or convenor(limit, by)


def lengthens_limit(limit: "Timed", by: "Membership") -> bool:
    """The head of the department whose limit it is (行政许可法 42); of what is no department's, the convenor."""
    if limit.kept_by is not None:
        return by.role == Role.HEAD and by.organisation_id == limit.kept_by
    return convenor(limit, by)


def checks_material(material: "Material", by: "Membership") -> bool:
    """The window; what is needed at the acceptance also the department of an item that wants it."""
    if window(material, by) or material.needed_by != NeededBy.ACCEPTANCE:
        return window(material, by)
    wanted_by = material.filing.items.all()
    return any(
        item.code in material.item_codes and responsible_department(item, by) for item in wanted_by
    )


def asks_later(filing: "Filing", by: "Membership") -> bool:
    """A department of the list, or the window that speaks for one that has no account at hand."""
    if by.role in (Role.CLERK, Role.HEAD):
        return any(item.department_id == by.organisation_id for item in filing.items.all())
    return window(filing, by)


def reads_gaps(thing: object, by: "Membership") -> bool:
    """Who the ledger of gaps is kept for: the county's staff, and each enterprise for its own; no department."""
    return by.role == Role.ENTERPRISE or staff(thing, by)


def acceptance_lead(filing: "Filing", by: "Membership") -> bool:
    """A person of the department that leads the joint acceptance, by the county's list of duties."""
    return by.role in (Role.CLERK, Role.HEAD) and ACCEPTANCE_LEAD in by.organisation.duties


def sees(filing: "Filing", by: "Membership") -> bool:
    """Whether the case concerns a person at all; pages find cases by the query of the same meaning."""
    if by.role == Role.ENTERPRISE:
        return enterprise_itself(filing, by) or bool(filing.powers_of(by))
    if by.role in (Role.CLERK, Role.HEAD):
        leads = filing.stage in AT_ACCEPTANCE and acceptance_lead(filing, by)
        return leads or (filing.stage in AFTER_LIST and filing.concerns(by.organisation_id))
    return filing.stage != Stage.DRAFT


@because(_("一次性告知书送达以后、办结以前，才有清单以外的要求。"))
def list_is_binding(filing: "Filing") -> bool:
    """The list was served and the case is on its way."""
    return filing.served_at is not None and not filing.ended


@because(_("项目信息还没有填完：请先补全标有“必填”的各项。"))
def project_is_described(filing: "Filing") -> bool:
    """The fields that every paper needs are there."""
    return all(
        (
            filing.project_name,
            filing.site_id,
            filing.scale,
            filing.investment_wan,
            filing.planned_start,
        )
    )


@because(_("申报以后才有申报编号，才能查进度。"))
def has_number(filing: "Filing") -> bool:
    """The filing has been handed in and bears a number by which it is followed."""
    return bool(filing.number)


@because(_("还有问题没有回答：问卷答完才能申报。"))
def questionnaire_is_answered(filing: "Filing") -> bool:
    """No question that applies is open."""
    return not filing.open_questions()


@because(_("窗口尚未核对企业营业执照：首次申报在核对后生效，轮到窗口办理。"))
def licence_is_confirmed(filing: "Filing") -> bool:
    """The window has seen the licence (once per enterprise)."""
    return filing.enterprise.licence_confirmed_at is not None


@because(_("窗口尚未作出适用承诺制的决定。"))
def eligibility_is_confirmed(filing: "Filing") -> bool:
    """The window has decided that the mechanism applies."""
    return filing.eligible_at is not None


@because(_("请先签收一次性告知书：签收后才知道要交什么。"))
def checklist_is_acknowledged(filing: "Filing") -> bool:
    """The enterprise has signed for the one-time notice."""
    return filing.acknowledged_at is not None


@because(_("申报时须交的材料还没有全部核收，也没有容缺承诺：请逐件核收、退回补正或同意容缺。"))
def intake_is_settled(filing: "Filing") -> bool:
    """Every material needed at filing is accepted, or is a promised gap."""
    return not filing.intake_open().exists()


@because(_("没有标为“需补正”的材料：补正告知须一次写明缺什么。"))
def something_is_to_correct(filing: "Filing") -> bool:
    """At least one material was returned with its reason."""
    return filing.materials.listed().returned().exists()


@because(_("还有被退回的材料没有重新提交。"))
def corrections_are_in(filing: "Filing") -> bool:
    """Nothing returned is still waiting for the enterprise."""
    return not filing.materials.listed().returned().exists()


@because(_("申报件因容缺材料逾期未补而中止：补齐并核验后恢复办理。"))
def not_suspended(filing: "Filing") -> bool:
    """The overlay of suspension is off."""
    return filing.suspended_at is None


@because(_("本项目已被责令停工整改：整改复查合格、解除停工后才能继续。"))
def works_go_on(filing: "Filing") -> bool:
    """No stop order is in force."""
    return filing.stopped_at is None


@because(_("承诺书的盖章扫描件还没有上传。"))
def letter_is_signed(filing: "Filing") -> bool:
    """The enterprise has handed in the sealed scan of the present letter."""
    letter = filing.letter()
    return letter is not None and letter.signed_at is not None


@because(_("承诺书已经签署；要改承诺范围，请等窗口退回扫描件。"))
def letter_is_unsigned(filing: "Filing") -> bool:
    """The present letter has no scan yet."""
    letter = filing.letter()
    return letter is None or letter.signed_at is None


@because(_("清单对政府有约束力：只有“待核”的事项可以核减，确定适用的事项须依法办理。"))
def item_is_to_be_checked(item: "ChecklistItem") -> bool:
    """Nobody has settled yet whether the listed item applies; one that applies is not struck by a stroke of the pen."""
    return item.applies is None


@because(_("开工条件尚未齐备：逐项原因见“开工条件”。"))
def gate_is_open(filing: "Filing") -> bool:
    """Every item of the start gate is satisfied."""
    return not filing.gate_missing()
