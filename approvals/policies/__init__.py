"""Who may do what with a filing; what must be true first, each with its sentence, stands in `conditions`."""

from typing import TYPE_CHECKING

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
from approvals.policies.conditions import (
    came_on_paper,
    checklist_is_acknowledged,
    corrections_are_in,
    eligibility_is_confirmed,
    gate_is_open,
    has_number,
    intake_is_settled,
    is_not_before_the_second_person,
    is_not_on_paper,
    is_on_paper,
    item_is_to_be_checked,
    letter_is_signed,
    letter_is_unsigned,
    licence_is_confirmed,
    list_is_binding,
    not_ended,
    not_suspended,
    project_is_described,
    questionnaire_is_answered,
    something_is_to_correct,
    works_go_on,
)
from approvals.stages import (
    ACCEPTANCE_LEAD,
    AFTER_LIST,
    AT_ACCEPTANCE,
    NeededBy,
    Power,
    Stage,
)
from core import clock

if TYPE_CHECKING:
    from accounts.models import Membership
    from approvals.models import Authority, Change, ChecklistItem, Filing, Material, PaperIntake
    from core.deadlines.models import Timed

__all__ = [
    "came_on_paper",
    "checklist_is_acknowledged",
    "convenor",
    "convenor_or_system",
    "corrections_are_in",
    "eligibility_is_confirmed",
    "gate_is_open",
    "has_number",
    "intake_is_settled",
    "is_not_before_the_second_person",
    "is_not_on_paper",
    "is_on_paper",
    "item_is_to_be_checked",
    "letter_is_signed",
    "letter_is_unsigned",
    "licence_is_confirmed",
    "list_is_binding",
    "not_ended",
    "not_suspended",
    "project_is_described",
    "questionnaire_is_answered",
    "something_is_to_correct",
    "supervisor",
    "system",
    "window",
    "window_or_system",
    "works_go_on",
]

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
    "enter_check_photo",
    "lodge_excuse",
    "plan_unannounced_check",
    "serve_slot_again",
    "slot_candidate",
    "slot_held",
)


def enterprise_itself(filing: "Filing", by: "Membership") -> bool:
    """A person of the enterprise whose filing it is, no agent; on paper, once the window has seen its licence."""
    own = by.role == Role.ENTERPRISE and by.organisation_id == filing.enterprise_id
    return own and not filing.not_yet_theirs


def _acts_for(filing: "Filing", by: "Membership", power: Power) -> bool:
    """Tell whether somebody is the enterprise, or its agent with this power on the day: asked here and nowhere else."""
    if enterprise_itself(filing, by):
        return True
    return by.role == Role.ENTERPRISE and power in filing.powers_of(by)


def own_enterprise(filing: "Filing", by: "Membership") -> bool:
    """The enterprise whose filing it is, or its agent while the authority to fill in and hand in lasts."""
    return _acts_for(filing, by, Power.FILL)


def fills_in(filing: "Filing", by: "Membership") -> bool:
    """Who writes into a draft: the enterprise or its agent; the window, where it types what came on paper."""
    return window(filing, by) if filing.on_paper else own_enterprise(filing, by)


def follows(filing: "Filing", by: "Membership") -> bool:
    """Whose the query code is; the window hands it to an enterprise that nobody acts for in the system."""
    return own_enterprise(filing, by) or (window(filing, by) and filing.unreached(clock.judged()))


def receives(filing: "Filing", by: "Membership") -> bool:
    """The enterprise, or its agent while the authority to sign for what is served lasts."""
    return _acts_for(filing, by, Power.RECEIVE)


def disposes(filing: "Filing", by: "Membership") -> bool:
    """The enterprise, or an agent whose authority says expressly that they sign, promise, withdraw or leave for it."""
    return _acts_for(filing, by, Power.SIGN)


def ends_authority(authority: "Authority", by: "Membership") -> bool:
    """The enterprise that gave an authority takes it back, and the agent lays it down."""
    own = by.role == Role.ENTERPRISE and by.organisation_id == authority.principal.pk
    return own or by.pk == authority.agent_id


def takes_back_paper(intake: "PaperIntake", by: "Membership") -> bool:
    """The person of the window who entered it, under whatever membership."""
    return window(intake, by) and intake.entered_by.user_id == by.user_id


def hands_over(filing: "Filing", by: "Membership") -> bool:
    """The enterprise on its side, the window on its own."""
    return enterprise_itself(filing, by) or (window(filing, by) and filing.stage != Stage.DRAFT)


def confirms_paper(intake: "PaperIntake", by: "Membership") -> bool:
    """Another person of the window than who entered the paper or typed from it, under whatever membership they act."""
    if not window(intake, by) or intake.entered_by.user_id == by.user_id:
        return False
    return by.user_id not in intake.typists()


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
    return filing.stage != Stage.DRAFT or (filing.on_paper and window(filing, by))
