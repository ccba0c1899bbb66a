"""Who left only on paper is put back by two persons; what waits for whom is said on the desk."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.stages import Role
from core.ledger.models import Entry
from desk.queries.work import waiting_for
from prereview import services
from prereview.models import SecondVisit
from prereview.services.putting_back import why_not_back
from tests.conftest import instant
from tests.prereview.meeting import Meeting
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused, told

pytestmark = pytest.mark.django_db


def _met(people):
    return Meeting(people, instant("2018-03-05 09:00"), filings=2).call().open().come()


walked, room = standing(_met)
WHY = "点错了一行，该部门一直在会场"


@pytest.fixture
def code(room):
    return next(iter(room.departments()))


@pytest.fixture
def gone(room, people, code):
    """One department is written down as gone."""
    return room.do(services.leave, room.summons(code), by=people.convenor)


def back(room, code, by, reason=WHY):
    return room.do(services.put_back, room.summons(code), reason=reason, by=by)


def test_one_writes_why_and_the_other_confirms(room, people, code, gone):
    left = gone.left_at
    back(room, code, people.convenor)
    assert room.summons(code).left_at == left
    with refused("不能自己确认"):
        back(room, code, people.convenor)
    assert [r.title for r in waiting_for(room.recorder, room.now) if "误登记" in r.title]
    assert not [r for r in waiting_for(people.convenor, room.now) if "误登记" in r.title]

    back(room, code, room.recorder)

    found = room.summons(code)
    assert (found.left_at, found.back_asked_by, found.back_reason) == (None, None, "")
    entry = Entry.objects.get(book=room.session.book, act="put_back")
    assert WHY in entry.payload
    assert '"left_at"' in entry.payload
    assert told(people.department(code), "已更正为在场")
    with refused("没有登记离开"):
        back(room, code, people.convenor)


def test_nobody_else_and_never_without_a_reason(room, people, code, gone):
    for by in (people.department(code), people.head(code), people.supervisor, people.enterprise):
        with refused(error=PermissionDenied):
            back(room, code, by)
    with refused(error=ValidationError):
        back(room, code, people.convenor, reason=" ")
    both = Membership.objects.create(
        user=people.convenor.user, organisation=people.window.organisation, role=Role.CONVENOR,
        valid_from=instant("2018-01-01 00:00").date(),
    )  # fmt: skip
    back(room, code, people.convenor)
    with refused("换一个任职也不行"):
        back(room, code, both)


def test_two_convenors_do_not_settle_it_without_the_recorder(room, people, code, gone):
    second = Membership.objects.create(
        user=people.administrator.user, organisation=people.window.organisation, role=Role.CONVENOR,
        valid_from=instant("2018-01-01 00:00").date(),
    )  # fmt: skip
    back(room, code, people.convenor)
    with refused("召集人和记录人中的另一人"):
        back(room, code, second)
    assert not [r for r in waiting_for(second, room.now) if "误登记" in r.title]
    assert room.summons(code).left_at == gone.left_at
    # Another recorder has not been asked yet: it begins anew.
    another = Membership.objects.create(
        user=people.supervisor.user, organisation=people.window.organisation, role=Role.WINDOW,
        valid_from=instant("2018-01-01 00:00").date(),
    )  # fmt: skip
    given = {"recorder": another, "reason": "调离", "by": people.convenor}
    room.do(services.replace_recorder, room.fresh, **given)
    assert room.summons(code).back_asked_by is None
    back(room, code, another)
    back(room, code, second)
    assert room.summons(code).left_at is None


def test_what_was_closed_without_a_department_stays_closed(room, people, code, gone):
    item = room.item(1)
    room.do(services.open_item, item, by=people.convenor)
    room.do(services.close_item, item, by=people.convenor)
    with refused("对到会记录提出异议"):
        back(room, code, people.convenor)


def test_without_a_recorder_nobody_corrects_alone(people):
    alone = Meeting(people, instant("2018-05-07 09:00")).call().open(recorder=False)
    code, clerk = next(iter(alone.departments().items()))
    alone.do(services.check_in, alone.summons(code), by=clerk)
    alone.do(services.leave, alone.summons(code), by=clerk)
    with refused("没有记录人"):
        back(alone, code, people.convenor)


def test_the_page_leads_both_through_it(room, people, code, gone):
    summons = room.summons(code)
    for who in (people.convenor, room.recorder):
        assert "误登记" in Page(who, room).says("put_back", summons.pk)
        assert Page(who, room).post("put_back", summons.pk, reason=WHY).status_code == 302
    assert room.summons(code).left_at is None
    assert why_not_back(room.summons(code), people.convenor)


def test_the_convenor_is_told_what_waits_for_the_recorder(room, people):
    room.agree()
    room.close()
    for item in room.session.agenda.all():
        room.do(
            services.propose_minutes, item, decision=services.Decision("pass"), by=people.convenor
        )
    room.do(services.close_session, room.session, by=people.convenor)
    rows = [r for r in waiting_for(people.convenor, room.now) if room.recorder.user.name in r.title]
    assert len(rows) == 2
    assert all("记录人" in row.title and "/reading/" in row.url for row in rows)
    assert not [r for r in waiting_for(people.convenor, room.now) if r.title == "作出预审结论"]


def test_many_second_visits_go_page_by_page_and_out_as_a_file(room, people, code):
    """Each page begins after a row: what comes in meanwhile is neither skipped nor shown twice."""
    clerk = people.department(code)
    survey = room.ways[0].survey.agenda.get()

    def ask(numbers):
        return SecondVisit.objects.bulk_create(
            SecondVisit(
                agenda=survey, department=clerk.organisation, asked_by=clerk, asked_at=room.now, reason=f"=理由{n:03}",
                state="refused", decided_by=people.convenor, decided_at=room.now, decision="照片已足够",
            )
            for n in numbers
        )  # fmt: skip

    made = ask(range(70))
    desk = Page(clerk, room)
    first = desk.says("second_visits")
    assert "理由069" in first
    assert "理由019" not in first
    oldest = made[20].pk
    assert f"?before={oldest}" in first
    ask(range(70, 75))
    second = desk.get("second_visits", before=oldest).content.decode()
    assert second.count("理由0") == 20
    assert "回到最新" in second
    assert "理由072" in desk.get("second_visits", before="x" * 30).content.decode()
    assert "回到最新" in desk.get("second_visits", before="0").content.decode()

    whole = b"".join(desk.get("export_second_visits", form="csv").streaming_content).decode()
    assert whole.count("照片已足够") == 75
    assert "'=理由000" in whole, "no formula"
    other = next(c for c in room.departments() if c != code)
    theirs = Page(people.department(other), room).get("export_second_visits", form="csv")
    assert "理由" not in b"".join(theirs.streaming_content).decode().replace(
        "申请理由", ""
    ).replace("决定理由", "")
    assert Page(people.enterprise, room).get("export_second_visits").status_code == 403


def test_second_visits_stand_on_a_page(room, people, code):
    clerk = people.department(code)
    survey = room.ways[0].survey.agenda.get()
    costs = []
    for number in range(3):
        SecondVisit.objects.create(
            agenda=survey, department=clerk.organisation, asked_by=clerk, asked_at=room.now,
            reason=f"第{number}次：排水沟没有看到", state="refused", decided_by=people.convenor,
            decided_at=room.now, decision="照片已足够",
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            Page(clerk, room).says("second_visits")
        costs.append(len(asked))
    assert costs[0] == costs[1] == costs[2]
    for who in (clerk, people.convenor, people.supervisor):
        page = Page(who, room).says("second_visits")
        assert page.count("排水沟") == 3
        assert "照片已足够" in page
    other = next(c for c in room.departments() if c != code)
    assert "排水沟" not in Page(people.department(other), room).says("second_visits")
    assert Page(people.enterprise, room).get("second_visits").status_code == 403
    assert (
        reverse("prereview:second_visits")
        in Page(people.convenor, room).get("list").content.decode()
    )
