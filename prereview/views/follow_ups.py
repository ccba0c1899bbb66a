"""约谈、移送 on the supervisor's desk: the list, and the note of what was done."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.views.base import outcome
from core import clock
from prereview import policies, services
from prereview.forms import FollowUpForm
from prereview.queries.follow_ups import task_of, tasks
from prereview.views.base import person
from prereview.views.contests import DefaultStep


@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """List what the defaults of departments lead to, open ones first; for those who watch time."""
    by = person(request)
    if not policies.watches(None, by):
        raise PermissionDenied
    found = tasks(clock.now(), open_only=False)
    context = {"open": [t for t in found if not t.done], "done": [t for t in found if t.done]}
    return render(request, "prereview/follow_ups.html", context)


class FollowUpView(DefaultStep):
    """办结约谈或者移送."""

    policy = staticmethod(policies.supervisor)
    verb = gettext_lazy("办结")
    form_class = FollowUpForm
    explain = gettext_lazy("写明办理情况后办结，记入台账。默认撤回的，约谈、移送随之撤销。")

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name what is to be done."""
        task = task_of(self.subject, self.now())
        return _("办结：%(what)s") % {"what": task.label if task else _("约谈、移送")}

    def reasons(self) -> list[str]:
        """Say when there is nothing to be done."""
        task = task_of(self.subject, self.now())
        if task is None:
            return [_("该部门在这项议程的默认不需要约谈或者移送，或者已经撤回。")]
        return [_("这件约谈（移送）已经办结。")] if task.done else []

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("prereview:follow_ups")

    def about(self) -> Any:
        """Return what the way back leads to."""
        return _("约谈、移送")

    def perform(self, data: dict[str, Any]) -> str:
        """Finish it."""
        done = services.finish_follow_up(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("%(what)s已办结。") % {"what": done.get_kind_display()})
