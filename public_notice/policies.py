"""Who may do what with a notice and its objections, and what must be true first."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import (
    administrator,
    administrator_or_system,
    convenor,
    department,
    staff,
    supervisor,
    system,
    voids_or_corrects,
    window,
    window_or_system,
)
from accounts.stages import Role
from approvals.stages import ENDS, Stage
from core.steps.reasons import because
from public_notice.stages import (
    BulletinState,
    DisclosureStage,
    Finding,
    InquiryKind,
    InquiryResult,
    NoticeStage,
    OpenEvent,
    ProposalKind,
    ProposalState,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Membership
    from approvals.models import Filing
    from core.steps.reasons import Condition
    from public_notice.models import (
        Bulletin,
        Disclosure,
        Inquiry,
        Notice,
        Objection,
        OpenMatter,
        Proposal,
        Publication,
    )

__all__ = [
    "administrator",
    "anyone",
    "convenor",
    "staff",
    "supervisor",
    "system",
    "window",
    "window_or_system",
]


def anyone(thing: object, by: "Membership") -> bool:
    """A member of the public; the named actor stands for them in the ledger."""
    return by.role == Role.PUBLIC


@because(_("公示期已过，异议期已经结束；您仍可依法申请行政复议或者提起行政诉讼。"))
def notice_is_running(notice: "Notice") -> bool:
    """The notice is published and its end has not come."""
    return notice.stage == NoticeStage.RUNNING and notice.filing.stage not in ENDS


@because(_("还有异议没有答复：全部答复后公示才能结束。"))
def objections_are_answered(notice: "Notice") -> bool:
    """No objection waits for its reply."""
    return not notice.objections.filter(finding=Finding.OPEN).exists()


@because(_("这件异议已经答复。"))
def objection_is_open(objection: "Objection") -> bool:
    """The objection has no reply yet."""
    return objection.finding == Finding.OPEN


def reviews_bulletins(_thing: object, by: "Membership") -> bool:
    """The administrator, or another supervisor than the one who drafted it."""
    return administrator(None, by) or supervisor(None, by)


def sees_bulletins(_thing: object, by: "Membership") -> bool:
    """Those who draft, review or stand in it: the county's staff and the departments."""
    return staff(None, by) or department(None, by)


@because(_("这份通报已经审核。"))
def bulletin_is_drafted(bulletin: "Bulletin") -> bool:
    """Nobody has reviewed the bulletin yet."""
    return bulletin.state == BulletinState.DRAFTED


def reviewed_by_another(by: "Membership") -> "Callable[[Bulletin], bool]":
    """Return the condition that a bulletin is reviewed by a person other than who drafted it."""

    @because(_("起草通报的人不能自己审核，换一个任职也不行：须由另一个人审核。"))
    def another(bulletin: "Bulletin") -> bool:
        return bulletin.drafter_id != by.user_id

    return another


@because(_("本件还没有办结：办结以后请您评价。"))
def case_is_closed(filing: "Filing") -> bool:
    """The case has come to the end of its road."""
    return filing.stage == Stage.COMPLETED


@because(_("您已经评价过本件，每件只评价一次。"))
def satisfaction_is_open(filing: "Filing") -> bool:
    """Nobody has answered for it."""
    return not hasattr(filing, "satisfaction_asked")


begins_surveys = administrator_or_system


# — 公示处置: one proposes, another decides ————————————————————————————————————————

decides_proposals = voids_or_corrects  # a supervisor or the convenor, and never who proposed it


@because(_("公示已经结束，不能再撤下。"))
def may_be_taken_down(proposal: "Proposal") -> bool:
    """The notice is on show, or waits for replies."""
    return proposal.notice.stage in (NoticeStage.RUNNING, NoticeStage.CONTESTED)


@because(_("这件异议的文字已经隐藏。"))
def words_are_shown(proposal: "Proposal") -> bool:
    """Nobody has hidden the words yet."""
    return proposal.objection is not None and proposal.objection.hidden_at is None


@because(_("公示期已经结束，或者这一天已经恢复计入。"))
def day_is_lost(proposal: "Proposal") -> bool:
    """The period runs, and the day does not count."""
    lost = proposal.lost_day
    running = proposal.notice.stage == NoticeStage.RUNNING
    return running and lost is not None and lost.overruled_at is None


def of_proposal(kind: str) -> "tuple[Condition, ...]":
    """Return what must be true for a kind of proposal, when it is made and again when it is decided."""
    return {
        ProposalKind.TAKE_DOWN.value: (may_be_taken_down,),
        ProposalKind.HIDE.value: (words_are_shown,),
        ProposalKind.OVERRULE.value: (day_is_lost,),
    }[kind]


@because(_("这项处置已经决定。"))
def proposal_is_open(proposal: "Proposal") -> bool:
    """Nobody has decided it."""
    return proposal.state == ProposalState.ASKED


