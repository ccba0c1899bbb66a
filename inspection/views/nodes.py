"""变更节点日期 as a page of the enterprise, 核减节点 as one of the convenor."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.policies import own_enterprise, works_go_on
from approvals.views.base import CaseStep, outcome
from core.deadlines.counting import load_interruptions
from core.steps.templatetags.look import date_long
from inspection import rules
from inspection.forms.nodes import ChangeNodeForm, StrikeNodeForm
from inspection.models import SiteNode
from inspection.policies import completion_is_not_reported, convenor, is_building
from inspection.queries.nodes import most_changes, not_in, open_nodes, why_not_changed
from inspection.services import change_node, strike_node


class ChangeNode(CaseStep):
    """变更节点日期: another day with its reason; the day before stays readable."""

    form_class = ChangeNodeForm
    policy = staticmethod(own_enterprise)
    conditions = (is_building, works_go_on, completion_is_not_reported)
    title = gettext_lazy("变更节点日期")
    verb = gettext_lazy("变更日期")

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say how often a day may be changed, and what becomes of the one before."""
        said = _(
            "到不了承诺日期的，在承诺日期以前报告新的日期和理由，每个节点最多%(n)d次（规则%(often)s、%(late)s）。"
            "原来的日期留存；检查承诺条款的部门收到告知。不变更又不报告的，转督办，由部门到现场核查。"
            "设计变更以后工程不再有的节点，把变更的依据交给召集人，由召集人核减。"
        )
        most = most_changes(self.subject, self.now())
        return said % {"n": most, "often": rules.NODE_CHANGES, "late": rules.NODE_CHANGE_BY}

    def reasons(self) -> list[str]:
        """Say why no node can be changed now: each with its own reason."""
        found = super().reasons()
        if found:
            return found
        nodes, against = self._nodes()
        if nodes:
            return []
        return against or [_("没有可以变更的节点：计划里的节点都已经报告。")]

    def _nodes(self) -> tuple[list[SiteNode], list[str]]:
        """Return the nodes whose day may be changed, and what stands against the others."""
        now, found = self.now(), list(open_nodes(self.subject))
        load_interruptions(found)
        asked = [(node, why_not_changed(node, now)) for node in found]
        return [node for node, why in asked if not why], [
            one for _node, why in asked for one in why
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the nodes whose day may be changed, and say why the others are not there."""
        nodes, against = self._nodes()
        return {**super().get_form_kwargs(), "nodes": nodes, "against": against}

    def perform(self, data: dict[str, Any]) -> str:
        """Change it."""
        node = change_node(self.subject, **data, by=self.acting, at=self.now())
        said = {"node": node, "day": date_long(node.promised_on)}
        return outcome(
            _("“%(node)s”的承诺日期已变更为%(day)s。") % said, _("到达时请报告节点并附证据。")
        )


class StrikeNode(CaseStep):
    """核减节点: a promise taken back, because the works have no such node any more."""

    form_class = StrikeNodeForm
    policy = staticmethod(convenor)
    conditions = (is_building,)
    title = gettext_lazy("核减建设节点")
    verb = gettext_lazy("核减节点")
    explain = gettext_lazy(
        "设计变更等原因使工程不再有的节点，凭依据核减：不再催报，也不再挡住联合验收。原来承诺的日期、理由和依据留存，"
        "企业和检查部门收到告知。只是晚到的节点不核减，由企业变更日期或者到达后报告。"
    )

    def reasons(self) -> list[str]:
        """Say where nothing is left to strike."""
        if found := super().reasons():
            return found
        return (
            []
            if not_in(self.subject).exists()
            else [_("没有可以核减的节点：承诺的节点都已经报告。")]
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the promised nodes that are not in."""
        return {**super().get_form_kwargs(), "nodes": list(not_in(self.subject))}

    def perform(self, data: dict[str, Any]) -> str:
        """Strike it."""
        node = strike_node(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("“%(node)s”已核减。") % {"node": node}, _("不再催报，企业已经收到告知。"))
