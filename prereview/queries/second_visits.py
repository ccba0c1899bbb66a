"""Requests for a second visit: why one cannot be asked for, and which a person may see."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from prereview import policies
from prereview.models import AgendaItem, SecondVisit, Session
from prereview.queries.absence import absent_by_rule
from prereview.stages import RequestState

NOT_ENDED = _("本次勘察还没有结束：有要看的请在现场看，不需要再次勘察。")
NOT_WAITING = _("勘察记录尚未办结，或者申报件已经不在联合预审阶段，不能申请再次勘察。")
STAYED_AWAY = _(
    "本部门无正当理由缺席本次勘察：缺席的部门不得要求再次勘察（缺席默认制，勘察通知已写明）。"
)
ASKED_ALREADY = _("本部门已经申请再次勘察，等召集人决定。")


NOT_HERE = _("本部门没有被召集到这一个现场，不能申请再次勘察。")


def _asked_here(agenda: AgendaItem, department: int) -> bool:
    """Whether a stop is a department's: of a route it may be called to some; a second visit is whose summons it is."""
    asked = agenda.slots.order_by()
    return not asked.exists() or asked.in_play().filter(department_id=department).exists()


def why_not_asked(agenda: AgendaItem, by: Membership) -> list[Any]:
    """Return why a department cannot ask for a second visit now: it is not over, it stayed away, it has asked."""
    if not policies.is_a_visit(agenda):
        return [policies.is_a_visit.reason]  # type: ignore[attr-defined]
    if agenda.closed_at is None:
        return [NOT_ENDED]
    summons = agenda.session.invitations.filter(department_id=by.organisation_id).first()
    if summons is None or not _asked_here(agenda, by.organisation_id):
        return [NOT_HERE]
    if absent_by_rule(summons, agenda.closed_at, agenda.filing):
        return [STAYED_AWAY]
    if agenda.filing.stage != Stage.PREREVIEWING:
        return [NOT_WAITING]
    open_one = agenda.second_visits.filter(
        department_id=by.organisation_id, state=RequestState.ASKED
    )
    return [ASKED_ALREADY] if open_one.exists() else []


def second_visits(by: Membership) -> QuerySet[SecondVisit]:
    """Return the requests a person may see: a department its own, the county's staff all."""
    found = SecondVisit.objects.filter(agenda__session__in=Session.objects.visible_to(by))
    if by.role in (Role.CLERK, Role.HEAD):
        found = found.filter(department_id=by.organisation_id)
    return found.select_related(
        "agenda__session__book", "agenda__filing__enterprise", "department", "asked_by__user",
        "decided_by__user", "session",
    )  # fmt: skip
