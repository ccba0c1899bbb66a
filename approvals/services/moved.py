"""Telling both sides that a limit was dated, lengthened or shortened, from when to when, and why."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from accounts.queries import county, people_of
from approvals.models import Filing
from core.deadlines.rules import on_moved
from core.notify.services import tell
from core.notify.words import Said
from core.notify.words import said as _
from core.steps.templatetags.look import deadline_long

DATE = lazy(deadline_long, str)  # a message is written in both languages, its dates too


def about_move(limit: Any) -> str:
    """Return the occasion: a limit is told once of each end it gets."""
    return f"moved:{limit._meta.label_lower}:{limit.pk}:{limit.due_at:%Y%m%d}"


def why_moved(limit: Any, before: datetime | None, reason: str) -> Said:
    """Say why a limit has another end now; `reason` is the county's own decision, empty for a new notice."""
    if before is None:
        return _("有关年度的放假安排已经公布，到期日由此确定。")
    was = {"before": DATE(before), "reason": reason}
    if limit.due_at < before:
        return _("原为%(before)s；经效能监督签字决定按新的日历提前，理由：%(reason)s") % was
    if reason:
        return _("原为%(before)s；县里决定停办（%(reason)s），停办日不计入期限。") % was
    return _("放假安排有调整，按新的日历重新计算，原为%(before)s。已经送达的期限只延长、不缩短。") % was  # fmt: skip


def new_end(limit: Any, before: datetime | None) -> Said:
    """Return the subject of the message: whose limit it is, and until when it runs now."""
    if before is None:
        return _("%(project)s：“%(limit)s”的到期日确定为%(until)s")
    if limit.due_at < before:
        return _("%(project)s：“%(limit)s”的期限提前至%(until)s")
    return _("%(project)s：“%(limit)s”的期限顺延至%(until)s")


@on_moved
def tell_moved(limit: Any, before: datetime | None, now: datetime, reason: str) -> None:
    """Tell both sides of a case that one of its limits has another end now."""
    filing = Filing.objects.filter(book_id=limit.book_id).first()
    if filing is None:
        return
    about = (limit, getattr(limit, "item", None), getattr(limit, "slot", None))
    department = next(filter(None, (getattr(of, "department_id", None) for of in about)), None)
    sides = [filing.enterprise_id, county().window_id, department]
    names = {"project": filing, "limit": limit.declared.name, "until": DATE(limit.due_at)}
    tell(
        people_of([side for side in sides if side is not None], timezone.localdate(now)),
        new_end(limit, before) % names,
        about=about_move(limit),
        at=now,
        body=why_moved(limit, before, reason),
        link=f"/cases/{filing.public_id}/",
    )
