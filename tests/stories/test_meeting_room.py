"""A meeting in its room: two filings, a contradiction, minutes that are read, and two persons who answer for them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.stages import Role
from approvals.models import Change
from approvals.stages import Stage
from core.documents.models import Paper
from core.notify.models import Message
from core.steps.reasons import NotNow
from desk.queries.work.room import rolls_to_confirm
from desk.queries.work.rows import Seen
from prereview import services
from prereview.models import ActionPoint, MinutesDraft, Opinion
from prereview.services import Decision
from prereview.stages import Conclusion, Position
from tests.conftest import instant
from tests.prereview.meeting import Meeting
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import evidence, in_order, papers, refused, sound, told

pytestmark = pytest.mark.django_db
PASS = Decision(Conclusion.PASS)


def _heard(people):
    """Everybody came; two departments contradict each other on one item, the rest is agreed."""
    meeting = Meeting(people, instant("2018-03-05 09:00"), filings=2).call().open().come()
    by_item = {}
    for slot in meeting.slots(agenda__order=1):
        by_item.setdefault(slot.item_id, []).append(slot)
    split = next(slots for slots in by_item.values() if len(slots) > 1)[:2]
    meeting.agree(but=split)
    meeting.split = split
    for slot, said in zip(split, SAID, strict=True):
        clerk = people.department(slot.department.code)
        meeting.do(services.give_opinion, slot, by=clerk, **said)
    return meeting.close()


SAID = (
    {"position": Position.CONDITIONS, "conditions": ["退让道路红线五米"]},
    {"position": Position.DISAGREE, "reason": "占压管线", "clause": "示例条例第一条"},
)
walked, room = standing(_heard)


def decide(room, *, by=None, decision=PASS, number=1):
    by = by or room.people.convenor
    return room.do(services.propose_minutes, room.item(number), decision=decision, by=by)


def settle(room):
    item = room.split[0].item.code
    return room.do(
        services.settle_conflict, room.item(), item=item, reasons="采纳退让五米，管线改线", by=room.people.convenor
    )  # fmt: skip


def test_a_contradiction_is_settled_with_reasons_before_anything_is_concluded(room, people):
    with refused("意见相反的事项还没有处理"):
        decide(room, decision=Decision(Conclusion.PASS, reasons="可以通过"))
    item = room.split[0].item.code
    with refused("请写明处理意见", error=ValidationError):
        room.do(services.settle_conflict, room.item(), item=item, reasons=" ", by=people.convenor)
    for stranger in (people.window, people.department(room.split[0].department.code)):
        with refused(error=PermissionDenied):
            room.do(services.settle_conflict, room.item(), item=item, reasons="好", by=stranger)
    with refused("没有待处理的分歧"):
        room.do(services.settle_conflict, room.item(2), item=item, reasons="好", by=people.convenor)
    settle(room)
    with refused("没有待处理的分歧"):
        settle(room)
    with refused("须书面说明理由", error=ValidationError):
        decide(room)

    decide(room, decision=Decision(Conclusion.PASS, reasons="管线改线后可行"))
    assert evidence(room.session.book, "settle_conflict")["item"] == item


def test_nobody_concludes_alone_where_a_recorder_was_named(room, people):
    with refused("有记录人"):
        room.do(services.conclude, room.item(2), decision=PASS, by=people.convenor)
    with refused("没有待确认的纪要稿"):
        room.do(services.confirm_minutes, room.item(2), by=people.window)
    with refused(error=PermissionDenied):
        decide(room, by=people.window, number=2)
    decide(room, number=2)
    with refused("已有待确认的纪要稿"):
        decide(room, number=2)
    with refused(error=PermissionDenied):
        room.do(services.confirm_minutes, room.item(2), by=people.convenor)
    assert room.ways[1].filing.stage == Stage.PREREVIEWING
    assert papers(room.ways[1].filing.book, "DOC13") == []
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):  # the database asks for another person
        MinutesDraft.objects.update(
            state="confirmed", decider=people.convenor.user, decided_by=people.convenor
        )


def test_minutes_are_read_confirmed_and_become_paper_conclusion_and_changes_at_once(room, people):
    settle(room)
    due = timezone.localdate(room.now) + timedelta(days=30)
    owner = room.split[0].department
    room.do(
        services.add_action,
        room.item(),
        text="提供管线图",
        owner=owner,
        due_on=due,
        by=people.window,
    )
    decision = Decision(
        Conclusion.CHANGES,
        reasons="改线后可行",
        changes=[f"{room.split[0].item.code}：管线改线"],
        changes_due=due,
    )
    draft = decide(room, decision=decision)
    assert told(people.window, "纪要稿待您确认") != []
    with refused("正等待记录人确认"):
        settle(room)
    with refused("正等待记录人确认"):
        room.do(
            services.add_action, room.item(), text="又", owner=owner, due_on=due, by=people.convenor
        )

    done = room.do(services.confirm_minutes, room.item(), by=people.window)

    draft.refresh_from_db()
    assert (draft.state, draft.decider) == ("confirmed", people.window.user)
    filing, content = room.ways[0].filing, done.minutes.content
    assert filing.stage == Stage.COMMITTING
    assert content["meeting"]["recorder"] == people.window.user.name
    assert people.window.user.name in content["confirmed"]
    assert "管线改线" in content["agenda"][0]["differences"] + str(content["agenda"][0]["changes"])
    assert content["actions"][0]["task"] == "提供管线图"
    assert Change.objects.get(filing=filing).item == room.split[0].item
    acts = list(filing.book.entries.order_by("sequence").values_list("act", flat=True))
    assert "pass_prereview" in acts
    session = list(room.session.book.entries.order_by("sequence").values_list("act", flat=True))
    assert in_order(["propose_minutes", "confirm_minutes", "conclude"], session)
    with refused("本议程已有结论"):
        decide(room)
    assert sound()


def test_minutes_given_back_are_written_and_read_anew(room, people):
    first = decide(room, number=2)
    with refused("请写明哪里不对", error=ValidationError):
        room.do(services.return_minutes, room.item(2), reason="", by=people.window)
    room.do(services.return_minutes, room.item(2), reason="漏记一项条件", by=people.window)
    assert told(people.convenor, "退回纪要稿") != []
    second = decide(room, number=2)
    room.do(services.return_minutes, room.item(2), reason="自己再改", by=people.convenor)
    decide(room, number=2)
    room.do(services.confirm_minutes, room.item(2), by=people.window)

    states = list(MinutesDraft.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["returned", "taken", "confirmed"]
    assert first.pk != second.pk


def test_what_changed_after_the_reading_is_read_again(room, people):
    decide(room, number=2)
    ActionPoint.objects.create(
        agenda=room.item(2), text="后加", owner=room.split[0].department, due_on=room.now.date(),
        added_by=people.convenor, added_at=room.now,
    )  # fmt: skip
    with refused("内容有变化"):
        room.do(services.confirm_minutes, room.item(2), by=people.window)
    assert not Paper.objects.filter(kind="DOC13", book=room.ways[1].filing.book).exists()


def test_actions_wait_for_whose_they_are_and_are_finished_with_a_note(room, people):
    owner, due = room.split[0].department, timezone.localdate(room.now)
    add = {"text": "提供管线图", "owner": owner, "due_on": due}
    with refused(error=PermissionDenied):
        room.do(services.add_action, room.item(), by=people.department(owner.code), **add)
    with refused("不能早于今天", error=ValidationError):
        room.do(
            services.add_action,
            room.item(),
            by=people.convenor,
            **add | {"due_on": due - timedelta(days=1)},
        )
    with refused("责任单位须是", error=ValidationError):
        stranger = people.other_enterprise.organisation
        room.do(services.add_action, room.item(), by=people.convenor, **add | {"owner": stranger})
    action = room.do(services.add_action, room.item(), by=people.convenor, **add)
    wrong = room.do(services.add_action, room.item(), by=people.window, **add | {"text": "误写"})
    room.do(services.drop_action, wrong, reason="误写", by=people.window)
    clerk = people.department(owner.code)
    with refused(error=PermissionDenied):
        room.do(services.finish_action, action, note="好", by=people.convenor)
    with refused("请写明办理情况", error=ValidationError):
        room.do(services.finish_action, action, note=" ", by=clerk)
    room.do(services.finish_action, action, note="已送达", by=clerk)
    with refused("已经完成或者已经删去"):
        room.do(services.finish_action, action, note="再", by=clerk)
    assert list(ActionPoint.objects.waiting()) == []


def test_the_roll_is_confirmed_by_the_recorder_once_the_room_is_empty(room, people):
    with refused("还没有宣布结束", error=NotNow):
        room.do(services.confirm_roll, room.session, by=people.window)
    room.do(services.close_session, room.session, by=people.convenor)
    with refused(error=PermissionDenied):
        room.do(services.confirm_roll, room.fresh, by=people.convenor)
    room.do(services.confirm_roll, room.fresh, by=people.window)
    room.do(services.confirm_roll, room.fresh, by=people.window)

    assert room.session.book.entries.filter(act="confirm_roll").count() == 1
    roll = evidence(room.session.book, "confirm_roll")["roll"]
    assert {row["came_by"] for row in roll} == {"code"}
    clerk = people.department(roll[0]["department"])
    assert told(clerk, "到会名单已由召集人和记录人确认") != []
    assert Message.objects.filter(key__startswith=f"rollconfirmed:{room.session.pk}").exists()
    assert Opinion.objects.filter(stands_in__agenda__session=room.session).count() == len(
        room.slots()
    )


@pytest.fixture
def another(people):
    """Somebody else of the office, and the recorder's own second office as a convenor."""
    office, day = people.window.organisation, people.window.valid_from
    user = User.objects.create(username="second-window", name="郑示例")
    for who, role in ((user, Role.WINDOW), (people.window.user, Role.CONVENOR)):
        Membership.objects.create(user=who, organisation=office, role=role, valid_from=day)
    return Membership.objects.get(user=user)


