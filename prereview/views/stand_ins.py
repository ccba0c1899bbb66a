"""本单位办理人员: the department's own page — who acts for it, who covers whom, who is away, its own rules."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.stages import Role
from approvals.views.base import outcome
from core.steps.templatetags.look import date_long
from prereview import policies, services
from prereview.forms.sessions import ReasonForm
from prereview.forms.standing import AwayForm, MandateForm, RuleForm
from prereview.models import Away, DepartmentRule, Mandate
from prereview.queries.standing import aways_of, colleagues, roster_of
from prereview.views.base import Step

MOST = 200  # rows of the roster on one page, the newest; those that hold are always among them


class OwnStep(Step):
    """A step of one's own department."""

    policy: Any = staticmethod(policies.heads_department)

    def find(self) -> Organisation:
        """Return the person's own organisation."""
        return self.acting.organisation  # type: ignore[no-any-return]

    def about(self) -> Any:
        """Return the page of the department's people."""
        return _("本单位办理人员")

    def back_url(self) -> str:
        """Go back to the department's people."""
        return reverse("prereview:stand_ins")

    def people(self) -> Any:
        """Return the people in office today."""
        return colleagues(self.acting, timezone.localdate(self.now()))


class StandIns(OwnStep):
    """The page itself."""

    template_name = "prereview/stand_ins.html"
    policy = staticmethod(policies.department)
    title = gettext_lazy("本单位办理人员")
    http_method_names = ["get", "head", "options"]
    explain = gettext_lazy(
        "谁能代表本单位办理、办到哪一天、谁不在时由谁顶替，都在这里。每次办理时核对，并和办理记录一起保存。"
    )

    def about(self) -> Any:
        """Return the desk."""
        return _("工作台")

    def back_url(self) -> str:
        """Go back to the desk."""
        return reverse("desk:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the roster, the absences and the department's rules with what the person may do about them."""
        day, own = timezone.localdate(self.now()), self.acting.organisation_id
        head = policies.heads_department(self.subject, self.acting)
        rows = list(roster_of(own)[:MOST])
        for one in rows:
            one.holds_now = one.holds(day)  # type: ignore[attr-defined]
            one.over = one.ended_at is not None or day > one.valid_to  # type: ignore[attr-defined]
        away = list(aways_of(own, day))
        for absence in away:
            may = absence.ended_at is None and policies.ends_away(absence, self.acting)
            absence.may_end = may  # type: ignore[attr-defined]
        return super().get_context_data(
            roster=rows,
            aways=away,
            rule=DepartmentRule.objects.filter(department=own)
            .select_related("set_by__user")
            .first(),
            head=head,
            **kwargs,
        )


class AddMandate(OwnStep):
    """列入名册."""

    title = gettext_lazy("列入授权名册")
    verb = gettext_lazy("列入名册")
    form_class = MandateForm
    explain = gettext_lazy("到期自行失效，可以随时终止；终止后下一次办理即不能再用。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the department's people."""
        return super().get_form_kwargs() | {"people": self.people()}

    def perform(self, data: dict[str, Any]) -> str:
        """Enter it."""
        made = services.grant_mandate(
            self.subject, by=self.acting, at=self.now(), **{**data, "duties": tuple(data["duties"])}
        )
        what = {"who": made, "until": date_long(made.valid_to)}
        return outcome(_("已授权%(who)s，到%(until)s为止。") % what, _("已通知本人。"))


class EndMandate(OwnStep):
    """终止授权."""

    title = gettext_lazy("终止授权")
    verb = gettext_lazy("终止授权")
    danger = True
    form_class = ReasonForm
    policy = staticmethod(policies.ends_mandate)

    def find(self) -> Mandate:  # type: ignore[override]
        """Return the entry of the address, of one's own department."""
        own = roster_of(self.acting.organisation_id).select_related("department", "person__user")
        return get_object_or_404(own, pk=self.kwargs["pk"])

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say whose it is."""
        one = self.subject
        return (
            f"{one} · {one.duties_text} · {date_long(one.valid_from)} – {date_long(one.valid_to)}"
        )

    def reasons(self) -> list[str]:
        """Say that it is over already."""
        over = (
            self.subject.ended_at is not None
            or timezone.localdate(self.now()) > self.subject.valid_to
        )
        return [_("这项授权已经终止或者届满。")] if over else []

    def perform(self, data: dict[str, Any]) -> str:
        """End it."""
        services.end_mandate(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("授权已终止，已通知本人。"))


class EnterAway(OwnStep):
    """登记外出."""

    title = gettext_lazy("登记外出")
    verb = gettext_lazy("登记")
    form_class = AwayForm
    policy = staticmethod(policies.department)
    explain = gettext_lazy("外出期间由其B角办理；没有B角的，请负责人先列入名册。期限不因外出停止。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer oneself, and the head everybody."""
        people = self.people()
        if self.acting.role != Role.HEAD:
            people = people.filter(pk=self.acting.pk)
        return super().get_form_kwargs() | {"people": people}

    def perform(self, data: dict[str, Any]) -> str:
        """Enter it."""
        made = services.enter_away(by=self.acting, at=self.now(), **data)
        until = {"who": made.person.user, "until": date_long(made.until_on)}
        return outcome(_("已登记：%(who)s外出到%(until)s。") % until, _("已通知其B角。"))


class EndAway(OwnStep):
    """提前返回."""

    title = gettext_lazy("提前返回")
    verb = gettext_lazy("登记返回")
    policy = staticmethod(policies.ends_away)

    def find(self) -> Away:  # type: ignore[override]
        """Return the absence of the address, of one's own department."""
        own = Away.objects.filter(person__organisation=self.acting.organisation_id)
        return get_object_or_404(own.select_related("person__user"), pk=self.kwargs["pk"])

    def reasons(self) -> list[str]:
        """Say that it is over already."""
        over = (
            self.subject.ended_at is not None
            or timezone.localdate(self.now()) > self.subject.until_on
        )
        return [_("这次外出已经结束。")] if over else []

    def perform(self, data: dict[str, Any]) -> str:
        """End it."""
        services.end_away(self.subject, by=self.acting, at=self.now())
        return outcome(_("已登记返回，从现在起由本人办理。"))


class SetRule(OwnStep):
    """本单位内部规定."""

    title = gettext_lazy("本单位内部规定")
    verb = gettext_lazy("保存规定")
    form_class = RuleForm
    explain = gettext_lazy("由本单位自己决定，只约束本单位；从下一次办理起生效。")

    def get_initial(self) -> dict[str, Any]:
        """Start from what holds."""
        rule = DepartmentRule.objects.filter(department=self.subject).first()
        if rule is None:
            return {}
        return {"roster_binds": rule.roster_binds, "countersigns": rule.countersigns}

    def perform(self, data: dict[str, Any]) -> str:
        """Keep it."""
        services.set_rule(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("规定已保存，从下一次办理起生效。"))
