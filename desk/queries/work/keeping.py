"""What waits for those who keep the house: a calendar that is about to end, a draft of the catalogue to be signed."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import LaterRequest
from approvals.stages import ENDS, LaterState
from core.deadlines.due import provisional
from core.deadlines.queries import end_of
from core.steps.templatetags.look import deadline
from desk.models import CatalogueDraft
from desk.queries.calendars import reach
from desk.queries.work.rows import Row, Seen
from desk.stages import DraftState


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


def catalogue_to_sign(seen: Seen) -> Iterator[Row]:
    """Yield the drafts of the catalogue that wait for a second person, for whoever has not had a hand in them."""
    found = CatalogueDraft.objects.filter(state=DraftState.PROPOSED)
    mine = Q(opened_by__user=seen.by.user_id) | Q(proposer=seen.by.user_id)
    for draft in found.exclude(mine | Q(changes__by__user=seen.by.user_id)):
        row = Row(
            _("签字：事项清单新版"), reverse("desk:decide_catalogue", args=[draft.pk]), draft.title
        )
        row.silence = _("施行日以前没有签字的，不施行。")
        yield row


def later_to_sign(seen: Seen) -> Iterator[Row]:
    """Yield what departments want outside the list that binds them."""
    found = LaterRequest.objects.filter(state=LaterState.ASKED).exclude(filing__stage__in=ENDS)
    wanted = found.exclude(asked_by__user=seen.by.user_id).select_related("filing", "department")
    for request in wanted.prefetch_related("department__names"):
        url = reverse("approvals:decide_later", args=[request.filing.public_id, request.pk])
        title = _("签字：清单以外的材料“%(name)s”") % {"name": request}
        row = Row(title, url, f"{request.filing} · {request.department.label}")
        row.silence = _("没有签字的，企业不必提交，程序照常进行。")
        yield row


ADMINISTRATOR = (calendar_to_load, catalogue_to_sign)
SUPERVISOR = (catalogue_to_sign, later_to_sign)
