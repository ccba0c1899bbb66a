"""A meeting run through the pages: called, signed for, opened, checked in, closed, spoken to, concluded."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.stages import Stage
from prereview.models import Session
from prereview.stages import Position, SlotState
from tests.approvals.browse import text
from tests.conftest import instant
from tests.prereview.page import Page
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


walked, w = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.PREREVIEWING)
)


def done(page):
    assert page.status_code == 302, text(page)[-3000:]
    return page


def call(w, desk, kind="meeting"):
    w.morning()
    opens = timezone.localtime(w.now) + timedelta(days=7)
    done(
        desk.post(
            "call",
            query=f"?kind={kind}",
            filings=[w.filing.pk],
            opens_at=opens.strftime("%Y-%m-%dT%H:%M"),
            place="政务大厅二楼会议室",
        )
    )
    return Session.objects.latest("pk")


def test_from_call_to_conclusion(w, people):
    desk = Page(people.convenor, w)
    assert w.filing.project_name in desk.says("call", kind="meeting")
    session = call(w, desk)
    w.meeting = session
    departments = [i.department.code for i in session.invitations.all()]
    pages = {code: Page(people.department(code), w) for code in departments}
    for summons in session.invitations.all():
        clerk = pages[summons.department.code]
        assert "签收" in clerk.says("session", session.public_id)
        done(clerk.post("acknowledge", summons.pk))
        done(clerk.post("coming", summons.pk, representative="示例代表"))
    w.until(session.opens_at)
    done(desk.post("session_open", session.public_id))
    for summons in session.invitations.all():
        done(pages[summons.department.code].post("check_in", summons.pk, representative=""))
    item = session.agenda.get()
    done(desk.post("item_open", item.pk))
    assert desk.post("session_close", session.public_id).status_code == 409
    done(desk.post("item_close", item.pk))
    done(desk.post("session_close", session.public_id))
    waits = desk.says("conclude", item.pk)
    assert "现在还不能办理" in waits
    assert desk.post("conclude", item.pk, conclusion="pass").status_code == 409
    asked = w.open_slots(session)
    first = asked[0].department.code
    mine = [slot for slot in asked if slot.department.code == first]
    wrong = pages[first].post("opinion", mine[0].pk, position="disagree", reason="选址不当")
    assert wrong.status_code == 422
    assert "选址不当" in text(wrong)
    done(
        pages[first].post(
            "opinion",
            mine[0].pk,
            position="conditions",
            conditions="开工前完成表土剥离\n\n设沉沙池",
        )
    )
    for code in {slot.department.code for slot in w.open_slots(session)}:
        done(pages[code].post("opinions", w.filing.public_id))
    assert pages[first].post("opinions", w.filing.public_id).status_code == 409
    assert not w.open_slots(session)
    mine[0].refresh_from_db()
    assert mine[0].opinion.position == Position.CONDITIONS
    assert mine[0].opinion.conditions == ["开工前完成表土剥离", "设沉沙池"]
    assert "由召集人作出结论" in desk.says("matrix", w.filing.public_id)
    code = mine[0].item.code
    assert f"{code}：开工前完成表土剥离\n{code}：设沉沙池" in desk.says("conclude", item.pk)
    bad = desk.post("conclude", item.pk, conclusion="changes")
    assert bad.status_code == 422
    done(desk.post("conclude", item.pk, conclusion="pass"))
    assert w.filing.stage == Stage.COMMITTING
    assert "已有结论" in desk.says("conclude", item.pk)


def test_silence_escalates_or_is_deemed_and_proves_itself(w, people):
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    desk = Page(people.convenor, w)
    slots = w.open_slots(w.meeting)
    soft = next(slot for slot in slots if slot.default == "deemed")
    red = next((slot for slot in slots if slot.default == "escalate"), None)
    clerk = Page(people.department(soft.department.code), w)
    page = clerk.says("opinions", w.filing.public_id)
    assert "视同无异议，程序继续；应办的审批仍须办理" in page
    soft.refresh_from_db()
    w.past(soft.due_at)
    soft.refresh_from_db()
    assert soft.state == SlotState.CANDIDATE
    assert "确认" in desk.says("matrix", w.filing.public_id)
    late = clerk.get("opinion", soft.pk)
    assert late.url == reverse("prereview:late_opinion", args=[soft.pk])
    assert clerk.post("opinion", soft.pk, position="agree").status_code == 409
    assert clerk.post("confirm", soft.pk).status_code == 403
    done(desk.post("confirm", soft.pk))
    soft.refresh_from_db()
    assert soft.opinion.position == Position.DEEMED_TIMEOUT
    for who in (desk, clerk, Page(people.enterprise, w), Page(people.supervisor, w)):
        proof = who.says("proof", soft.pk)
        assert "截止日" in proof
        assert soft.opinion.paper.number in proof
    assert "mark-deemed_timeout" in desk.says("matrix", w.filing.public_id)
    done(
        clerk.post(
            "late_opinion",
            soft.pk,
            position="disagree",
            reason="有遗漏",
            clause="《水土保持法》第二十六条",
        )
    )
    soft.refresh_from_db()
    assert soft.opinion.position == Position.DEEMED_TIMEOUT
    assert "有遗漏" in clerk.says("late_opinion", soft.pk)
    if red:
        red.refresh_from_db()
        assert red.state == SlotState.ESCALATED
        own = Page(people.department(red.department.code), w)
        assert "不视为同意" in own.says("opinion", red.pk)
        done(own.post("opinion", red.pk, position="agree"))
        red.refresh_from_db()
        assert red.opinion.position == Position.AGREE


def test_absent_without_proof_is_held_and_served_again(w, people):
    w.call_meeting()
    missing = w.meeting.invitations.first()
    code = missing.department.code
    w.acknowledge(w.meeting, skip=[code])
    w.open(w.meeting, absent=[code])
    desk = Page(people.convenor, w)
    item = w.meeting.agenda.get()
    done(desk.post("item_open", item.pk))
    assert "没有送达凭证" in desk.says("item_close", item.pk)
    done(desk.post("item_close", item.pk))
    slot = next(s for s in w.open_slots(w.meeting) if s.department.code == code)
    assert slot.state == SlotState.HELD
    assert desk.post("serve_again", slot.pk).status_code == 409
    done(
        desk.post(
            "second_channel",
            missing.pk,
            channel="paper",
            received_by="示例收发员",
            upload=pdf("签收单.pdf"),
        )
    )
    slot.refresh_from_db()
    assert slot.state == SlotState.HELD  # signed for after the meeting: no absence follows from it
    done(desk.post("serve_again", slot.pk))
    slot.refresh_from_db()
    assert slot.state == SlotState.AWAITED
    w.past(slot.due_at)
    slot.refresh_from_db()
    assert slot.state in (SlotState.CANDIDATE, SlotState.ESCALATED)
    if slot.state == SlotState.CANDIDATE:
        assert desk.post("dismiss", slot.pk, reason="").status_code == 422
        done(desk.post("dismiss", slot.pk, reason="签收人不是该部门人员"))
        slot.refresh_from_db()
        assert slot.state == SlotState.HELD


def test_an_excuse_is_the_heads_and_the_convenors(w, people):
    w.call_meeting()
    desk = Page(people.convenor, w)
    summons = w.meeting.invitations.filter(
        department__code__in=("SLJ", "STJ", "ZRJ", "FGJ", "QXJ")
    ).first()
    code = summons.department.code
    fields = {"ground": "不可抗力", "text": "道路中断"}
    assert Page(people.department(code), w).post("excuse", summons.pk, **fields).status_code == 403
    head = Page(people.head(code), w)
    done(head.post("excuse", summons.pk, **fields))
    assert "道路中断" in desk.says("session", w.meeting.public_id)
    assert desk.post("decide_excuse", summons.pk, granted="no", reason="").status_code == 422
    done(desk.post("decide_excuse", summons.pk, granted="yes", reason=""))
    assert desk.post("decide_excuse", summons.pk, granted="yes").status_code == 409
    assert "准假" in head.says("session", w.meeting.public_id)


def test_somebody_elses_item_is_the_convenors_word(w, people):
    w.call_meeting()
    slot = w.open_slots(w.meeting)[0]
    clerk = Page(people.department(slot.department.code), w)
    assert clerk.post("opinion", slot.pk, position="not_ours").status_code == 422
    done(clerk.post("opinion", slot.pk, position="not_ours", reason="属城管局"))
    desk = Page(people.convenor, w)
    assert "属城管局" in desk.says("matrix", w.filing.public_id)
    done(desk.post("not_ours", slot.pk, accepted="yes", reason="核对职责清单"))
    slot.refresh_from_db()
    assert slot.opinion.position == Position.NOT_OURS


def test_a_called_off_meeting_can_be_called_again_and_keeps_what_was_said(w, people):
    desk = Page(people.convenor, w)
    session = call(w, desk)
    slot = w.open_slots(session)[0]
    clerk = Page(people.department(slot.department.code), w)
    done(clerk.post("opinion", slot.pk, position="agree"))
    done(desk.post("session_cancel", session.public_id, reason="停电"))
    assert not session.invitations.filter(ended_at=None).exists()
    again = call(w, desk)
    slot.refresh_from_db()
    assert slot.agenda.session == again
    assert slot.opinion.position == Position.AGREE


def test_short_notice_is_refused_and_keeps_what_was_typed(w, people):
    desk = Page(people.convenor, w)
    page = desk.post(
        "call",
        query="?kind=meeting",
        filings=[w.filing.pk],
        opens_at=timezone.localtime(w.now).strftime("%Y-%m-%dT%H:%M"),
        place="示例会议室",
    )
    assert page.status_code == 422
    assert "最早可在" in text(page)
    assert "示例会议室" in text(page)
    assert desk.post("call", query="?kind=meeting").status_code == 422


def test_survey_is_called_or_skipped_and_goes_on_at_its_close(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTED)
    desk = Page(people.convenor, w)
    assert desk.get("call_case", w.filing.public_id).url.endswith(
        f"kind=survey&case={w.filing.public_id}"
    )
    session = call(w, desk, "survey")
    w.acknowledge(session)
    w.open(session)
    for slot in w.open_slots(session):
        clerk = Page(people.department(slot.department.code), w)
        done(clerk.post("opinions", w.filing.public_id))
    assert w.filing.stage == Stage.SURVEYING
    item = session.agenda.get()
    done(desk.post("item_open", item.pk))
    done(desk.post("item_close", item.pk))
    assert w.filing.stage == Stage.PREREVIEWING
    assert desk.post("conclude", item.pk, conclusion="pass").status_code == 409
    other = walk(people, w.now, to=Stage.ACCEPTED)
    page = Page(people.convenor, other)
    assert page.post("skip_survey", other.filing.public_id, reason="").status_code == 422
    done(page.post("skip_survey", other.filing.public_id, reason="利用现有厂房"))
    assert other.filing.stage == Stage.PREREVIEWING
