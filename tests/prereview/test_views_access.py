"""Who finds which page of a session, that reading writes nothing, and what the lists cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.stages import Stage
from core.ledger.models import Entry
from core.steps.offers import offered
from prereview import urls
from prereview.models import DayAway, Question, SecondVisit
from tests.prereview.page import Page
from tests.share import mine, turns
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    return w


def _addresses(w):
    summons, slot = w.meeting.invitations.first(), w.open_slots(w.meeting)[0]
    ids = {"summons": summons.pk, "agenda": w.meeting.agenda.get().pk, "opinions": slot.pk,
           "dispatches": w.filing.dispatches.get(department=summons.department).pk}  # fmt: skip
    clerk = w.people.department(summons.department.code)
    said = {"asked_by": clerk, "asked_at": w.now}
    ids["questions"] = Question.objects.create(invitation=summons, text="示例", **said).pk
    ids["sessions"] = DayAway.objects.create(
        department=clerk.organisation, day=w.now.date(), reason="示例", entered_by=clerk, entered_at=w.now
    ).pk  # fmt: skip
    ids["second-visits"] = SecondVisit.objects.create(
        agenda=w.survey.agenda.get(), department=clerk.organisation, reason="示例", **said
    ).pk
    names = {"sessions": w.meeting.public_id, "cases": w.filing.public_id}
    for pattern in urls.urlpatterns:
        if pattern.name in ("pulse", "read_feed") or str(pattern.pattern).startswith("actions/<"):
            continue  # nobody's, and of a meeting that was held: tests/prereview/test_views_room.py
        first = str(pattern.pattern).split("/")[0]
        if first in ("mandates", "aways", "recusals", "parts") and "<" in str(pattern.pattern):
            continue  # a department's own, of no case: tests/stories/test_standing_in.py
        if "<int:pk>" in str(pattern.pattern):
            yield pattern.name, [ids[first]]
        elif "<slug:public_id>" in str(pattern.pattern):
            yield pattern.name, [names[first]]
        else:
            yield pattern.name, []


def test_reading_writes_nothing_and_strangers_find_nothing(w, people):
    summons = w.meeting.invitations.first()
    inside = [
        people.convenor,
        people.window,
        people.supervisor,
        people.administrator,
        people.enterprise,
        people.department(summons.department.code),
    ]
    entries = Entry.objects.count()
    for name, args in _addresses(w):
        for person in inside:
            if not mine(name, person.role) or not turns(name, person.role, of=2):
                continue
            assert Page(person, w).get(name, *args).status_code in (200, 302, 403, 404), name
        stranger = Page(people.other_enterprise, w).get(name, *args).status_code
        assert stranger == (404 if args else stranger), name
        assert Page(None, w).get(name, *args).status_code == 302, name
    assert Entry.objects.count() == entries


def test_a_department_finds_only_its_own(w, people):
    one, other = w.meeting.invitations.all()[:2]
    clerk = Page(people.department(one.department.code), w)
    assert clerk.post("acknowledge", other.pk).status_code == 404
    theirs = next(s for s in w.open_slots(w.meeting) if s.department_id == other.department_id)
    assert clerk.get("opinion", theirs.pk).status_code == 404
    assert Page(people.window, w).post("opinion", theirs.pk, position="agree").status_code == 403
    assert clerk.post("session_open", w.meeting.public_id).status_code == 403
    assert clerk.get("call").status_code == 403
    assert Page(people.supervisor, w).post("session_open", w.meeting.public_id).status_code == 403


def _queries(page, name, *args):
    page.get(name, *args)
    with CaptureQueriesContext(connection) as seen:
        assert page.get(name, *args).status_code == 200
    return len(seen)


def test_the_list_and_the_session_cost_the_same_with_more_rows(w, people):
    page = Page(people.convenor, w)
    one = _queries(page, "list")
    for _n in range(2):
        more = walk(people, w.now, to=Stage.PREREVIEWING)
        more.call_meeting()
    assert _queries(page, "list") == one
    assert one <= 15
    few = _queries(page, "session", w.meeting.public_id)
    assert few <= 15
    matrix = _queries(page, "matrix", w.filing.public_id)
    assert matrix <= 15
    clerk = Page(people.department(w.meeting.invitations.first().department.code), w)
    assert _queries(clerk, "session", w.meeting.public_id) <= 18


def test_a_case_offers_each_their_own(w, people):
    def names(by):
        return {o.name for o in offered(w.filing, by)}

    clerk = people.department(w.meeting.invitations.first().department.code)
    assert {"conclude", "case_session", "matrix"} <= names(people.convenor)
    assert "call_meeting" not in names(people.convenor)
    assert {"opinions", "case_session", "matrix"} <= names(clerk)
    assert "case_session" not in names(people.enterprise)
    assert "matrix" in names(people.enterprise)
    conclude = next(o for o in offered(w.filing, people.convenor) if o.name == "conclude")
    assert not conclude.allowed
    opinions = next(o for o in offered(w.filing, clerk) if o.name == "opinions")
    assert "不视为同意" in opinions.silence
