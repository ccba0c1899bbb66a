"""What the pages of sessions and opinions share: whose step it is, what it belongs to, the way back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from core import clock
from core.steps.reasons import Condition, because
from core.steps.views import StepView
from prereview import policies
from prereview.models import AgendaItem, Invitation, Session, Slot
from prereview.queries import why_not_open

DEPARTMENT = (Role.CLERK, Role.HEAD)


def person(request: HttpRequest) -> Membership:
    """Return the membership the person acts under; without one there is nothing to do here (403)."""
    acting = getattr(request, "acting", None)
    if acting is None:
        raise PermissionDenied
    return acting


def session_url(session: Session) -> str:
    """Return the address of a session."""
    return reverse("prereview:session", args=[session.public_id])


def _unless(reason: Any) -> Condition:
    @because(reason)
    def condition(session: Session) -> bool:
        return why_not_open(session, clock.now()) != reason

    return condition


ITS_MOMENT = tuple(
    _unless(reason) for reason in (policies.TOO_EARLY, policies.DAY_PAST, policies.DAY_OFF)
)


def matrix_url(filing: Filing) -> str:
    """Return the address of a filing's matrix."""
    return reverse("prereview:matrix", args=[filing.public_id])


class Step(StepView):
    """One step as a page; `policy` says whose it is; `about` is the name on the way back."""

    template_name = "prereview/step.html"
    policy: Any = staticmethod(policies.convenor)

    def allowed(self) -> bool:
        """Whether the step is this person's business."""
        return bool(self.policy(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def about(self) -> Any:
        """Return what the way back leads to."""
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name on the way back what the step belongs to."""
        return {
            **super().get_context_data(**kwargs),
            "subject": self.about(),
            "thing": self.subject,
        }


class SessionStep(Step):
    """A step of a session."""

    def cases(self) -> Any:
        """Return the sessions the person may see."""
        return Session.objects.visible_to(self.acting).select_related("book", "convenor__user")

    def back_url(self) -> str:
        """Go back to the session."""
        return session_url(self.subject)


class OfSession(Step):
    """A step of something inside a session: an agenda item or a summons."""

    def about(self) -> Any:
        """Return the session."""
        return self.subject.session

    def back_url(self) -> str:
        """Go back to the session."""
        return session_url(self.subject.session)


class AgendaStep(OfSession):
    """A step of one item of an agenda."""

    def find(self) -> AgendaItem:
        """Return the item of the address."""
        found = AgendaItem.objects.filter(session__in=Session.objects.visible_to(self.acting))
        return get_object_or_404(
            found.select_related("session__book", "filing__enterprise", "filing__rulebook"),
            pk=self.kwargs["pk"],
        )


class InvitationStep(OfSession):
    """A step of one summons; a department finds only its own."""

    policy: Any = staticmethod(policies.own_department)

    def find(self) -> Invitation:
        """Return the summons of the address."""
        found = Invitation.objects.filter(session__in=Session.objects.visible_to(self.acting))
        if self.acting.role in DEPARTMENT:
            found = found.filter(department_id=self.acting.organisation_id)
        found = found.select_related("session__book", "department", "book")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class SlotStep(Step):
    """A step of one opinion; a department finds only its own."""

    policy: Any = staticmethod(policies.own_department)

    def find(self) -> Slot:
        """Return the slot of the address."""
        found = Slot.objects.filter(filing__in=Filing.objects.visible_to(self.acting))
        if self.acting.role in DEPARTMENT:
            found = found.filter(department_id=self.acting.organisation_id)
        found = found.select_related(
            "agenda__session",
            "filing__enterprise",
            "filing__rulebook",
            "department",
            "item__item",
            "calendar",
            "draft",
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def about(self) -> Any:
        """Return the filing."""
        return self.subject.filing

    def back_url(self) -> str:
        """Go back to the department's opinions, or to the matrix for everybody else."""
        if self.acting.role in DEPARTMENT:
            return reverse("prereview:opinions", args=[self.subject.filing.public_id])
        return matrix_url(self.subject.filing)
