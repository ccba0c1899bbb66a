"""时限: every limit of a case with its days, what stopped and lengthened it, and the acts on it for those who may."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals import policies
from approvals.forms.limits import ExtendForm, ResumeForm, SuspendForm
from approvals.models import Filing, StageLimit
from approvals.queries import (
    basis_of,
    limit_named,
    limits_of_case,
    most_days,
    most_times,
    name_in_case,
    rule_value,
)
from approvals.rules import stoppages as rules
from approvals.services import extend_limit, resume_limit, suspend_limit
from approvals.views.base import CaseStep, outcome
from core.deadlines.counting import budget, interruptions, said
from core.deadlines.models import Timed
from core.steps.limits import card
from core.steps.templatetags.look import deadline_long, moment, span


def _url(name: str, filing: Filing, limit: Timed) -> str:
    return reverse(f"approvals:{name}", args=[filing.public_id, name_in_case(limit)])


def _act(label: Any, url: str, reasons: list[str]) -> dict[str, Any]:
    return {"label": str(label), "url": url, "reasons": reasons, "allowed": not reasons}


def acts_on(limit: Timed, filing: Filing, by: Membership, at: datetime) -> list[dict[str, Any]]:
    """Return what a person may do with a limit now, and what stands against it."""
    found, acts = interruptions(limit), []
    if policies.stops_limit(limit, by) and limit.declared.stops:
        reasons = rules.why_not_stopped(limit, at)
        acts.append(_act(_("中止"), _url("suspend_limit", filing, limit), reasons))
        if rules.ends_by_hand(found):
            acts.append(_act(_("恢复"), _url("resume_limit", filing, limit), []))
    if policies.lengthens_limit(limit, by) and limit.extension_rule:
        most = most_days(limit, filing, at)
        times = most_times(limit, filing, at)
        reasons = rules.why_not_lengthened(limit, at, found, most, times)
        acts.append(_act(_("延长"), _url("extend_limit", filing, limit), reasons))
    return acts


def whose(limit: Timed) -> str:
    """Return what a limit is about: the item, the department, the material."""
    item, department = getattr(limit, "item", None), getattr(limit, "department", None)
    about = [item, department, getattr(limit, "material", None)]
    return " · ".join(str(getattr(x, "label", x)) for x in about if x is not None)


def row_of(limit: Any, filing: Filing, by: Membership, at: datetime) -> dict[str, Any]:
    """Return a limit for the page."""
    found = interruptions(limit)
    return {
        "id": name_in_case(limit),
        "card": card(limit, at),
        "about": whose(limit),
        "sort": limit.sort.label if isinstance(limit, StageLimit) else "",
        "basis": basis_of(limit, filing, at),
        "budget": budget(limit),
        "stops": [_stop_row(one) for one in found.suspensions],
        "longer": [_longer_row(one, limit.unit) for one in found.extensions],
        "acts": acts_on(limit, filing, by, at),
    }


def _paper(paper: Any) -> dict[str, str] | None:
    if paper is None:
        return None
    url = reverse("approvals:paper", args=[paper.code])
    return {"title": paper.label, "number": paper.number, "url": url}


def _stop_row(one: Any) -> dict[str, Any]:
    return {
        "said": said(one), "reason": one.reason, "basis": one.basis, "expected": one.expected_days,
        "number": one.paper_number, "resumed": one.resumed_because,
        "papers": [p for p in (_paper(one.notice), _paper(one.resumed_notice)) if p],
    }  # fmt: skip


def _longer_row(longer: Any, unit: str) -> dict[str, Any]:
    facts = {
        "longer": span(longer.days, unit), "when": moment(longer.granted_at),
        "who": longer.signed_by.organisation.label,
    }  # fmt: skip
    return {
        "said": _("延长%(longer)s，%(who)s于%(when)s批准") % facts,
        "reason": longer.reason, "basis": longer.basis, "number": longer.paper_number,
        "papers": [p for p in (_paper(longer.notice),) if p],
    }  # fmt: skip


class LimitsPage(CaseStep):
    """The limits of a case, each explained day by day."""

    template_name = "approvals/limits.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(policies.sees)
    title = gettext_lazy("时限")
    explain = gettext_lazy(
        "每个期限逐日说明：计入的、休息的、调休的、中止的（为什么、由谁决定）和顺延的。中止期间没有到期日，也不作默认。"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the limits, soonest first."""
        at = self.now()
        rows = [row_of(x, self.subject, self.acting, at) for x in limits_of_case(self.subject)]
        return super().get_context_data(rows=rows, **kwargs)


