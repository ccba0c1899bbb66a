"""失信记录与容缺: a record bars an enterprise from tolerance while it stands; whoever registers it says so here.

Nothing reaches back: a promise that was made before the record stands, and a repaired record bars no more.
"""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Membership
from approvals.models import CreditBar, Filing
from approvals.services.telling import tell_enterprise
from core.documents.models import Paper
from core.ledger.services import record
from core.notify.words import said as _


@transaction.atomic
def bar_tolerance(
    filing: Filing,
    *,
    ground: str,
    organ: str,
    organ_number: str,
    paper: Paper,
    until: date | None,
    by: Membership,
    at: datetime,
) -> CreditBar:
    """失信记录生效: from now on, through `until`, the enterprise may ask for no tolerance in any case of its own.

    Called inside the act that registers the organ's decision, under the lock of that case's book; `paper` is the
    decision by which the record is found again.
    """
    bar = CreditBar.objects.create(
        enterprise=filing.enterprise, filing=filing, ground=ground, organ=organ, organ_number=organ_number,
        paper=paper, since=at, until=until,
    )  # fmt: skip
    record(
        filing.book, "bar_tolerance", by=by, at=at, paper=paper.number, organ=organ, number=organ_number,
        until=until,
    )  # fmt: skip
    told = _("失信记录登记后、修复或者期满前，不能申请容缺；已经作出的容缺承诺不受影响")
    tell_enterprise(filing, told, f"barred{bar.pk}", at)
    return bar


@transaction.atomic
def lift_bar(
    decision: Paper, *, filing: Filing, paper: Paper, by: Membership, at: datetime
) -> CreditBar | None:
    """信用修复: the record that rests on a decision bars no more; `paper` says that it is repaired.

    None where it barred nobody: it was over by itself, or was repaired before.
    """
    bar = CreditBar.objects.filter(paper=decision, repaired_at=None).first()
    if bar is None:
        return None
    bar.repaired_at, bar.repair_paper = at, paper
    bar.save(update_fields=["repaired_at", "repair_paper"])
    record(filing.book, "lift_bar", by=by, at=at, paper=decision.number, repaired=paper.number)
    tell_enterprise(filing, _("失信记录已修复，可以申请容缺"), f"unbarred{bar.pk}", at)
    return bar
