"""The visits of the supervision plan on the desk: whose they are, until when, and what happens if nobody goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.stages import Stage
from core import clock
from desk.queries.work import waiting_for
from tests.api.programs import Program
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
walked, w = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


def rows(w, person, word="计划检查"):
    with clock.driven(w.now):
        return [row for row in waiting_for(person, w.now) if row.title.startswith(word)]


def rows_of(w, person):
    """Those of one case: whether another stands in the county is nothing to its rows."""
    return [row for row in rows(w, person) if w.filing.public_id in row.url]


def owed(w, code):
    return w.filing.planned_visits.filter(department__code=code, ended_at=None)


def test_nothing_waits_before_the_works_begin_nor_after_they_end(people, at):
    before = walk(people, at(NOW), to=Stage.START_NOTIFIED)
    assert owed(before, "ZJJ").exists()
    assert rows_of(before, people.department("ZJJ")) == []
    before.to(Stage.COMPLETED)
    assert rows_of(before, people.department("ZJJ")) == []


def test_each_department_its_own_with_date_and_silence(w, people):
    for code in ("ZJJ", "QXJ"):
        own = {visit.due_at for visit in owed(w, code)}
        found = rows(w, people.department(code))
        assert {row.due_at for row in found} == own != set()
        assert all("督办" in row.silence and row.due["text"] for row in found)
        assert all(row.url.endswith("/plan/") for row in found)
        assert rows(w, people.head(code))
    for other in (people.enterprise, people.window, people.supervisor, people.convenor):
        assert rows(w, other) == []


def test_overdue_it_is_red_and_stands_with_the_supervisor_until_somebody_goes(w, people):
    clerk, first = people.department("ZJJ"), owed(w, "ZJJ").order_by("due_at").first()
    w.until(first.due_at + timedelta(hours=10))
    late = next(row for row in rows(w, clerk) if row.due_at == first.due_at)
    assert late.due["light"] == "red"
    assert str(w.filing) in "".join(row.sub for row in rows(w, people.supervisor, "督办计划检查"))

    w.check("ZJJ")

    assert rows(w, clerk) == []
    mine = rows(w, people.supervisor, "督办计划检查")
    assert all(row.who != str(clerk.organisation) for row in mine)


def test_the_desk_and_a_program_show_them(w, people, client):
    clerk = people.department("ZJJ")
    page = text(Browser(clerk, w.now).get("desk:home"))
    with clock.driven(w.now):
        told = Program(client, clerk).get("work/").json()["mine"]
    due = {visit.due_at.isoformat() for visit in owed(w, "ZJJ")}

    assert "计划检查：" in page
    mine = [one for one in told if one["title"].startswith("计划检查")]
    assert {instant_of(one["due_at"]) for one in mine} == due
    assert all(one["silence"] and one["light"] and one["page"].endswith("/plan/") for one in mine)


def instant_of(said):
    return datetime.fromisoformat(said).astimezone(UTC).isoformat()


def test_as_many_queries_for_three_cases_as_for_one(w, people):
    clerk = people.department("ZJJ")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            waiting_for(clerk, w.now)
        return len(seen)

    queries()
    one = queries()
    walk(people, instant(NOW), to=Stage.BUILDING, project_name="另一个示例项目")
    assert len(rows(w, clerk)) > owed(w, "ZJJ").count()
    assert queries() == one