def decided_by_another(by: "Membership") -> "Callable[[Proposal], bool]":
    """Return the condition that a proposal is decided by another person than who made it."""

    @because(_("提出处置的人不能自己决定，换一个任职也不行：须由另一个人决定。"))
    def another(proposal: "Proposal") -> bool:
        return proposal.asked_by.user_id != by.user_id

    return another


@because(_("异议人申请了听证：先记录听证的情况，或者写明不举行的理由，再答复。"))
def hearing_is_settled(objection: "Objection") -> bool:
    """No hearing that was asked for is still to come."""
    return not objection.hearing_asked or objection.hearing_settled_at is not None


@because(_("没有申请听证，或者听证已经办结。"))
def hearing_waits(objection: "Objection") -> bool:
    """A hearing was asked for and is still to come."""
    return objection.finding == Finding.OPEN and not hearing_is_settled(objection)


@because(_("这件异议不在待人工查看之列。"))
def objection_is_held(objection: "Objection") -> bool:
    """It came in a flood and nobody has looked at it."""
    return objection.held


def sees_disclosures(_thing: object, by: "Membership | None") -> bool:
    """The office that answers, and those who watch it; who asked is for the office alone."""
    return staff(None, by)


@because(_("补正只能一次告知，这件申请已经告知过（《中华人民共和国政府信息公开条例》第三十条）。"))
def correction_is_first(disclosure: "Disclosure") -> bool:
    """Nothing has been asked of the applicant yet."""
    return not disclosure.inquiries.filter(kind=InquiryKind.CORRECTION).exists()


@because(_("还在等被征询的第三方或者机关回复：先记录回复，或者等征询期满。"))
def nobody_is_asked(disclosure: "Disclosure") -> bool:
    """Nobody is being waited for."""
    return not disclosure.inquiries.filter(result=InquiryResult.OPEN).exists()


@because(_("这件公开申请不在答复办理中。"))
def disclosure_is_running(disclosure: "Disclosure") -> bool:
    """The office is working on its answer."""
    return disclosure.stage == DisclosureStage.RUNNING


@because(_("答复期限已经延长过一次，不能再延（《中华人民共和国政府信息公开条例》第三十三条）。"))
def not_extended_yet(disclosure: "Disclosure") -> bool:
    """Its limit was not lengthened."""
    return disclosure.extended_at is None


@because(_("还没有人提出延长答复期限。"))
def extension_is_asked(disclosure: "Disclosure") -> bool:
    """Somebody has asked for more time."""
    return disclosure.longer_by_id is not None


@because(_("这项征询已经有结果。"))
def inquiry_is_open(inquiry: "Inquiry") -> bool:
    """It waits for its answer."""
    return inquiry.result == InquiryResult.OPEN


@because(_("请申请人补正的，由申请人凭编号和查询码补正，不由窗口记录。"))
def asked_of_others(inquiry: "Inquiry") -> bool:
    """It was asked of somebody else than the applicant."""
    return inquiry.kind != InquiryKind.CORRECTION


def approved_by_another(by: "Membership") -> "Callable[[Disclosure], bool]":
    """Return the condition that more time is approved by a person other than who asks for it."""

    @because(
        _(
            "提出延长的人不能自己批准：由政府信息公开工作机构的负责人批准（《中华人民共和国政府信息公开条例》第三十三条）。"
        )
    )
    def another(disclosure: "Disclosure") -> bool:
        return disclosure.longer_by is None or disclosure.longer_by.user_id != by.user_id

    return another


def _of_the_publisher(publisher_id: int, by: "Membership") -> bool:
    """Somebody of the office that publishes; the window for what its bureau publishes."""
    works = staff(None, by) or department(None, by)
    return bool(works) and by.organisation_id == publisher_id


def sees_publications(_thing: object, by: "Membership") -> bool:
    """The county's staff and the departments: each owes something."""
    return staff(None, by) or department(None, by)


def notes_publications(matter: "OpenMatter", by: "Membership") -> bool:
    """Who publishes it, the supervisor who watches it, and the administrator."""
    if administrator(None, by) or supervisor(None, by):
        return True
    return matter is not None and _of_the_publisher(matter.publisher_id, by)


def publishes(publication: "Publication", by: "Membership") -> bool:
    """Who publishes it; the administrator for an office that has nobody here."""
    return administrator(None, by) or _of_the_publisher(publication.department_id, by)


@because(_("这类信息由系统按办理记录生成，不用登记。"))
def matter_is_noted_by_hand(matter: "OpenMatter") -> bool:
    """It arises from what somebody outside the system does."""
    return matter.event == OpenEvent.BY_HAND and not matter.struck


@because(_("这条信息已经公开。"))
def publication_is_owed(publication: "Publication") -> bool:
    """Nobody has published it yet."""
    return publication.ended_at is None


@because(_("这类信息在本网站公开，由系统记录，不用另行登记。"))
def publication_is_by_hand(publication: "Publication") -> bool:
    """It is published outside, where the system cannot see it."""
    return publication.by_hand