class LimitStep(CaseStep):
    """An act on one limit of a case."""

    danger = False

    def find(self) -> Filing:
        """Find the case, and the limit in its book."""
        filing: Filing = super().find()
        limit = limit_named(filing, self.kwargs["limit"])
        if limit is None or limit.started_at is None:
            raise Http404
        self.limit: Any = limit
        return filing

    def back_url(self) -> str:
        """Go back to the limits."""
        return reverse("approvals:limits", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the limit with its days."""
        return super().get_context_data(**{"limits": [card(self.limit, self.now())], **kwargs})

    def ends(self) -> str:
        """Return when the limit ends now."""
        limit = limit_named(self.subject, self.kwargs["limit"])
        if limit is None or limit.due_at is None:
            return _("现在没有到期日。")
        return _("到期日：%(until)s。") % {"until": deadline_long(limit.due_at)}


class Suspend(LimitStep):
    """中止."""

    form_class = SuspendForm
    title = gettext_lazy("中止一个期限")
    verb = gettext_lazy("中止")
    explain = gettext_lazy(
        "中止当日仍计入，次日起不计；恢复当日不计，次日起接着计算剩余天数。双方收到书面告知。"
    )

    def allowed(self) -> bool:
        """Whose limit it is."""
        return policies.stops_limit(self.limit, self.acting)

    def reasons(self) -> list[str]:
        """Say why it cannot be stopped."""
        return rules.why_not_stopped(self.limit, self.now())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the reasons for which this limit may be stopped."""
        return {**super().get_form_kwargs(), "kinds": self.limit.declared.stops}

    def perform(self, data: dict[str, Any]) -> str:
        """Stop it."""
        stop = suspend_limit(self.limit, **data, by=self.acting, at=self.now())
        return outcome(_("期限已中止。"), _("事由结束后，请在这里恢复。"), [stop.notice])


class Resume(LimitStep):
    """恢复."""

    form_class = ResumeForm
    title = gettext_lazy("恢复一个期限")
    verb = gettext_lazy("恢复")
    explain = gettext_lazy("恢复当日不计，次日起接着计算剩余天数，一天不多，一天不少。")

    def allowed(self) -> bool:
        """Whose limit it is."""
        return policies.stops_limit(self.limit, self.acting)

    def reasons(self) -> list[str]:
        """Say why there is nothing to resume."""
        return rules.why_not_resumed(self.limit, interruptions(self.limit))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the reasons for which it stands."""
        kinds = rules.ends_by_hand(interruptions(self.limit))
        return {**super().get_form_kwargs(), "kinds": kinds}

    def perform(self, data: dict[str, Any]) -> str:
        """Let it go on."""
        stop = resume_limit(self.limit, **data, by=self.acting, at=self.now())
        return outcome(_("这一事由的中止已结束。"), self.ends(), [stop.resumed_notice])


class Extend(LimitStep):
    """延长."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form in which unit the limit counts."""
        return {**super().get_form_kwargs(), "unit": self.limit.unit}

    form_class = ExtendForm
    title = gettext_lazy("延长一个期限")
    verb = gettext_lazy("延长")

    def allowed(self) -> bool:
        """Who signs."""
        return policies.lengthens_limit(self.limit, self.acting)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Name the cap and its basis."""
        found = rule_value(self.subject, self.limit.extension_rule, self.now())
        most = most_days(self.limit, self.subject, self.now())
        if found is None or most < 1:
            return _("只延长一次，届满以前批准。")
        facts = {"most": span(most, self.limit.unit), "basis": found[1].basis}
        times = most_times(self.limit, self.subject, self.now())
        if times > 1:
            turn = len(interruptions(self.limit).extensions) + 1
            more = {**facts, "times": times, "turn": turn}
            return (
                _(
                    "最多延长%(times)d次，这是第%(turn)d次；每次在届满以前批准，最多%(most)s（%(basis)s）。理由告知双方。"
                )
                % more
            )
        return _("只延长一次，届满以前批准，最多%(most)s（%(basis)s）。理由告知双方。") % facts

    def reasons(self) -> list[str]:
        """Say why it cannot be lengthened."""
        most = most_days(self.limit, self.subject, self.now())
        times = most_times(self.limit, self.subject, self.now())
        found = interruptions(self.limit)
        return rules.why_not_lengthened(self.limit, self.now(), found, most, times)

    def perform(self, data: dict[str, Any]) -> str:
        """Lengthen it."""
        longer = extend_limit(self.limit, **data, by=self.acting, at=self.now())
        return outcome(_("期限已延长。"), self.ends(), [longer.notice])
