"""日历订阅: a secret address of one's own sessions; wrong or withdrawn it is nothing, and asking for it is slowed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.queries import digest_of
from approvals.stages import Stage
from core import clock
from core.ledger.services import county_book, open_book
from core.steps.models import Answered
from core.steps.reasons import NotNow
from prereview import services
from prereview.models import CalendarFeed, Session
from prereview.queries.feed import to_attend
from prereview.stages import Answer, Duty
from tests.api.programs import Program
from tests.conftest import instant
from tests.prereview.page import Page
from tests.prereview.test_invite import read_back
from tests.prereview.test_site_entries import refused
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


def summoned(people):
    """A case whose survey is called."""
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.ACCEPTED)
    w.call_survey()
    return w


walked, w = standing(summoned)


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


def drawn(w, by):
    """The address that a person draws."""
    return w.do(services.draw_calendar_feed, by=by).address


def read(w, address, *, later=0):
    """What a program without a login finds there."""
    with clock.driven(w.now + timedelta(minutes=later)):
        return Client().get("/calendar-feed/" + address.split("/calendar-feed/")[-1])


def events(answer):
    """The numbers of the sessions in a calendar."""
    assert answer.status_code == 200
    return [str(one["SUMMARY"]) for one in read_back(answer.content.decode())]


def acts():
    return list(county_book().entries.order_by("-sequence").values_list("act", flat=True)[:2])


# — wrong person, wrong address ————————————————————————————————————————————————————


def test_who_goes_to_no_session_has_none_and_nobody_withdraws_anothers(w, people):
    for by in (people.enterprise, people.supervisor, people.administrator):
        refused(PermissionDenied, None, lambda by=by: drawn(w, by))
        assert Page(by, w).get("feed").status_code == 403
        assert Page(by, w).get("withdraw_feed").status_code == 403
    drawn(w, people.department("ZJJ"))
    held, other = CalendarFeed.objects.get(), people.department("ZRJ")
    refused(PermissionDenied, None, lambda: w.do(services.withdraw_calendar_feed, held, by=other))
    assert Page(other, w).get("withdraw_feed").status_code == 404
    assert Page(None, w).get("feed").status_code == 302


def test_a_wrong_address_is_nothing_and_the_eleventh_waits_even_if_it_is_right(w, people):
    right = drawn(w, people.department("ZJJ"))
    for number in range(10):
        answer = read(w, f"{number}{'x' * 42}/sessions.ics")
        assert answer.status_code == 404
        assert answer["Cache-Control"] == "private, no-store"
    refusal = read(w, right)
    assert refusal.status_code == 429
    assert 0 < int(refusal["Retry-After"]) <= 900
    assert refusal["Cache-Control"] == "private, no-store"
    assert read(w, right, later=16).status_code == 200


def test_a_program_that_asks_on_under_an_old_address_shuts_nobody_out(w, people):
    old = drawn(w, people.department("ZJJ"))
    new = drawn(w, people.department("ZJJ"))
    assert {read(w, old).status_code for _time in range(30)} == {404}
    assert read(w, new).status_code == 200


def test_out_of_office_there_is_nothing(w, people):
    clerk = people.department("ZJJ")
    address = drawn(w, clerk)
    clerk.valid_to = w.now.date() - timedelta(days=1)
    clerk.save()
    assert read(w, address).status_code == 404
    clerk.valid_to, clerk.user.is_active = None, False
    clerk.save(), clerk.user.save()
    assert read(w, address).status_code == 404


# — drawn, drawn anew, withdrawn ———————————————————————————————————————————————————


def test_it_is_shown_once_kept_as_a_digest_and_withdrawn_for_good(w, people):
    page = Page(people.department("ZJJ"), w)
    answer = page.post("feed")
    address = answer.context["address"]
    secret = address.split("/")[-2]

    assert address in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = page.says("feed")
    assert secret not in again
    assert "地址有效" in again
    assert CalendarFeed.objects.get().digest == digest_of(secret)
    assert secret not in str(list(CalendarFeed.objects.values()))
    assert acts()[0] == "draw_calendar_feed"
    with clock.driven(w.now):
        asked = Client(enforce_csrf_checks=True).post(f"/calendar-feed/{secret}/sessions.ics")
    assert asked.status_code in (403, 405)
    assert page.post("withdraw_feed").status_code == 302
    assert acts()[0] == "withdraw_calendar_feed"
    assert read(w, address).status_code == 404
    assert page.post("withdraw_feed").status_code == 404
    held = CalendarFeed.objects.get()
    by = people.department("ZJJ")
    refused(NotNow, "已经停用", lambda: w.do(services.withdraw_calendar_feed, held, by=by))


def test_a_program_is_told_it_once_and_no_answer_that_is_kept_holds_it(w, people, client):
    with clock.driven(w.now):
        program = Program(client, people.department("ZJJ"))
        first = program.post("calendar-feeds/", key="k" * 20)
        again = program.post("calendar-feeds/", key="k" * 20)
        address, pk = first.json()["address"], first.json()["id"]
        listed = program.get("calendar-feeds/").json()["results"]

    assert first.status_code == again.status_code == 201
    assert again.json() == {**first.json(), "address": ""}
    assert CalendarFeed.objects.count() == 1
    assert [one["address"] for one in listed] == [""]
    kept = str(list(Answered.objects.values_list("body", flat=True)))
    assert "calendar" not in kept
    assert str(pk) in kept
    assert read(w, address).status_code == 200
    with clock.driven(w.now):
        assert program.post(f"calendar-feeds/{pk}/withdraw/").json()["withdrawn_at"]
        assert program.post(f"calendar-feeds/{pk}/withdraw/").status_code == 409
    assert read(w, address).status_code == 404


# — what stands in it ——————————————————————————————————————————————————————————————


def test_it_holds_what_the_person_attends_or_convenes_and_names_no_project(w, people):
    clerk, convenor = people.department("ZJJ"), people.convenor
    for by, uid in ((clerk, "ZJJ"), (convenor, convenor.organisation.code)):
        answer = read(w, drawn(w, by))
        assert len(events(answer)) == 1
        assert w.survey.number in events(answer)[0]
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert not answer.cookies
        text = answer.content.decode().replace("\r\n ", "")
        assert f"UID:{w.survey.public_id}-{uid}@" in text
        assert w.filing.project_name not in text
        assert w.filing.enterprise.name not in text
        assert "METHOD" not in text
        assert "ATTENDEE" not in text
        assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    assert events(read(w, drawn(w, people.window))) == []


def test_the_same_as_long_as_nothing_changes_and_gone_when_it_is_called_off(w, people):
    address = drawn(w, people.department("ZJJ"))
    assert read(w, address).content == read(w, address, later=90).content
    w.do(services.cancel_session, w.survey, reason="大雪", by=people.convenor)
    assert events(read(w, address)) == []
    assert read(w, address).content.endswith(b"END:VCALENDAR\r\n")


def test_excused_handed_on_or_staying_out_one_is_not_to_come(w, people):
    clerk, head = people.department("ZJJ"), people.head("ZJJ")
    summons = w.survey.invitations.get(department__code="ZJJ")
    said = {"receiver": head, "reason": "示例", "by": clerk}
    w.do(services.reassign_summons, summons, **said)
    assert (to_attend(clerk, w.now), len(to_attend(head, w.now))) == ([], 1)
    w.do(
        services.declare_recusal,
        w.slot("ZJJ"),
        reason="同学",
        successor=clerk,
        person=head,
        by=head,
    )
    assert to_attend(head, w.now) == []
    other = people.department("ZRJ")
    assert len(to_attend(other, w.now)) == 1
    w.survey.invitations.filter(department__code="ZRJ").update(answer=Answer.GRANTED)
    assert to_attend(other, w.now) == []


def test_where_the_roster_binds_only_who_is_listed_on_the_day(w, people):
    clerk, head = people.department("ZJJ"), people.head("ZJJ")
    own, day = clerk.organisation, w.survey.opens_at.date()
    w.do(services.set_rule, own, roster_binds=True, countersigns=False, by=head)
    assert (to_attend(clerk, w.now), len(to_attend(head, w.now))) == ([], 1)
    said = {"person": clerk, "duties": (Duty.ATTEND,), "upload": pdf(), "by": head}
    listed = w.do(services.grant_mandate, own, valid_from=w.now.date(), valid_to=day, **said)
    assert len(to_attend(clerk, w.now)) == 1
    w.do(services.end_mandate, listed, reason="示例", by=head)
    covering = {
        **said,
        "upload": pdf(),
        "covers": head,
        "valid_from": w.now.date(),
        "valid_to": day,
    }
    w.do(services.grant_mandate, own, **covering)
    assert to_attend(clerk, w.now) == [], "whom they cover is there"
    w.do(services.enter_away, head, from_on=day, until_on=day, reason="示例", by=head)
    assert len(to_attend(clerk, w.now)) == 1


def test_many_cost_as_many_queries_as_one(w, people, django_assert_num_queries):
    clerk = people.department("ZJJ")
    with CaptureQueriesContext(connection) as once:
        assert len(to_attend(clerk, w.now)) == 1
    summons = w.survey.invitations.get(department__code="ZJJ")
    for number in range(3):
        session = Session.objects.get(pk=w.survey.pk)
        session.pk, session.public_id, session.number = None, f"again{number}", f"示例{number}"
        session.book, session._state.adding = open_book(f"session:again{number}"), True
        session.save()
        summons.pk, summons.session, summons._state.adding = None, session, True
        summons.save()
    with django_assert_num_queries(len(once)):
        assert len(to_attend(clerk, w.now)) == 4