def second_office(people):
    return Membership.objects.get(user=people.window.user, role=Role.CONVENOR)


def test_who_closed_the_room_does_not_confirm_its_roll_under_another_office(room, people, another):
    room.do(services.close_session, room.session, by=second_office(people))
    with refused("宣布结束的人不能自己确认"):
        room.do(services.confirm_roll, room.fresh, by=people.window)
    for who, waits in ((people.window, False), (another, True)):
        if waits:
            said = {"recorder": another, "reason": "记录人宣布了结束", "by": people.convenor}
            room.do(services.replace_recorder, room.fresh, **said)
        page = Page(who, room).says("session", room.session.public_id)
        assert ("确认到会名单" in page) is waits
        rows = rolls_to_confirm(Seen(who, room.now, None))
        assert [row.title for row in rows] == ["确认到会名单"] * waits
    room.do(services.confirm_roll, room.fresh, by=another)
    assert room.fresh.roll_confirmed_at


def test_a_recorder_who_is_gone_is_replaced_and_the_meeting_is_concluded(room, people, another):
    said = {"recorder": another, "reason": "调离", "by": people.convenor}
    for stranger in (people.window, people.supervisor, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            room.do(services.replace_recorder, room.fresh, **said | {"by": stranger})
    for wrong in (people.window, people.convenor, people.supervisor, people.department("ZJJ")):
        with refused("请另选一名记录人", error=ValidationError):
            room.do(services.replace_recorder, room.fresh, **said | {"recorder": wrong})
    with refused("更换的理由", error=ValidationError):
        room.do(services.replace_recorder, room.fresh, **said | {"reason": " "})
    decide(room, number=2)
    with refused("待确认的纪要稿"):
        room.do(services.replace_recorder, room.fresh, **said)
    room.do(services.return_minutes, room.item(2), reason="换人", by=people.convenor)
    desk, name = Page(people.convenor, room), room.session.public_id
    assert "更换记录人" in desk.says("session", name)
    answer = desk.post("recorder", name, recorder=another.pk, reason="调离")
    assert answer.status_code == 302
    assert told(another, "您被指定为记录人") != []
    decide(room, number=2)
    with refused(error=PermissionDenied):
        room.do(services.confirm_minutes, room.item(2), by=people.window)
    room.do(services.confirm_minutes, room.item(2), by=another)
    assert room.ways[1].filing.stage == Stage.COMMITTING
    assert evidence(room.session.book, "replace_recorder")["reason"] == "调离"
    room.do(services.close_session, room.session, by=people.convenor)
    room.do(services.confirm_roll, room.fresh, by=another)
    assert desk.post("recorder", name, recorder=people.window.pk, reason="又").status_code == 302


def test_the_minutes_name_who_proposed_them_not_who_called_the_meeting(room, people, another):
    user = User.objects.create(username="second-convenor", name="冯示例")
    office, day = people.convenor.organisation, people.convenor.valid_from
    other = Membership.objects.create(
        user=user, organisation=office, role=Role.CONVENOR, valid_from=day
    )
    decide(room, number=2, by=other)
    content = room.do(services.confirm_minutes, room.item(2), by=people.window).minutes.content
    assert "由召集人冯示例提出" in content["confirmed"]
    assert content["signed_by"] == "冯示例"
    assert content["meeting"]["host"] == people.convenor.user.name
