"""Who may do what with a notice and its objections, and what must be true first."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import system, window, window_or_system
from accounts.stages import Role
from approvals.stages import ENDS
from core.steps.reasons import because
from public_notice.stages import Finding, NoticeStage

if TYPE_CHECKING:
    from accounts.models import Membership
    from public_notice.models import Notice, Objection

__all__ = ["anyone", "system", "window", "window_or_system"]


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
