"""企业申请退出: the enterprise wishes to leave for the ordinary procedure; no hearing is needed, P29 runs."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import Filing
from core.deadlines.services import start
from core.notify.services import tell
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words
from inspection import policies, rules
from inspection.models import Measure
from inspection.rules.measures import UNDECIDED, meets
from inspection.stages import Ground, MeasureKind, MeasureState

LEGAL_BASIS = "企业自愿适用承诺制，可以申请退出，转一般程序"


@transaction.atomic
def request_exit(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Measure:
    """申请退出承诺制: the convenor decides within P29 and names the approvals that are owed again."""
    filing = locked(filing)
    permit(filing, policies.disposes, by=by, at=at)
    need_words(reason)
    if not meets(MeasureKind.EXIT, filing.stage):
        raise NotNow([filing.wrong_stage("exit_to_ordinary")])
    if filing.measures.filter(kind=MeasureKind.EXIT, state__in=UNDECIDED).exists():
        raise NotNow([_("退出承诺制正在办理，等待决定。")])
    measure = Measure(
        filing=filing, book=filing.book, kind=MeasureKind.EXIT, ground=Ground.WISH, text=reason,
        legal_basis=LEGAL_BASIS, state=MeasureState.HEARD, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    start(measure, rules.DECIDE, at=at, rulebook=filing.rulebook)
    act(
        filing, "request_exit", policy=policies.disposes, by=by, at=at, measure=measure,
        reason=reason,
    )  # fmt: skip
    tell(
        holders(Role.CONVENOR, timezone.localdate(at)),
        _("%(project)s：企业申请退出承诺制") % {"project": filing},
        about=f"request_exit:{measure.pk}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )
    return measure
