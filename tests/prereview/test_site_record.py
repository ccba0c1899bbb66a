"""From the site to the record: conflicts, the close, the paper, a second visit; and that no order matters."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Organisation
from approvals.stages import Stage
from core import clock
from core.deadlines.services import local
from core.documents.models import Paper
from core.notify.models import Message
from core.steps.reasons import NotNow
from desk.queries.work.others import department
from desk.queries.work.rows import Seen
from prereview import services
from prereview.models import SecondVisit, SurveyQuestion
from prereview.queries import earliest_opening
from prereview.queries.standing import standing_of
from prereview.queries.visit import Visit
from prereview.services.summons import AGAIN
from prereview.services.survey_record import _content
from prereview.stages import Duty
from public_notice.queries import in_numbers
from tests.conftest import instant
from tests.prereview.onsite import Device, jpeg, running
from tests.prereview.page import Page
from tests.prereview.test_site_entries import part, refused
from tests.standing import standing

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: running(people, instant("2018-03-05 09:00"), absent=("QXJ",)))


def devices(w, people):
    """The telephones of the construction and the land department, and the convenor's."""
    return (
        Device(w, people.department("ZJJ")), Device(w, people.department("ZRJ")), Device(w, people.convenor),
    )  # fmt: skip


def closed(w):
    """The item is closed."""
    with clock.driven(w.now):
        return services.close_item(w.stop, by=w.people.convenor, at=w.now)


def test_a_conflict_is_marked_and_settled_with_reasons_before_the_close(w, people):
    zjj, zrj, convenor = devices(w, people)
    zjj.finds(), zrj.finds(result="problem", text="北侧界址有出入")
    (one,) = Visit(w.stop, w.now).unsettled
    assert one.topic == "site"
    refused(NotNow, "记录不一致", lambda: closed(w))
    refused(PermissionDenied, None, lambda: zjj.settles("site", "problem"))
    refused(ValidationError, "理由", lambda: convenor.settles("site", "problem", " "))
    refused(NotNow, "没有待裁定", lambda: convenor.settles("boundary", "problem"))
    convenor.settles("site", "problem", "现场复量，北侧差两米")
    refused(NotNow, "没有待裁定", lambda: convenor.settles("site", "fine"))
    assert not Visit(w.stop, w.now).unsettled
    w.minutes(1)
    zjj.finds(result="supplement", text="补测界址")
    assert not Visit(w.stop, w.now).conflicts, "the findings no longer contradict one another"
    w.minutes(1)
    zjj.finds()
    assert Visit(w.stop, w.now).unsettled, "a word on other findings is no word on these"
    convenor.settles("site", "problem")
    closed(w)
    refused(NotNow, "没有待裁定", lambda: convenor.settles("site", "fine"))


def test_one_record_says_all_of_it(w, people):
    zjj, zrj, convenor = devices(w, people)
    zjj.two()
    found = [zjj.finds(), zjj.finds("terrain", "supplement", "坡脚须护坡"), zjj.shoots(jpeg())]
    zjj.signs(*found)
    zrj.finds(result="problem", text="北侧界址有出入")
    convenor.settles("site", "problem", "现场复量")
    w.close(w.survey)
    zjj.finds("other", "problem", "回来以后想到的")
    w.opinions(w.survey, silent=("QXJ",))
    w.past(w.slot("QXJ").due_at)
    w.morning(3)
    paper = Paper.objects.get(book=w.filing.book, kind="DOC10")
    said = paper.content

    points = {one["name"]: one for one in said["points"]}
    site = points["拟建位置与申报材料是否一致？"]
    assert {(one["department"], one["result"]) for one in site["lines"]} == {
        ("住房保障和城乡建设管理局", "无问题"), ("国土资源局", "有问题"),
    }  # fmt: skip
    assert "裁定按“有问题”记录" in site["conflict"]
    assert "现场复量" in site["conflict"]
    assert points["还有什么需要说明的情况？"]["lines"] == [], "it came after the close"
    assert sorted(one["card"] for one in said["persons"]) == ["示例001", "示例002"]
    (photo,) = said["photos"]
    assert photo["digest_front"] + photo["digest_back"] == found[2].sha256
    assert [
        line for line in said["absent"] if line.startswith("气象局") and "不得要求再次勘察" in line
    ]
    states = {one["department"]: one["state"] for one in said["signatures"]}
    assert "签字" in states["住房保障和城乡建设管理局"]
    assert states["国土资源局"] == "未签字"
    w.filing.refresh_from_db()
    assert w.filing.stage == Stage.PREREVIEWING


def visited(w):
    """The survey is over, its record issued."""
    w.close(w.survey)
    w.opinions(w.survey, silent=("QXJ",))
    w.past(w.slot("QXJ").due_at)
    w.morning(3)


def asks(w, by, reason="当天积雪，看不到界桩"):
    with clock.driven(w.now):
        return services.ask_second_visit(w.stop, reason=reason, by=by, at=w.now)


def decides(w, request, **said):
    with clock.driven(w.now):
        return services.decide_second_visit(request, by=w.people.convenor, at=w.now, **said)


