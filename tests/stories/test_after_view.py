"""After a session: each department its own row, those who watch all of them; approvals stay owed whatever was said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Approval, Stage
from core import clock
from tests.api.programs import Program
from tests.approvals.browse import text
from tests.conftest import instant as at
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _closed(people):
    """Wednesday the 13th: QXJ stayed away, SLJ was there and silent; all others spoke."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.hold(w.meeting, absent=["QXJ"], silent=["ZJJ"])
    return w


walked, w = standing(_closed)


def read(client, w, by):
    with clock.driven(w.now):
        return Program(client, by, days=60).get(f"sessions/{w.meeting.public_id}/after/")


def test_programs_read_what_pages_show(client, w, people):
    found = read(client, w, people.supervisor).json()
    presence = {row["department"]["code"]: row["presence"] for row in found["roll"]}
    assert (presence["QXJ"], presence["ZJJ"]) == ("absent", "present")
    said = {
        row["department"]["code"]: {one["said"] for one in row["items"]} for row in found["roll"]
    }
    assert said["ZJJ"] == {"silent"}
    assert found["copy"]["number"]
    assert {one["approval"] for one in found["approvals"]} == {"owed"}


def test_a_department_reads_its_own_row_and_gets_its_own_copy(client, w, people):
    found = read(client, w, people.department("QXJ")).json()
    assert [row["department"]["code"] for row in found["roll"]] == ["QXJ"]
    assert {one["department"]["code"] for one in found["approvals"]} <= {"QXJ"}
    assert read(client, w, people.enterprise).status_code == 404


def test_deemed_or_not_the_approval_is_owed(client, w, people):
    owed = set(w.filing.items.filter(approval=Approval.OWED).values_list("code", flat=True))
    w.until(at("2018-06-26 09:00"))
    found = read(client, w, people.supervisor).json()
    said = {
        row["department"]["code"]: {one["said"] for one in row["items"]} for row in found["roll"]
    }
    assert said["QXJ"] == {"defaulted"}
    assert {one["code"] for one in found["approvals"] if one["approval"] == "owed"} == owed


def test_the_page_of_the_supervisor_needs_a_fixed_number_of_queries(client, w, people):
    url = reverse("prereview:after", args=[w.meeting.public_id])
    counted = []
    for by in (people.supervisor, people.head("QXJ")):
        client.force_login(by.user)
        with clock.driven(w.now), CaptureQueriesContext(connection) as made:
            assert client.get(url).status_code == 200
        counted.append(len(made))
    assert counted[0] <= counted[1] + 2  # all rows of the roll cost no more than one
    assert max(counted) < 40


def test_the_page_says_what_it_came_to_and_until_when_it_may_be_contested(client, w, people):
    url = reverse("prereview:after", args=[w.meeting.public_id])
    client.force_login(people.head("QXJ").user)
    with clock.driven(w.now):
        shown = text(client.get(url))
    assert "缺席" in shown
    assert "6月19日" in shown
    assert "对到会记录提出异议" in shown
    client.force_login(people.supervisor.user)
    with clock.driven(w.now):
        whole = text(client.get(url))
    assert "准假" in whole  # asked of every session, though there was none
    assert "请假待决定" not in whole
