"""记录验收合格前投入使用: by the department whose clause has not passed."""

from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Clause
from approvals.stages import NeededBy
from approvals.views.base import CaseStep, outcome
from inspection import policies
from inspection.forms.use import UseForm
from inspection.queries.acceptance import not_passed
from inspection.queries.works import clauses_of, grade_of_use, rectification_days
from inspection.services import record_use
from inspection.services.apart import why_not_inspector

FIRST = Case(When(checked_when=NeededBy.ACCEPTANCE, then=Value(0)), default=Value(1))


class RecordUse(CaseStep):
    """记录验收合格前投入使用."""

    form_class = UseForm
    policy = staticmethod(policies.looks_at_clauses)
    conditions = (policies.works_are_on,)
    title = gettext_lazy("记录验收合格前投入使用")
    verb = gettext_lazy("记录并发整改通知书")
    danger = True
    explain = gettext_lazy(
        "验收合格以前，项目不得投入使用。查见使用的，作检查记录，发整改通知书，告知企业停止使用并转效能监督；"
        "整改没有结束的不能通过验收，逾期未改的可以停工、退出承诺制或者提请失信认定。"
        "法律对擅自使用另有处罚的，由有权机关依法处理；本系统只记录，不处罚。"
    )

    def reasons(self) -> list[str]:
        """Say what stands against it, of the case and of the person."""
        own = why_not_inspector(self.subject, self.acting)
        none = (
            "" if self.clauses().exists() else _("本部门核查的条款都已经验收合格：没有可以记录的。")
        )
        return super().reasons() + [said for said in (own, none) if said]

    def clauses(self) -> QuerySet[Clause]:
        """Return the department's clauses that have not passed."""
        own = clauses_of(self.subject).filter(checked_by=self.acting.organisation_id)
        return not_passed(self.subject, own)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the department's clauses that have not passed, and the bounds that the rulebook gives."""
        filing, at = self.subject, self.now()
        least, most = rectification_days(filing, at)
        more = {"clauses": self.clauses().order_by(FIRST, "pk"), "usual": grade_of_use(filing, at)}
        return {**super().get_form_kwargs(), **more, "least": least, "most": most}

    def get_initial(self) -> dict[str, Any]:
        """Propose today."""
        return {"since": timezone.localdate(self.now())}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the form at hand: it turns its fields into what was seen."""
        self.form: UseForm = form
        return super().form_valid(form)

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        finding = record_use(
            self.subject, use=self.form.use(), officers=self.form.officers(),
            statement=data["statement"], upload=data["upload"], by=self.acting, at=self.now(),
        )  # fmt: skip
        papers = [paper for paper in (finding.result.visit.paper, finding.paper) if paper]
        what = _("已记录验收合格前投入使用。")
        return outcome(what, _("企业停止使用，按期整改并报告，之后由本部门复查。"), papers)
