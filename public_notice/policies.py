"""Who may do what with a notice and its objections, and what must be true first."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import (
    administrator,
    department,
    staff,
    supervisor,
    system,
    window,
    window_or_system,
)
from accounts.stages import Role
from approvals.stages import ENDS, Stage
from core.steps.reasons import because
from public_notice.stages import BulletinState, Finding, NoticeStage, OpenEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Membership
    from approvals.models import Filing
    from public_notice.models import Bulletin, Notice, Objection, OpenMatter, Publication

__all__ = ["administrator", "anyone", "supervisor", "system", "window", "window_or_system"]


def anyone(notice: "Notice", by: "Membership") -> bool:
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


@because(_("通报经审核即公开，不用另行登记。"))
def publication_is_by_hand(publication: "Publication") -> bool:
    """It is published outside, where the system cannot see it."""
    return publication.matter.event == OpenEvent.BY_HAND
