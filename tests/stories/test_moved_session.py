"""Three filings are called to one meeting; it is moved, and a department is added: nobody is absent from the old date.

Called on Monday, 16 April 2018, for Wednesday; moved on Tuesday to Friday, the 20th.
"""

import json
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Organisation
from approvals import services as filings
from approvals.queries import sees_file, sees_paper
from approvals.stages import Stage
from core.ledger.rules import canonical
from core.notify.models import Message, Sending
from core.notify.services.ways import invitations
from desk.queries.work.others import department
from desk.queries.work.rows import Seen
from prereview import services as sessions
from prereview.models import Invitation, Opinion, RoomHour, Session, Slot
from prereview.queries.dossier import bundle
from prereview.queries.planning import RUNNING
from prereview.queries.words import silence
from prereview.services.calendar_entries import calendar_of
from prereview.services.summons import digest
from prereview.stages import Answer, SessionKind, SessionStage, SlotState
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.prereview.page import Page
from tests.prereview.test_invite import read_back
from tests.standing import standing
from tests.stories.telling import evidence, papers, refused, sound
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db

CALLED, OLD, NEW = (instant(f"2018-04-{day} 09:00") for day in (16, 18, 20))


def _three(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    others = [
        walk(
            people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING, project_name=f"示例{n}号项目",
            project_code=f"2018-140722-13-03-00010{n}",
        )
        for n in (2, 3)
    ]  # fmt: skip
    w.others = [other.pk for other in others]
    w.until(CALLED)
    w.meeting = w.do(
        sessions.call_session, kind=SessionKind.MEETING, filings=[w.filing, *(o.filing for o in others)],
        opens_at=OLD, room="R201", by=people.convenor,
    )  # fmt: skip
    return w


walked, called = standing(_three)


def move(w, opens_at=NEW, by=None, **more):
    return w.do(
        sessions.move_session, w.meeting, opens_at=opens_at, reason="主持人临时出差", by=by or w.people.convenor,
        **more,
    )  # fmt: skip


def tell_summons(session, code):
    return session.invitations.select_related("session__convenor__user", "department").get(
        department__code=code
    )


# — called ———————————————————————————————————————————————————————————————————————————


def test_three_filings_on_one_agenda_are_one_summons_with_one_dossier(called):
    session = called.meeting
    assert session.agenda.count() == 3
    assert session.place.startswith("政务大厅二楼会议室")
    summons = session.invitations.first()
    assert [len(part["items"]) > 0 for part in summons.dossier] == [True] * 3
    assert summons.dossier_sha256 == digest(summons.dossier)
    (number,) = papers(session.book, "DOC11")
    assert session.notice.number == number
    said = session.notice.content
    assert {d["dossier_sha256"] for d in said["departments"]} == set(
        session.invitations.values_list("dossier_sha256", flat=True)
    )
    assert "视同无异议" in "".join(said["warning"])
    assert evidence(session.book, "serve")["dossier"]


def test_the_dossier_is_handed_out_as_it_was_listed(called):
    summons = called.meeting.invitations.first()
    called.do(sessions.acknowledge, summons, by=called.people.department(summons.department.code))
    with zipfile.ZipFile(BytesIO(bundle(summons).read())) as packed:
        listed = packed.read("dossier.json").decode()
        names = packed.namelist()
    assert listed == canonical(summons.dossier)
    assert digest(json.loads(listed)) == summons.dossier_sha256
    assert sum("/files/" in name for name in names) == sum(len(p["files"]) for p in summons.dossier)


def test_the_mail_of_the_summons_brings_the_invitation(called):
    summons = called.meeting.invitations.first()
    letter = Message.objects.filter(key__startswith=f"summons:{summons.pk}>").first()
    assert "METHOD:REQUEST" in letter.calendar
    assert letter.service
    sending = Sending.objects.create(to=letter.to, way="mail", created_at=called.now)
    sending.messages.add(letter)
    assert invitations(sending) == [("invite1.ics", letter.calendar.encode(), "text/calendar")]


# — moved ———————————————————————————————————————————————————————————————————————————


def test_only_the_convenor_moves_with_a_reason_and_the_whole_notice(called, people):
    called.until(instant("2018-04-17 10:00"))
    clerk = people.department(called.meeting.invitations.first().department.code)
    with refused(error=PermissionDenied):
        move(called, by=clerk)
    with refused("最早可在", error=ValidationError):
        move(called, opens_at=instant("2018-04-18 15:00"))
    with refused("不上班", error=ValidationError):
        move(called, opens_at=instant("2018-04-22 09:00"))
    with refused("理由", error=ValidationError):
        called.do(
            sessions.move_session, called.meeting, opens_at=NEW, reason=" ", by=people.convenor
        )


def test_what_stays_where_it_was_is_not_moved(called):
    with refused("没有变化", error=ValidationError):
        move(called, opens_at=OLD)


def test_once_opened_it_is_not_moved(called):
    called.until(OLD)
    called.do(sessions.open_session, called.meeting, by=called.people.convenor)
    with refused("不能再改期"):
        move(called, opens_at=instant("2018-04-24 09:00"))


def test_moved_it_is_a_new_summons_and_the_old_one_stays_with_its_proof(called, people):
    old = called.meeting
    first = old.invitations.order_by("pk").first()
    clerk = people.department(first.department.code)
    called.do(sessions.answer_coming, first, representative="代表示例", by=clerk)
    before = calendar_of(tell_summons(old, first.department.code), called.now)
    called.until(instant("2018-04-17 10:00"))

    new = move(called)

    old.refresh_from_db()
    assert (old.stage, old.successor, new.moves) == (SessionStage.CANCELLED, new, old)
    assert old.stands == "已改期"
    assert new.agenda.count() == 3
    again = tell_summons(new, first.department.code)
    assert (again.answer, again.acknowledged_at) == (Answer.NONE, None)
    first.refresh_from_db()
    assert first.acknowledged_at
    assert first.answer == Answer.COMING
    assert first.attempts.count() == 2
    assert not Slot.objects.filter(agenda__session=old).exists()
    assert papers(new.book, "DOC11")
    assert new.notice.content["replaces"]["number"] == old.number
    after = calendar_of(again, called.now)
    (was,), (stands,) = read_back(before), read_back(after)
    assert (was["UID"], was["SEQUENCE"]) == (stands["UID"], 0)
    assert (stands["SEQUENCE"], was.start, stands.start) == (2, OLD, new.opens_at)
    told = calendar_of(tell_summons(old, first.department.code), called.now)
    assert told == after, "whoever opens the old summons must not enter the old date"
    for letter in Message.objects.exclude(calendar=""):
        assert len(read_back(letter.calendar)) == 1
    assert evidence(called.filing.book, "session_moved")["to"] == new.number
    assert sound()


def test_what_is_sent_to_the_old_summons_after_the_move_is_refused_and_says_where_to_go(
    called, people
):
    first = called.meeting.invitations.first()
    clerk, head = people.department(first.department.code), people.head(first.department.code)
    called.until(instant("2018-04-17 10:00"))
    move(called)
    with refused("不再有效"):
        called.do(sessions.acknowledge, first, by=clerk)
    with refused("不再有效"):
        called.do(sessions.answer_coming, first, representative="示例", by=clerk)
    with refused("不再有效"):
        called.do(sessions.lodge_excuse, first, ground="其他", text="示例", by=head)
    with refused("不能再改期"):
        move(called, opens_at=instant("2018-04-24 09:00"))


def test_a_filing_that_has_left_the_road_is_not_carried_and_without_any_it_is_no_moving(
    called, people
):
    called.until(instant("2018-04-17 10:00"))
    called.do(filings.withdraw, called.filing, reason="另选场地", by=called.enterprise)
    new = move(called)
    assert sorted(new.agenda.values_list("filing_id", flat=True)) == sorted(called.others)


def test_the_room_of_the_old_date_is_free_again(called):
    called.until(instant("2018-04-17 10:00"))
    new = move(called)
    assert set(RoomHour.objects.values_list("session_id", flat=True)) == {new.pk}
    assert Session.objects.filter(stage__in=RUNNING).get() == new


# — moved, and absent from what? ——————————————————————————————————————————————————————

ANSWERS = ("silent", "signed", "coming", "excuse", "granted")


@pytest.mark.parametrize(
    ("said", "signs_anew"),
    [*((said, False) for said in ANSWERS), ("silent", True), ("granted", True)],
)
def test_the_old_date_makes_nobody_absent_whatever_was_answered_to_it(
    called, people, said, signs_anew
):
    """Who was served anew and stays away from the new date is absent; what was said to the old one counts no more."""
    w, old = called, called.meeting
    summons = old.invitations.order_by("pk").first()
    code = summons.department.code
    _answer(w, summons, said)
    w.until(instant("2018-04-17 10:00"))
    w.meeting = new = move(w)
    w.until(OLD.replace(hour=12))
    assert not Opinion.objects.filter(slot__filing=w.filing, slot__kind="meeting").exists()
    w.acknowledge(new, skip=[] if signs_anew else [code])
    w.open(new, absent=[code])
    w.close(new)
    own = Slot.objects.filter(filing=w.filing, kind="meeting", department__code=code)
    w.until(instant("2018-04-23 00:10"))
    states = {slot.state for slot in own if slot.default == "deemed"}
    if states:
        assert states == {SlotState.CANDIDATE if signs_anew else SlotState.HELD}
    assert new.invitations.get(department__code=code).answer == Answer.NONE


def _answer(w, summons, said):
    clerk, head = (
        w.people.department(summons.department.code),
        w.people.head(summons.department.code),
    )
    if said == "signed":
        w.do(sessions.acknowledge, summons, by=clerk)
    elif said == "coming":
        w.do(sessions.answer_coming, summons, representative="示例", by=clerk)
    elif said in ("excuse", "granted"):
        w.do(sessions.lodge_excuse, summons, ground="其他", text="示例", by=head)
        if said == "granted":
            w.do(sessions.decide_excuse, summons, granted=True, reason="准", by=w.people.convenor)


# — one more department ———————————————————————————————————————————————————————————————


def add(w, code="QXJ", by=None, items=None, **more):
    asked = list(w.filing.items.filter(applies=True)[:1]) if items is None else items
    return w.do(
        sessions.add_department, w.meeting, department=Organisation.objects.get(code=code), items=asked,
        reason="项目邻近林区", by=by or w.people.convenor, **more,
    )  # fmt: skip


def outsider(w):
    asked = w.meeting.invitations.values("department")
    return (
        Organisation.objects.filter(kind="department")
        .exclude(pk__in=asked)
        .order_by("code")
        .last()
        .code
    )


def test_a_department_is_added_with_a_reason_on_what_is_on_the_agenda(called, people):
    code = outsider(called)
    there = called.meeting.invitations.first().department.code
    with refused(error=PermissionDenied):
        add(called, code, by=people.window)
    with refused("已在通知名单上"):
        add(called, there)
    with refused("至少一个事项", error=ValidationError):
        add(called, code, items=[])
    summons = add(called, code)
    assert summons.added_because == "项目邻近林区"
    assert Slot.objects.get(agenda__session=called.meeting, department__code=code).item
    assert called.filing in type(called.filing).objects.visible_to(people.department(code))
    assert evidence(called.meeting.book, "add_department")["short_notice"] is False
    assert len(papers(called.meeting.book, "DOC11")) == 2


@pytest.mark.parametrize(
    ("added_at", "state"),
    [("2018-04-16 10:00", SlotState.CANDIDATE), ("2018-04-17 10:00", SlotState.HELD)],
    ids=["with the whole notice", "too late for it"],
)
def test_absence_bites_only_with_its_own_whole_notice(called, people, added_at, state):
    w, code = called, outsider(called)
    w.until(instant(added_at))
    deemed = [
        i
        for i in w.filing.items.select_related("item")
        if i.opinion_default == "deemed" and i.item.marked
    ]
    summons = add(w, code, items=deemed[:1])
    w.do(sessions.acknowledge, summons, by=people.department(code))
    w.acknowledge(w.meeting)
    w.open(w.meeting, absent=[code])
    w.close(w.meeting)
    w.until(instant("2018-04-19 00:10"))
    assert Slot.objects.get(agenda__session=w.meeting, department__code=code).state == state


def test_who_was_added_is_summoned_to_the_new_date_too(called):
    code = outsider(called)
    add(called, code)
    called.until(instant("2018-04-17 10:00"))
    new = move(called)
    assert (
        Invitation.objects.get(session=new, department__code=code).added_because == "项目邻近林区"
    )


# — an excuse ——————————————————————————————————————————————————————————————————————————


def test_an_excuse_brings_its_paper_and_names_a_substitute(called, people):
    summons = called.meeting.invitations.first()
    head = people.head(summons.department.code)
    called.do(
        sessions.lodge_excuse, summons, ground="其他", text="示例", substitute="李示例", upload=pdf("证明.pdf"),
        by=head,
    )  # fmt: skip
    summons.refresh_from_db()
    assert summons.excuse_substitute == "李示例"
    assert sees_file(summons.excuse_file, people.convenor)
    assert sees_file(summons.excuse_file, head)
    others = called.meeting.invitations.exclude(pk=summons.pk).first().department.code
    assert not sees_file(summons.excuse_file, people.department(others))


def test_the_notice_is_read_by_who_is_summoned_and_by_no_enterprise(called, people):
    paper = called.meeting.notice
    there = called.meeting.invitations.first().department.code
    assert sees_paper(paper, people.department(there))
    assert not sees_paper(paper, people.department(outsider(called)))
    assert not sees_paper(paper, called.enterprise)


# — a question ———————————————————————————————————————————————————————————————————————


def test_a_question_is_answered_to_all_and_moves_no_clock(called, people):
    summons = called.meeting.invitations.first()
    clerk = people.department(summons.department.code)
    due = summons.due_at
    with refused(error=PermissionDenied):
        called.do(sessions.ask_question, summons, text="?", by=people.window)
    with refused("写明问题", error=ValidationError):
        called.do(sessions.ask_question, summons, text=" ", by=clerk)
    asked = called.do(sessions.ask_question, summons, text="总图是最新版吗", by=clerk)
    summons.refresh_from_db()
    assert (summons.due_at, summons.acknowledged_at, summons.answer) == (due, None, Answer.NONE)
    with refused(error=PermissionDenied):
        called.do(sessions.answer_question, asked, answer="是", to_all=True, by=clerk)
    done = called.do(sessions.answer_question, asked, answer="是", to_all=True, by=people.convenor)
    with refused("已经答复"):
        called.do(sessions.answer_question, done, answer="否", to_all=True, by=people.convenor)
    told = Message.objects.filter(key__startswith=f"answer:{asked.pk}>").values("to__organisation")
    assert told.distinct().count() == called.meeting.invitations.count()
    called.until(OLD)
    called.do(sessions.open_session, called.meeting, by=people.convenor)
    with refused():
        called.do(sessions.ask_question, summons, text="还有吗", by=clerk)


def test_a_question_too_late_is_told_where_to_ask(called, people):
    summons = called.meeting.invitations.first()
    clerk = people.department(summons.department.code)
    called.until(OLD)
    called.do(sessions.open_session, called.meeting, by=people.convenor)
    with refused("提问须在会议（勘察）开始前提出"):
        called.do(sessions.ask_question, summons, text="?", by=clerk)


# — whom a change leaves out ——————————————————————————————————————————————————————————


def test_who_is_not_summoned_to_the_new_date_is_told_that_the_old_one_is_off(called, people):
    """Added on a case that has dropped out since: its calendar takes the date out, the others' move it."""
    code = outsider(called)
    add(called, code)
    called.until(instant("2018-04-17 10:00"))
    called.do(filings.withdraw, called.filing, reason="另选场地", by=called.enterprise)
    new = move(called)

    assert not new.invitations.filter(department__code=code).exists()
    (letter,) = Message.objects.filter(
        key__startswith=f"cancelled:{called.meeting.pk}>", to=people.department(code)
    )
    assert "METHOD:CANCEL" in letter.calendar
    assert "METHOD:CANCEL" in calendar_of(tell_summons(called.meeting, code), called.now)
    stays = new.invitations.select_related("department").first().department.code
    assert "METHOD:REQUEST" in calendar_of(tell_summons(called.meeting, stays), called.now)
    assert not Message.objects.filter(
        key__startswith=f"cancelled:{called.meeting.pk}>", to=people.department(stays)
    ).exists()


@pytest.mark.parametrize(
    ("added_at", "short"), [("2018-04-16 10:00", False), ("2018-04-17 10:00", True)]
)
def test_the_added_department_reads_its_own_notice_and_it_is_true(called, people, added_at, short):
    code = outsider(called)
    called.until(instant(added_at))
    paper = add(called, code).notice
    warning = "".join(paper.content["warning"])
    own = people.department(code)
    page = Page(own, called).says("session", called.meeting.public_id)
    desk = "".join(str(row.silence) for row in department(Seen(own, called.now, None)))
    for said in (page, desk):  # page and desk say what the paper says
        assert ("视同无异议，程序继续" in said) is not short
        assert ("不到会不产生缺席的后果" in said) is short
    (card, *_rest) = called.meeting.agenda.first().slots.filter(department__code=code)
    assert ("不到会不产生" in silence(card, tell_summons(called.meeting, code))) is short

    assert ("无正当理由缺席" in warning) is not short
    assert ("不到会不产生缺席的后果" in warning) is short
    there = called.meeting.invitations.exclude(department__code=code).first().department.code
    assert sees_paper(paper, people.department(code))
    assert sees_paper(paper, people.convenor)
    assert not sees_paper(paper, people.department(there))
    assert not sees_paper(paper, called.enterprise)
    page = Visit(people.department(code), called).get(f"/sessions/{called.meeting.public_id}/")
    assert paper.number in text(page)
