"""What this desk offers on a case: each act with its verb, its page, its stages, whose it is, and what silence does."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from approvals.policies import works_go_on
from approvals.rules import limits
from approvals.stages import Stage
from approvals.views.deadlines import silences
from core.steps.offers import Offer, offer
from inspection import policies

S = Stage


def _after(*codes: str) -> Any:
    """Return the sentence of the running limits of these rules."""

    def said(filing: Filing) -> str:
        return silences(filing, *codes)

    return said


REPORTS = (
    Offer(
        "report_start", _("报告开工"), "inspection:report_start", (S.START_NOTIFIED,),
        policies.own_enterprise, transition="report_start", silence=_after(limits.START_REPORT.code),
    ),
    Offer(
        "report_progress", _("报告进度"), "inspection:report_progress", (S.BUILDING,),
        policies.own_enterprise, silence=_after(limits.PROGRESS_REPORT.code),
        shown=policies.completion_is_not_reported,
    ),
    Offer(
        "report_completion", _("报告竣工"), "inspection:report_completion", (S.BUILDING,),
        policies.own_enterprise, conditions=(works_go_on,),
        shown=policies.completion_is_not_reported, primary=False,
    ),
)  # fmt: skip

offer("approvals.Filing", *REPORTS)