def numbers(w):
    """What the public reads of second visits: asked for, granted, refused."""
    year = in_numbers(w.now)
    return year.visits_asked, year.visits_granted, year.visits_refused


def test_a_second_visit_wants_a_reason_and_is_counted(w, people):
    land, weather = people.department("ZRJ"), people.department("QXJ")
    refused(NotNow, "还没有结束", lambda: asks(w, land))
    visited(w)
    refused(NotNow, "缺席的部门不得要求再次勘察", lambda: asks(w, weather))
    refused(PermissionDenied, None, lambda: asks(w, people.department("WLJ")))
    refused(ValidationError, "理由", lambda: asks(w, land, " "))
    request = asks(w, land)
    refused(NotNow, "已经申请", lambda: asks(w, land))
    refused(ValidationError, "决定的理由", lambda: decides(w, request, granted=False, decision=""))
    with pytest.raises(PermissionDenied), transaction.atomic():
        services.decide_second_visit(request, granted=False, decision="不必", by=land, at=w.now)
    decides(w, request, granted=False, decision="照片已能说明")
    refused(NotNow, "已经决定", lambda: decides(w, request, granted=True, decision="改"))

    assert numbers(w) == (1, 0, 1)


def test_a_granted_second_visit_is_one_departments_and_holds_nothing_up(w, people):
    visited(w)
    request = asks(w, people.department("ZRJ"))
    day = earliest_opening("survey", w.now)
    said = {"granted": True, "decision": "确有必要", "place": "现场"}
    refused(ValidationError, "日期", lambda: decides(w, request, **said))
    early = w.now + timedelta(hours=2)
    refused(ValidationError, "最早可在", lambda: decides(w, request, opens_at=early, **said))
    done = decides(w, request, opens_at=local(day, 9), **said)
    again = done.session
    assert list(again.invitations.values_list("department__code", flat=True)) == ["ZRJ"]
    assert not w.filing.slots.filter(agenda__session=again).exists()
    w.acknowledge(again)
    w.open(again)
    w.stop = again.agenda.get()
    land = Device(w, people.department("ZRJ"))
    land.two()
    land.signs(land.finds(result="problem", text="界桩移位"))
    w.close(again)

    papers = Paper.objects.filter(book=w.filing.book, kind="DOC10").order_by("pk")
    assert len(papers) == 2
    assert papers[1].content["points"][0]["lines"][0]["text"] == "界桩移位"
    assert papers[1].content["deemed"] == []
    w.filing.refresh_from_db()
    assert w.filing.stage == Stage.PREREVIEWING
    assert numbers(w) == (1, 1, 0)
    assert SecondVisit.objects.get().state == "granted"


def test_a_second_visit_can_be_called_off_and_the_case_stays_where_it_is(w, people):
    visited(w)
    opens = local(earliest_opening("survey", w.now), 9)
    done = decides(
        w, asks(w, people.department("ZRJ")), granted=True, decision="确有必要", place="现场", opens_at=opens,
    )  # fmt: skip
    with clock.driven(w.now):
        by_day = {"opens_at": opens + timedelta(days=7), "reason": "大雪", "by": people.convenor}
        refused(NotNow, "不能改期", lambda: services.move_session(done.session, at=w.now, **by_day))
        services.cancel_session(done.session, reason="大雪", by=people.convenor, at=w.now)
    w.filing.refresh_from_db()

    assert w.filing.stage == Stage.PREREVIEWING


def test_a_second_visit_looks_at_everything_and_is_one_departments_alone(w, people):
    """A department without a point of its own finds the whole list of the first visit; nobody else is added."""
    first = {one.topic for one in Visit(w.stop, w.now).points}
    SurveyQuestion.objects.filter(department__code="ZRJ").delete()
    visited(w)
    left = {one.topic for one in Visit(w.stop, w.now).points}
    assert left
    assert left < first
    opens = local(earliest_opening("survey", w.now), 9)
    done = decides(
        w, asks(w, people.department("ZRJ")), granted=True, decision="确有必要", place="现场", opens_at=opens,
    )  # fmt: skip
    again = done.session.agenda.get()
    points = Visit(again, w.now).points
    assert {one.topic for one in points} == left
    assert {one.askers for one in points} == {()}
    with clock.driven(w.now):  # who stays out of the case stays out of the visit, too
        land = people.department("ZRJ")
        services.declare_recusal(
            w.slot("ZRJ"), reason="同学", successor=people.head("ZRJ"), by=land, at=w.now
        )
        summons = done.session.invitations.get()
    for who, out in ((land, True), (people.head("ZRJ"), False)):
        assert bool(standing_of(summons, Duty.ATTEND, who, w.now).refusal) is out
    # In a second round of the meeting there has been no visit: it is still the first one that is looked at.
    again.round = again.filing.round + 1
    assert {one.topic for one in Visit(again, w.now).points} == left
    page = Page(people.department("ZRJ"), w).says("session", done.session.public_id)
    assert "不到场不产生默认" in page
    assert "视同无异议" not in page
    land = Organisation.objects.get(code="WLJ")
    with clock.driven(w.now):
        said = {"department": land, "reason": "邻近文物", "agenda": [again], "by": people.convenor}
        refused(
            NotNow, "不能增加部门", lambda: services.add_department(done.session, at=w.now, **said)
        )


