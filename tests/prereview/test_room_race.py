"""Two convenors take the same room for the same hour at once: one has it, the other is told by whom."""

from approvals.stages import Stage
from core import clock
from core.steps.reasons import NotNow
from prereview import services as sessions
from prereview.models import RoomHour, Session
from prereview.stages import SessionKind
from tests.conftest import everybody, instant
from tests.core.threads import at_once, shared_database
from tests.walk import walk


def test_one_room_at_once(transactional_db, tmp_path):
    people = everybody()
    start = instant("2018-04-11 09:00")
    ways = [walk(people, start, to=Stage.ACCEPTED, project_name=f"示例{n}号项目") for n in (1, 2)]
    now = instant("2018-04-16 09:00")

    def call(filing):
        with clock.driven(now):
            return sessions.call_session(
                kind=SessionKind.SURVEY, filings=[filing], opens_at=instant("2018-04-18 09:00"), room="R201",
                by=people.convenor, at=now,
            ).number  # fmt: skip

    with shared_database(tmp_path):
        filings = [way.filing for way in ways]
        done = at_once(*[lambda f=filing: call(f) for filing in filings])
        (kept,) = at_once(
            lambda: (
                list(Session.objects.values_list("number", flat=True)),
                set(RoomHour.objects.values_list("session__number", flat=True)),
            )
        )
    refusals = [one for one in done if isinstance(one, NotNow)]
    called = [one for one in done if isinstance(one, str)]
    assert (len(called), len(refusals)) == (1, 1), done
    assert "已被" in str(refusals[0].reasons)
    assert kept == (called, set(called))
