"""Who stays out of a case stays out of its room too, and where the head stays out nobody waits for their signature."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Membership, User
from accounts.stages import Role
from approvals.stages import Stage
from core.notify.models import Message
from desk.queries.work.rows import Seen
from desk.queries.work.standing_in import to_countersign
from prereview import services as sessions
from prereview.services.countersigning import heads_of
from prereview.stages import Position
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _open(people):
    """Wednesday the 13th: the meeting runs, QXJ has not come yet."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting, absent=["QXJ"])
    return w


walked, w = standing(_open)


def clerk():
    return Membership.objects.filter(organisation__code="QXJ", role=Role.CLERK).earliest("pk")


@pytest.fixture
def second(w, people):
    """Another clerk of the department."""
    own = clerk().organisation
    user = User.objects.create(username="qxj-second", name="周示例")
    return Membership.objects.create(
        user=user, organisation=own, role=Role.CLERK, valid_from=at("2018-01-01 00:00").date()
    )


def stays_out(w, out, successor):
    slot = w.slot("QXJ", "C03")
    w.do(sessions.declare_recusal, slot, reason="亲属为企业股东", successor=successor, by=out)


def test_who_stays_out_of_every_case_neither_comes_nor_goes_for_the_department(w, people, second):
    first, summons = clerk(), w.meeting.invitations.get(department__code="QXJ")
    stays_out(w, first, second)
    with refused("回避", error=PermissionDenied):
        w.do(sessions.check_in, summons, by=first)
    w.do(sessions.check_in, summons, by=second)
    with refused("回避", error=PermissionDenied):
        w.do(sessions.leave, summons, by=first)
    assert w.do(sessions.leave, summons, by=second).left_at


def test_where_the_head_stays_out_nobody_waits_unheard(w, people, second):
    head, first = people.head("QXJ"), clerk()
    w.do(sessions.set_rule, head.organisation, roster_binds=False, countersigns=True, by=head)
    stays_out(w, head, first)
    slot = w.slot("QXJ", "C03")
    assert heads_of(slot, w.now) == []
    told = Message.objects.filter(subject__contains="没有人可以会签")
    assert {people.supervisor.pk, first.pk} <= set(told.values_list("to", flat=True))
    w.do(sessions.give_opinion, slot, position=Position.AGREE, by=first)
    waits = Message.objects.filter(subject__contains="等您会签")
    assert not waits.exists()
    assert len(list(to_countersign(Seen(head, w.now, None)))) == 1
