"""What waits from meetings: minutes and rolls for their recorder, and what was resolved for whoever owes it."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.stages import Role
from core.deadlines.queries import end_of
from core.ledger.models import Entry
from core.steps.templatetags.look import date_long
from desk.queries.work.rows import Row, Seen, of_session
from prereview.models import ActionPoint, Invitation, MinutesDraft, Session
from prereview.stages import DraftState, SessionStage

CLOSES = Entry.objects.filter(act="close", book=OuterRef("book"))


def minutes_to_confirm(seen: Seen) -> Iterator[Row]:
    """Yield the minutes that were read and wait for the person as their recorder."""
    drafts = MinutesDraft.objects.filter(
        state=DraftState.READ, agenda__session__recorder=seen.by
    ).select_related("agenda__filing__enterprise")
    for draft in drafts:
        filing = draft.agenda.filing
        url = reverse("prereview:reading", args=[draft.agenda_id])
        row = Row(_("确认纪要"), url, f"{filing} · {filing.enterprise}")
        row.silence = _("确认以前结论不生效；形成纪要的期限照常计算，逾期转效能监督。")
        yield row


def rolls_to_confirm(seen: Seen) -> Iterator[Row]:
    """Yield the sessions whose roll waits for the person as their recorder."""
    waiting = Session.objects.filter(
        stage=SessionStage.CLOSED, recorder=seen.by, roll_confirmed_at=None
    ).exclude(
        Exists(CLOSES.filter(actor__user=seen.by.user_id))
    )  # who closed it is no second person
    for session in waiting:
        row = of_session(session, _("确认到会名单"))
        row.silence = _(
            "各部门在宣布结束时已收到本单位的到会记录；没有确认的，名单只有召集人一人的记录，会一直列在这里。"
        )
        yield row


def leavings_to_correct(seen: Seen) -> Iterator[Row]:
    """Yield the leavings that one of convenor and recorder calls a mistake, to the other."""
    found = Invitation.objects.filter(
        back_asked_by__isnull=False, session__stage=SessionStage.OPEN
    ).exclude(back_asked_by__user=seen.by.user_id)
    # One of the two is the recorder: no two convenors settle it between them.
    found = found.filter(Q(session__recorder=seen.by) | Q(back_asked_by=F("session__recorder")))
    if seen.by.role != Role.CONVENOR:
        found = found.filter(session__recorder=seen.by)
    for one in found.select_related("session", "department"):
        row = of_session(one.session, _("确认更正误登记的离开：%(who)s") % {"who": one.department})
        row.url = reverse("prereview:put_back", args=[one.pk])
        row.silence = _("确认以前仍按已离开记录；议程结束后不能再这样更正。")
        yield row


def actions_owed(seen: Seen) -> Iterator[Row]:
    """Yield what meetings resolved that the person's organisation has to do, the earliest first."""
    owed = ActionPoint.objects.waiting().filter(owner_id=seen.by.organisation_id)
    for one in owed.select_related("agenda__filing"):
        row = Row(one.text, reverse("prereview:actions"), str(one.agenda.filing), _("行动清单"))
        row.due_at = end_of(one.due_on)
        late = row.due_at <= seen.at
        row.due = {
            "light": "red" if late else "grey",
            "text": _("%(until)s前") % {"until": date_long(one.due_on)},
        }
        row.silence = _("逾期不产生默认，会一直列在行动清单上。")
        yield row


RECORDER = (minutes_to_confirm, rolls_to_confirm, leavings_to_correct, actions_owed)
EVERYBODY = (actions_owed,)
