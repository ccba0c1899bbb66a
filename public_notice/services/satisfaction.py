"""满意度: asked of the enterprise once, when its case is closed; it may leave it, and what it says touches no case."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from approvals.policies import own_enterprise
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import require
from public_notice import policies
from public_notice.models import Asked, Tally
from public_notice.queries import FEWEST
from public_notice.stages import Score


@transaction.atomic
def answer_satisfaction(filing: Filing, *, score: int, by: Membership, at: datetime) -> Filing:
    """回答满意度: the ledger says that it was answered, never what; NotNow before the end or a second time."""
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    require(filing, policies.case_is_closed, policies.satisfaction_is_open)
    if score not in Score.values:
        raise ValidationError({"score": _("请选择一项。")})
    closed = timezone.localtime(filing.completed_at or filing.stage_since)
    Asked.objects.create(filing=filing)
    _count(closed.year, good=score >= Score.GOOD)
    act(filing, "answer_satisfaction", policy=own_enterprise, by=by, at=at)
    return filing


def _count(year: int, *, good: bool) -> None:
    """Add an answer to the sum of its year; what is shown goes on when FEWEST have come together."""
    Tally.objects.get_or_create(year=year)
    tally = Tally.objects.select_for_update().get(year=year)
    tally.answers += 1
    tally.good += good
    if tally.answers % FEWEST == 0:
        tally.shown_answers, tally.shown_good = tally.answers, tally.good
    tally.save()
