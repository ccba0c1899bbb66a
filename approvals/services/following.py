"""查询码: the word by which a case is followed without an account; its enterprise draws another when it wants to."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Membership
from approvals import policies
from approvals.models import Filing
from approvals.models.filing import new_query_code
from approvals.services.telling import tell_enterprise
from core.notify.words import said as _
from core.steps.moves import act, locked


def progress_address() -> str:
    """Return where a case is followed by its number and code, as papers and pages print it."""
    return f"{settings.SITE_URL}/progress/"


@transaction.atomic
def renew_query_code(filing: Filing, *, by: Membership, at: datetime) -> Filing:
    """更换查询码: the old one opens nothing from now on; the ledger says that it was done, never the code.

    For one that got into wrong hands. Raises NotNow for a draft, which has no number to be followed by.
    """
    filing = locked(filing)
    act(
        filing, "renew_query_code", policy=policies.follows, by=by, at=at,
        conditions=(policies.has_number,),
    )  # fmt: skip
    filing.query_code = new_query_code()
    filing.save(update_fields=["query_code"])
    tell_enterprise(filing, _("查询码已更换，原查询码失效"), "query_code", at)
    return filing
