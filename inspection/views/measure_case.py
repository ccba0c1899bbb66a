"""What a case offers of measures: to speak, to decide, to answer a stop, to propose, to leave."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from core.steps.offers import Offer
from inspection import policies
from inspection.queries.measures import stops_to_answer, to_speak_on, undecided
from inspection.rules.measures import STAGES
from inspection.stages import MeasureKind


def _any(find: Any) -> Any:
    """Return whether a case has a measure that a question finds."""

    def found(filing: Filing) -> bool:
        return _has_measures(filing) and bool(find().filter(filing=filing).exists())

    return found


def _has_measures(filing: Filing) -> bool:
    return bool(filing.measures.all())  # the case page has fetched them; most cases have none


def _not_leaving(filing: Filing) -> bool:
    return not _any(lambda: undecided().filter(kind=MeasureKind.EXIT))(filing)


_MET = tuple(dict.fromkeys(stage for stages in STAGES.values() for stage in stages))
MEASURES = (
    Offer(
        "give_views", _("陈述、申辩"), "inspection:measures", _MET, policies.disposes,
        shown=_any(to_speak_on),
    ),
    Offer(
        "decide_measure", _("决定处理"), "inspection:measures", _MET, policies.convenor,
        shown=_any(undecided),
    ),
    Offer(
        "answer_stop", _("答复或者解除停工"), "inspection:measures", _MET, policies.convenor,
        shown=_any(stops_to_answer),
    ),
    Offer(
        "measures", _("处理"), "inspection:measures", _MET, policies.sees, shown=_has_measures,
        primary=False,
    ),
    Offer(
        "propose_measure", _("拟作处理"), "inspection:propose_measure", _MET,
        policies.proposes_measures, primary=False,
    ),
    Offer(
        "request_exit", _("申请退出承诺制"), "inspection:request_exit", STAGES[MeasureKind.EXIT],
        policies.disposes, shown=_not_leaving, primary=False,
    ),
)  # fmt: skip
