"""双随机: the draws of the quarters, with everything that is needed to repeat them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import supervisor
from approvals.views.base import outcome
from core.steps.views import StepView
from inspection import policies
from inspection.forms.plan import DrawAgainForm
from inspection.models import Draw
from inspection.queries.draws import draws_made, published
from inspection.rules.draw import faults_of, quarter_of
from inspection.services import draw_again, draw_random_checks
from inspection.services.draws import why_not_again
from inspection.services.pledges import why_not_pledged
from inspection.stages import Group


class Draws(StepView):
    """抽取: once in a quarter by the convenor or the administrator; the supervisor looks on."""

    template_name = "inspection/draws.html"
    title = gettext_lazy("双随机抽查")
    verb = gettext_lazy("抽取本季度的检查")
    explain = gettext_lazy(
        "每季度抽取一次：从在建项目中按比例抽取项目，再抽取检查部门和检查人员。种子由事先预告的密值和此后的第一个台账检查点"
        "算出；县里没有检查点的，由写明密值和新生成的随机数的那条台账算出。任何人可以凭台账重做一遍。"
    )

    def find(self) -> Any:
        """Return the quarter; whoever neither draws nor supervises has no business here."""
        if not (policies.draws(None, self.acting) or supervisor(None, self.acting)):
            raise PermissionDenied
        return quarter_of(timezone.localdate(self.now()))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever only looks on."""
        if not policies.draws(None, self.acting):
            raise PermissionDenied
        return super().post(*args, **kwargs)

    def reasons(self) -> list[str]:
        """Say that the quarter has been drawn, or what its first draw still waits for."""
        if Draw.objects.filter(quarter=self.subject).exists():
            return [_("本季度已经抽取，结果见下表。")]
        return why_not_pledged(self.subject, 1)

    def perform(self, data: dict[str, Any]) -> str:
        """Draw."""
        made = draw_random_checks(by=self.acting, at=self.now())
        count = made.checks.count()
        return outcome(
            _("已抽取%(count)d次检查。") % {"count": count}, _("部门在本季度内进行检查。")
        )

    def back_url(self) -> str:
        """Go back to the list of checks."""
        return reverse("inspection:checks")

    def get_success_url(self) -> str:
        """Show what was drawn."""
        return reverse("inspection:draws")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the draws, newest first, each with whether it follows from what is published of it."""
        convenes = policies.convenor(None, self.acting)
        rows = [
            {
                "draw": draw,
                "faults": faults_of(published(draw)) if draw.algorithm else [],
                **(self._again(draw) if convenes and not place else {}),
            }
            for place, draw in enumerate(draws_made())
        ]
        return super().get_context_data(
            rows=rows,
            may_draw=policies.draws(None, self.acting),
            quarter=self.subject,
            words=dict(Group.choices),
            **kwargs,
        )

    def _again(self, draw: Draw) -> dict[str, Any]:
        """Return whether a draw may be made anew, and what that still waits for where nothing else is against it."""
        why = why_not_again(draw, self.now(), self.acting)
        waits = why if why == why_not_pledged(draw.quarter, draw.turn + 1) else []
        return {"again": not why, "waits": waits}


class DrawAgain(StepView):
    """重新抽取: a convenor who did not draw before, once in a quarter, with a reason that stays beside both draws."""

    form_class = DrawAgainForm
    template_name = "inspection/draw_again.html"
    title = gettext_lazy("重新抽取")
    verb = gettext_lazy("重新抽取")
    danger = True
    explain = gettext_lazy(
        "只有抽取有误时才重新抽取，例如名单漏列。原来的抽取和理由都留存；没有进行的检查取消，已进行的不能重抽。"
    )

    def find(self) -> Draw:
        """Return the draw; whoever does not convene has no business here."""
        if not policies.convenor(None, self.acting):
            raise PermissionDenied
        return get_object_or_404(Draw, pk=self.kwargs["pk"])

    def reasons(self) -> list[str]:
        """Say why this draw is not made anew."""
        return why_not_again(self.subject, self.now(), self.acting)

    def perform(self, data: dict[str, Any]) -> str:
        """Draw anew."""
        made = draw_again(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        said = {"n": made.turn, "count": made.checks.count()}
        return outcome(
            _("已第%(n)d次抽取，抽取%(count)d次检查。") % said, _("部门在本季度内进行检查。")
        )

    def back_url(self) -> str:
        """Go back to the draws."""
        return reverse("inspection:draws")

    def get_success_url(self) -> str:
        """Show what was drawn."""
        return reverse("inspection:draws")
