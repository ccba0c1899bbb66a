"""The supervisor's desk: what is late, in net working days, by department; narrowed, as a file, and for programs."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.deadlines.counting import KEPT, Interruptions
from core.deadlines.models import Suspension
from core.deadlines.queries import calendar_at, ends
from core.deadlines.rules import StopKind
from desk.queries.delays import delays, net_days
from desk.services.reminders import remind
from tests.api.programs import Program
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
BEGIN = instant("2018-09-03 09:00")

walked, late_notice = standing(lambda people: walk(people, BEGIN, to=Stage.COMMITTED))


def late(w, days):
    """Let working days pass beyond the two that the window has for the notice; make each day's round."""
    w.morning(2 + days)
    with clock.driven(w.now):
        remind(w.now)
        return delays(w.now)


def test_a_delay_is_counted_in_net_working_days_over_a_holiday(late_notice):
    w = late_notice
    limit = w.filing.limits.get(rule="P35", ended_at=None)
    row = next(row for row in late(w, 5) if row["rule"] == "P35")

    assert (row["used"], row["days_late"]) == (7, 5)
    assert (row["rung"], row["departments"][0].code) == ("leadership", "SPJ")
    calendar = calendar_at(w.now)
    # Over the National Day holiday nothing is added: 1 to 7 October are off, the weekend before is worked.
    before, after = instant("2018-09-30 20:00"), instant("2018-10-07 20:00")
    assert net_days(limit, before, calendar) == net_days(limit, after, calendar)
    # Before the end nothing is late, and the first day is not counted.
    assert net_days(limit, limit.begun_at, calendar) == (0, 0)
    # What comes at 24:00 comes on the day that ends: on the last one all days are used, and none is late.
    assert net_days(limit, limit.due_at, calendar) == (limit.length, 0)
    assert net_days(limit, instant("2018-09-04 00:00"), calendar) == (0, 0)


def test_days_on_which_the_clock_stood_are_nobodys(late_notice, people):
    """Five days from Monday, 10 September; the clock stands from Tuesday to Thursday, so the 12th and 13th are out."""
    limit = late_notice.filing.limits.get(rule="P35", ended_at=None)
    stop = Suspension(
        kind=StopKind.values[0], since=instant("2018-09-11 10:00"), until=instant("2018-09-13 10:00"),
        by=people.window,
    )  # fmt: skip
    limit.started_at, limit.length, limit.interrupted = instant("2018-09-10 09:00"), 5, True
    limit.__dict__[KEPT] = Interruptions((stop,))
    calendar = calendar_at(limit.started_at)
    limit.due_at = ends(limit, calendar)
    assert limit.due_at == instant("2018-09-20 00:00")

    assert net_days(limit, instant("2018-09-13 20:00"), calendar) == (1, 0)
    assert net_days(limit, instant("2018-09-17 20:00"), calendar) == (3, 0)
    assert net_days(limit, instant("2018-09-21 20:00"), calendar) == (7, 2)


def test_the_page_is_narrowed_by_a_fixed_number_of_queries(client, people, late_notice):
    w = late_notice
    late(w, 3)
    client.force_login(people.supervisor.user)
    address = reverse("desk:supervision")

    def page(query=""):
        with clock.driven(w.now), CaptureQueriesContext(connection) as seen:
            text = client.get(address + query).content.decode()
            return text, len(seen)

    whole, one = page()
    assert "发布承诺公示" in whole
    assert "牵头单位" in whole
    assert "没有逾期未办的时限" not in page("?department=SPJ&rung=lead")[0]
    for none in ("?department=ZJJ", "?rule=P1", "?rung=leadership", "?department=nothing"):
        assert "没有逾期未办的时限" in page(none)[0]
    # Three late cases cost what one costs.
    for number in (2, 3):
        code = f"2018-140722-13-03-00000{number}"
        other = walk(people, BEGIN, to=Stage.COMMITTED, project_code=code)
        other.until(w.now)
    assert page()[1] == one <= 40


def test_what_is_late_is_a_file_without_formulas(client, people, late_notice):
    w = late_notice
    late(w, 3)
    type(w.filing).objects.filter(pk=w.pk).update(project_name="=HYPERLINK(1)")
    address = reverse("desk:export_supervision")
    with clock.driven(w.now):
        client.force_login(people.window.user)
        assert client.get(address).status_code == 403
        client.force_login(people.supervisor.user)
        answer = client.get(f"{address}?rule=P35")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert len(rows) == 2
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][9:] == ["5", "3", "牵头单位"]


def test_a_program_reads_the_same(client, people, late_notice):
    w = late_notice
    late(w, 3)
    with clock.driven(w.now):
        program = Program(client, people.supervisor)
        row = program.get("supervision/?rule=P35").json()["late"][0]
        assert program.get("supervision/?rule=P1").json()["late"] == []
        bodies = program.get("supervision/").json()["departments"]

    assert (row["working_days_used"], row["working_days_late"], row["rung"]) == (5, 3, "lead")
    assert row["departments"][0]["code"] == "SPJ"
    by_code = {body["department"]["code"]: body for body in bodies}
    assert by_code["SPJ"]["late"] >= 1
    assert by_code["SPJ"]["working_days_late"] >= 3
    # Everybody spoke on the day of the session or the next: what an opinion took is known for each.
    assert all(by_code[code]["average_working_days"] is not None for code in ("ZJJ", "QXJ", "ZRJ"))
