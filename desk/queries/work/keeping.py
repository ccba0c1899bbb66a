"""What waits for the administrator: a calendar that is about to end."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from core.deadlines.due import provisional
from core.deadlines.queries import end_of
from core.steps.templatetags.look import deadline
from desk.queries.calendars import reach
from desk.queries.work.rows import Row, Seen


def calendar_to_load(seen: Seen) -> Iterator[Row]:
    """Yield the year that is to be loaded, from 45 days before the published one ends."""
    found = reach(seen.at)
    if found is None or not found.short:
        return
    sub = _("%(count)d个期限没有日期") % {"count": provisional()}
    title = _("载入%(year)d年的放假安排") % {"year": found.last.year + 1}
    row = Row(title, reverse("desk:load_calendar"), sub)
    row.due_at = end_of(found.last)
    light = "red" if found.left < 0 else "yellow"
    row.due = {"light": light, "text": deadline(row.due_at)}
    row.silence = _("没有载入的，落在其中的期限没有日期，也不会默认。")
    yield row


ADMINISTRATOR = (calendar_to_load,)
