"""授权名册到期: what is said before an entry of a roster ends, while there is time to renew it."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone
from django.utils.functional import lazy

from accounts.models import Membership
from accounts.queries import people_of
from accounts.stages import Role
from approvals.services.authority import reach
from core.deadlines.calendar import Calendar
from core.notify.models import Message
from core.notify.services import letters
from core.notify.words import said as _
from core.steps.templatetags.look import date_long
from prereview.models import Mandate
from prereview.services.roster import LINK

DAY = lazy(date_long, str)  # a message is written in both languages, its dates too


def remind_of_mandates(now: datetime, calendar: Calendar, days: int | None) -> list[Message]:
    """Return what is said before entries of a roster end: to the person listed, and to the head who can renew them.

    `days` are the working days before the last one (P77); none where the county took the reminder out. An entry that
    was ended, or that a later one of the same person goes on from, is not reminded of.
    """
    if days is None:
        return []
    today = timezone.localdate(now)
    ending = Mandate.objects.ending(today, reach(calendar, today, days))
    rows = list(ending.select_related("person__user", "department").order_by("pk"))
    in_office: dict[int, list[Membership]] = defaultdict(list)
    for person in people_of(sorted({one.department_id for one in rows}), today):
        in_office[person.organisation_id].append(person)
    return [said for one in rows for said in _said(one, in_office[one.department_id], now)]


def _said(one: Mandate, people: list[Membership], now: datetime) -> list[Message]:
    told = [who for who in people if who.role == Role.HEAD or who.pk == one.person_id]
    words = _(
        "%(department)s授权名册：%(who)s（%(grade)s）的授权到%(until)s为止；要继续，请负责人在到期前另列一条"
    )
    names = {
        "department": one.department,
        "who": one.person.user,
        "grade": lazy(one.get_grade_display, str)(),
        "until": DAY(one.valid_to),
    }
    return letters(
        told, words % names, about=f"mandate:{one.pk}:ends", at=now, link=LINK,
        body=_("到期后名册上没有的，不能再按名册办理；已经办理的不受影响。"),
    )  # fmt: skip
