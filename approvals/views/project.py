"""Stage 0 and 1 for the enterprise: the project, the filing of it, and taking it back."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.project import ProjectForm
from approvals.forms.steps import WithdrawForm
from approvals.models import Filing
from approvals.policies import disposes, fills_in, own_enterprise
from approvals.queries import catalogue_at, preview
from approvals.queries.answers import questions_of, reason_rows
from approvals.rules.limits import CHECKLIST
from approvals.services import progress_address, save_project, submit, withdraw
from approvals.services.drafts import PROJECT_FIELDS
from approvals.stages import Stage
from approvals.views.base import CaseStep, outcome
from approvals.views.deadlines import running
from approvals.views.drafts import DraftStep
from core.steps.reasons import because
from core.steps.templatetags.look import area, date_long, deadline, money


@because(gettext_lazy("申报以后项目信息不再修改；要改的，请撤回后重新申报。"))
def is_draft(filing: Filing) -> bool:
    """The file has not been handed to the window."""
    return bool(filing.stage == Stage.DRAFT)


def _yes_or_no(said: bool | None) -> str:
    return {True: _("是"), False: _("否"), None: ""}[said]


def project_rows(filing: Filing) -> list[dict[str, Any]]:
    """Return what is said of the project, as a summary list."""
    shown: dict[str, Any] = {
        "investment_wan": money(filing.investment_wan),
        "land_mu": area(filing.land_mu),
        "papers_in_english": _yes_or_no(filing.papers_in_english),
        "land_with_design": _yes_or_no(filing.land_with_design),
        "construction_nature": filing.get_construction_nature_display(),
        "works_kind": filing.get_works_kind_display(),
        "datum": filing.get_datum_display(),
        **{
            name: date_long(getattr(filing, name))
            for name in ("planned_start", "planned_completion", "planned_production")
        },
    }
    return [
        {
            "key": Filing._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            "value": shown.get(name, getattr(filing, name) or ""),
        }
        for name in PROJECT_FIELDS
    ]


class Project(DraftStep):
    """项目信息."""

    form_class = ProjectForm  # type: ignore[assignment]
    policy = staticmethod(fills_in)
    conditions = (is_draft,)
    title = gettext_lazy("项目信息")
    verb = gettext_lazy("保存项目信息")
    explain = gettext_lazy(
        "清单、承诺书和公示都用这里的写法，请与备案证一致。没有标“选填”的是必填。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit the row in memory; the service saves."""
        return super().get_form_kwargs() | {
            "instance": self.cases().get(pk=self.subject.pk),
            "today": timezone.localdate(self.now()),
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Save what is said of the project."""
        fields = {name: data[name] for name in PROJECT_FIELDS if name in data}
        self.subject = save_project(
            self.subject, by=self.acting, at=self.now(), base=self.base(), **fields
        )
        left = self.subject.open_questions()
        then = _("回答问卷后即可申报。") if left else _("核对后申报，轮到您。")
        if self.subject.on_paper and not left:
            then = _("核对后连同扫描件送第二人确认，轮到您。")
        return outcome(_("项目信息已保存。"), then)

    def get_success_url(self) -> str:
        """Go on to what is still missing."""
        step = "approvals:paper_intake" if self.subject.on_paper else "approvals:submit"
        if self.subject.open_questions():
            step = "approvals:questionnaire"
        return reverse(step, args=[self.subject.public_id])


class Submit(CaseStep):
    """申报."""

    template_name = "approvals/submit.html"
    policy = staticmethod(own_enterprise)
    transition = "submit"
    title = gettext_lazy("核对并申报")
    verb = gettext_lazy("申报")
    explain = gettext_lazy(
        "申报后由窗口决定是否适用承诺制，并送达一次性告知书。申报以后这些内容不再修改。"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the summary of what is filed."""
        edition = catalogue_at(self.now())
        seen = preview(self.subject.answers, edition)
        return super().get_context_data(
            rows=project_rows(self.subject),
            items=len(seen.items),
            against=reason_rows(seen.reasons, questions_of(edition)),
            licence=self.subject.enterprise.licence_confirmed_at,
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> str:
        """File it."""
        self.subject = submit(self.subject, by=self.acting, at=self.now())
        what = _("已申报，申报编号%(number)s，查询码%(code)s。") % {
            "number": self.subject.number,
            "code": self.subject.query_code,
        }
        what += _("凭这两样不用登录也能查进度：%(address)s") % {"address": progress_address()}
        limits = running(self.subject, CHECKLIST.code)
        if not limits:
            return outcome(
                what,
                _("首次申报，窗口先核对贵单位的营业执照；核对后起算清单告知的期限。轮到窗口。"),
            )
        until = deadline(limits[0].due_at) if limits[0].due_at else _("日历公布后确定的日期")
        return outcome(what, _("窗口在%(until)s前送达一次性告知书。轮到窗口。") % {"until": until})


class Withdraw(CaseStep):
    """撤回."""

    form_class = WithdrawForm
    policy = staticmethod(disposes)
    transition = "withdraw"
    title = gettext_lazy("撤回申报")
    verb = gettext_lazy("撤回申报")
    danger = True
    explain = gettext_lazy("撤回后本件终结，正在办理的事项停止；不计入信用记录，可以重新申报。")

    def perform(self, data: dict[str, Any]) -> str:
        """Take it back."""
        withdraw(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已撤回申报。"), _("需要时可以重新申报。"))
