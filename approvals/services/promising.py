"""A gap is taken up: the first time as a new row, and where a closed promise is wanted again, in the same row anew."""

from datetime import datetime

from approvals.models import Filing, Gap, Material
from approvals.rules import limits
from approvals.stages import GapState, MaterialState
from core.deadlines.services import start


def take_up_gap(
    filing: Filing,
    material: Material,
    *,
    reason: str,
    at: datetime,
    promised_at: datetime | None = None,
    deemed: bool = False,
    length: int | None = None,
) -> Gap:
    """Start a paper's gap at an instant, `length` working days long (None: as the rulebook says, P25).

    A paper has one gap. One that was closed before, and whose paper was returned again, begins anew; what is told of
    the first time stands in the ledger, and how often the paper was wrong goes on being counted.
    """
    gap = Gap.objects.filter(material=material).first() or Gap(material=material)
    gap.filing, gap.book = filing, filing.book
    gap.reason, gap.promised_at, gap.deemed = reason, promised_at, deemed
    gap.state, gap.closed_at, gap.told_again_at, gap.paper = GapState.OPEN, None, None, None
    if gap.pk is not None:
        gap.save()
    start(gap, limits.GAP, at=at, rulebook=filing.rulebook, length=length)
    material.state = MaterialState.GAP
    material.save()
    return gap