def test_who_stays_out_of_the_case_asks_for_no_second_visit(w, people):
    land = people.department("ZRJ")
    w.do(
        services.declare_recusal,
        w.slot("ZRJ"),
        reason="同学",
        successor=people.head("ZRJ"),
        by=land,
    )
    w.close(w.survey)
    w.opinions(w.survey, silent=("QXJ", "ZRJ"))
    w.do(services.give_opinion, w.slot("ZRJ"), position="agree", by=people.head("ZRJ"))
    w.past(w.slot("QXJ").due_at)
    w.morning(3)
    refused(PermissionDenied, "已对本件回避", lambda: asks(w, land))
    assert asks(w, people.head("ZRJ")).asked_by == people.head("ZRJ")


def test_who_contests_the_roll_is_not_called_absent_meanwhile(w, people):
    w.close(w.survey)
    weather = people.department("QXJ")
    refused(NotNow, "缺席的部门不得要求", lambda: asks(w, weather))
    summons = w.survey.invitations.get(department__code="QXJ")
    w.do(services.contest_roll, summons, text="九时已在现场", by=people.head("QXJ"))
    refused(NotNow, "尚未办结", lambda: asks(w, weather))
    said = {"upheld": True, "reason": "照片可证", "by": people.supervisor}
    w.do(services.decide_roll_contest, summons, **said)
    refused(NotNow, "尚未办结", lambda: asks(w, weather))
    (line,) = survey_content(w, "QXJ")
    assert line == "未到场（异议成立，不以缺席论）"


def survey_content(w, code):
    """What the record of the survey would say of where a department was, and whether it names it absent."""
    agenda = w.survey.agenda.get()
    said = _content(agenda, [], w.now)
    name = w.survey.invitations.get(department__code=code).department.name
    assert not [line for line in said["absent"] if line.startswith(name)]
    return [one["attendance"] for one in said["departments"] if one["department"] == name]


def test_nobody_is_absent_from_a_second_visit(w, people):
    visited(w)
    land = people.department("ZRJ")
    opens = local(earliest_opening("survey", w.now), 9)
    again = decides(
        w, asks(w, land), granted=True, decision="确有必要", place="现场", opens_at=opens
    ).session
    assert Message.objects.filter(to=land, body=str(AGAIN)).exists()
    (row,) = department(Seen(land, w.now, None))
    assert "不到场不产生默认" in row.silence
    w.acknowledge(again)
    w.open(again, absent=["ZRJ"])
    w.close(again)
    said = Paper.objects.filter(book=w.filing.book, kind="DOC10").latest("pk").content
    assert said["absent"] == []
    assert said["departments"][0]["attendance"].startswith("未到场")
    assert again.roll_copy.paper.content["roll"][0]["found"] == "未到场"


# — any order, any repetition —————————————————————————————————————————————————————


def outcome(w):
    """What a visit has come to, without the moments of arrival."""
    visit = Visit(w.stop, w.now)
    return (
        sorted((topic, owner, str(one.uid)) for (topic, owner), one in visit.stand.items()),
        sorted(tuple(sorted(clash.uids)) for clash in visit.unsettled),
        [(p.department.code, p.people, sorted(p.entries), sorted(p.unsigned)) for p in visit.parts],
    )  # fmt: skip


def entries(w, devices):
    """What two telephones hold after an hour without a network: each a name, a time, and an act to send."""
    held = []
    for number, one in enumerate(devices):
        for minute, (topic, result) in enumerate(
            [("site", "fine"), ("site", "problem"), ("terrain", ("fine", "supplement")[number])]
        ):
            mark = one.mark(made=w.now - timedelta(minutes=20 - minute))
            held.append((one.finds, (topic, result, "写明"), mark))
        held += [(one.comes, (f"勘察示例{a}", f"示例{a}{number}"), one.mark()) for a in "甲乙"]
        own = [mark.uid for act, _said, mark in held if act == one.finds]
        held.append((one.signs, own, one.mark()))
    return held


def sent(held, order, seed):
    """Send in some order, some twice; what is refused for now waits and is sent again, as the device does."""
    waiting = [*order, *seed.sample(order, len(order) // 2)]
    while waiting:
        left = []
        for number in waiting:
            act, said, mark = held[number]
            try:
                with transaction.atomic():
                    act(*said, mark=mark)
            except NotNow:
                left.append(number)
        assert len(left) < len(waiting), "nothing goes on"
        waiting = left


def test_any_order_and_repetition_of_sending_gives_the_same_record(w, people):
    seed = random.Random(20180305)
    held = entries(w, devices(w, people)[:2])
    found = set()
    for _time in range(4):
        order = list(range(len(held)))
        seed.shuffle(order)
        with transaction.atomic():
            sent(held, order, seed)
            found.add(repr(outcome(w)))
            transaction.set_rollback(True)
    assert len(found) == 1
    sent(held, range(len(held)), seed)
    assert {repr(outcome(w))} == found
    assert part(w, "ZJJ").signed
