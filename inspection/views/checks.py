"""监管检查: planned, held, called off; the record of one, the list of all, each clause followed forward."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import View

from accounts.stages import Role
from approvals.rules import limits
from approvals.views.base import CaseStep, outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from inspection import policies
from inspection.forms.onsite import SiteHoldForm
from inspection.forms.works import PlanCheckForm, ReasonForm
from inspection.models import Check, Finding
from inspection.queries.checks import OPEN, check_list, checks_seen, followed
from inspection.queries.onsite import statement_of
from inspection.queries.sheets import sheet_of_checks
from inspection.queries.works import checking_departments, clauses_of, rectification_days
from inspection.services import call_off_check, hold_check, plan_check
from inspection.services.apart import why_not_inspector
from inspection.stages import CheckMode
from inspection.views.base import OfCase, person

PAGE = 50
DEPARTMENT = (Role.CLERK, Role.HEAD)


class PlanCheck(CaseStep):
    """安排检查."""

    policy = staticmethod(policies.plans_checks)
    conditions = (policies.works_are_on,)
    form_class = PlanCheckForm
    rules = (limits.FIRST_CHECK.code,)
    title = gettext_lazy("安排检查")
    verb = gettext_lazy("安排检查")
    explain = gettext_lazy("对照承诺书中本部门负责的条款检查；双随机抽查由系统抽取，不在这里安排。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """A department plans its own checks; the window and the convenor those of any that has clauses."""
        found = checking_departments(self.subject)
        if self.acting.role in DEPARTMENT:
            found = found.filter(pk=self.acting.organisation_id)
        return {**super().get_form_kwargs(), "departments": found}

    def get_initial(self) -> dict[str, Any]:
        """Propose today."""
        return {"planned_on": timezone.localdate(self.now())}

    def perform(self, data: dict[str, Any]) -> str:
        """Plan it."""
        mode = CheckMode(data.pop("mode"))
        check = plan_check(self.subject, **data, mode=mode, by=self.acting, at=self.now())
        then = _("企业已收到通知。") if check.announced else _("不预先告知企业。")
        return outcome(_("已安排检查：%(who)s。") % {"who": check.department}, then)


class CheckStep(OfCase):
    """A step of one check."""

    policy: Any = staticmethod(policies.own_department)

    def find(self) -> Check:
        """Return the check of the address among those the person may see."""
        return get_object_or_404(checks_seen(self.acting), pk=self.kwargs["pk"])


class CheckPage(CheckStep):
    """One check: planned, called off, or held with its results."""

    template_name = "inspection/check.html"
    http_method_names = ["get", "head", "options"]
    title = gettext_lazy("监管检查")

    def allowed(self) -> bool:
        """Whoever sees the check."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the results, each with its finding."""
        check, at = self.subject, clock.now()
        found = {f.result_id: f for f in Finding.objects.filter(result__visit=check)}
        rows = [
            {"result": r, "finding": found.get(r.pk), "state": _state(found.get(r.pk), at)}
            for r in check.results.select_related("clause")
        ]
        return super().get_context_data(
            rows=rows,
            said=statement_of(check) if check.held_at else None,
            may_hold=check.open and policies.own_department(check, self.acting),
            may_call_off=check.open and policies.calls_off(check, self.acting),
            **kwargs,
        )


def _state(finding: Finding | None, at: Any) -> str:
    return str(finding.state_at(at).label) if finding else ""


