"""修改后通过: a change goes back to the department of the item it comes from, and to no other."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from approvals import services
from approvals.models import Change, ChecklistItem
from approvals.rules.changes import item_named
from approvals.stages import Stage
from core import clock
from core.notify.models import Message
from desk.queries.work import waiting_for
from prereview.models import Invitation, Slot
from prereview.stages import Conclusion
from tests.api.programs import Program
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import evidence, refused, sound, told
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
ROWS = "核对企业交来的修改"


def _met(people):
    """The meeting is over, everybody agreed; nothing is concluded yet."""
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.hold(w.meeting)
    w.morning()
    return w


walked, met = standing(_met)


def conclude(w, *lines):
    due = timezone.localdate(w.now) + timedelta(days=20)
    w.conclude(Conclusion.CHANGES, changes=list(lines), changes_due=due)


@pytest.fixture
def w(met):
    """Passed with one change for C05 and one that comes from no item."""
    conclude(met, "c05：出入口退让五米", "总说明补一页")
    return met


@pytest.fixture
def mine(w):
    return w.filing.changes.get(item__code="C05")


@pytest.fixture
def owner(w, mine, people):
    return people.department(mine.item.department.code)


@pytest.fixture
def other(w, mine, people):
    """Somebody of a department that was asked about another item of the same project."""
    item = ChecklistItem.objects.filter(filing=w.filing).exclude(department=mine.item.department_id)
    return people.department(item.first().department.code)


def hand_in(w, change, **what):
    return w.do(
        services.hand_in_change, change, by=w.enterprise, **(what or {"text": "已退让，见总图"})
    )


def rows(w, person):
    return [row.title for row in waiting_for(person, w.now)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("C05：退让五米", ("C05", "退让五米")),
        ("c05: 退让五米", ("C05", "退让五米")),
        ("C05 退让五米", ("C05", "退让五米")),
        ("C05、退让五米", ("C05", "退让五米")),
        ("退让五米", ("", "退让五米")),
        ("G20 国道一侧退让", ("", "G20 国道一侧退让")),
        ("C05", ("", "C05")),
        ("C055退让", ("", "C055退让")),
    ],
)
def test_a_line_names_an_item_by_its_code(line, found):
    assert item_named(line, {"C05", "R04"}) == found


@pytest.mark.parametrize("line", ["C99：改线", "长" * 301, "C05：" + "长" * 301])
def test_a_code_that_is_not_on_the_list_or_a_line_too_long_is_refused(met, line):
    with refused(error=ValidationError):
        conclude(met, line)
    assert met.filing.stage == Stage.PREREVIEWING


def test_only_the_department_of_the_item_is_asked(w, mine, owner, other, people):
    asked = (Slot.objects.count(), Invitation.objects.count())
    content = w.filing.minutes.content["agenda"][0]["changes"]
    assert content[0]["text"].startswith("C05 ")
    assert content[0]["department"]
    assert set(content[1]) == {"text", "due_text"}
    assert "交来预审要求的修改" in rows(w, w.enterprise)
    assert ROWS not in rows(w, owner)
    before = Message.objects.filter(to=other).count()

    hand_in(w, mine)

    assert (Slot.objects.count(), Invitation.objects.count()) == asked
    assert told(owner, "请核对：出入口退让五米") != []
    assert Message.objects.filter(to=other).count() == before
    assert told(people.window, "请核对") == []
    assert ROWS in rows(w, owner)
    assert ROWS not in rows(w, other) + rows(w, people.window)
    [missing] = [one for one in w.filing.gate_missing() if one["subject"] == mine.text]
    assert missing["whose"] == mine.checked_by
    assert evidence(w.filing.book, "hand_in_change")["item"] == "C05"


def test_not_yet_with_a_reason_and_then_done_once(w, mine, owner, other, people):
    with refused("还没有交来"):
        w.do(services.finish_change, mine, note="看过", by=owner)
    with refused("还没有交来"):
        w.do(services.return_change, mine, reason="不对", by=owner)
    with refused("请写明改了什么", error=ValidationError):
        hand_in(w, mine, text="  ")
    for stranger in (owner, people.window):
        with refused(error=PermissionDenied):
            w.do(services.hand_in_change, mine, text="x", by=stranger)
    hand_in(w, mine, upload=pdf())
    with refused("正在核对"):
        hand_in(w, mine)
    for stranger in (other, people.window, people.convenor, w.enterprise):
        with refused(error=PermissionDenied):
            w.do(services.finish_change, mine, note="x", by=stranger)
        with refused(error=PermissionDenied):
            w.do(services.return_change, mine, reason="x", by=stranger)

    w.do(services.return_change, mine, reason="只退了三米", by=owner)
    assert told(w.enterprise, "只退了三米") != []
    assert "交来预审要求的修改" in rows(w, w.enterprise)
    assert ROWS not in rows(w, owner)

    hand_in(w, mine)
    w.do(services.finish_change, mine, note="总图已核", by=owner)
    with refused("已经核对完成"):
        w.do(services.finish_change, mine, note="再核", by=owner)
    with refused("已经核对完成"):
        hand_in(w, mine)
    assert w.filing.book.entries.filter(act="finish_change").count() == 1
    assert mine.text not in [one["subject"] for one in w.filing.gate_missing()]
    assert "总说明补一页" in [one["subject"] for one in w.filing.gate_missing()]
    assert sound()


def test_what_comes_from_no_item_stays_the_windows(w, owner, people):
    general = w.filing.changes.get(item=None)
    hand_in(w, general)
    assert told(people.window, "请核对：总说明补一页") != []
    assert told(owner, "请核对") == []
    assert ROWS in rows(w, people.window)
    with refused(error=PermissionDenied):
        w.do(services.finish_change, general, note="x", by=owner)
    w.do(services.finish_change, general, note="已补", by=people.window)
    assert Change.objects.get(pk=general.pk).done_at is not None


def test_an_ended_case_asks_nobody(w, mine, owner):
    hand_in(w, mine)
    w.do(services.withdraw, w.filing, reason="不建了", by=w.enterprise)
    with refused("已经终结"):
        w.do(services.finish_change, mine, note="x", by=owner)
    with refused("已经终结"):
        w.do(services.return_change, mine, reason="x", by=owner)
    assert ROWS not in rows(w, owner)


def test_by_page(w, mine, owner, other, people):
    case = w.filing.public_id
    page = Browser(w.enterprise, w.minutes())
    assert "交来修改" in text(page.get("gate", case))
    assert page.post("hand_in_change", case, mine.pk, text="").status_code == 422
    assert page.post("hand_in_change", case, mine.pk, text="已退让").status_code == 302
    assert Browser(other, w.minutes()).post("finish_change", case, mine.pk).status_code == 403
    assert Browser(people.window, w.now).post("finish_change", case, mine.pk).status_code == 403
    desk = Browser(owner, w.minutes())
    assert "已退让" in text(desk.get("finish_change", case, mine.pk))
    assert desk.post("return_change", case, mine.pk, reason="缺图").status_code == 302
    assert "缺图" in text(page.get("gate", case))
    assert page.post("hand_in_change", case, mine.pk, upload=pdf()).status_code == 302
    assert desk.post("finish_change", case, mine.pk, note="已核").status_code == 302
    assert desk.post("finish_change", case, mine.pk, note="已核").status_code == 409
    assert Change.objects.get(pk=mine.pk).note == "已核"


def test_by_program(w, mine, owner, other, client):
    with clock.driven(w.minutes()):
        enterprise, desk = Program(client, w.enterprise), Program(client, owner)
        address = f"changes/{mine.pk}/"
        assert desk.post(f"{address}hand-in/", {"text": "x"}).status_code == 403
        assert enterprise.post(f"{address}hand-in/", {"text": "已退让"}).status_code == 200
        assert Program(client, other).post(f"{address}finish/", {"note": "x"}).status_code == 403
        assert desk.post(f"{address}return/", {"reason": "缺图"}).status_code == 200
        assert desk.post(f"{address}finish/", {"note": "x"}).status_code == 409
        shown = enterprise.post(f"{address}hand-in/", {"upload": pdf()}, files=True).json()
        assert (shown["item"], shown["returned_because"]) == ("C05", "")
        assert desk.post(f"{address}finish/", {"note": "已核"}).json()["note"] == "已核"
