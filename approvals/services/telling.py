"""Who is told of a filing: its enterprise, the departments on its list, the window."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders, in_office, in_role
from accounts.stages import Role
from approvals.models import Filing, PaperIntake
from approvals.queries.people import enterprise_side
from core.notify.services import tell
from core.notify.words import said as _


def tell_enterprise(
    filing: Filing, subject: str, occasion: str, at: datetime, *, body: str = "", link: str = ""
) -> None:
    """Tell the enterprise of a filing, and agents who receive for it: what is said to it is legal service.

    `link` leads elsewhere than to the case.
    """
    people = enterprise_side(filing, timezone.localdate(at))
    _tell(people, filing, subject, occasion, at, service=True, body=body, link=link)


def tell_departments(filing: Filing, subject: str, occasion: str, at: datetime) -> None:
    """Tell the people of the departments that a filing's list concerns."""
    listed = filing.items.exclude(applies=False).values_list("department_id", flat=True)
    _tell(in_office(list(listed), timezone.localdate(at)), filing, subject, occasion, at)


def tell_department(
    filing: Filing, department: int, subject: str, occasion: str, at: datetime
) -> None:
    """Tell the people of one department, by its key, and nobody else."""
    _tell(in_office([department], timezone.localdate(at)), filing, subject, occasion, at)


def tell_window(filing: Filing, subject: str, occasion: str, at: datetime) -> None:
    """Tell whoever holds the window on the day."""
    _tell(in_role(Role.WINDOW, timezone.localdate(at)), filing, subject, occasion, at)


def tell_second_person(intake: PaperIntake, *, by: Membership, at: datetime) -> None:
    """Tell whoever of the window can compare an entry with its paper; the supervisor, where nobody is left who can."""
    day, filing = timezone.localdate(at), intake.filing
    window = [*holders(Role.WINDOW, day), *holders(Role.CONVENOR, day)]
    apart = {by.user_id, *intake.typists()}
    others = [one for one in window if one.user_id not in apart]
    tell(
        others or holders(Role.SUPERVISOR, day),
        _("%(project)s：纸质收件已登记，请另一名窗口人员确认") % {"project": str(filing)},
        about=f"paper:{intake.pk}", at=at, link=f"/cases/{filing.public_id}/paper/",
    )  # fmt: skip


def _tell(
    people: Iterable[Membership],
    filing: Filing,
    subject: str,
    occasion: str,
    at: datetime,
    *,
    service: bool = False,
    body: str = "",
    link: str = "",
) -> None:
    tell(
        people,
        _("%(project)s：%(what)s") % {"project": filing.project_name, "what": subject},
        about=f"{occasion}:{filing.pk}:{int(at.timestamp())}",
        at=at,
        body=body,
        link=link or f"/cases/{filing.public_id}/",
        service=service,
    )
