"""联合验收: the application, the visit, each department's verdicts, and the conclusion."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.rules import limits
from approvals.stages import Stage
from approvals.views.base import CaseStep, outcome
from core.steps.templatetags.look import moment
from inspection import policies, services
from inspection.forms.acceptance import ApplyForm, VerdictForm, VisitForm
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.queries.acceptance import awaited_departments, present_round, verdicts_of
from inspection.queries.nodes import nodes_missing, why_not_accepted_yet
from inspection.services.acceptance import MAY_APPLY
from inspection.stages import Verdict
from inspection.views.acceptance_words import verdict_rows

P10 = (limits.JOINT_ACCEPTANCE.code,)


def acceptance_url(filing: Filing) -> str:
    """Return the address of the overview of a case's joint acceptance."""
    return reverse("inspection:acceptance", args=[filing.public_id])


class ApplyAcceptance(CaseStep):
    """申请联合验收."""

    form_class = ApplyForm
    policy = staticmethod(policies.own_enterprise)
    template_name = "inspection/apply_acceptance.html"
    transition = "apply_acceptance"
    title = gettext_lazy("申请联合验收")
    verb = gettext_lazy("申请联合验收")
    explain = gettext_lazy(
        "一次申请，各部门一起验收：只对照承诺条款和清单所列事项，不提出新的标准。"
        "沉默和缺席不产生验收意见；有不合格的，一次列出整改清单。"
    )

    def reasons(self) -> list[str]:
        """Say everything that is still missing."""
        found = super().reasons()
        if self.subject.stage == Stage.BUILDING:
            found += [str(c.reason) for c in MAY_APPLY if not c(self.subject)]  # type: ignore[attr-defined]
            found += why_not_accepted_yet(self.subject, self.now())
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of an application that may go on which nodes are not in."""
        return super().get_context_data(missing=nodes_missing(self.subject), **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Apply."""
        services.apply_acceptance(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已申请联合验收。"), _("牵头部门组织现场验收，各部门逐项提出意见。"))


class RoundStep(CaseStep):
    """A step of the present round of a case; without a round there is nothing here (404)."""

    rules = P10
    round: Acceptance

    def find(self) -> Filing:
        """Find the case, and its present round."""
        filing: Filing = super().find()
        found = present_round(filing)
        if found is None:
            raise Http404
        found.filing = filing
        self.round = found
        return filing

    def reasons(self) -> list[str]:
        """Say why nothing can be done in this round any more."""
        rules = (policies.round_is_open, policies.round_is_under_way)
        found = [str(c.reason) for c in rules if not c(self.round)]  # type: ignore[attr-defined]
        return found[:1] or super().reasons()

    def get_success_url(self) -> str:
        """Go on to the overview."""
        return acceptance_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the round and the way to the overview."""
        return super().get_context_data(
            **{"round": self.round, "overview_url": acceptance_url(self.subject), **kwargs}
        )


class CallVisit(RoundStep):
    """通知现场验收."""

    form_class = VisitForm
    policy = staticmethod(policies.acceptance_lead)
    title = gettext_lazy("通知现场验收")
    verb = gettext_lazy("通知各部门和企业")

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say what was told before."""
        if self.round.visit_at is None:
            return _("定一个时间和地点，各部门一次到现场。")
        said = {"when": moment(self.round.visit_at), "where": self.round.visit_place}
        return _("现在定的是%(when)s，%(where)s；改期会重新通知各部门和企业。") % said

    def get_initial(self) -> dict[str, Any]:
        """Show what was set before."""
        when = self.round.visit_at
        return {
            "visit_at": timezone.localtime(when) if when else None,
            "visit_place": self.round.visit_place,
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Tell it."""
        services.call_visit(
            self.round, visit_at=data["visit_at"], place=data["visit_place"], by=self.acting,
            at=self.now(),
        )  # fmt: skip
        return outcome(_("已通知各部门和企业现场验收的时间和地点。"))


class Verdicts(RoundStep):
    """本单位验收意见: all at once, or one by one."""

    template_name = "inspection/verdicts.html"
    policy = staticmethod(policies.accepts)
    title = gettext_lazy("本单位验收意见")
    verb = gettext_lazy("其余全部合格")
    explain = gettext_lazy(
        "只对照下列条款和批准文件提出意见，不提出新的标准。作出结论以前可以更改；不提出意见不会视同合格。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Pass all that still waits."""
        done = services.pass_all(self.round, by=self.acting, at=self.now())
        return outcome(_("已对%(n)d项提出合格意见。") % {"n": done}, _left(self.round))

    def get_success_url(self) -> str:
        """Stay here."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the department's own verdicts of this round."""
        mine = verdicts_of(self.subject).filter(
            acceptance=self.round, department_id=self.acting.organisation_id
        )
        rows = verdict_rows(self.subject, list(mine), all_of=list(verdicts_of(self.subject)))
        waiting = [row for row in rows if row["verdict"].verdict == Verdict.AWAITED]
        open_round = not self.reasons()
        return super().get_context_data(
            rows=rows, waiting=waiting, open_round=open_round, **kwargs
        )  # fmt: skip


def _left(acceptance: Acceptance) -> str:
    waiting = awaited_departments(acceptance)
    if not waiting:
        return _("各部门意见已齐，由牵头部门作出结论。")
    return _("还待：%(who)s。") % {"who": "、".join(str(one) for one in waiting)}


class GiveVerdict(RoundStep):
    """提出验收意见: of one clause or item; a department finds only its own."""

    template_name = "inspection/verdict.html"
    form_class = VerdictForm
    verb = gettext_lazy("提出验收意见")
    verdict: AcceptanceVerdict

    def find(self) -> Filing:
        """Find the case and the verdict in its present round."""
        filing = super().find()
        found = verdicts_of(filing).filter(acceptance=self.round, pk=self.kwargs["pk"]).first()
        if found is None or not policies.accepts(filing, self.acting):
            raise Http404
        if found.department_id != self.acting.organisation_id:
            raise Http404
        self.verdict = found
        return filing

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name the clause or item."""
        return _("%(what)s：验收意见") % {"what": self.verdict.number}

    def get_initial(self) -> dict[str, Any]:
        """Show what was given before, to be changed."""
        given = self.verdict
        if given.verdict == Verdict.AWAITED:
            return {}
        return {"outcome": given.verdict, "problem": given.problem, "demand": given.demand}

    def perform(self, data: dict[str, Any]) -> str:
        """Give it."""
        services.give_verdict(self.verdict, **data, by=self.acting, at=self.now())
        return outcome(_("验收意见已提出。"), _left(self.round))

    def get_success_url(self) -> str:
        """Go back to the department's own list."""
        return reverse("inspection:verdicts", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the verdict is about."""
        rows = verdict_rows(self.subject, [self.verdict], all_of=list(verdicts_of(self.subject)))
        return super().get_context_data(row=rows[0], **kwargs)


class ConcludeAcceptance(RoundStep):
    """联合验收结论."""

    template_name = "inspection/conclude.html"
    policy = staticmethod(policies.acceptance_lead)
    title = gettext_lazy("作出联合验收结论")

    @property
    def failed(self) -> int:
        """How many verdicts of the round say no."""
        return self.round.verdicts.filter(verdict=Verdict.FAILED).count()

    @property
    def verb(self) -> str:  # type: ignore[override]
        """Say what pressing it does."""
        return _("出具整改清单") if self.failed else _("出具联合验收意见书，办结")

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say what the verdicts come to."""
        if self.failed:
            return _(
                "有%(n)d项不合格：结论是出具一张整改清单，列明全部问题，企业整改后申请复验。"
            ) % {"n": self.failed}
        return _("没有不合格的意见：结论是联合验收合格，出具意见书和践诺情况记录，本件办结。")

    def reasons(self) -> list[str]:
        """Say who is still awaited."""
        found = super().reasons()
        if not found and (waiting := awaited_departments(self.round)):
            names = "、".join(str(department) for department in waiting)
            found = [
                _("还有部门没有提出验收意见：%(who)s。沉默和缺席不产生验收意见。") % {"who": names}
            ]
        rules = (policies.findings_are_closed, policies.works_go_on)
        return found or [
            str(c.reason)  # type: ignore[attr-defined]
            for c in rules
            if not self.failed and not c(self.subject)
        ]

    def perform(self, data: dict[str, Any]) -> str:
        """Conclude."""
        done = services.conclude_acceptance(self.round, by=self.acting, at=self.now())
        papers = [done.paper] if done.paper else []
        if Filing.objects.get(pk=self.subject.pk).stage == Stage.COMPLETED:
            return outcome(
                _("联合验收合格，本件办结。"), _("践诺情况已记录，归档包随后生成。"), papers
            )
        return outcome(
            _("已出具整改清单。"), _("企业按清单整改后申请复验，复验只看清单所列各项。"), papers
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the verdicts that say no."""
        every = list(verdicts_of(self.subject))
        mine = [v for v in every if v.acceptance_id == self.round.pk]
        bad = [v for v in mine if v.verdict == Verdict.FAILED]
        return super().get_context_data(
            rows=verdict_rows(self.subject, bad, all_of=every), total=len(mine), **kwargs
        )
