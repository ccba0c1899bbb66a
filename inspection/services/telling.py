"""Telling departments of a case what they have to do in it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import Organisation
from accounts.queries import departments_with, in_office
from approvals.models import Filing
from approvals.stages import ACCEPTANCE_LEAD
from core.notify.services import tell
from core.notify.words import said as _


def tell_departments(
    filing: Filing, departments: Iterable[Organisation], said: str, about: str, at: datetime
) -> None:
    """Tell the people of some departments; `about` names the occasion, so that it is said once."""
    tell(
        in_office([department.pk for department in departments], timezone.localdate(at)),
        _("%(project)s：%(what)s") % {"project": filing.project_name, "what": said},
        about=about,
        at=at,
        link=f"/cases/{filing.public_id}/",
    )


def tell_lead(filing: Filing, said: str, about: str, at: datetime) -> None:
    """Tell the people of the department that leads the joint acceptance."""
    tell_departments(filing, departments_with(ACCEPTANCE_LEAD), said, about, at)
