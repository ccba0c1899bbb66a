"""What a desk says in time: an authority that ends, a change whose day is past; and who may not decide a contest."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core import clock
from core.deadlines.queries import calendar_at
from core.notify.models import Message
from desk.queries.work import waiting_for
from desk.services.reminders import remind
from prereview import services as sessions
from prereview.models import Countersign, Slot
from prereview.services.roster_ending import remind_of_mandates
from prereview.stages import Conclusion, ContestResult, Duty, Position
from tests.conftest import instant as at
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


def _heard(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    return w


walked, w = standing(_heard)


def clerk():
    return Membership.objects.filter(organisation__code="QXJ", role=Role.CLERK).earliest("pk")


def head():
    return Membership.objects.filter(organisation__code="QXJ", role=Role.HEAD).earliest("pk")


def rows(w, by, word):
    return [row for row in waiting_for(by, w.now) if word in row.title]


def grant(w, days, first=None):
    last = calendar_at(w.now).add_working(timezone.localdate(w.now), days)
    return w.do(
        sessions.grant_mandate, head().organisation, person=clerk(), duties=(Duty.OPINE,), covers=None,
        valid_from=first or timezone.localdate(w.now), valid_to=last, upload=pdf(), by=head(),
    )  # fmt: skip


def test_an_entry_of_the_roster_that_ends_soon_is_on_two_desks_until_it_is_renewed(w, people):
    made = grant(w, 4)
    assert not rows(w, head(), "授权即将到期")
    w.morning(1)
    assert rows(w, head(), "授权即将到期")
    assert rows(w, clerk(), "授权即将到期")
    assert not rows(w, people.department("ZJJ"), "授权即将到期")
    grant(w, 20, first=made.valid_to + timedelta(days=1))
    assert not rows(w, head(), "授权即将到期")


def told_of_the_roster(w):
    """Whom the round of the morning has told that an entry ends: each once, however often it is made."""
    with clock.driven(w.now):
        remind(w.now)
    found = Message.objects.filter(key__startswith="mandate:", key__contains=":ends")
    return sorted(found.values_list("to__role", flat=True))


def test_before_an_entry_ends_who_is_listed_and_the_head_are_told_once(w):
    made = grant(w, 4)
    assert told_of_the_roster(w) == [], "it is too early"
    w.morning(1)
    assert told_of_the_roster(w) == [Role.CLERK, Role.HEAD]
    w.morning(1)
    assert told_of_the_roster(w) == [Role.CLERK, Role.HEAD]
    letter = Message.objects.get(key__startswith=f"mandate:{made.pk}:ends", to=head())
    assert (
        f"到{made.valid_to.year}年{made.valid_to.month}月{made.valid_to.day}日为止"
        in letter.subject
    )
    assert "until" not in letter.subject


@pytest.mark.parametrize("how", ["ended", "renewed", "taken out"])
def test_of_what_is_over_goes_on_or_is_not_to_be_said_nobody_is_told(w, how):
    made = grant(w, 3)
    if how == "ended":
        w.do(sessions.end_mandate, made, reason="调离", by=head())
    elif how == "renewed":
        grant(w, 20, first=made.valid_to + timedelta(days=1))
    else:
        assert remind_of_mandates(w.now, calendar_at(w.now), None) == []
        return
    assert told_of_the_roster(w) == []


def test_what_waits_for_the_head_already_is_not_counted_as_submitted_again(w, people):
    own = head().organisation
    w.do(sessions.set_rule, own, roster_binds=False, countersigns=True, by=head())
    page, name = Page(clerk(), w), w.filing.public_id
    assert page.post("opinions", name).status_code == 302
    assert "已提交负责人会签1项" in page.says("opinions", name)
    assert Countersign.objects.count() == 1
    again = page.post("opinions", name)
    assert again.status_code == 409
    assert "已在等待负责人会签" in again.content.decode()


def test_nobody_of_the_department_decides_the_contest_of_its_default(w, people):
    w.until(at("2018-06-25 09:00"))
    slot = w.slot("QXJ", "C03")
    assert slot.opinion.deemed
    w.do(sessions.contest_default, slot, text="签收的人不是本单位的。", by=head())
    today = at("2018-01-01 00:00").date()
    own = Membership.objects.create(
        user=people.convenor.user, organisation=head().organisation, role=Role.CLERK, valid_from=today
    )  # fmt: skip
    decide = {"upheld": True, "reason": "是", "legal_basis": "县规则"}
    with refused("部门以外的人"):
        w.do(sessions.decide_contest, slot, by=people.convenor, **decide)
    assert "部门以外的人" in Page(people.convenor, w).says("decide_contest", slot.pk)
    lodger = Membership.objects.create(
        user=head().user, organisation=people.convenor.organisation, role=Role.CONVENOR, valid_from=today
    )  # fmt: skip
    with refused("部门以外的人"):
        w.do(sessions.decide_contest, slot, by=lodger, **decide)
    with refused(error=PermissionDenied):
        w.do(sessions.decide_contest, slot, by=people.supervisor, **decide)
    own.valid_to = timezone.localdate(w.now) - timedelta(days=1)
    own.save()
    w.do(sessions.decide_contest, slot, by=people.convenor, **decide)
    assert Slot.objects.get(pk=slot.pk).opinion.contest.result == ContestResult.UPHELD


def test_a_change_whose_day_is_past_is_red_and_on_the_windows_desk(w, people):
    w.do(sessions.give_opinion, w.slot("QXJ", "C03"), position=Position.AGREE, by=clerk())
    due = timezone.localdate(w.now) + timedelta(days=20)
    w.conclude(Conclusion.CHANGES, changes=["c05：出入口退让五米"], changes_due=due)
    (row,) = rows(w, people.enterprise, "交来预审要求的修改")
    assert row.due["light"] == "grey"
    assert not rows(w, people.window, "逾期未交")
    w.now = at(f"{due + timedelta(days=1)} 09:00")
    (row,) = rows(w, people.enterprise, "交来预审要求的修改")
    assert row.due["light"] == "red"
    (late,) = rows(w, people.window, "逾期未交")
    assert (late.url, late.due["light"]) == (f"/cases/{w.filing.public_id}/", "red")