class HoldCheck(CheckStep):
    """进行检查."""

    template_name = "inspection/hold.html"
    form_class = SiteHoldForm
    conditions = (policies.check_is_open,)
    title = gettext_lazy("检查承诺落实情况")
    verb = gettext_lazy("记录检查结果")
    explain = gettext_lazy(
        "两名以上人员逐条核查。不符合的条款发整改通知书，期限从送达起算；检查记录制发后不能改动。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the department's clauses and the bounds of the days to mend."""
        check = self.subject
        least, most = rectification_days(check.filing, self.now())
        clauses = list(clauses_of(check.filing).filter(checked_by=check.department_id))
        return {**super().get_form_kwargs(), "clauses": clauses, "least": least, "most": most}

    def get_initial(self) -> dict[str, Any]:
        """Name the officers that were drawn."""
        drawn = enumerate(self.subject.officers, start=1)
        return {f"officer_{n}": officer["name"] for n, officer in drawn}

    def reasons(self) -> list[str]:
        """Say what stands against it: the check's state and the case's."""
        case = self.subject.filing
        more = [] if policies.works_are_on(case) else [str(policies.works_are_on.reason)]  # type: ignore[attr-defined]
        own = why_not_inspector(case, self.acting)
        return super().reasons() + more + ([own] if own else [])

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        form = self.form
        held = hold_check(
            self.subject, officers=form.officers(), results=form.results(), text=data["text"],
            statement=data["statement"], upload=data["upload"], mark=form.mark(), covers=data["covers"],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        findings = Finding.objects.filter(result__visit=held).select_related("paper")
        papers = [paper for paper in (held.paper, *(f.paper for f in findings)) if paper]
        then = (
            _("企业按期整改并报告，之后由本部门复查。") if findings else _("没有需要整改的问题。")
        )
        return outcome(_("检查已记录。"), then, papers)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the form at hand: it turns its fields into results."""
        self.form: SiteHoldForm = form
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Go to the record."""
        return reverse("inspection:check", args=[self.subject.pk])


class CallOffCheck(CheckStep):
    """取消检查."""

    policy = staticmethod(policies.calls_off)
    form_class = ReasonForm
    conditions = (policies.check_is_open,)
    title = gettext_lazy("取消检查")
    verb = gettext_lazy("取消检查")
    danger = True

    def perform(self, data: dict[str, Any]) -> str:
        """Call it off."""
        call_off_check(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("检查已取消。"), _("需要时可以重新安排。"))


class Clauses(CaseStep):
    """条款追踪: each clause of the present letter, what checks found of it, and what became of it."""

    template_name = "inspection/clauses.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(policies.sees)
    title = gettext_lazy("承诺条款的核查")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the clauses followed forward."""
        rows = followed(self.subject, clock.now())
        unchecked = sum(row["unchecked"] for row in rows)
        return super().get_context_data(rows=rows, unchecked=unchecked, **kwargs)


class CheckList(View):
    """监管检查一览: a department its own, the staff all, an enterprise those it knows of; fifty to a page."""

    STATES = (
        ("open", gettext_lazy("待进行")), ("held", gettext_lazy("已进行")), ("off", gettext_lazy("已取消")),
    )  # fmt: skip

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, of one state or of all."""
        by, chosen = person(request), request.GET.get("state", "")
        found = of_state(check_list(by), chosen)
        pages = Paginator(found, PAGE)
        options = [
            {"label": label, "url": f"?state={name}", "current": chosen == name}
            for name, label in (("", _("全部")), *self.STATES)
        ]
        context = {
            "page": pages.get_page(request.GET.get("page")),
            "groups": [{"label": _("状态"), "options": options}],
            "prefix": f"state={chosen}&" if chosen in dict(self.STATES) else "",
            "today": timezone.localdate(clock.now()),
            "may_draw": policies.draws(None, by),
        }
        return render(request, "inspection/checks.html", context)


def of_state(found: QuerySet[Check], chosen: str) -> QuerySet[Check]:
    """Narrow checks to those still to be held, held, or called off; all for any other word."""
    if chosen == "open":
        return found.filter(OPEN)
    if chosen == "held":
        return found.filter(held_at__isnull=False)
    return found.filter(called_off_at__isnull=False) if chosen == "off" else found


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as it is narrowed, all of it."""
    rows = of_state(check_list(person(request)), request.GET.get("state", ""))
    form = request.GET.get("form", "")
    return handed_out(sheet_of_checks(rows), form, at=clock.now(), watch=watch_of(request))
