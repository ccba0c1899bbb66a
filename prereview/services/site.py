"""When no visit is needed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.models import Filing
from core.steps.moves import move


@transaction.atomic
def skip_survey(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Filing:
    """无须勘察: no item needs the site; the reason is kept and shown."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么不需要勘察。")})
    return move(filing.skip_survey, by=by, at=at, reason=reason)  # type: ignore[return-value]
